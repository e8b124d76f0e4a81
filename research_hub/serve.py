"""One command that serves: the web server and the index worker as children, watched and started again.

Whatever way this process ends, its children end with it; one data folder is served by one of these at a time.
"""

from __future__ import annotations

import ctypes
import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

import structlog

from insights.core.errors import DomainError
from research_hub.config import Environment, Settings
from research_hub.single_instance import AlreadyRunning, hold

GRACE: Final = 20.0
"""Seconds that requests at hand are given to end."""
START_LIMIT: Final = 60.0
"""Seconds within which the web server must answer for the first time."""
LONGEST_PAUSE: Final = 30.0

_PR_SET_PDEATHSIG: Final = 1

log = structlog.get_logger()


class CannotServe(DomainError):
    """The service did not start; the message says why and what to do."""


@dataclass(slots=True)
class Child:
    """A process that ought to run. `failures` counts ends in a row, `again_at` is when to start it next."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, preexec_fn=_end_with_parent)  # noqa: PLW1509, S603 - one thread; our own command
        self.started_at = time.monotonic()

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT; `say` is told the address once it answers.

    Raises CannotServe where the data folder is served already, the port is taken, or the web server does not start.
    """
    stop = threading.Event()
    with _stopping(stop), _only_one(settings):
        _refuse_taken_port(settings)
        children = [Child("web server", web_command(settings)), Child("index worker", worker_command())]
        try:
            for child in children:
                child.start()
            _wait_until_it_answers(settings, children[0], stop)
            if not stop.is_set():
                say(_welcome(settings))
            _watch(children, stop)
        finally:
            _end(children)


def web_command(settings: Settings) -> list[str]:
    """Gunicorn with threads; no control socket, no access log, temporary files where they cost no disk writes."""
    shared_memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes its own unlinked file there
    heartbeat = ["--worker-tmp-dir", str(shared_memory)] if shared_memory.is_dir() else []
    return [
        *(sys.executable, "-m", "gunicorn", "research_hub.app:create_served_app()"),
        *("--bind", _binding(settings), "--worker-class", "gthread", "--preload", "--no-control-socket"),
        *("--workers", str(settings.web_workers), "--threads", str(settings.web_threads)),
        *("--graceful-timeout", str(int(GRACE)), "--timeout", "60", "--log-level", "warning"),
        *heartbeat,
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "research_hub.cli", "worker"]


def _watch(children: Sequence[Child], stop: threading.Event) -> None:
    while not stop.wait(0.25):
        for child in children:
            if child.has_ended():
                _start_again(child)


def _start_again(child: Child) -> None:
    """At once the first time, after longer and longer pauses when it keeps ending."""
    moment = time.monotonic()
    if child.process is not None:
        child.failures = child.failures + 1 if moment - child.started_at < LONGEST_PAUSE else 1
        pause = min(LONGEST_PAUSE, 2.0 ** (child.failures - 1) - 1)
        log.error("a process ended and is started again", name=child.name, code=child.process.returncode, pause=pause)
        child.process, child.again_at = None, moment + pause
    if moment >= child.again_at:
        child.start()


def _end(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    until = time.monotonic() + GRACE + 5
    for process in running:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(settings: Settings, web: Child, stop: threading.Event) -> None:
    until = time.monotonic() + START_LIMIT
    while not stop.wait(0.1):
        if web.has_ended():
            raise CannotServe("The web server did not start; what it said is above. See: research-hub doctor")
        if _answers(settings):
            return
        if time.monotonic() > until:
            raise CannotServe(
                f"The web server did not answer within {START_LIMIT:.0f} seconds. See: research-hub doctor"
            )


def _answers(settings: Settings) -> bool:
    with closing(http.client.HTTPConnection(_reachable(settings), settings.port, timeout=2)) as connection:
        try:
            connection.request("GET", "/healthz", headers={"Host": settings.hosts[0]})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
    return True


def _welcome(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = settings.base_url or f"http://{host}:{settings.port}"
    lines = [f"Research Hub is at {address} (Ctrl-C stops it)."]
    logins = settings.data / "demo-logins.txt"
    if settings.environment is Environment.DEVELOPMENT and logins.is_file():
        lines += ["", logins.read_text("utf-8").rstrip(), "", f"These demonstration logins are kept in {logins}."]
    return "\n".join(lines)


def _refuse_taken_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotServe(
                f"{settings.host}:{settings.port} cannot be used ({error.strerror}). Set PORT to a free port, or HOST."
            ) from error


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    try:
        with hold(settings.data / "serve.lock"):
            yield
    except AlreadyRunning as error:
        raise CannotServe(f"{settings.data} is served already, by {error}. Stop that first.") from error


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop` while this lasts."""

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_with_parent() -> None:
    """Asks Linux to end the child when this process dies, also by SIGKILL; other systems have no such request."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _binding(settings: Settings) -> str:
    return f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"


def _reachable(settings: Settings) -> str:
    """The address under which this machine reaches itself."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
