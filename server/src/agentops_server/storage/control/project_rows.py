"""Statements on the table of projects."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.project import Project
from agentops_server.storage.control.schema import projects


def insert_project(connection: Connection, project: Project) -> None:
    """Raise `sqlalchemy.exc.IntegrityError` if a project has that name."""
    connection.execute(insert(projects).values(id=project.id, name=project.name, created_ns=project.created_ns))


def find_project(connection: Connection, condition: ColumnElement[bool]) -> Project | None:
    row = connection.execute(select(projects).where(condition)).one_or_none()
    return None if row is None else from_row(row)


def rename_project(connection: Connection, project_id: ProjectId, name: str) -> None:
    """Raise `sqlalchemy.exc.IntegrityError` if another project has that name; without the project, nothing happens."""
    connection.execute(update(projects).where(projects.c.id == project_id).values(name=name))


def list_projects(connection: Connection) -> list[Project]:
    """All projects, the oldest first."""
    return [
        from_row(row) for row in connection.execute(select(projects).order_by(projects.c.created_ns, projects.c.id))
    ]


def from_row(row: Row[Any]) -> Project:
    return Project(id=ProjectId(row.id), name=row.name, created_ns=row.created_ns)
