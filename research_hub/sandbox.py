"""Files from outside are read in a child process with limits (trust.md, Against hostile input).

    document = read_apart("P3.docx", content)
    value = run_apart("insights.exchange.documents", ["P3.docx"], content, name="P3.docx")

The child gets the bytes through a pipe, an empty environment and no descriptor of ours; it limits itself to 1 GB of
memory and 30 s of processor time (insights/exchange/documents/child.py) and answers in JSON. At most two run at once.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any

import structlog
from werkzeug.exceptions import TooManyRequests

import insights
from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadDocument, document_from_json

AT_ONCE = 2
RETRY_AFTER_SECONDS = 20
WALL_SECONDS = 40.0

log = structlog.get_logger()


class TooManyReadings(TooManyRequests):
    """As many files as may be read at once are being read: 429, with the seconds to wait in Retry-After."""

    def __init__(self) -> None:
        super().__init__(
            f"Other files are being read just now. Nothing was stored; try again in {RETRY_AFTER_SECONDS} seconds.",
            retry_after=RETRY_AFTER_SECONDS,
        )


def read_apart(name: str, content: bytes) -> ReadDocument:
    """`insights.exchange.documents.read_document` in a child.

    Raises:
        InvalidInput: on the field "file", for what cannot be read and for what took too much memory or time.
        TooManyReadings: when two files are being read already.
    """
    return document_from_json(run_apart("insights.exchange.documents", [name], content, name=name))


def run_apart(
    module: str, arguments: Sequence[str], content: bytes, *, name: str, wall_seconds: float = WALL_SECONDS
) -> Any:  # noqa: ANN401 - the child's answer is JSON
    """Run `python -m module arguments` with `content` as its input; `module` ends in `child.answer(...)`.

    Answers the value that the child's reading gave. `name` is the file's, for messages. Raises as `read_apart` does.
    """
    with _turn(), TemporaryFile() as output:
        code = _run(_command(module, arguments), content, output, wall_seconds)
        output.seek(0)
        written = output.read()
    shown = name.replace("\\", "/").rpartition("/")[2]
    return _value(written, code, shown)


_turns = BoundedSemaphore(AT_ONCE)
_ROOT = Path(insights.__file__).parents[1]
_TIMED_OUT = 124
_ADVICE = "Nothing of it was stored. Split it, or save its text as .txt, and bring that."
_RAN_OUT = {
    "memory": f"Reading it takes more memory than is allowed (1 GB). {_ADVICE}",
    "depth": f"It is nested too deeply to be read. {_ADVICE}",
    "time": f"Reading it takes longer than is allowed. {_ADVICE}",
}


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(blocking=False):
        raise TooManyReadings
    try:
        yield
    finally:
        _turns.release()


def _command(module: str, arguments: Sequence[str]) -> list[str]:
    # Neither PYTHON variables nor the user's own packages count; NUL can stand in no argument.
    plain = [argument.replace("\x00", "\ufffd").encode("utf-8", "replace").decode() for argument in arguments]
    return [sys.executable, "-E", "-s", "-B", "-X", "utf8", "-m", module, *plain]


def _run(command: list[str], content: bytes, output: IO[bytes], wall_seconds: float) -> int:
    child = subprocess.Popen(  # noqa: S603 - the command is our own, the file's name is one argument of it
        command,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.DEVNULL,
        env={},
        cwd=_ROOT,
        close_fds=True,
        start_new_session=True,
    )
    try:
        child.communicate(content, timeout=wall_seconds)
    except subprocess.TimeoutExpired:
        return _TIMED_OUT
    finally:
        _end(child)
    return child.returncode


def _end(child: subprocess.Popen[bytes]) -> None:
    """Whatever happened, the child and all it began are gone before we go on."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.stdin:
        child.stdin.close()


def _value(written: bytes, code: int, name: str) -> Any:  # noqa: ANN401 - JSON
    reply = _reply(written, code)
    if "value" in reply:
        return reply["value"]
    if problem := reply.get("problem"):
        raise InvalidInput.of("file", problem)
    log.warning("a file could not be read", exit_code=code, reason=reply)
    ran_out = _RAN_OUT.get(reply.get("ran_out", ""))
    damaged = (
        "It cannot be read: it is damaged, or made in a way that we do not understand. Save it anew and bring that."
    )
    raise InvalidInput.of("file", f"“{name}”: {ran_out or damaged}")


def _reply(written: bytes, code: int) -> dict[str, Any]:
    """What the child said, or what its end says where it could not speak any more."""
    if code in {_TIMED_OUT, -signal.SIGXCPU, -signal.SIGKILL}:
        return {"ran_out": "time"}
    try:
        reply = json.loads(written)
    except ValueError:
        return {"failed": f"exit {code}"}
    return reply if isinstance(reply, dict) else {"failed": f"exit {code}"}
