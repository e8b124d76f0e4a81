from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.errors import NotFound
from insights.decisions.models import Change, ChangeImage, Decision, DecisionLink
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight


@dataclass(frozen=True, slots=True)
class ImageRow:
    id: int
    side: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """`images` by their side, 'before' and 'after'; empty where there is none."""

    id: int
    before: str
    after: str
    url: str
    recorded_at: datetime
    recorded_by: str
    images: Mapping[str, ImageRow]


def changes_of(session: Session, decision: Decision) -> list[ChangeRow]:
    """With their pictures, in one statement."""
    rows = session.execute(
        select(Change, Member.name, ChangeImage)
        .outerjoin(Member, Member.id == Change.created_by_id)
        .outerjoin(ChangeImage, (ChangeImage.change_id == Change.id) & ChangeImage.deleted_at.is_(None))
        .where(Change.decision_id == decision.id)
        .order_by(Change.id, ChangeImage.id)
    ).all()
    images: dict[int, dict[str, ImageRow]] = defaultdict(dict)
    for change, _name, image in rows:
        if image is not None:
            side = image.side.value
            images[change.id][side] = ImageRow(image.id, side, image.alt, image.width, image.height)
    changes = {change.id: (change, name or "") for change, name, _image in rows}
    return [
        ChangeRow(each.id, each.before, each.after, each.url, each.created_at, name, images[each.id])
        for each, name in changes.values()
    ]


def get_link(session: Session, member: Member, decision: Decision, link_id: int) -> DecisionLink:
    """Raises NotFound for a link of another decision, and for one to an insight that the member may not see."""
    link = session.scalar(
        select(DecisionLink)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .where(DecisionLink.id == link_id, DecisionLink.decision_id == decision.id, visible_insights(member))
    )
    if link is None:
        raise NotFound(f"link {link_id} of {decision.ref}")
    return link


def get_change(session: Session, decision: Decision, change_id: int) -> Change:
    change = session.get(Change, change_id)
    if change is None or change.decision_id != decision.id:
        raise NotFound(f"change {change_id} of {decision.ref}")
    return change


def get_image(session: Session, decision: Decision, image_id: int) -> ChangeImage:
    """Raises NotFound for a picture of another decision; also answers one that was taken away."""
    found = session.scalar(
        select(ChangeImage)
        .join(Change, Change.id == ChangeImage.change_id)
        .where(ChangeImage.id == image_id, Change.decision_id == decision.id)
    )
    if found is None:
        raise NotFound(f"picture {image_id} of {decision.ref}")
    return found


def images_of(session: Session, change: Change) -> Mapping[str, ChangeImage]:
    """By their side."""
    shown = select(ChangeImage).where(ChangeImage.change_id == change.id, ChangeImage.deleted_at.is_(None))
    return {each.side.value: each for each in session.scalars(shown)}
