"""The message to a participant as a letter: written when it is sent, to an address that nobody sees (J2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import render_template
from sqlalchemy.orm import Session

from insights.openness.follow_ups import FOLLOW_UP, address_to_write_to, mark_follow_up_sent
from insights.people.mail import Letter, MailFailed
from insights.people.models import Mail
from research_hub.config import Settings

_UNREACHED: Final = "The mail server could not be reached."
_REFUSED: Final = "The mail server did not take it. Its answer may name whom it was for, and is not kept."


def write_follow_up(session: Session, settings: Settings, mail: Mail) -> Letter | None:  # noqa: ARG001 - a writer's signature
    """None where they took their consent back meanwhile, or nothing is kept by which to write to them."""
    found = address_to_write_to(session, mail)
    if found is None:
        return None
    follow_up, address = found
    return Letter(
        to_name="",
        to_address=address,
        subject=follow_up.subject,
        text=f"{follow_up.text}\n",
        html=render_template(
            "openness/follow_up_mail.html", subject=follow_up.subject, paragraphs=follow_up.text.split("\n\n")
        ),
    )


def told_without_address(mail: Mail, problem: MailFailed) -> MailFailed:
    """What may be kept and logged of a failure: of mail to participants never what the server answered."""
    if mail.kind != FOLLOW_UP:
        return problem
    unreached = str(problem).startswith(_UNREACHED.removesuffix("."))
    return MailFailed(_UNREACHED if unreached else _REFUSED, for_good=problem.for_good)


WRITERS: Final[Mapping[str, Callable[[Session, Settings, Mail], Letter | None]]] = {FOLLOW_UP: write_follow_up}
WHEN_SENT: Final[Mapping[str, Callable[[Session, Mail], None]]] = {FOLLOW_UP: mark_follow_up_sent}
