"""Read-only: while the disk is nearly full, or an operator says so, nothing is written and everything can be read.

Two locks keep it: every request that is not a GET is refused before its view runs, with what was typed still in the
form, and `transaction()` refuses every unit of work, whoever asks for one. Leaving it needs no hand: there must be half
as much room again as on the way in, so that one upload does not flip it to and fro.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from flask import Flask, current_app, request, session
from flask.typing import ResponseReturnValue

from insights.core.errors import DomainError
from research_hub.config import Settings
from research_hub.private_files import replace_privately

MARKER: Final = "read-only"
LONGEST_REASON: Final = 300
_ENOUGH_AGAIN: Final = 1.5
_MEGABYTE: Final = 1_000_000
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGN_OUT: Final = "account.leave"

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class ReadOnly(DomainError):
    """Nothing is written just now; the message says why. Pages add that what was typed is still there."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was saved: Research Hub is read-only just now. {why}")


@dataclass(frozen=True, slots=True)
class Room:
    """Of one disk: `free` and `total` in bytes, and whether the folder takes writing at all."""

    free: int
    total: int
    writable: bool = True


class ReadOnlyMode:
    """Asked before every write and for every page: two looks at the file system, some microseconds."""

    def __init__(self, settings: Settings, measure: Callable[[Path], Room] | None = None) -> None:
        self._marker = settings.data / MARKER
        self._folders = (settings.data, settings.files_path)
        self._share = settings.read_only_below_percent / 100
        self._bytes = settings.read_only_below_mb * _MEGABYTE
        self._measure = measure or room_in
        self._is_tight = False
        self._set_aside = False

    def set_aside(self) -> None:
        """For a process that mends or replaces the data itself: a restore, an upgrade."""
        self._set_aside = True

    def why(self) -> str:
        """In one or two sentences for everybody; '' while writing goes on."""
        return "" if self._set_aside else self._said_by_operator() or self._seen_on_disk()

    def refuse_writing(self) -> None:
        """Raises ReadOnly while it lasts."""
        if why := self.why():
            raise ReadOnly(why)

    def switch_on(self, reason: str = "") -> None:
        """By an operator's hand, until `switch_off`."""
        self._marker.parent.mkdir(parents=True, exist_ok=True)
        replace_privately(self._marker, " ".join(reason.split())[:LONGEST_REASON])

    def switch_off(self) -> None:
        self._marker.unlink(missing_ok=True)

    def _said_by_operator(self) -> str:
        try:
            reason = self._marker.read_text("utf-8", errors="replace").strip()
        except FileNotFoundError:
            return ""
        except OSError:
            reason = ""
        return reason or "Whoever runs it has switched writing off for a while."

    def _seen_on_disk(self) -> str:
        rooms = [self._measure(folder) for folder in self._folders if folder.is_dir()]
        if not all(room.writable for room in rooms):
            return "The folder of its data on the server cannot be written to."
        factor = _ENOUGH_AGAIN if self._is_tight else 1.0
        self._is_tight = any(
            room.free < max(self._bytes, self._share * room.total) * factor for room in rooms if room.total
        )
        return "The disk of its server is nearly full." if self._is_tight else ""


def room_in(folder: Path) -> Room:
    """As the file system says it for this account; a file system without a size counts as roomy."""
    found = os.statvfs(folder)
    writable = not found.f_flag & os.ST_RDONLY and os.access(folder, os.W_OK | os.X_OK)
    return Room(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize, writable)


def read_only_mode() -> ReadOnlyMode:
    """The running application's."""
    mode: ReadOnlyMode = current_app.extensions["read_only"]
    return mode


def only_reads(view: View) -> View:
    """Declares that a view takes a POST and writes nothing: it goes on while nothing may be written."""
    view.only_reads = True  # type: ignore[attr-defined]  # read by the gate
    return view


def guard(app: Flask) -> None:
    """Installs the gate; after the check of CSRF tokens, so that only our own forms are shown again."""
    app.before_request(_refuse_changes)


def _refuse_changes() -> None:
    if request.method in _READS or request.endpoint is None:
        return
    if getattr(current_app.view_functions[request.endpoint], "only_reads", False):
        return
    why = read_only_mode().why()
    if why and request.endpoint == _SIGN_OUT:
        # Whoever leaves a shared machine must have left it; the row of the session is ended by its age.
        session.clear()
    if why:
        raise ReadOnly(why)


def fault_in_words(error: BaseException) -> str:
    """What a failure to store or read means for the person who met it; '' where it is none of those known here.

    SQLite tells by its messages, PostgreSQL by SQLSTATE (Appendix A of its manual), the system by errno.
    """
    if isinstance(error, OSError):
        return _FAULTS_OF_SYSTEM.get(error.errno or 0, "")
    original = getattr(error, "orig", None)
    state = str(getattr(original, "sqlstate", "") or "")
    words = next((words for prefix, words in _FAULTS_OF_POSTGRESQL if state.startswith(prefix)), "") if state else ""
    said = str(original or error)
    return words or next((words for part, words in _FAULTS_OF_SQLITE if part in said), "")


_FULL: Final = "The disk of its server is full."
_UNWRITABLE: Final = "The folder of its data on the server cannot be written to."
_FAILING: Final = "The disk of its server fails. Tell whoever runs it: research-hub doctor."
_DAMAGED: Final = "Its database is damaged. Tell whoever runs it: research-hub doctor says what to do."
_BUSY: Final = "Its database is busy with something else. Wait a minute."
_AWAY: Final = "Its database does not answer. Tell whoever runs it if this lasts: research-hub doctor."

_FAULTS_OF_SYSTEM: Final = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _UNWRITABLE,
    errno.EIO: _FAILING,
}
_FAULTS_OF_SQLITE: Final = (
    ("disk is full", _FULL),
    ("readonly database", _UNWRITABLE),
    ("unable to open database", _UNWRITABLE),
    ("disk I/O error", _FAILING),
    ("malformed", _DAMAGED),
    ("not a database", _DAMAGED),
    ("database is locked", _BUSY),
)
_FAULTS_OF_POSTGRESQL: Final = (
    ("53100", _FULL),
    ("53", _BUSY),
    ("25006", _UNWRITABLE),
    ("55P03", _BUSY),
    ("40", _BUSY),
    ("58", _FAILING),
    ("XX", _DAMAGED),
    ("57", _AWAY),
    ("08", _AWAY),
)
