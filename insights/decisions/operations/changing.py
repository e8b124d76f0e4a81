"""What was before and what is after: as text, as pictures, as an address (features.md G3)."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from insights.capture.models import Attachment
from insights.core.activity import add, record, touch
from insights.core.checks import required_line, text_of
from insights.core.clock import now
from insights.core.errors import InvalidInput
from insights.decisions.images import CheckedImage
from insights.decisions.models import Change, ChangeImage, Decision, ImageSide
from insights.people.models import Member
from insights.people.operations import require_same_area, web_address


def record_change(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    before: str,
    after: str,
    url: str = "",
    has_images: bool = False,
) -> Change:
    """At least one of the three must say something, unless pictures come with it (`set_change_image`)."""
    require_same_area(session, actor, decision.team_id)
    change = Change(
        decision_id=decision.id,
        before=text_of("before", before, label="what was before", longest=20_000),
        after=text_of("after", after, label="what is after", longest=20_000),
        url=web_address("url", url),
    )
    if not (change.before or change.after or change.url or has_images):
        raise InvalidInput.of("after", "Enter what was before, what is after, or an address that shows it.")
    add(session, actor, change)
    touch(session, actor, decision)
    record(session, actor, "recorded a change of", decision)
    return change


def edit_change(
    session: Session, *, actor: Member, decision: Decision, change: Change, before: str, after: str, url: str = ""
) -> None:
    require_same_area(session, actor, decision.team_id)
    change.before = text_of("before", before, label="what was before", longest=20_000)
    change.after = text_of("after", after, label="what is after", longest=20_000)
    change.url = web_address("url", url)
    touch(session, actor, change)
    record(session, actor, "edited a change of", decision)


def set_change_image(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    change: Change,
    side: ImageSide,
    image: CheckedImage,
    alt: str,
) -> ChangeImage:
    """The picture of one side, in place of the one before; `alt` says what it shows to those who do not see it.

    The caller keeps the bytes under their SHA-256.
    """
    require_same_area(session, actor, decision.team_id)
    words = required_line(f"{side.value}_alt", alt, label="what the picture shows, for those who do not see it")
    if session.get(Attachment, image.sha256) is None:
        kept = Attachment(sha256=image.sha256, size=image.size, media_type=image.media_type, added_at=now(session))
        session.add(kept)
        session.flush()
    for old in session.scalars(_shown(change, side)):
        old.deleted_at = now(session)
    stored = ChangeImage(
        change_id=change.id,
        side=side,
        sha256=image.sha256,
        media_type=image.media_type,
        width=image.width,
        height=image.height,
        alt=words,
    )
    add(session, actor, stored)
    record(session, actor, "added a picture to", decision, detail={"side": side.value, "sha256": image.sha256})
    return stored


def describe_image(session: Session, *, actor: Member, decision: Decision, image: ChangeImage, alt: str) -> None:
    """Other words for the same picture."""
    require_same_area(session, actor, decision.team_id)
    image.alt = required_line(f"{image.side.value}_alt", alt, label="what the picture shows")
    touch(session, actor, image)


def set_image_deleted(
    session: Session, *, actor: Member, decision: Decision, image: ChangeImage, deleted: bool
) -> None:
    """Takes a picture away, or brings it back in place of what stands there now."""
    require_same_area(session, actor, decision.team_id)
    if not deleted:
        change = session.get(Change, image.change_id)
        for other in () if change is None else session.scalars(_shown(change, image.side)):
            other.deleted_at = now(session)
    image.deleted_at = now(session) if deleted else None
    touch(session, actor, image)
    record(session, actor, "took a picture from" if deleted else "added a picture to", decision)


def _shown(change: Change, side: ImageSide) -> Select[ChangeImage]:
    return select(ChangeImage).where(
        ChangeImage.change_id == change.id, ChangeImage.side == side, ChangeImage.deleted_at.is_(None)
    )
