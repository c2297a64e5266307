"""The warehouse's tables as they are after the newest migration, as one file to read.

    python -m tests.server.storage.warehouse.schema_file

writes it anew from the engine's own description of the tables.
"""

import json
import tempfile
from pathlib import Path

from agentops_server.storage.warehouse import migrations
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.port import Warehouse

SCHEMA_FILE = Path(migrations.__file__).parent / "sql/schema.sql"
HEAD = """\
-- The warehouse's tables as they are after the newest migration: to be read, not run. A test compares it with them.
-- Written by `python -m tests.server.storage.warehouse.schema_file`; do not edit.
"""
_TABLES = """
SELECT name, formatQuery(replaceOne(create_table_query, concat(currentDatabase(), '.'), '')) AS text
FROM system.tables WHERE database = currentDatabase() ORDER BY name
"""


def render(warehouse: Warehouse) -> str:
    """The text of the file for a migrated warehouse."""
    tables = [json.loads(line)["text"] for line in warehouse.query(_TABLES, {}).splitlines()]
    return HEAD + "".join(f"\n{text};\n" for text in tables)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        warehouse = EmbeddedWarehouse(Path(folder))
        migrations.migrate(warehouse)
        SCHEMA_FILE.write_text(render(warehouse), "utf-8")
        warehouse.close()


if __name__ == "__main__":
    main()
