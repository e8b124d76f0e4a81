"""A real SMTP server on this machine, and the worker's post by a clock that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from flask import Flask

from insights.core.clock import FixedClock
from research_hub.config import Settings
from research_hub.postman import Postman
from research_hub.worker import make_indexer

ADDRESS = "https://hub.example.gov"


@dataclass
class Mailbox:
    """What the server took, and what it answers: `answer` of '' takes everything."""

    port: int = 0
    answer: str = ""
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer:
            return self.answer
        message = message_from_bytes(cast("bytes", envelope.content), policy=default)
        self.taken.append(message)
        self.recipients += envelope.rcpt_tos
        return "250 Taken"


@contextmanager
def mail_server(**values: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    # Port 0 is not asked back by the controller: it connects to itself to see that it answers.
    controller = _OnAnyPort(box, hostname="127.0.0.1", port=0, **values)
    controller.start()
    box.port = controller.found_port
    try:
        yield box
    finally:
        controller.stop()


class _OnAnyPort(Controller):
    """Takes a port that is free, and knows which."""

    found_port = 0

    def _trigger_server(self) -> None:
        listening = cast("asyncio.Server", self.server)
        self.port = self.found_port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the controller's own


def mail_settings(port: int) -> dict[str, Any]:
    return {
        "base_url": ADDRESS,
        "mail_host": "127.0.0.1",
        "mail_port": port,
        "mail_security": "none",
        "mail_sender": "Research Hub <hub@example.gov>",
    }


class Post:
    """The worker's rounds, at the moments that a test says; begins at noon on a Wednesday."""

    def __init__(self, app: Flask, **changes: Any) -> None:
        self.app = app
        settings: Settings = app.extensions["settings"]
        # The server's noon, whatever its time zone.
        noon = datetime(2026, 11, 25, 12).astimezone().astimezone(UTC)
        self.clock = FixedClock(noon)
        self.settings = settings.model_copy(update=changes)
        self.postman = self.restarted()

    def restarted(self) -> Postman:
        self.postman = Postman(self.app, self.settings, clock=self.clock)
        return self.postman

    def index(self) -> None:
        """Brings search up to date, as the worker does before."""
        with self.app.app_context():
            indexer = make_indexer(self.app)
            indexer.ensure_usable()
            indexer.drain()

    def work(self, **later: float) -> None:
        """One round, `hours=2` or so after the last."""
        self.clock.moment += timedelta(**later)
        self.index()
        self.postman.work_once()
