"""API keys: made here, and checked with every request."""

import logging
import uuid

from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ProjectId, find_uuid
from agentops_server.domain.project import ApiKey, Principal
from agentops_server.errors import Invalid, Unauthorized
from agentops_server.storage.control.store import ControlStore

logger = logging.getLogger(__name__)

HEADER = "X-Agentops-Api-Key"
SEED_VARIABLE = "AGENTOPS_INIT_API_KEY"
_MAKE_ONE = "Make one with `agentops-server keys create --project NAME`."


class Keys:
    """The API keys of a server.

    A key that another process made is valid at once, and one that it revoked is refused at once: the control store
    remembers an answer only for as long as its file did not change.
    """

    def __init__(self, control: ControlStore) -> None:
        self._control = control

    def create(self, project_name: str, label: str = "") -> tuple[ApiKey, str]:
        """A new key and its text, which is kept nowhere; the project is made if it is not there.

        Raises:
            Invalid: The name or the label is not one.
        """
        return self.add(self._control.ensure_project(project_name).id, label)

    def add(self, project_id: ProjectId, label: str = "") -> tuple[ApiKey, str]:
        """A new key of a project, and its text; raise `Invalid` for a label that is none, `NotFound` without it."""
        text = str(uuid.uuid4())  # old SDKs refuse every key that is not a UUID
        return self._control.add_key(project_id, text, label), text

    def seed(self, project_name: str, key_text: str) -> ApiKey:
        """Make the key that AGENTOPS_INIT_API_KEY gives valid for a project; with the next start nothing changes.

        A key that was revoked stays revoked.

        Raises:
            Invalid: It is not a UUID, or it is a key of another project.
        """
        if find_uuid(key_text.strip()) is None:
            raise Invalid(
                f"{SEED_VARIABLE} is not a UUID, and SDKs accept no other key: "
                "`python3 -c 'import uuid; print(uuid.uuid4())'` prints a new one"
            )
        project = self._control.ensure_project(project_name)
        key = self._control.find_key(key_text) or self._add_seed(project.id, key_text)
        if key.project_id != project.id:
            other = self._control.get_project(key.project_id)
            raise Invalid(f"{SEED_VARIABLE} is a key of the project {other.name!r} already, not of {project.name!r}")
        if key.revoked_ns:
            logger.warning("%s is a key that was revoked, and stays so: give another one", SEED_VARIABLE)
        return key

    def _add_seed(self, project_id: ProjectId, key_text: str) -> ApiKey:
        try:
            return self._control.add_key(project_id, key_text, f"from {SEED_VARIABLE}")
        except Invalid:
            key = self._control.find_key(key_text)  # another process was faster
            if key is None:
                raise
            return key

    def authenticate(self, key_text: str | None) -> Principal:
        """Who sent this text as an API key; the use is noted.

        Raises:
            Unauthorized: None was sent, or it is unknown or revoked.
        """
        if key_text is None or not key_text.strip():
            raise Unauthorized(f"No API key: send one in the header {HEADER}. {_MAKE_ONE}")
        key = self._control.find_key(key_text)
        if key is None:
            raise Unauthorized(f"Unknown API key in the header {HEADER}. {_MAKE_ONE}")
        if key.revoked_ns:
            raise Unauthorized(f"The API key in the header {HEADER} was revoked. {_MAKE_ONE}")
        self._control.touch_key(key.id, now_ns())
        return Principal(project_id=key.project_id, key_id=key.id)

    def check(self, principal: Principal) -> None:
        """Refuse a token or cookie whose API key was revoked after it was issued.

        Raises:
            Unauthorized: The key was revoked, is gone, or is another project's.
        """
        if principal.key_id is None:
            return
        key = self._control.find_key_by_id(principal.key_id)
        if key is None or key.revoked_ns or key.project_id != principal.project_id:
            raise Unauthorized(f"Invalid Token: the API key that it was issued for was revoked. {_MAKE_ONE}")
