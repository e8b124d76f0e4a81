"""Reminders and the monthly note as letters, written when they are sent, from what their reader may see then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app, render_template, url_for
from sqlalchemy.orm import Session

from insights.people.mail import Letter
from insights.people.models import Mail, Member
from insights.reports.monthly_note import NOTE, ReportMail, choice_of, month_in
from insights.reports.nudges import NUDGES, nudges_in_mail
from insights.stewardship.contributions import contributions_of
from insights.stewardship.retention import warnings_in_mail
from insights.stewardship.retention.warnings import RETENTION
from research_hub.config import Settings
from research_hub.ending_mail import EndOfMail, sign_end_of_mail
from research_hub.web.words import count, link_to


def write_nudges(session: Session, settings: Settings, mail: Mail) -> Letter | None:
    """None where all was answered meanwhile, is out of sight, or no mail of it is wanted. Within `addresses_of`."""
    member = session.get(Member, mail.member_id)
    if member is None or not member.is_active or not choice_of(session, member.id).nudges:
        return None
    rows = nudges_in_mail(session, member, mail.id)
    if not rows:
        return None
    lines = [{"row": row, "address": _whole(settings, link_to(row.insight_ref) or "/")} for row in rows]
    subject = f"{count(len(rows), 'insight')} waiting for you in Research Hub"
    return _letter(settings, member, ReportMail.NUDGES, subject, {"lines": lines})


def write_retention(session: Session, settings: Settings, mail: Mail) -> Letter | None:
    """What goes within a month, as far as it still does and its reader may see the study. Ends with the reminders."""
    member = session.get(Member, mail.member_id)
    if member is None or not member.is_active or not choice_of(session, member.id).nudges:
        return None
    rows = warnings_in_mail(session, member, mail.id)
    if not rows:
        return None
    lines = [
        {"row": row, "address": _whole(settings, url_for("stewardship.study_retention", ref=row.study_ref))}
        for row in rows
    ]
    subject = f"What goes from {count(len({row.study_ref for row in rows}), 'study', 'studies')} within a month"
    return _letter(settings, member, ReportMail.NUDGES, subject, {"lines": lines}, pages=RETENTION)


def write_note(session: Session, settings: Settings, mail: Mail) -> Letter | None:
    """None where nothing happened in the month and nothing is on the shelf."""
    member = session.get(Member, mail.member_id)
    if member is None or not member.is_active or not choice_of(session, member.id).note:
        return None
    month = month_in(mail)
    note = contributions_of(session, member, month)
    if note.nothing_happened and not note.shelf:
        return None

    def address(ref: str) -> str:
        return _whole(settings, link_to(ref) or "/")

    words = {
        "note": note,
        "month": f"{month:%B %Y}",
        "address": address,
        "page": _whole(settings, url_for("stewardship.contributions", month=f"{month:%Y-%m}")),
    }
    return _letter(settings, member, ReportMail.NOTE, f"What became of your insights in {month:%B %Y}", words)


WRITERS: Final[Mapping[str, Callable[[Session, Settings, Mail], Letter | None]]] = {
    NUDGES: write_nudges,
    NOTE: write_note,
    RETENTION: write_retention,
}


_PAGES: Final = {
    RETENTION: ("stewardship/mail_retention.txt", "stewardship/mail_retention.html"),
    ReportMail.NUDGES: ("reports/mail_nudges.txt", "reports/mail_nudges.html"),
    ReportMail.NOTE: ("reports/mail_note.txt", "reports/mail_note.html"),
}


def _letter(
    settings: Settings, member: Member, what: ReportMail, subject: str, words: Mapping[str, Any], *, pages: str = ""
) -> Letter:
    token = sign_end_of_mail(str(current_app.secret_key), EndOfMail(member.id, what))
    stop = _whole(settings, url_for("reports.end_mail_page", token=token))
    given = {**words, "member": member, "stop": stop}
    return Letter(
        to_name=member.name,
        to_address=member.email,
        subject=subject,
        text=render_template(_PAGES[pages or what][0], **given),
        html=render_template(_PAGES[pages or what][1], **given),
        unsubscribe_url=stop,
    )


def _whole(settings: Settings, path: str) -> str:
    """The whole address of a path, which begins with the site's own prefix already."""
    site = urlsplit(settings.base_url)
    return f"{site.scheme}://{site.netloc}{path}"
