"""Every step of a piece of work that reaches the disk or the database, counted, and one of them failing.

Steps are: a statement, a commit, a file that is made, written, brought to disk (fsync), renamed or linked. The failing
one says what a full disk says. Steps outside the data folder and outside `during` go on as always.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

FULL = "database or disk is full"
_BESIDE_WORK = ("ROLLBACK", "PRAGMA", "BEGIN")


class Faults:
    """`during(3)` fails the third step; `steps` names those that were met, the failed one last."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[str] = []
        self._fails_at = 0
        self._counts = False
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)
        for name in ("fsync", "replace", "rename", "link"):
            monkeypatch.setattr(os, name, self._failing(name, getattr(os, name)))
        monkeypatch.setattr(tempfile, "NamedTemporaryFile", self._failing_file(tempfile.NamedTemporaryFile))

    @contextmanager
    def during(self, fails_at: int) -> Iterator[None]:
        self.steps, self._fails_at, self._counts = [], fails_at, True
        try:
            yield
        finally:
            self._counts = False

    @property
    def has_failed(self) -> bool:
        return len(self.steps) >= self._fails_at

    def _meet(self, step: str) -> bool:
        """Whether this is the step that fails."""
        if self._counts:
            self.steps.append(step)
        return self._counts and len(self.steps) == self._fails_at

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_BESIDE_WORK) and self._meet(f"statement {statement[:60]}"):
            raise OperationalError(statement, {}, sqlite3.OperationalError(FULL))

    def _commit(self, _connection: Any) -> None:
        if self._meet("commit"):
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError(FULL))

    def _failing(self, name: str, does: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            if self._meet(name):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return does(*arguments, **named)

        return step

    def _failing_file(self, make: Callable[..., Any]) -> Callable[..., Any]:
        def made(*arguments: Any, **named: Any) -> Any:
            if self._meet("new file"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            file = make(*arguments, **named)
            file.write = self._failing("write", file.write)
            return file

        return made


def snapshot(database: Path) -> str:
    """Everything in an SQLite database, as the statements that would make it again."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()


def half_written(folder: Path) -> list[Path]:
    """Files of the store that are not named by what they hold."""
    return [path for path in folder.rglob("*") if path.is_file() and len(path.name) != 64]
