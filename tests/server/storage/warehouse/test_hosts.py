"""Rows of sessions that were written before they named their hosts."""

from uuid import UUID, uuid4

import msgspec
import pytest

from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import Participant, Session
from agentops_server.storage.warehouse import migrations
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.migrations import Migration, migrate
from agentops_server.storage.warehouse.rows import encode_rows, session_row

NAMED_HOSTS = 3


def session_on(*hosts: str) -> Session:
    participants = [Participant(ParticipantId(uuid4()), host_env={"OS": {"Hostname": host}}) for host in hosts]
    participants.append(Participant(ParticipantId(uuid4())))
    project, session_id = ProjectId(UUID(int=1)), SessionId(uuid4())
    return Session(project, session_id, 1, 1, 1, participants={each.id: each for each in participants})


def test_an_older_row_names_the_hosts_of_its_participants(
    empty_warehouse: EmbeddedWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = migrations.list_shipped()

    def list_older() -> list[Migration]:
        return [each for each in shipped if each.number < NAMED_HOSTS]

    with monkeypatch.context() as older:
        older.setattr(migrations, "list_shipped", list_older)
        migrate(empty_warehouse)
    row = msgspec.to_builtins(session_row(session_on("b", "a", "b")))
    del row["hosts"]
    empty_warehouse.insert("sessions", msgspec.json.encode(row))
    migrate(empty_warehouse)
    empty_warehouse.insert("sessions", encode_rows([session_row(session_on("c"))]))
    answer = empty_warehouse.query("SELECT hosts FROM sessions ORDER BY length(hosts)", {})
    assert [msgspec.json.decode(line)["hosts"] for line in answer.splitlines()] == [["c"], ["b", "a"]]
