"""Events that have some words in their text, or some attributes.

A search does not wait for what was received in the last second, as readers do who ask for a ``project_id`` (see
`agentops_server.ingest.settled`): whoever looks through a whole project should not hold up its ingest.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import msgspec

from agentops_server.domain.event import Kind
from agentops_server.domain.ids import EventId, ProjectId, SessionId
from agentops_server.queries.attributes import WantedAttribute, attribute_parameters, attributes_sql
from agentops_server.queries.sql_files import read_sql
from agentops_server.queries.words import (
    TEXT,
    TEXT_OF_CALLS,
    TEXT_OF_OTHERS,
    Words,
    word_parameters,
    words_sql,
)
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows

LAST_ID = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place in what is found: after the event of this time and id."""

    init_ns: Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
    event_id: UUID


FIRST_PLACE = FoundPlace((1 << 63) - 1, LAST_ID)
_AFTER = "AND (init_ns, event_id) < ({after_ns:Int64}, {after_id:UUID})"


class FoundEvent(msgspec.Struct):
    """An event that was looked for."""

    session_id: UUID
    event_id: UUID
    version: int
    kind: str
    name: str
    init_ns: int
    snippet: str
    """The recorded text around the first word, or its beginning: up to 240 characters."""


class _Standing(FoundEvent):
    has_word: int


class _Candidate(msgspec.Struct):
    session_id: UUID
    event_id: UUID
    version: int
    kind: str
    init_ns: int


def search_events(
    warehouse: Warehouse,
    project_id: ProjectId,
    words: Words,
    after: FoundPlace,
    limit: int,
    asking: Executor,
    wanted: tuple[WantedAttribute, ...] = (),
    session_id: SessionId | None = None,
) -> tuple[list[FoundEvent], FoundPlace | None]:
    """Up to `limit` events that have all the words and attributes, the latest first, and the place after them; None at
    the end. At least one word or attribute must be given. With a session, only its events.

    What was corrected or delivered twice since is left out, so that there may be fewer than `limit` before the end. By
    `asking`, one question is asked while another one is.
    """
    parameters: Parameters = {
        "project": str(project_id),
        "after_ns": after.init_ns,
        "after_id": after.event_id,
        **word_parameters(words),
        **attribute_parameters(wanted),
        **({} if session_id is None else {"session": session_id}),
    }
    conditions = " AND ".join(filter(None, (attributes_sql(wanted), words_sql(words))))
    own = "" if session_id is None else "session_id = {session:UUID} AND"
    sql = read_sql("find_words").replace("/*SESSION*/", own).replace("/*WORDS*/", conditions)
    rows = _find_latest(warehouse, sql, parameters, limit) if after == FIRST_PLACE else None
    if rows is None:
        in_order = sql.replace("/*AFTER*/", _AFTER).replace("/*ORDER*/", ", event_id DESC")
        rows = decode_rows(warehouse.query(in_order, {**parameters, "limit": limit}), _Candidate)
    last = FoundPlace(rows[-1].init_ns, rows[-1].event_id) if len(rows) == limit else None
    return _show(warehouse, project_id, words, rows, asking), last


def _find_latest(warehouse: Warehouse, sql: str, parameters: Parameters, limit: int) -> list[_Candidate] | None:
    """The first page, without a look at the ids of all that has the words; None where its end depends on them."""
    plain = sql.replace("/*AFTER*/", "").replace("/*ORDER*/", "")
    rows = decode_rows(warehouse.query(plain, {**parameters, "limit": limit + 1}), _Candidate)
    at_the_end = [row.init_ns for row in rows[max(0, limit - 2) :]]
    return rows[:limit] if len(rows) < limit or len(at_the_end) == len(set(at_the_end)) else None


class _Found(msgspec.Struct):
    event_id: UUID


def list_with_words(
    warehouse: Warehouse, project_id: ProjectId, session_id: SessionId, words: Words, limit: int
) -> list[EventId]:
    """Up to `limit` events of a session that have all the words, in no order; it waits for what was received."""
    parameters: Parameters = {
        "project_id": project_id,
        "session_id": session_id,
        "limit": limit,
        **word_parameters(words),
    }
    sql = read_sql("session_words").replace("/*WORDS*/", words_sql(words))
    return [EventId(row.event_id) for row in decode_rows(warehouse.query(sql, parameters), _Found)]


def _show(
    warehouse: Warehouse, project_id: ProjectId, words: Words, rows: Sequence[_Candidate], asking: Executor
) -> list[FoundEvent]:
    word = words[0] if words else ""
    calls = [(row.session_id, row.event_id) for row in rows if row.kind == Kind.LLM]
    others = [(row.session_id, row.event_id) for row in rows if row.kind != Kind.LLM]
    asked = asking.submit(_read_standing, warehouse, project_id, word, TEXT_OF_CALLS, calls)
    standing = [*_read_standing(warehouse, project_id, word, TEXT_OF_OTHERS, others), *asked.result()]
    elsewhere = [(row.session_id, row.event_id) for row in standing if not row.has_word]
    standing += _read_standing(warehouse, project_id, word, TEXT, elsewhere)
    found = {(row.session_id, row.event_id, row.version) for row in rows}
    shown = {(row.session_id, row.event_id): row for row in standing}
    kept = (row for row in shown.values() if (row.session_id, row.event_id, row.version) in found)
    return sorted(kept, key=lambda row: (row.init_ns, row.event_id), reverse=True)


def _read_standing(
    warehouse: Warehouse, project_id: ProjectId, word: str, text_sql: str, keys: Sequence[tuple[UUID, UUID]]
) -> list[_Standing]:
    if not keys:
        return []
    parameters: Parameters = {
        "project": str(project_id),
        "word": word,
        "sessions": [session_id for session_id, _ in keys],
        "events": [event_id for _, event_id in keys],
    }
    sql = read_sql("found_events").replace("/*TEXT*/", text_sql)
    return decode_rows(warehouse.query(sql, parameters), _Standing)
