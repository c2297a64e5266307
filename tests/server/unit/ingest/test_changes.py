"""Which sessions count as changed."""

import uuid

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.ingest.changes import Changes

PROJECT = ProjectId(uuid.uuid4())
ONE, OTHER = SessionId(uuid.uuid4()), SessionId(uuid.uuid4())


def test_a_session_counts_as_changed_until_its_row_is_stored() -> None:
    changes = Changes()
    changes.add(PROJECT, ONE)
    assert changes.among(PROJECT, [ONE, OTHER]) == [ONE]
    taken = changes.take(10)
    assert (taken, changes.among(PROJECT, [ONE, OTHER]), changes.waiting) == ([(PROJECT, ONE)], [ONE], 1)
    changes.settle(taken)
    assert (changes.among(PROJECT, [ONE, OTHER]), changes.waiting) == ([], 0)


def test_after_a_start_every_session_may_have_changed_until_it_is_known_which_did() -> None:
    changes = Changes(is_unsure=True)
    assert changes.among(PROJECT, [ONE, OTHER]) == [ONE, OTHER]
    changes.add(PROJECT, ONE)
    changes.be_sure()
    assert changes.among(PROJECT, [ONE, OTHER]) == [ONE]
