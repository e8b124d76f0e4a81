"""A digest as a letter: written at the moment it is sent, from what its reader may see at that moment."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import current_app, render_template, request, url_for
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.people.mail import Letter
from insights.people.models import Mail, Member
from insights.stewardship.following import FoundRow, found_in_mail
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


def write_digest(session: Session, mail: Mail) -> Letter | None:
    """None where nothing is left to say: all of it is out of sight by now, unsubscribed or deleted, or nobody is there.

    Runs within a request context on the site's own address, for the links.
    """
    member = session.get(Member, mail.member_id)
    if member is None or not member.is_active:
        return None
    found = found_in_mail(session, member, mail.id)
    if not found:
        return None
    in_order = sorted(found, key=lambda each: each.follow.id)
    sections = [_section(member, list(rows)) for _, rows in groupby(in_order, key=lambda each: each.follow.id)]
    words = {
        "member": member,
        "sections": sections,
        "saved": _address(url_for("stewardship.saved")),
        "unsubscribe": _unsubscribe(Unsubscription(member.id)),
    }
    return Letter(
        to_name=member.name,
        to_address=member.email,
        subject=f"{count(len(found), 'new thing')} in Research Hub, {day(today(session))}",
        text=render_template("stewardship/digest.txt", **words),
        html=render_template("stewardship/digest.html", **words),
        unsubscribe_url=_unsubscribe(Unsubscription(member.id)),
    )


def _section(member: Member, rows: list[FoundRow]) -> Section:
    follow = rows[0].follow
    title = f"Saved search: {follow.name}" if follow.is_search else f"{follow.subject_ref}: {follow.name}"
    return Section(
        title=title,
        lines=tuple(_line(row) for row in rows[:MOST_TOLD]),
        more=max(0, len(rows) - MOST_TOLD),
        address=_address(url_for("stewardship.show_saved", ref=follow.ref)),
        unsubscribe=_unsubscribe(Unsubscription(member.id, follow.id)),
    )


def _line(row: FoundRow) -> Line:
    about = ", ".join(filter(None, [row.what, f"in “{row.record.study}”" if row.record.study else ""]))
    return Line(
        row.record.ref, row.record.title, about, _address(link_to(row.record.ref) or url_for("stewardship.saved"))
    )


def _unsubscribe(wanted: Unsubscription) -> str:
    token = sign_unsubscription(str(current_app.secret_key), wanted)
    return _address(url_for("stewardship.unsubscribe", token=token))


def _address(path: str) -> str:
    """The whole address of a path on this site, which begins with the site's own prefix already."""
    return f"{request.scheme}://{request.host}{path}"
