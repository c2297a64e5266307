"""Which sessions count as changed."""

import uuid

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.ingest.changes import Changes

PROJECT = ProjectId(uuid.uuid4())
ONE, OTHER = SessionId(uuid.uuid4()), SessionId(uuid.uuid4())


def test_a_session_counts_as_changed_until_its_row_is_stored() -> None:
    changes = Changes()
    changes.add(PROJECT, ONE)
    assert changes.among(PROJECT, [ONE, OTHER]) == {ONE}
    taken = changes.take(10)
    assert (taken, changes.among(PROJECT, [ONE, OTHER]), changes.waiting) == ([(PROJECT, ONE)], {ONE}, 1)
    changes.settle(taken)
    assert (changes.among(PROJECT, [ONE, OTHER]), changes.waiting) == (set(), 0)


def test_after_a_start_every_session_may_have_changed_until_it_is_known_which_did() -> None:
    changes = Changes(is_unsure=True)
    assert changes.among(PROJECT, [ONE, OTHER]) == {ONE, OTHER}
    changes.add(PROJECT, ONE)
    changes.be_sure()
    assert changes.among(PROJECT, [ONE, OTHER]) == {ONE}


def test_a_change_is_counted_and_a_row_that_is_stored_is_none() -> None:
    changes = Changes()
    before = changes.counts.now
    changes.add(PROJECT, ONE)
    first = changes.counts.last((PROJECT, ONE))
    assert first > before == changes.counts.last((PROJECT, OTHER))
    changes.settle(changes.take(10))
    assert changes.counts.last((PROJECT, ONE)) == first
    changes.add(PROJECT, ONE)
    assert changes.counts.last((PROJECT, ONE)) > first


def test_whatever_happened_while_others_wrote_counts_as_a_change_of_all() -> None:
    changes = Changes()
    changes.add(PROJECT, ONE)
    since = changes.counts.now
    changes.forget()
    for versions in (changes.counts, changes.rows):
        assert versions.last((PROJECT, ONE)) == versions.last((PROJECT, OTHER)) > 0
    assert changes.counts.last((PROJECT, ONE)) > since
