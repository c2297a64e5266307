"""The rules of `apply`: what is known of a session, whoever says what in whichever order."""

import dataclasses
import uuid
from itertools import permutations

import pytest

from agentops_server.domain.clock import NS
from agentops_server.domain.ids import ParticipantId
from agentops_server.domain.session import End, EndState, Session, SessionUpdate, apply, find_end_state
from tests.server.making import NOON_NS, make_end, make_origin, make_update

ORIGIN = make_origin()
OTHER = dataclasses.replace(ORIGIN, participant_id=ParticipantId(uuid.uuid4()))
SUCCESS, FAILURE, INDETERMINATE = EndState.SUCCESS, EndState.FAILURE, EndState.INDETERMINATE


def fold(*updates: SessionUpdate) -> Session:
    session = None
    for update in updates:
        session = apply(session, update)
    assert session is not None
    return session


@pytest.mark.parametrize("starts", list(permutations([NOON_NS, NOON_NS - NS, NOON_NS + NS])))
def test_the_earliest_start_wins_whatever_the_order(starts: tuple[int, ...]) -> None:
    session = fold(*(make_update(ORIGIN, init_ns=start) for start in starts))
    assert session.init_ns == NOON_NS - NS


def test_the_start_stays_when_an_update_names_none() -> None:
    session = fold(make_update(ORIGIN, init_ns=NOON_NS + NS), make_update(ORIGIN, received_ns=NOON_NS - NS))
    assert session.init_ns == NOON_NS + NS


def test_the_start_is_the_receipt_when_nobody_names_one() -> None:
    assert fold(make_update(ORIGIN)).init_ns == ORIGIN.received_ns


def test_tags_of_several_participants_are_united_in_order() -> None:
    session = fold(make_update(ORIGIN, tags=("b", "a")), make_update(OTHER, tags=("c", "a", "d")))
    assert session.tags == ("b", "a", "c", "d")


def test_tags_of_one_participant_replace_its_own_only() -> None:
    session = fold(
        make_update(ORIGIN, tags=("mine", "old")), make_update(OTHER, tags=("theirs",)), make_update(ORIGIN, tags=())
    )
    assert session.tags == ("theirs",)


def test_tags_stay_when_an_update_says_nothing_of_them() -> None:
    assert fold(make_update(ORIGIN, tags=("a",)), make_update(ORIGIN)).tags == ("a",)


def test_refused_events_are_the_sum_of_what_each_participant_counted_at_most() -> None:
    session = fold(
        *(make_update(ORIGIN, refused_events=count) for count in (0, 3, 8, 5, 0)), make_update(OTHER, refused_events=2)
    )
    assert session.refused_events == 10


def test_the_host_environment_is_that_of_the_first_participant() -> None:
    session = fold(make_update(ORIGIN), make_update(OTHER, host_env={"OS": 1}), make_update(ORIGIN, host_env={"OS": 2}))
    assert session.host_env == {"OS": 2}


@pytest.mark.parametrize("turned", [False, True])
def test_an_explicit_end_beats_a_later_implicit_one_whoever_says_it_first(turned: bool) -> None:
    explicit = make_update(ORIGIN, end=make_end(FAILURE, 1, "said so"))
    implicit = make_update(OTHER, end=make_end(INDETERMINATE, 9))
    session = fold(*([implicit, explicit] if turned else [explicit, implicit]))
    assert session.end == explicit.end


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_explicit_ends_the_later_one_wins_whichever_came_first(turned: bool) -> None:
    early, late = make_update(ORIGIN, end=make_end(FAILURE, 1)), make_update(OTHER, end=make_end(SUCCESS, 2))
    assert fold(*([late, early] if turned else [early, late])).end == late.end


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_implicit_ends_the_later_one_wins_whichever_came_first(turned: bool) -> None:
    early, late = (
        make_update(ORIGIN, end=make_end(INDETERMINATE, 1)),
        make_update(OTHER, end=make_end(INDETERMINATE, 2)),
    )
    assert fold(*([late, early] if turned else [early, late])).end == late.end


def test_an_explicit_indeterminate_end_beats_an_implicit_failure() -> None:
    said = End(NOON_NS, INDETERMINATE, "I cannot tell", implicit=False)
    happened = End(NOON_NS + NS, FAILURE, "killed", implicit=True)
    assert fold(make_update(ORIGIN, end=said), make_update(OTHER, end=happened)).end == said


def test_the_same_end_said_twice_changes_nothing() -> None:
    update = make_update(ORIGIN, end=make_end(SUCCESS), tags=("a",))
    once, twice = fold(update), fold(update, update)
    assert twice == dataclasses.replace(once, version=2)


def test_an_update_without_an_end_does_not_open_an_ended_session() -> None:
    session = fold(make_update(ORIGIN, end=make_end(SUCCESS)), make_update(OTHER, tags=("late",)))
    assert session.end == make_end(SUCCESS)


def test_every_update_raises_the_version() -> None:
    assert fold(*(make_update(ORIGIN) for _ in range(3))).version == 3


def test_name_and_video_stay_when_a_later_update_has_none() -> None:
    session = fold(make_update(ORIGIN, name="triage", video="https://videos.example/1"), make_update(OTHER))
    assert (session.name, session.video) == ("triage", "https://videos.example/1")


@pytest.mark.parametrize(
    ("folder", "name"),
    [("/home/ada/triage", "triage"), ("/home/ada/triage/", "triage"), (r"C:\work\triage", "triage"), ("/", "session")],
)
def test_the_display_name_is_the_folder_when_it_has_no_name(folder: str, name: str) -> None:
    host_env = {"Project Working Directory": {"Project Working Directory": folder}}
    assert fold(make_update(ORIGIN, host_env=host_env)).display_name == name


@pytest.mark.parametrize("section", [None, "text", 7, {}, {"Project Working Directory": 7}])
def test_the_display_name_is_session_when_the_folder_is_odd(section: object) -> None:
    assert fold(make_update(ORIGIN, host_env={"Project Working Directory": section})).display_name == "session"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Success", SUCCESS),
        ("SUCCESS", SUCCESS),
        ("Fail", FAILURE),
        ("failure", FAILURE),
        (" Failure ", FAILURE),
        ("indeterminate", INDETERMINATE),
        ("", None),
        ("Succes", None),
        ("Running", None),
    ],
)
def test_end_states_in_every_spelling(text: str, state: EndState | None) -> None:
    assert find_end_state(text) is state
