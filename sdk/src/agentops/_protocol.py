"""The v2 protocol: steps of the spool -> requests, and what their answers mean. No waiting and no threads in here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from ._guard import attempt
from ._records import AGENT, CREATE, EVENT, EVENTS, REPLACE, SENT, SPAN, UPDATE, Record
from ._transport import Answer, BadAnswerError, Transport, UnreachableError

if TYPE_CHECKING:
    from typing import Protocol

    from ._admissions import Admissions

    class Listener(Protocol):
        """Is told what the server says of a session. Called on the threads that send."""

        def hear_created(self, session_id: UUID, answer: Answer) -> None: ...
        def hear_updated(self, session_id: UUID, answer: Answer) -> None: ...
        def hear_rejected(self, session_id: UUID, participants: Sequence[str]) -> None: ...


class Step(NamedTuple):
    """Records of one kind and one session that may go in one request."""

    kind: int
    session: bytes
    records: Sequence[Record]


class Rejection(NamedTuple):
    """A record that the server will never take, and its reason."""

    record: Record
    message: str


class RetryLaterError(Exception):
    """The step cannot be done now; the records stay where they are."""

    def __init__(self, topic: str, message: str, after_seconds: float | None = None, lost_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.topic = topic  # "unreachable", "key", "busy": the same for all; "session": of this session alone
        self.after_seconds = after_seconds
        self.lost_seconds = lost_seconds  # how long it was waited for in vain


def plan_steps(records: Sequence[Record], most_events: int) -> list[Step]:
    """The requests for a window of records.

    The order within each session is kept. Sessions that take turns have nothing to do with each other, so the events of
    each are gathered.
    """
    steps: list[tuple[int, bytes, list[Record]]] = []
    open_steps: dict[bytes, list[Record]] = {}
    kinds: dict[bytes, int] = {}
    for record in records:
        if record.kind not in SENT:
            continue
        gathered = open_steps.get(record.session)
        fits = gathered is not None and kinds[record.session] == record.kind and record.kind in EVENTS
        if gathered is not None and fits and len(gathered) < most_events:
            gathered.append(record)
            continue
        fresh = [record]
        open_steps[record.session], kinds[record.session] = fresh, record.kind
        steps.append((record.kind, record.session, fresh))
    return [Step(*step) for step in steps]


class Conversation:
    """The requests of one thread. What it knows of the sessions' tokens it shares with the other one."""

    def __init__(self, transport: Transport, listener: Listener, admissions: Admissions) -> None:
        self._transport = transport
        self._listener = listener
        self._admissions = admissions
        self._tokens = admissions.tokens
        self._refused_sessions = admissions.refused
        self.meanwhile: Callable[[], None] | None = None
        """Called while the server works at what it was sent."""

    def close(self) -> None:
        self._transport.close()

    def perform(self, step: Step, introduction: bytes) -> list[Rejection]:
        """Send one step; `introduction` is the CREATE payload of its session. RetryLaterError: nothing is settled."""
        if step.kind == CREATE:
            if step.session not in self._tokens:
                self._create(step.session, step.records[0].payload)
        elif step.session not in self._tokens:
            self._authorise(step.session, introduction)
        if reason := self._refused_sessions.get(step.session):
            return [Rejection(record, reason) for record in step.records]
        return [] if step.kind == CREATE else self._send(step, introduction)

    def _send(self, step: Step, introduction: bytes) -> list[Rejection]:
        answer = self._ask(step.session, introduction, "POST", _PATHS[step.kind], _body_of(step))
        if answer is None:
            return [Rejection(record, self._refused_sessions[step.session]) for record in step.records]
        if answer.status in {400, 413, 422}:
            return self._halve(step, introduction, answer.message)
        if answer.status >= 300:
            raise _later(answer)
        if step.kind == UPDATE:
            self._listener.hear_updated(UUID(bytes=step.session), answer)
        return _read_rejections(step, answer)

    def report(self, step: Step, rejections: Sequence[Rejection]) -> None:
        """Have it known in this process whose events the server will never take."""
        if step.kind == EVENT:
            participants = [_participant_of(rejection.record) for rejection in rejections]
            self._listener.hear_rejected(UUID(bytes=step.session), participants)

    def is_refused(self, session: bytes) -> bool:
        """True of a session that the server will never take."""
        return session in self._refused_sessions

    def transfer(self, session: bytes, introduction: bytes, method: str, path: str, body: bytes | None) -> Answer:
        """GET or PUT with the session's token. RetryLaterError: no answer that says anything about the request."""
        if session not in self._tokens and session not in self._refused_sessions:
            self._authorise(session, introduction)
        answer = None if session in self._refused_sessions else self._ask(session, introduction, method, path, body)
        if answer is None:
            return Answer(422, {"message": self._refused_sessions[session]}, None)
        if answer.status >= 500 or answer.status == 429:
            raise _later(answer)
        return answer

    def _ask(self, session: bytes, introduction: bytes, method: str, path: str, body: bytes | None) -> Answer | None:
        """The answer to a request with the session's token, renewed once if need be; None: the session is refused."""
        token = self._tokens.get(session)
        if token is not None:
            answer = self._request(method, path, body, token)
            if answer.status not in {401, 403, 404}:
                return answer
        # An expired token, or a server that lost the session: both are mended by asking for it again, once, unless
        # the other thread has done so meanwhile.
        if self._tokens.get(session) == token:
            self._tokens.pop(session, None)
            self._authorise(session, introduction)
        token = self._tokens.get(session)
        return None if token is None else self._request(method, path, body, token)

    def _halve(self, step: Step, introduction: bytes, message: str) -> list[Rejection]:
        """Find the records that the server rejects, without losing their neighbours."""
        if len(step.records) == 1:
            return [Rejection(step.records[0], message)]
        middle = len(step.records) // 2
        first = self._send(step._replace(records=step.records[:middle]), introduction)
        return first + self._send(step._replace(records=step.records[middle:]), introduction)

    def _authorise(self, session: bytes, introduction: bytes) -> None:
        """A token for a session that the server may know from before; if it does not, create it."""
        session_id = UUID(bytes=session)
        body = b'{"session_id":"%s"}' % str(session_id).encode()
        answer = self._post("/v2/reauthorize_jwt", body, None)
        if answer.status < 300 and isinstance(token := answer.get("jwt"), str):
            self._admissions.admit(session, token)
            self._listener.hear_created(session_id, answer)
        elif answer.status >= 500 or answer.status == 429:
            raise _later(answer)
        else:
            self._create(session, introduction or body)

    def _create(self, session: bytes, payload: bytes) -> None:
        answer = self._post("/v2/create_session", b'{"session":' + payload + b"}", None)
        if answer.status in {400, 413, 422}:
            self._admissions.refuse(session, answer.message)
            return
        token = answer.get("jwt")
        if answer.status >= 300 or not isinstance(token, str):
            raise _later(answer)
        self._admissions.admit(session, token)
        self._listener.hear_created(UUID(bytes=session), answer)

    def _post(self, path: str, body: bytes, token: str | None) -> Answer:
        return self._request("POST", path, body, token)

    def _request(self, method: str, path: str, body: bytes | None, token: str | None) -> Answer:
        try:
            if method == "POST":
                answer = self._transport.post(path, body or b"", token, self.meanwhile if token else None)
            else:
                answer = self._transport.transfer(method, path, body, token or "")
        except UnreachableError as error:
            raise RetryLaterError("unreachable", str(error)) from error
        except BadAnswerError as error:
            raise RetryLaterError("session", str(error), lost_seconds=error.waited_seconds) from error
        if token is None and answer.status in {401, 403}:
            raise RetryLaterError("key", answer.message)
        return answer


_PATHS = {
    UPDATE: "/v2/update_session",
    EVENT: "/v2/create_events",
    REPLACE: "/v2/update_events",
    AGENT: "/v2/create_agent",
    SPAN: "/v1/traces",
}


def _body_of(step: Step) -> bytes:
    if step.kind == SPAN:
        spans = b",".join([record.payload for record in step.records])
        return b'{"resourceSpans":[{"scopeSpans":[' + spans + b"]}]}"
    if step.kind in EVENTS:
        payloads = [record.payload for record in step.records]
        payloads[0] = b'{"events":[' + payloads[0]
        payloads[-1] += b"]}"
        return b",".join(payloads)  # the one copy that is made of all of them
    payload = step.records[0].payload
    return b'{"session":' + payload + b"}" if step.kind == UPDATE else payload


def _later(answer: Answer) -> RetryLaterError:
    topic = "busy" if answer.status == 429 or answer.retry_after_seconds is not None else "session"
    return RetryLaterError(topic, f"HTTP {answer.status}: {answer.message}", answer.retry_after_seconds)


def _read_rejections(step: Step, answer: Answer) -> list[Rejection]:
    """The records that a 200 names as rejected, by index."""
    rejected = answer.get("rejected")
    rejections: list[Rejection] = []
    for item in rejected if isinstance(rejected, list) and step.kind in EVENTS else []:
        index = item.get("index") if isinstance(item, dict) else None
        if isinstance(index, int) and 0 <= index < len(step.records):
            reason = item.get("message") or item.get("reason") or "rejected"
            rejections.append(Rejection(step.records[index], str(reason)))
    return rejections


def _participant_of(record: Record) -> str:
    """Of a damaged record, none."""
    fields = attempt(json.loads, None, record.payload)
    return str(fields.get("participant_id")) if isinstance(fields, dict) else ""


def encode_rejection(rejection: Rejection) -> bytes:
    """A rejected record as one line of JSON, for a person to look at."""
    record = rejection.record
    line = {
        "reason": rejection.message,
        "session_id": str(UUID(bytes=record.session)),
        "sequence": record.sequence,
        "payload": attempt(json.loads, record.payload.decode(errors="backslashreplace"), record.payload),
    }
    return json.dumps(line).encode()
