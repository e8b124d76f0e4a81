"""Changes to the codebook that keep every quote's tags: define, rename, move, reorder, retire, revive, promote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.coding.codebook.acts import Watch, remember_act
from insights.coding.codebook.merging import merge_tags
from insights.coding.codebook.paths import place_tag, require_whole, tag_name, within
from insights.coding.models import CodingAct, Tag, TagStatus
from insights.coding.operations.tags import folded, new_tag, successor
from insights.core.activity import record, touch
from insights.core.checks import optional_line, text_of
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area

LONGEST_DEFINITION = 5_000
MOST_SYNONYMS = 20
TEXTS: Mapping[str, str] = {
    "definition": "the definition",
    "use_when": "when to use it",
    "do_not_use_when": "when not to use it",
    "example": "the example",
}


def define_tag(
    session: Session,
    *,
    actor: Member,
    name: str,
    parent: Tag | None = None,
    study: Study | None = None,
    definition: str = "",
) -> Tag:
    """A new tag in the organisation's codebook, or in a study's own. Raises InvalidInput where there is one already."""
    study_id = None if study is None else study.id
    if parent is not None and parent.study_id not in {None, study_id}:
        raise InvalidInput.of("parent", "A tag of a study's own codebook holds tags of that study alone.")
    require_codebook(session, actor, study_id)
    name = tag_name(name)
    path = name if parent is None else f"{parent.path}/{name}"
    for tag in session.scalars(select(Tag).where(Tag.folded_path == folded(path))):
        if tag.study_id == study_id:
            raise InvalidInput.of("name", f"There is a tag “{tag.path}” already. Choose another name.")
    watch = Watch(session)
    tag = new_tag(session, actor=actor, name=name, parent=parent, study_id=study_id)
    tag.definition = text_of("definition", definition, label="the definition", longest=LONGEST_DEFINITION)
    session.flush()
    watch.keep_new(tag)
    _remember(session, actor, f"“{tag.path}” added", tag, watch)
    return tag


def edit_tag(
    session: Session,
    *,
    actor: Member,
    tag: Tag,
    texts: Mapping[str, str],
    synonyms: Sequence[str],
    row_version: int | None = None,
) -> CodingAct | None:
    """Saves what the tag means; `texts` by the names in TEXTS. Raises StaleRecord with both texts (features.md K2)."""
    require_codebook(session, actor, tag.study_id)
    values = {
        name: text_of(name, texts.get(name, ""), label=label, longest=LONGEST_DEFINITION)
        for name, label in TEXTS.items()
    }
    refuse_stale(tag, row_version, values)
    watch = Watch(session)
    watch.keep(tag)
    for name, value in values.items():
        setattr(tag, name, value)
    tag.synonyms = _synonyms(tag, synonyms)
    touch(session, actor, tag)
    record(session, actor, "described", tag)
    return _remember(session, actor, f"“{tag.path}” described", tag, watch)


def rename_tag(session: Session, *, actor: Member, tag: Tag, name: str, keep_old_name: bool = True) -> CodingAct | None:
    """Gives the tag another name, and all within it the path that follows; the old path stays a synonym if wanted."""
    require_codebook(session, actor, tag.study_id)
    name, old = tag_name(name), tag.path
    parent = None if tag.parent_id is None else session.get_one(Tag, tag.parent_id)
    watch = _watch_family(session, tag)
    place_tag(session, tag, parent=parent, name=name)
    if keep_old_name and folded(old) != folded(tag.path):
        kept = [each for each in tag.synonyms if folded(str(each)) not in {folded(old), folded(tag.path)}]
        tag.synonyms = [*kept, old][-MOST_SYNONYMS:]
    return _placed(session, actor, tag, watch, verb="renamed", label=f"“{old}” renamed “{tag.path}”", old=old)


def move_tag(session: Session, *, actor: Member, tag: Tag, parent: Tag | None) -> CodingAct | None:
    """Puts the tag with all within it under another, or to the top. Raises InvalidInput for a place within itself."""
    require_codebook(session, actor, tag.study_id)
    inside = {tag.id, *(each.id for each in within(session, tag))}
    if parent is not None and parent.id in inside:
        raise InvalidInput.of("parent", f"“{parent.path}” is “{tag.path}” or lies within it. Choose another place.")
    if parent is not None and parent.study_id not in {None, tag.study_id}:
        raise InvalidInput.of("parent", f"“{parent.path}” belongs to a study's own codebook. Choose another place.")
    old = tag.path
    watch = _watch_family(session, tag)
    place_tag(session, tag, parent=parent, name=tag.name, field="parent")
    return _placed(session, actor, tag, watch, verb="moved", label=f"“{old}” moved to “{tag.path}”", old=old)


def reorder_tag(session: Session, *, actor: Member, tag: Tag, before: Tag | None) -> CodingAct | None:
    """Puts the tag before a sibling, or last; from then on the siblings keep this order instead of that of names."""
    require_codebook(session, actor, tag.study_id)
    beside = Tag.parent_id.is_(None) if tag.parent_id is None else Tag.parent_id == tag.parent_id
    siblings = list(session.scalars(select(Tag).where(beside).order_by(Tag.position, Tag.folded_path)))
    if before is not None and before not in siblings:
        raise InvalidInput.of("before", f"“{before.path}” does not lie beside “{tag.path}”.")
    watch = Watch(session)
    watch.keep(*siblings)
    order = siblings if before is tag else [each for each in siblings if each is not tag]
    if before is not tag:
        order.insert(len(order) if before is None else order.index(before), tag)
    for position, each in enumerate(order, start=1):
        each.position = position
    touch(session, actor, tag)
    record(session, actor, "reordered", tag)
    return _remember(session, actor, f"“{tag.path}” put in another place among its neighbours", tag, watch)


def retire_tag(session: Session, *, actor: Member, tag: Tag) -> CodingAct | None:
    """The tag stays on the quotes that carry it, and is no longer offered."""
    require_codebook(session, actor, tag.study_id)
    if tag.status is TagStatus.RETIRED:
        raise RuleBroken(f"“{tag.path}” is retired already.")
    watch = Watch(session)
    watch.keep(tag)
    tag.status = TagStatus.RETIRED
    touch(session, actor, tag)
    record(session, actor, "retired", tag)
    return _remember(session, actor, f"“{tag.path}” retired", tag, watch)


def revive_tag(session: Session, *, actor: Member, tag: Tag) -> CodingAct | None:
    """The tag is offered again and leads nowhere else; quotes that a merger moved stay where they are."""
    require_codebook(session, actor, tag.study_id)
    if tag.status is TagStatus.ACTIVE:
        raise RuleBroken(f"“{tag.path}” is in use already.")
    watch = Watch(session)
    watch.keep(tag)
    tag.status, tag.redirect_to_id = TagStatus.ACTIVE, None
    touch(session, actor, tag)
    record(session, actor, "revived", tag)
    return _remember(session, actor, f"“{tag.path}” brought back", tag, watch)


def namesake(session: Session, tag: Tag) -> Tag | None:
    """The organisation's tag of the same path, or where it leads."""
    found = session.scalar(select(Tag).where(Tag.study_id.is_(None), Tag.folded_path == tag.folded_path))
    return None if found is None or found is tag else successor(session, found)


def promote_tag(session: Session, *, actor: Member, tag: Tag, merge: bool = False) -> CodingAct | None:
    """Takes a study's tag into the organisation's codebook, with the tags above it; those within it stay the study's.

    Where the organisation has that path already, RuleBroken asks; with `merge` the two become one.
    """
    if tag.study_id is None:
        raise RuleBroken(f"“{tag.path}” is in the organisation's codebook already.")
    require_codebook(session, actor, tag.study_id)
    twin = namesake(session, tag)
    if twin is not None:
        if not merge:
            raise RuleBroken(f"The organisation has a tag “{twin.path}” already. Merge this one into it, or rename it.")
        return merge_tags(session, actor=actor, tag=tag, into=twin)
    watch = Watch(session)
    changed, home = _line_of_study(session, tag)
    watch.keep(*changed)
    if home is not None:
        _adopt(session, changed[-1], home)
    for each in changed:
        each.study_id = None
        touch(session, actor, each)
        record(session, actor, "promoted", each)
    require_whole(session, changed)
    return _remember(session, actor, f"“{tag.path}” taken into the organisation's codebook", tag, watch)


def require_codebook(session: Session, actor: Member, study_id: int | None) -> None:
    """A study's codebook is its team's to change; the organisation's is everybody's who codes."""
    if study_id is not None:
        require_same_area(session, actor, session.get_one(Study, study_id).team_id)


def _line_of_study(session: Session, tag: Tag) -> tuple[list[Tag], Tag | None]:
    """The tag and those above it that are the study's alone, and the organisation's namesake of the next one above."""
    line, above = [tag], _study_parent(session, tag)
    while above is not None:
        twin = namesake(session, above)
        if twin is not None:
            return line, twin
        line.append(above)
        above = _study_parent(session, above)
    return line, None


def _study_parent(session: Session, tag: Tag) -> Tag | None:
    parent = None if tag.parent_id is None else session.get_one(Tag, tag.parent_id)
    return parent if parent is not None and parent.study_id is not None else None


def _adopt(session: Session, tag: Tag, parent: Tag) -> None:
    """The organisation's tag of the same path becomes the parent, in place of the study's."""
    if folded(f"{parent.path}/{tag.name}") != tag.folded_path:
        raise RuleBroken(f"“{parent.path}” stands elsewhere in the organisation's codebook. Move this tag there first.")
    tag.parent_id = parent.id
    place_tag(session, tag, parent=parent, name=tag.name)


def _watch_family(session: Session, tag: Tag) -> Watch:
    """Watches the tag, all within it, and the merged tags that may trade places with it."""
    watch = Watch(session)
    watch.keep(tag, *within(session, tag), *session.scalars(select(Tag).where(Tag.redirect_to_id.is_not(None))))
    return watch


def _placed(
    session: Session, actor: Member, tag: Tag, watch: Watch, *, verb: str, label: str, old: str
) -> CodingAct | None:
    """Every quote under the tag shows another path, so each tag within is told of for the search index."""
    touch(session, actor, tag)
    record(session, actor, verb, tag, detail={"was": old})
    for each in within(session, tag):
        touch(session, actor, each)
        record(session, actor, f"{verb} with {tag.ref}", each)
    return _remember(session, actor, label, tag, watch)


def _remember(session: Session, actor: Member, label: str, tag: Tag, watch: Watch) -> CodingAct | None:
    return remember_act(session, actor=actor, label=label, subject_ref=tag.ref, inverse=watch.inverse())


def _synonyms(tag: Tag, wanted: Sequence[str]) -> list[str]:
    lines = [optional_line("synonyms", each, label="a synonym", longest=120) for each in wanted]
    kept = {folded(line): line for line in lines if line and folded(line) != tag.folded_path}
    if len(kept) > MOST_SYNONYMS:
        raise InvalidInput.of("synonyms", f"A tag takes at most {MOST_SYNONYMS} synonyms; there are {len(kept)}.")
    return list(kept.values())
