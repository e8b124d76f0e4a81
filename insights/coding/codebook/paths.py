"""Where a tag stands: its name, its path, the tags within it, and that every path follows from the tree."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.coding.models import Tag, TagStatus
from insights.coding.operations.tags import LONGEST_TAG, folded, require_fitting, successor
from insights.core.checks import required_line
from insights.core.errors import InvalidInput, RuleBroken


def tag_name(value: str, *, field: str = "name") -> str:
    """One step of a path. A slash parts steps and a comma parts tags where they are typed, so neither is in a name."""
    name = required_line(field, value, label="a name for the tag", longest=LONGEST_TAG)
    if "/" in name:
        raise InvalidInput.of(field, "A name holds no slash. Move the tag to put it within another.")
    if "," in name:
        raise InvalidInput.of(field, "A name holds no comma, since commas part tags where they are typed.")
    return name


def within(session: Session, tag: Tag) -> list[Tag]:
    """The tags within it, at any depth, parents before children; those of every codebook."""
    found: list[Tag] = []
    level = [tag.id]
    while level:
        children = list(session.scalars(select(Tag).where(Tag.parent_id.in_(level)).order_by(Tag.id)))
        found += children
        level = [child.id for child in children]
    return found


def place_tag(session: Session, tag: Tag, *, parent: Tag | None, name: str, field: str = "name") -> None:
    """Puts the tag at that place and rewrites the paths of all within it.

    A tag that was merged into this one gives way: it takes the place that becomes free, so that both words still lead
    here. Raises InvalidInput where another tag of its codebook has a path already.
    """
    old, old_parent_id = tag.path, tag.parent_id
    moved = [tag, *within(session, tag)]
    paths = {each.id: _path_under(parent, name) + each.path[len(old) :] for each in moved}
    for path in paths.values():
        require_fitting(path, field=field)
    alias = _give_way(session, tag, paths, field)
    for each in moved:
        each.path, each.folded_path = paths[each.id], folded(paths[each.id])
    tag.name, tag.parent_id = name, None if parent is None else parent.id
    session.flush()
    if alias is not None:
        alias.path, alias.folded_path, alias.name = old, folded(old), old.rpartition("/")[2]
        alias.parent_id = old_parent_id
        session.flush()


def require_whole(session: Session, tags: Iterable[Tag]) -> None:
    """Raises RuleBroken unless paths follow from parents, redirects end, and no study's tag holds another's."""
    for tag in tags:
        parent = None if tag.parent_id is None else session.get(Tag, tag.parent_id)
        if tag.path != _path_under(parent, tag.name):
            raise RuleBroken("The tag that it lay within was renamed, moved or taken away since. Move it yourself.")
        if parent is not None and parent.study_id not in {None, tag.study_id}:
            raise RuleBroken("The tag that it lay within belongs to another codebook since. Move it yourself.")
        if any(child.path != _path_under(tag, child.name) for child in _children(session, tag)):
            raise RuleBroken(f"A tag came into “{tag.path}” since. Rename or move it yourself.")
        successor(session, tag)
        if tag.status is TagStatus.ACTIVE and tag.redirect_to_id is not None:
            raise RuleBroken(f"“{tag.path}” leads to another tag. Retire it, or let it lead nowhere.")


def _path_under(parent: Tag | None, name: str) -> str:
    return name if parent is None else f"{parent.path}/{name}"


def _children(session: Session, tag: Tag) -> list[Tag]:
    return list(session.scalars(select(Tag).where(Tag.parent_id == tag.id)))


def _give_way(session: Session, tag: Tag, paths: dict[int, str], field: str) -> Tag | None:
    """The merged tag that makes room at the new path, if one stood there."""
    alias = None
    for other in _in_the_way(session, tag, paths):
        merged_into_it = successor(session, other) is tag and folded(other.path) == folded(paths[tag.id])
        if not merged_into_it or _children(session, other):
            raise InvalidInput.of(field, f"“{other.path}” is in use there. Choose another name, or merge the two.")
        alias = other
        alias.folded_path = f"/{alias.id}"
        session.flush()
    return alias


def _in_the_way(session: Session, tag: Tag, paths: dict[int, str]) -> list[Tag]:
    """Tags outside the moved ones with a path that one of the moved would take, in the same codebook."""
    moved = session.execute(select(Tag.id, Tag.study_id).where(Tag.id.in_(paths)))
    codebooks = {row.id: row.study_id for row in moved}
    wanted = {(codebooks[tag_id], folded(path)) for tag_id, path in paths.items()}
    found = session.scalars(
        select(Tag).where(Tag.folded_path.in_({path for _, path in wanted}), Tag.id.not_in(paths)).order_by(Tag.id)
    )
    return [other for other in found if (other.study_id, other.folded_path) in wanted and other.id != tag.id]
