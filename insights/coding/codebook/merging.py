"""Changes that give quotes other tags: two become one, or one becomes several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.coding.codebook.acts import Watch, add_links, remember_act
from insights.coding.codebook.paths import place_tag, tag_name, within
from insights.coding.models import CodingAct, Highlight, Tag, TagStatus, highlight_tags
from insights.coding.operations.tags import folded, new_tag, successor
from insights.core.activity import record, touch
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area

FEWEST_PARTS, MOST_PARTS = 2, 5


def merge_tags(session: Session, *, actor: Member, tag: Tag, into: Tag) -> CodingAct | None:
    """Every quote of `tag` carries `into` instead, once where it carried both; typing the old path leads there.

    Tags within `tag` move along; one that `into` has by the same name is merged too. What `into` means stays as it is
    written. Quotes of studies that the actor may not see are retagged as well: a tag is one thing for everybody.
    """
    _require_mergeable(session, actor, tag, into)
    watch = Watch(session)
    watch.keep(tag, into, *within(session, tag), *within(session, into), links=True)
    watch.keep(*session.scalars(select(Tag).where(Tag.redirect_to_id.is_not(None))))
    label = f"“{tag.path}” merged into “{into.path}”"
    _merge(session, actor, tag, into)
    return remember_act(session, actor=actor, label=label, subject_ref=tag.ref, inverse=watch.inverse())


def split_tag(
    session: Session, *, actor: Member, tag: Tag, parts: Mapping[str, Sequence[int]], retire: bool = False
) -> list[Tag]:
    """Gives quotes one of several tags beside this one instead of it; quotes that no part names keep the tag.

    `parts` are names with ids of highlights that the actor may see. A name that a neighbour has already goes to that
    neighbour. Answers the tags of the parts, in their order.
    """
    if tag.study_id is not None:
        require_same_area(session, actor, session.get_one(Study, tag.study_id).team_id)
    names = [tag_name(name, field="names") for name in parts]
    if len({folded(name) for name in names}) != len(names) or not FEWEST_PARTS <= len(names) <= MOST_PARTS:
        raise InvalidInput.of("names", f"Enter {FEWEST_PARTS} to {MOST_PARTS} names that differ.")
    if folded(tag.name) in {folded(name) for name in names}:
        raise InvalidInput.of("names", f"“{tag.name}” is the tag itself. Quotes that you leave keep it.")
    watch = Watch(session)
    watch.keep(tag, links=True)
    remember_where_heard(session, tag)
    found = [_part(session, actor, tag, name, watch) for name in names]
    for part, chosen in zip(found, parts.values(), strict=True):
        _hand_over(session, tag, part, set(chosen))
    if retire and tag.status is TagStatus.ACTIVE:
        tag.status = TagStatus.RETIRED
    for each in (tag, *found):
        touch(session, actor, each)
        record(session, actor, "split" if each is tag else "split off", each, detail={"from": tag.ref})
    label = f"“{tag.path}” split into {', '.join(f'“{name}”' for name in names)}"
    remember_act(session, actor=actor, label=label, subject_ref=tag.ref, inverse=watch.inverse())
    return found


def _require_mergeable(session: Session, actor: Member, tag: Tag, into: Tag) -> None:
    for each in (tag, into):
        if each.study_id is not None:
            require_same_area(session, actor, session.get_one(Study, each.study_id).team_id)
    if tag is into:
        raise InvalidInput.of("into", "A tag cannot be merged into itself. Choose another.")
    if into.status is TagStatus.RETIRED:
        raise RuleBroken(f"“{into.path}” is retired. Bring it back first, or choose another.")
    if into.study_id not in {None, tag.study_id}:
        raise InvalidInput.of(
            "into", "A tag goes into one of the same codebook, or of the organisation's, since others may use it too."
        )
    if into in within(session, tag):
        raise InvalidInput.of("into", f"“{into.path}” lies within “{tag.path}”. Move it out first, then merge.")


def _merge(session: Session, actor: Member, tag: Tag, into: Tag) -> None:
    for child in session.scalars(select(Tag).where(Tag.parent_id == tag.id).order_by(Tag.id)).all():
        twin = _namesake_within(session, into, child)
        if twin is not None:
            _merge(session, actor, child, twin)
            continue
        place_tag(session, child, parent=into, name=child.name, field="into")
        for each in (child, *within(session, child)):
            touch(session, actor, each)
            record(session, actor, f"moved with {tag.ref}", each)
    _retag(session, tag, into)
    tag.status, tag.redirect_to_id = TagStatus.RETIRED, into.id
    for each, verb in ((tag, "merged"), (into, "took in")):
        touch(session, actor, each)
        record(session, actor, verb, each, detail={"from": tag.ref, "to": into.ref})


def _namesake_within(session: Session, into: Tag, child: Tag) -> Tag | None:
    """The tag of the child's name that `into` has in the same codebook; None where the child may simply move there."""
    beside = select(Tag).where(Tag.parent_id == into.id, Tag.folded_path == folded(f"{into.path}/{child.name}"))
    twin = next((each for each in session.scalars(beside) if each.study_id == child.study_id), None)
    if twin is None or successor(session, twin) is child:
        return None
    if twin.status is TagStatus.RETIRED:
        raise RuleBroken(f"“{twin.path}” is retired. Bring it back first, or rename “{child.path}”.")
    return twin


def _retag(session: Session, tag: Tag, into: Tag) -> None:
    remember_where_heard(session, tag)
    links = highlight_tags.c
    both = select(links.highlight_id).where(links.tag_id == into.id)
    moving = links.tag_id == tag.id
    session.execute(delete(highlight_tags).where(moving, links.highlight_id.in_(both)))
    session.execute(update(highlight_tags).where(moving).values(tag_id=into.id))


def remember_where_heard(session: Session, tag: Tag) -> None:
    """Before an act takes its last quote away: the tag's words stay hidden from whoever sees none of those studies."""
    studies = session.scalars(
        select(Highlight.study_id)
        .distinct()
        .join(highlight_tags, highlight_tags.c.highlight_id == Highlight.id)
        .where(highlight_tags.c.tag_id == tag.id)
    )
    tag.heard_in = sorted({*tag.heard_in, *studies})


def _part(session: Session, actor: Member, tag: Tag, name: str, watch: Watch) -> Tag:
    parent = None if tag.parent_id is None else session.get_one(Tag, tag.parent_id)
    path = name if parent is None else f"{parent.path}/{name}"
    beside = session.scalars(select(Tag).where(Tag.folded_path == folded(path)))
    found = next((each for each in beside if each.study_id == tag.study_id), None)
    if found is None:
        made = new_tag(session, actor=actor, name=name, parent=parent, study_id=tag.study_id)
        watch.keep_new(made)
        return made
    if found.status is TagStatus.RETIRED:
        raise InvalidInput.of("names", f"“{found.path}” is retired. Bring it back first, or choose another name.")
    watch.keep(found, links=True)
    return found


def _hand_over(session: Session, tag: Tag, part: Tag, chosen: set[int]) -> None:
    links = highlight_tags.c
    held = select(links.highlight_id).where(links.highlight_id.in_(chosen))
    moving = set(session.scalars(held.where(links.tag_id == tag.id)))
    there = set(session.scalars(held.where(links.tag_id == part.id)))
    session.execute(delete(highlight_tags).where(links.tag_id == tag.id, links.highlight_id.in_(moving)))
    add_links(session, ((highlight_id, part.id) for highlight_id in moving - there))
