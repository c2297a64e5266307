"""The .sql file of each question."""

from functools import cache
from importlib.resources import files


@cache
def read_sql(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return files(__package__).joinpath(f"sql/{name}.sql").read_text("utf-8")
