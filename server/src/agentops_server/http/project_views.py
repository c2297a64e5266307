"""The JSON of projects, as their people and the operator of the server see them."""

import msgspec

from agentops_server.http.key_views import KeyView


class ProjectBody(msgspec.Struct):
    """The name of a project: of a new one, or another one for it."""

    name: str


class ChosenProjectBody(msgspec.Struct):
    """The project that the page shows from now on."""

    project_id: str


class ListedProjectView(msgspec.Struct):
    """A project. `is_own`: it is the one that the reader is signed in to; `is_fixed`: a setting names it."""

    id: str
    name: str
    created_at: str
    is_own: bool
    is_fixed: bool


class ProjectsView(msgspec.Struct):
    """The projects that the reader may open, the oldest first: all of them, or the one of the API key."""

    projects: list[ListedProjectView]
    is_operator: bool


class NewProjectView(msgspec.Struct):
    """A project that was just made, with its first key and the text of that, which no other answer has."""

    project: ListedProjectView
    api_key: str
    key: KeyView


SHAPES = (ProjectBody, ChosenProjectBody, ListedProjectView, ProjectsView, NewProjectView)
