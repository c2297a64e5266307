"""``agentops-server sessions``: the sessions of a project, a line each, by the route that the page's list is from."""

import json
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from agentops_server.cli.asking import DEFAULT_URL, ApiKeyOption, Asker, ProjectOption, Url, make_asker
from agentops_server.cli.keys import DEFAULT_DATA_DIR, DataDir

PAGE_SESSIONS = 200
HEADING = "started", "session", "state", "events", "tokens", "errors", "duration", "cost", "name", "tags"


def sessions(  # noqa: PLR0917 - the framework reads the signature, nobody calls it
    project: ProjectOption = None,
    api_key: ApiKeyOption = None,
    tag: Annotated[list[str] | None, typer.Option(help="With this tag; repeated, with all of them.")] = None,
    end_state: Annotated[str | None, typer.Option(help="Success, Failure, Indeterminate or Running.")] = None,
    since: Annotated[str | None, typer.Option(help="Started at this ISO 8601 time or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Started before this time.")] = None,
    words: Annotated[str | None, typer.Option(help="With an event that has all these words.")] = None,
    sort: Annotated[str, typer.Option(help="started, cost, duration, tokens, errors …")] = "started",
    order: Annotated[str, typer.Option(help="desc or asc.")] = "desc",
    limit: Annotated[int, typer.Option(min=1, help="The most sessions.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="All that is known of each, as a line of JSON.")] = False,
    url: Url = DEFAULT_URL,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """List the sessions of a project with their figures, newest first unless told otherwise."""
    asker = make_asker(url, api_key, project, data_dir)
    given = {"end_state": end_state, "since": since, "until": until, "q": words, "sort": sort, "order": order}
    query = [(name, value) for name, value in given.items() if value is not None]
    found = _iter_sessions(asker, [*query, *(("tag", each) for each in tag or ())], limit)
    if as_json:
        for session in found:
            typer.echo(json.dumps(session, ensure_ascii=False))
        return
    typer.echo("\t".join(HEADING))
    for session in found:
        typer.echo("\t".join(_columns(session)))


def _iter_sessions(asker: Asker, query: list[tuple[str, str]], limit: int) -> Iterator[dict[str, Any]]:
    """Page by page, so that any number is listed."""
    cursor: list[tuple[str, str]] = []
    while limit > 0:
        size = ("limit", str(min(limit, PAGE_SESSIONS)))
        page = asker.ask("GET", f"/v2/sessions?{urlencode([*query, size, *cursor])}")
        yield from page["sessions"]
        if page["next_cursor"] is None:
            return
        limit -= len(page["sessions"])
        cursor = [("cursor", page["next_cursor"])]


def _columns(session: dict[str, Any]) -> Iterator[str]:
    """One session, without what would break its line. A cost that is at least so much says so."""
    stats = session["stats"]
    bound = ">=" if stats["cost_is_lower_bound"] else ""
    yield session["init_timestamp"]
    yield session["session_id"]
    yield "Running" if session["is_running"] else session["end_state"]
    yield str(stats["events"])
    yield str(stats["total_tokens"])
    yield str(stats["errors"])
    yield stats["duration"]
    yield f"{bound}${stats['cost']}"
    yield " ".join(session["name"].split())
    yield ",".join(" ".join(each.split()) for each in session["tags"])
