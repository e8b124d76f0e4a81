"""A digest as a letter: written at the moment it is sent, from what its reader may see at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template, url_for
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.people.mail import Letter
from insights.people.models import Mail, Member
from insights.stewardship.following import FoundRow, found_in_mail
from research_hub.config import Settings
from research_hub.unsubscribing import Unsubscription, sign_unsubscription
from research_hub.web.words import count, day, link_to

MOST_TOLD: Final = 20
"""Items told of one follow; the page has them all."""


@dataclass(frozen=True, slots=True)
class Line:
    ref: str
    title: str
    about: str
    address: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is new for one follow; `more` counts what the letter leaves to the page."""

    title: str
    lines: tuple[Line, ...]
    more: int
    address: str
    unsubscribe: str


@contextmanager
def addresses_of(app: Flask, settings: Settings) -> Iterator[None]:
    """Where no page was asked for, paths are built as they would be on a page of this site."""
    prefix = urlsplit(settings.base_url).path
    with app.test_request_context("/", base_url=f"http://{settings.hosts[0].lstrip('.')}{prefix}"):
        yield


def write_digest(session: Session, settings: Settings, mail: Mail) -> Letter | None:
    """None where nothing is left to say: all of it is out of sight by now, unsubscribed or deleted, or nobody is there.

    Runs within `addresses_of`, for the links.
    """
    member = session.get(Member, mail.member_id)
    if member is None or not member.is_active:
        return None
    found = found_in_mail(session, member, mail.id)
    if not found:
        return None
    write = _Writer(settings.base_url, str(current_app.secret_key), member.id)
    words = {
        "member": member,
        "sections": [write.section(list(rows)) for _, rows in groupby(sorted(found, key=_follow_id), key=_follow_id)],
        "saved": write.address(url_for("stewardship.saved")),
        "unsubscribe": write.unsubscribe(),
    }
    return Letter(
        to_name=member.name,
        to_address=member.email,
        subject=f"{count(len(found), 'new thing')} in Research Hub, {day(today(session))}",
        text=render_template("stewardship/digest.txt", **words),
        html=render_template("stewardship/digest.html", **words),
        unsubscribe_url=write.unsubscribe(),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes for one member, with whole addresses on the site at `base_url`."""

    base_url: str
    secret_key: str
    member_id: int

    def section(self, rows: list[FoundRow]) -> Section:
        follow = rows[0].follow
        return Section(
            title=f"Saved search: {follow.name}" if follow.is_search else f"{follow.subject_ref}: {follow.name}",
            lines=tuple(self._line(row) for row in rows[:MOST_TOLD]),
            more=max(0, len(rows) - MOST_TOLD),
            address=self.address(url_for("stewardship.show_saved", ref=follow.ref)),
            unsubscribe=self.unsubscribe(follow.id),
        )

    def _line(self, row: FoundRow) -> Line:
        about = ", ".join(filter(None, [row.what, f"in “{row.record.study}”" if row.record.study else ""]))
        path = link_to(row.record.ref) or url_for("stewardship.saved")
        return Line(row.record.ref, row.record.title, about, self.address(path))

    def unsubscribe(self, follow_id: int | None = None) -> str:
        token = sign_unsubscription(self.secret_key, Unsubscription(self.member_id, follow_id))
        return self.address(url_for("stewardship.unsubscribe", token=token))

    def address(self, path: str) -> str:
        """The whole address of a path, which begins with the site's own prefix already."""
        site = urlsplit(self.base_url)
        return f"{site.scheme}://{site.netloc}{path}"


def _follow_id(row: FoundRow) -> int:
    return row.follow.id
