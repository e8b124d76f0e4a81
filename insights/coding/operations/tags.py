"""Changes to tags: which a highlight has, and which the codebook holds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight, Tag, highlight_tags
from insights.core.activity import add, record
from insights.core.checks import clean, optional_line
from insights.core.errors import InvalidInput
from insights.people.models import Member

LONGEST_TAG = 120
MOST_TAGS = 30


def set_tags(session: Session, *, actor: Member, highlight: Highlight, tags: Sequence[str]) -> None:
    """Gives the highlight these tags and no others; a tag that is not in the codebook yet is added to it."""
    names = [name for name in (optional_line("tags", tag, label="a tag", longest=400) for tag in tags) if name]
    if len(names) > MOST_TAGS:
        raise InvalidInput.of("tags", f"A highlight takes at most {MOST_TAGS} tags; there are {len(names)}.")
    found = {find_or_add_tag(session, actor=actor, path=name).id for name in names}
    session.execute(delete(highlight_tags).where(highlight_tags.c.highlight_id == highlight.id))
    if found:
        rows = [{"highlight_id": highlight.id, "tag_id": tag_id} for tag_id in sorted(found)]
        session.execute(insert(highlight_tags), rows)


def find_or_add_tag(session: Session, *, actor: Member | None, path: str, definition: str = "") -> Tag:
    """The tag of that path ('trust/links'), its parents made as needed; a retired tag leads on to its successor."""
    steps = [step.strip() for step in path.split("/") if step.strip()]
    if not steps:
        raise InvalidInput.of("tags", "Enter a tag.")
    tag: Tag | None = None
    for depth in range(1, len(steps) + 1):
        tag = _tag_at(session, actor, steps[:depth], parent=tag)
    assert tag is not None  # noqa: S101 - there is at least one step
    if definition and not tag.definition:
        tag.definition = clean(definition)
    return tag


def _tag_at(session: Session, actor: Member | None, steps: list[str], *, parent: Tag | None) -> Tag:
    path = "/".join(steps)
    if len(path) > 400 or len(steps[-1]) > LONGEST_TAG:  # noqa: PLR2004 - the column's length
        raise InvalidInput.of("tags", f"A tag must be {LONGEST_TAG} characters or fewer.")
    found = session.scalar(select(Tag).where(Tag.folded_path == path.casefold()[:400]))
    if found is not None:
        successor = None if found.redirect_to_id is None else session.get(Tag, found.redirect_to_id)
        return successor or found
    tag = Tag(
        name=steps[-1], path=path, folded_path=path.casefold()[:400], parent_id=None if parent is None else parent.id
    )
    add(session, actor, tag)
    record(session, actor, "added", tag)
    return tag
