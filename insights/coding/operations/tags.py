"""Changes to tags: which a highlight has, and which the codebook holds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import String, cast, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.coding.models import Highlight, Tag, TagStatus, highlight_tags
from insights.coding.queries.tags import list_tags
from insights.core.activity import add, record
from insights.core.checks import clean, optional_line
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member

LONGEST_TAG = 120
LONGEST_PATH = 400
DEEPEST_TAG = 20
MOST_TAGS = 30


def set_tags(session: Session, *, actor: Member, highlight: Highlight, tags: Sequence[str]) -> None:
    """Gives the highlight these tags and no others; a tag that is not in the codebook yet is added to it."""
    names = [name for name in (optional_line("tags", tag, label="a tag", longest=LONGEST_PATH) for tag in tags) if name]
    if len(names) > MOST_TAGS:
        raise InvalidInput.of("tags", f"A highlight takes at most {MOST_TAGS} tags; there are {len(names)}.")
    found = {find_or_add_tag(session, actor=actor, path=name, study_id=highlight.study_id).id for name in names}
    session.execute(delete(highlight_tags).where(highlight_tags.c.highlight_id == highlight.id))
    if found:
        rows = [{"highlight_id": highlight.id, "tag_id": tag_id} for tag_id in sorted(found)]
        session.execute(insert(highlight_tags), rows)


def find_or_add_tag(
    session: Session, *, actor: Member | None, path: str, study_id: int | None = None, definition: str = ""
) -> Tag:
    """The tag of that path ('trust/links') as it is typed in a study, its parents made as needed.

    The study's own codebook is asked first, then the organisation's, by path and then by synonym; a tag that was
    merged leads on to its successor. A new tag of a restricted study goes into that study's codebook, since its words
    could give away what was heard there, and so does one within a study's tag; any other into the organisation's.
    """
    steps = [step for step in (" ".join(part.split()) for part in clean(path).split("/")) if step]
    if not steps:
        raise InvalidInput.of("tags", "Enter a tag.")
    tag = _at_path(session, actor, "/".join(steps), study_id) or _by_synonym(session, actor, "/".join(steps), study_id)
    if tag is None:
        for step in steps:
            wanted = step if tag is None else f"{tag.path}/{step}"
            tag = _at_path(session, actor, wanted, study_id) or new_tag(
                session, actor=actor, name=step, parent=tag, study_id=_codebook_of_new(session, study_id, tag)
            )
    assert tag is not None  # noqa: S101 - there is at least one step
    if definition and not tag.definition:
        tag.definition = clean(definition)
    return tag


def new_tag(session: Session, *, actor: Member | None, name: str, parent: Tag | None, study_id: int | None) -> Tag:
    """A tag that is not there yet, last among its siblings where those have an order of their own."""
    path = name if parent is None else f"{parent.path}/{name}"
    if len(name) > LONGEST_TAG:
        raise InvalidInput.of("tags", f"A tag must be {LONGEST_TAG} characters or fewer.")
    require_fitting(path, field="tags")
    parent_id = None if parent is None else parent.id
    tag = Tag(
        name=name,
        path=path,
        folded_path=folded(path),
        parent_id=parent_id,
        study_id=study_id,
        position=_next_position(session, parent_id),
    )
    add(session, actor, tag)
    record(session, actor, "added", tag)
    return tag


def require_fitting(path: str, *, field: str) -> None:
    """Raises InvalidInput for a path that is too long, or too deep to be read as a tree."""
    if max(len(path), len(folded(path))) > LONGEST_PATH:
        raise InvalidInput.of(field, f"A tag with all it lies within must be {LONGEST_PATH} characters or fewer.")
    if path.count("/") >= DEEPEST_TAG:
        raise InvalidInput.of(field, f"Tags lie within one another {DEEPEST_TAG} deep at most.")


def folded(path: str) -> str:
    """The form in which paths are compared, whatever the case."""
    return path.casefold()


def successor(session: Session, tag: Tag) -> Tag:
    """Where the tag leads in the end; itself where it was not merged. Raises RuleBroken where redirects form a ring."""
    seen = {tag.id}
    while tag.redirect_to_id is not None:
        tag = session.get_one(Tag, tag.redirect_to_id)
        if tag.id in seen:
            raise RuleBroken("The tags would lead to one another in a ring.")
        seen.add(tag.id)
    return tag


def _at_path(session: Session, actor: Member | None, path: str, study_id: int | None) -> Tag | None:
    """The study's tag of that path, else the organisation's; led on, unless to a tag that the actor may not see."""
    found = session.scalars(
        select(Tag)
        .where(Tag.folded_path == folded(path), or_(Tag.study_id.is_(None), Tag.study_id == study_id))
        .order_by(Tag.study_id.is_(None))
    ).first()
    if found is None or found.redirect_to_id is None:
        return found
    target = successor(session, found)
    return target if _may_use(session, actor, target, study_id) else found


def _by_synonym(session: Session, actor: Member | None, path: str, study_id: int | None) -> Tag | None:
    """The one tag that has it as a synonym; none where two have, since a guess could say something else."""
    tags = session.scalars(
        select(Tag).where(
            cast(Tag.synonyms, String) != "[]",
            or_(Tag.status == TagStatus.ACTIVE, Tag.redirect_to_id.is_not(None)),
            or_(Tag.study_id.is_(None), Tag.study_id == study_id),
        )
    )
    named = [tag for tag in tags if folded(path) in {folded(str(each)) for each in tag.synonyms}]
    found = list({target.id: target for target in (successor(session, tag) for tag in named)}.values())
    own = [tag for tag in found if tag.study_id is not None] or found
    return own[0] if len(own) == 1 and _may_use(session, actor, own[0], study_id) else None


def _may_use(session: Session, actor: Member | None, tag: Tag, study_id: int | None) -> bool:
    """Words typed must not lead to a tag that nobody would have shown the member, nor to another study's."""
    if tag.study_id not in {None, study_id}:
        return False
    return actor is None or any(row.id == tag.id for row in list_tags(session, actor))


def _codebook_of_new(session: Session, study_id: int | None, parent: Tag | None) -> int | None:
    if parent is not None and parent.study_id is not None:
        return parent.study_id
    study = None if study_id is None else session.get(Study, study_id)
    return study_id if study is not None and study.restricted else None


def _next_position(session: Session, parent_id: int | None) -> int:
    """After the last sibling; 0 while nobody put the siblings into an order of their own, which is by name then."""
    siblings = Tag.parent_id.is_(None) if parent_id is None else Tag.parent_id == parent_id
    last = session.scalar(select(func.max(Tag.position)).where(siblings)) or 0
    return last + 1 if last else 0
