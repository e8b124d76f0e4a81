"""Mail about accounts: written when it is sent. Links are made from the base address of the site alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from flask import current_app, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.people.accounts.invitations import invitation_token
from insights.people.accounts.links import link_token
from insights.people.mail import Letter, queue_mail
from insights.people.models import Invitation, Mail, Member, OneTimeLink
from research_hub.config import Settings

ACCOUNT_CHANGE: Final = "account_change"
NEW_PASSWORD: Final = "new_password"  # noqa: S105 - a kind of mail
INVITATION: Final = "invitation"


class Told(StrEnum):
    """What somebody is told by mail, for they may not have done it themselves."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    FACTORS_TAKEN = "factors_taken"
    WAY_IN_USED = "way_in_used"
    LINKED = "linked"


_SUBJECTS: Final = {
    Told.PASSWORD: "Your password was changed",
    Told.APP_ADDED: "An authenticator app was added to your account",
    Told.APP_REMOVED: "The authenticator app was removed from your account",
    Told.PASSKEY_ADDED: "A passkey was added to your account",
    Told.PASSKEY_REMOVED: "A passkey was removed from your account",
    Told.CODES_MADE: "New recovery codes were made for your account",
    Told.CODE_USED: "A recovery code was used to sign in to your account",
    Told.FACTORS_TAKEN: "The second factors of your account were removed",
    Told.WAY_IN_USED: "The operator’s way in was used",
    Told.LINKED: "Your account was linked to single sign-on",
}


_PAGES: Final = {
    ACCOUNT_CHANGE: ("account/mail_change.txt", "account/mail_change.html"),
    NEW_PASSWORD: ("account/mail_new_password.txt", "account/mail_new_password.html"),
    INVITATION: ("account/mail_invitation.txt", "account/mail_invitation.html"),
}


def tell(session: Session, settings: Settings, member: Member, what: Told) -> None:
    """Queues the mail that tells of the last entry about the member, where mail is set up."""
    if not settings.sends_mail:
        return
    entry = session.scalar(
        select(ActivityEntry.id)
        .where(ActivityEntry.subject_ref == member.ref)
        .order_by(ActivityEntry.id.desc())
        .limit(1)
    )
    queue_mail(session, member_id=member.id, kind=ACCOUNT_CHANGE, key=f"account:{what.value}:{member.id}:{entry}")


def tell_administrators(session: Session, settings: Settings, about: Member) -> None:
    """Of a use of the operator's way in: to every administrator, and to whoever came in."""
    tell(session, settings, about, Told.WAY_IN_USED)
    others = select(Member).where(Member.role == Role.ADMINISTRATOR, Member.is_active, Member.id != about.id)
    for member in session.scalars(others.order_by(Member.id)).all():
        key = f"account:{Told.WAY_IN_USED.value}:{about.id}:{member.id}"
        if settings.sends_mail:
            entry = session.scalar(select(ActivityEntry.id).order_by(ActivityEntry.id.desc()).limit(1))
            queue_mail(session, member_id=member.id, kind=ACCOUNT_CHANGE, key=f"{key}:{entry}")


def queue_invitation(session: Session, invitation: Invitation) -> None:
    """Kept under whoever invited: the one invited is no member yet."""
    key = f"invitation:{invitation.id}:{invitation.salt}"
    queue_mail(session, member_id=invitation.updated_by_id or 0, kind=INVITATION, key=key)


def queue_new_password(session: Session, link: OneTimeLink) -> None:
    queue_mail(session, member_id=link.member_id, kind=NEW_PASSWORD, key=f"new-password:{link.id}")


def write_change(session: Session, settings: Settings, mail: Mail) -> Letter | None:
    member = session.get(Member, mail.member_id)
    if member is None:
        return None
    _, what, about_id, *_rest = mail.key.split(":")
    subject = _SUBJECTS[Told(what)]
    about = session.get(Member, int(about_id)) or member
    words = {"subject": subject, "about": about, "at": mail.made_at, "page": whole_address(settings, "account.show")}
    return _letter(member.name, member.email, subject, _PAGES[ACCOUNT_CHANGE], {"member": member, **words})


def write_new_password(session: Session, settings: Settings, mail: Mail) -> Letter | None:
    """None where the link was used meanwhile or is too old: `mail` may have waited."""
    link = session.get(OneTimeLink, int(mail.key.rpartition(":")[2]))
    member = session.get(Member, mail.member_id)
    token = None if link is None else link_token(session, link)
    if link is None or member is None or not member.is_active or token is None:
        return None
    words = {
        "member": member,
        "until": link.expires_at,
        "page": whole_address(settings, "account.new_password", token=token),
    }
    return _letter(member.name, member.email, "Choose a new password", _PAGES[NEW_PASSWORD], words)


def write_invitation(session: Session, settings: Settings, mail: Mail) -> Letter | None:
    """None for one that was withdrawn, accepted, sent anew, or is too old."""
    _, number, salt = mail.key.split(":")
    invitation = session.get(Invitation, int(number))
    token = None if invitation is None else invitation_token(session, invitation)
    if invitation is None or token is None or invitation.salt != salt:
        return None
    inviter = session.get(Member, mail.member_id)
    words = {
        "inviter": inviter,
        "invitation": invitation,
        "page": whole_address(settings, "account.accept_invitation", token=token),
    }
    return _letter("", invitation.email, "You are invited to Research Hub", _PAGES[INVITATION], words)


WRITERS: Final[Mapping[str, Callable[[Session, Settings, Mail], Letter | None]]] = {
    ACCOUNT_CHANGE: write_change,
    NEW_PASSWORD: write_new_password,
    INVITATION: write_invitation,
}


def whole_address(settings: Settings, endpoint: str, **values: str) -> str:
    """An address of this site for a link that leaves it: from the base address, never from a request's Host."""
    adapter = current_app.url_map.bind("localhost", script_name="/")
    return settings.site_address + adapter.build(endpoint, values)


def _letter(name: str, address: str, subject: str, pages: tuple[str, str], words: Mapping[str, Any]) -> Letter:
    return Letter(
        to_name=name,
        to_address=address,
        subject=subject,
        text=render_template(pages[0], **words),
        html=render_template(pages[1], **words),
    )
