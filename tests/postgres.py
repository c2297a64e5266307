"""A real PostgreSQL for tests: Debian's programs on a folder and a Unix socket of their own, gone at the end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from tests.provision import find_postgres

SUPERUSER, PASSWORD = "keeper", "p@ss/word:1"
PATIENCE_S = 60


class Postgres:
    """One server; it does not sync, for nothing of it outlives the tests."""

    def __init__(self) -> None:
        programs = find_postgres()
        assert programs is not None, "PostgreSQL is not installed: python tests/provision.py"
        self._programs = programs
        # Its sockets have short names only, and it must belong to who runs it: the programs refuse to run as root.
        self._folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        self._user = "postgres" if os.geteuid() == 0 else None
        self._data = self._folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        password_file = self._folder / "password"
        password_file.write_text(PASSWORD)
        if self._user is not None:
            entry = pwd.getpwnam(self._user)
            for path in (self._folder, password_file):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        options = ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={password_file}", "--no-sync"]
        self._run("initdb", "--pgdata", self._data, "--encoding=UTF8", "--locale=C", *options)
        self.start()

    def start(self) -> None:
        options = {"listen_addresses": "", "unix_socket_directories": self._folder, "fsync": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            command = [self._programs / "postgres", "-D", self._data, *settings]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._identity())
        self._wait_until_it_answers()

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it, by default with everyone's connections broken."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(PATIENCE_S)
            self._process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def url(self, database: str, password: str = PASSWORD) -> URL:
        return URL.create(
            "postgresql", SUPERUSER, password, database=database, query={"host": str(self._folder), "port": "5432"}
        )

    def make_database(self) -> URL:
        """A new, empty one."""
        name = f"test_{uuid.uuid4().hex}"
        engine = self._open("postgres")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def break_connections(self) -> None:
        """What a restart does to them."""
        engine = self._open("postgres")
        with engine.connect() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()")
            )
        engine.dispose()

    def _open(self, database: str) -> Engine:
        return create_engine(self.url(database).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            engine = self._open("postgres")
            try:
                engine.connect().close()
            except OperationalError:
                assert time.monotonic() < deadline, (self._folder / "log").read_text()
                time.sleep(0.05)
            else:
                return
            finally:
                engine.dispose()

    def _run(self, program: str, *arguments: object) -> None:
        command = [self._programs / program, *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_S, **self._identity())

    def _identity(self) -> dict[str, object]:
        here: dict[str, object] = {"cwd": self._folder}
        if self._user is None:
            return here
        return {**here, "user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []}
