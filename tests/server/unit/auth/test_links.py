import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from agentops_server.auth.links import Links
from agentops_server.domain.clock import NS, now_ns
from agentops_server.domain.ids import ProjectId
from agentops_server.errors import NotFound
from agentops_server.storage.control.store import ControlStore

DAY_NS = 24 * 3600 * NS


@pytest.fixture
def links(control: ControlStore) -> Links:
    return Links(control)


def test_a_code_opens_its_project_once(control: ControlStore, links: Links) -> None:
    project = control.create_project("demo")
    code = links.create(project.id)

    granted = links.redeem(code)

    assert granted is not None
    assert granted.project_id == project.id
    assert links.redeem(code) is None


def test_a_code_fits_a_url_and_is_never_the_same(links: Links) -> None:
    codes = {links.create(None) for _ in range(5)}

    assert len(codes) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", code) for code in codes)


def test_a_code_is_not_stored(tmp_path: Path, control: ControlStore, links: Links) -> None:
    code = links.create(None)
    control.close()

    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"login_codes" in stored
    assert code.encode() not in stored


def test_a_code_expires_after_24_hours(links: Links) -> None:
    at_ns = now_ns()
    code = links.create(None, at_ns)

    assert links.redeem(code, at_ns + DAY_NS) is None
    assert links.redeem(code, at_ns + DAY_NS - 1) is not None


@pytest.mark.parametrize("code", ["", "garbage", "\ud800", "\x00", "x" * 100_000])
def test_what_is_no_code_opens_nothing(links: Links, code: str) -> None:
    links.create(None)

    assert links.redeem(code) is None


def test_a_code_of_no_project_is_refused(links: Links) -> None:
    with pytest.raises(NotFound):
        links.create(ProjectId(uuid.uuid4()))


def test_two_requests_with_one_code(links: Links) -> None:
    code = links.create(None)
    barrier = Barrier(8)

    def request() -> bool:
        barrier.wait(60)
        return links.redeem(code) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(future.result() for future in [pool.submit(request) for _ in range(8)]) == 1
