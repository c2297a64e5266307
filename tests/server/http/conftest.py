import uuid

import pytest

from tests.serving import Server

from .api import Api, make_key


@pytest.fixture
def api(server: Server) -> Api:
    """The project that the server was started with."""
    return Api(server.url, server.api_key)


@pytest.fixture
def own(server: Server) -> Api:
    """A project of the test's own, for what depends on everything that a project has."""
    return Api(server.url, make_key(server, f"project {uuid.uuid4()}"))
