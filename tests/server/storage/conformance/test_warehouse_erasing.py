"""What is deleted is gone for every reader, on every driver."""

import json

from agentops_server.storage.warehouse.erasing import apply_masks, erase_project, erase_sessions, wait_for_mutations
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import encode_rows, event_row
from tests.server.making import make_event, make_origin

PATIENCE_S = 60
ONE = make_origin()
TWO = make_origin(project_id=ONE.project_id)
THREE = make_origin()


def count(warehouse: Warehouse) -> int:
    found: int = json.loads(warehouse.query("SELECT count() AS n FROM events", {}))["n"]
    return found


def test_sessions_and_projects_are_erased(warehouse: Warehouse) -> None:
    events = [make_event(origin) for origin in (ONE, TWO, THREE) for _ in range(10)]
    warehouse.insert("events", encode_rows(map(event_row, events)))

    erase_sessions(warehouse, ONE.project_id, [ONE.session_id])
    assert wait_for_mutations(warehouse, PATIENCE_S)
    assert count(warehouse) == 20
    erase_project(warehouse, ONE.project_id)
    assert wait_for_mutations(warehouse, PATIENCE_S)
    assert count(warehouse) == 10
    apply_masks(warehouse)
    assert wait_for_mutations(warehouse, PATIENCE_S)
    assert count(warehouse) == 10
