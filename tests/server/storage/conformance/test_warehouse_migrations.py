"""The same schema on every driver."""

from agentops_server.storage.warehouse.migrations import find_missing, list_shipped, migrate
from tests.server.storage.warehouse.schema_file import SCHEMA_FILE, render

from .drivers import Driver


def test_every_driver_gets_the_schema_once(driver: Driver) -> None:
    warehouse = driver.open()
    names = [each.name for each in list_shipped()]
    assert [each.name for each in find_missing(warehouse)] == names
    assert not warehouse.query("SELECT name FROM system.tables WHERE database = currentDatabase()", {})
    assert migrate(warehouse) == names
    assert migrate(warehouse) == []
    assert find_missing(warehouse) == []
    assert render(warehouse) == SCHEMA_FILE.read_text("utf-8")
