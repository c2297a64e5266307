"""Which sessions count as changed."""

import uuid

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.ingest.changes import Changes

PROJECT = ProjectId(uuid.uuid4())
ONE, OTHER = SessionId(uuid.uuid4()), SessionId(uuid.uuid4())


def test_a_session_counts_as_changed_until_its_row_is_stored() -> None:
    changes = Changes()
    changes.add(PROJECT, ONE)
    assert list(changes.among(PROJECT, [ONE, OTHER])) == [ONE]
    taken = changes.take(10)
    assert (taken, list(changes.among(PROJECT, [ONE, OTHER])), changes.waiting) == ([(PROJECT, ONE)], [ONE], 1)
    changes.settle(taken)
    assert (changes.among(PROJECT, [ONE, OTHER]), changes.waiting) == ({}, 0)


def test_after_a_start_every_session_may_have_changed_until_it_is_known_which_did() -> None:
    changes = Changes(is_unsure=True)
    assert changes.among(PROJECT, [ONE, OTHER]) == {ONE: 0, OTHER: 0}
    changes.add(PROJECT, ONE)
    changes.be_sure()
    assert list(changes.among(PROJECT, [ONE, OTHER])) == [ONE]


def test_a_change_has_a_number_that_stays_until_the_next_change() -> None:
    changes = Changes()
    changes.add(PROJECT, ONE)
    first = changes.among(PROJECT, [ONE])[ONE]
    taken = changes.take(10)
    assert changes.among(PROJECT, [ONE])[ONE] == first
    changes.add(PROJECT, ONE)
    second = changes.among(PROJECT, [ONE])[ONE]
    changes.settle(taken)
    assert changes.among(PROJECT, [ONE])[ONE] == second > first
    changes.renumber()
    assert changes.among(PROJECT, [ONE])[ONE] > second
