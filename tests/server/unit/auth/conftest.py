from collections.abc import Iterator
from pathlib import Path

import pytest

from agentops_server.auth.keys import Keys
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore


@pytest.fixture
def control(tmp_path: Path) -> Iterator[ControlStore]:
    store = ControlStore.open(control_url(tmp_path))
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def keys(control: ControlStore) -> Keys:
    return Keys(control)
