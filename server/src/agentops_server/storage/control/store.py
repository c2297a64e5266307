"""The control store: what the server knows about who may do what."""

import logging
import uuid
from collections.abc import Sequence
from os import urandom
from typing import Self

from sqlalchemy import URL, ColumnElement
from sqlalchemy.exc import IntegrityError

from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import KeyId, ProjectId, SessionId, new_uuid7
from agentops_server.domain.project import ApiKey, Project
from agentops_server.domain.retention import WHOLE_PROJECT, Retention, Tombstone
from agentops_server.errors import Invalid, NotFound, Unavailable
from agentops_server.storage.control import (
    key_rows,
    login_code_rows,
    migration,
    project_rows,
    retention_rows,
    secret_rows,
)
from agentops_server.storage.control.engine import Transactions, open_engine
from agentops_server.storage.control.login_code_rows import LoginCode
from agentops_server.storage.control.names import clean_label, clean_name
from agentops_server.storage.control.price_overrides import PriceOverrides
from agentops_server.storage.control.remembered import Remembered
from agentops_server.storage.control.repricings import Repricings
from agentops_server.storage.control.schema import api_keys, projects
from agentops_server.storage.control.touches import Touches

logger = logging.getLogger(__name__)

SECRET_BYTES = 32


class ControlStore:
    """Projects, API keys, secrets and login codes in a relational database.

    Every method is one transaction, blocks until it is durable, and may be called from any thread. Other processes may
    use the same database at the same time, and what one commits the others see with their next call. Every method
    raises `Unavailable` when the database does not answer.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._touches = Touches()
        self._keys: Remembered[bytes | KeyId, ApiKey | None] = Remembered(transactions.file)
        self.price_overrides = PriceOverrides(transactions)
        self.repricings = Repricings(transactions)

    @classmethod
    def open(cls, url: str | URL) -> Self:
        """Connect to the database at a URL like ``sqlite:////path/control.sqlite`` or ``postgresql://user@host/name``.

        Raises:
            Invalid: The URL is none, or names a database that is not supported.
            Unavailable: The database cannot be opened.
        """
        return cls(Transactions(open_engine(url)))

    def close(self) -> None:
        self._transactions.close()

    def migrate(self) -> list[str]:
        """Make or alter the tables where they are not those of this version; returns the migrations that were missing.

        Raises:
            Unavailable: A newer server made the tables.
        """
        return migration.migrate(self._transactions)

    def find_missing_migrations(self) -> list[str]:
        """The migrations that `migrate` would run; it changes nothing."""
        return migration.find_missing(self._transactions)

    def create_project(self, name: str) -> Project:
        """Make a project; raise `Invalid` if its name is taken or not one."""
        project = Project(ProjectId(new_uuid7()), clean_name(name), now_ns())
        try:
            with self._transactions.writing() as connection:
                project_rows.insert_project(connection, project)
        except IntegrityError as error:
            raise Invalid(f"There is a project {project.name!r} already") from error
        return project

    def ensure_project(self, name: str) -> Project:
        """The project of that name, made if it is not there; raise `Invalid` if it is no name."""
        project = self.find_project(name)
        if project is not None:
            return project
        try:
            return self.create_project(name)
        except Invalid:
            project = self.find_project(name)
            if project is None:
                raise
            return project

    def find_project(self, name: str) -> Project | None:
        with self._transactions.reading() as connection:
            return project_rows.find_project(connection, projects.c.name == clean_name(name))

    def get_project(self, project_id: ProjectId) -> Project:
        """The project; raise `NotFound` if there is none."""
        with self._transactions.reading() as connection:
            project = project_rows.find_project(connection, projects.c.id == project_id)
        if project is None:
            raise NotFound("There is no such project")
        return project

    def list_projects(self) -> list[Project]:
        """All projects, the oldest first."""
        with self._transactions.reading() as connection:
            return project_rows.list_projects(connection)

    def rename_project(self, project_id: ProjectId, name: str) -> Project:
        """Give a project another name; raise `Invalid` if it is taken or no name, `NotFound` without the project."""
        cleaned = clean_name(name)
        try:
            with self._transactions.writing() as connection:
                project_rows.rename_project(connection, project_id, cleaned)
        except IntegrityError as error:
            raise Invalid(f"There is a project {cleaned!r} already") from error
        return self.get_project(project_id)

    def delete_project(self, project_id: ProjectId) -> Project:
        """Delete a project with its keys and all else that is its own here, and leave a tombstone.

        Raises:
            NotFound: There is no such project.
        """
        project = self.get_project(project_id)
        with self._transactions.writing() as connection:
            retention_rows.delete_project(connection, project_id)
            retention_rows.insert_tombstones(connection, [Tombstone(project_id, WHOLE_PROJECT, now_ns())])
        return project

    def get_retention(self, project_id: ProjectId) -> Retention:
        """The policy of a project; without one, everything is kept for ever."""
        with self._transactions.reading() as connection:
            return retention_rows.find_retention(connection, project_id) or Retention()

    def set_retention(self, project_id: ProjectId, policy: Retention) -> None:
        """Set the policy of a project; raise `NotFound` without the project."""
        try:
            with self._transactions.writing() as connection:
                retention_rows.replace_retention(connection, project_id, policy)
        except IntegrityError as error:
            raise NotFound("There is no such project") from error

    def list_retentions(self) -> dict[ProjectId, Retention]:
        """The policies of the projects that have one."""
        with self._transactions.reading() as connection:
            return retention_rows.list_retentions(connection)

    def add_tombstones(self, stones: Sequence[Tombstone]) -> None:
        """Keep tombstones; one that is there stays as it is."""
        with self._transactions.writing() as connection:
            retention_rows.insert_tombstones(connection, stones)

    def find_tombstone(self, project_id: ProjectId, session_id: SessionId) -> Tombstone | None:
        with self._transactions.reading() as connection:
            return retention_rows.find_tombstone(connection, project_id, session_id)

    def list_tombstones(self, since_ns: int) -> list[Tombstone]:
        """What was deleted at this time or later."""
        with self._transactions.reading() as connection:
            return retention_rows.list_tombstones(connection, since_ns)

    def list_unpurged(self, limit: int) -> list[Tombstone]:
        """Up to `limit` tombstones of what may still be on the disk, the oldest first."""
        with self._transactions.reading() as connection:
            return retention_rows.list_unpurged(connection, limit)

    def mark_purged(self, stones: Sequence[Tombstone], at_ns: int) -> None:
        """Note that nothing of these is on the disk any more."""
        with self._transactions.writing() as connection:
            for stone in stones:
                retention_rows.mark_purged(connection, stone, at_ns)

    def add_key(self, project_id: ProjectId, key_text: str, label: str = "") -> ApiKey:
        """Store a key by its hash; raise `Invalid` if it is no UUID or is known, `NotFound` without the project."""
        key_hash = key_rows.hash_key(key_text)
        if key_hash is None:
            raise Invalid("An API key must be a UUID")
        # Not a time-ordered id: people name a key by its first digits.
        key = ApiKey(KeyId(uuid.uuid4()), project_id, clean_label(label), key_text.strip()[-4:].lower(), now_ns())
        try:
            with self._transactions.writing() as connection:
                key_rows.insert_key(connection, key, key_hash)
        except IntegrityError as error:
            self.get_project(project_id)
            raise Invalid("This API key exists already") from error
        return key

    def find_key(self, key_text: str) -> ApiKey | None:
        """The key with that text, also a revoked one; None for any other text. It is cheap to ask again."""
        key_hash = key_rows.hash_key(key_text)
        if key_hash is None:
            return None
        return self._keys.find(key_hash, lambda: self._find_key(api_keys.c.key_hash == key_hash))

    def find_key_by_id(self, key_id: KeyId) -> ApiKey | None:
        """The key with that id, also a revoked one. It is cheap to ask again."""
        return self._keys.find(key_id, lambda: self._find_key(api_keys.c.id == key_id))

    def _find_key(self, condition: ColumnElement[bool]) -> ApiKey | None:
        with self._transactions.reading() as connection:
            return key_rows.find_key(connection, condition)

    def list_keys(self, project_id: ProjectId | None = None) -> list[ApiKey]:
        """The keys of a project, or all, the oldest first, revoked ones too."""
        with self._transactions.reading() as connection:
            return key_rows.list_keys(connection, project_id)

    def revoke_key(self, key_id: KeyId) -> ApiKey:
        """Revoke a key for ever and return it, with the time of its first revocation; raise `NotFound` without it."""
        with self._transactions.writing() as connection:
            key_rows.revoke_key(connection, key_id, now_ns())
            key = key_rows.find_key(connection, api_keys.c.id == key_id)
        if key is None:
            raise NotFound("There is no such API key")
        return key

    def touch_key(self, key_id: KeyId, at_ns: int) -> None:
        """Note when a key was used, once a minute at most. It is a courtesy to people, so a failure is only logged."""
        if not self._touches.admit(key_id, at_ns):
            return
        try:
            with self._transactions.writing() as connection:
                key_rows.touch_key(connection, key_id, at_ns)
        except Unavailable as error:
            logger.warning("The last use of an API key was not noted. %s", error.message)

    def secret(self, name: str) -> bytes:
        """32 random bytes under a name, the same ones for every caller and process, for ever."""
        content = self._find_secret(name)
        if content is not None:
            return content
        try:
            with self._transactions.writing() as connection:
                secret_rows.insert_secret(connection, name, urandom(SECRET_BYTES), now_ns())
        except IntegrityError:
            logger.debug("Another process made the secret %r first", name)
        content = self._find_secret(name)
        if content is None:
            raise Unavailable(f"The control store did not keep the secret {name!r}")
        return content

    def _find_secret(self, name: str) -> bytes | None:
        with self._transactions.reading() as connection:
            return secret_rows.find_secret(connection, name)

    def add_login_code(self, code_hash: bytes, project_id: ProjectId | None, expires_ns: int) -> None:
        """Store a one-time login code by its SHA-256, and delete expired ones; raise `NotFound` without the project."""
        try:
            with self._transactions.writing() as connection:
                login_code_rows.prune_codes(connection, now_ns())
                login_code_rows.insert_code(connection, code_hash, project_id, expires_ns)
        except IntegrityError as error:
            raise NotFound("There is no such project") from error

    def redeem_login_code(self, code_hash: bytes, at_ns: int) -> LoginCode | None:
        """Use a login code up: the first caller gets it; one more, or one after its expiry, gets None."""
        with self._transactions.writing() as connection:
            return login_code_rows.redeem_code(connection, code_hash, at_ns)
