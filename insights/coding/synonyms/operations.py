from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from insights.coding.models import SynonymGroup
from insights.coding.synonyms.queries import list_synonym_groups
from insights.coding.synonyms.starting import STARTING_GROUPS
from insights.core.activity import add, record, touch
from insights.core.checks import clean
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member

FEWEST: Final = 2
MOST_EXPRESSIONS: Final = 12
MOST_WORDS: Final = 6
LONGEST: Final = 80
MOST_GROUPS: Final = 2_000


@dataclass(frozen=True, slots=True)
class AddedGroups:
    """How many groups came in, and how many were there already."""

    added: int
    known: int


def add_synonym_group(session: Session, *, actor: Member | None, expressions: str) -> SynonymGroup:
    """`expressions` as people write them: “sign in = log in = login”, or with commas or on lines of their own."""
    read = _read(expressions)
    _refuse_too_many(session, 1)
    _refuse_known(session, read)
    return _add(session, actor, read)


def edit_synonym_group(
    session: Session, *, actor: Member, group: SynonymGroup, expressions: str, row_version: int | None = None
) -> None:
    read = _read(expressions)
    refuse_stale(group, row_version, {"expressions": list(read)})
    _refuse_known(session, read, but=group)
    group.expressions = list(read)
    touch(session, actor, group)
    record(session, actor, "edited", group)


def set_synonym_group_deleted(session: Session, *, actor: Member, group: SynonymGroup, deleted: bool) -> None:
    """Takes a group out of every search from now on, or brings it back."""
    if not deleted and group.deleted_at is not None:
        _refuse_known(session, group.expressions)
    group.deleted_at = now(session) if deleted else None
    touch(session, actor, group)
    record(session, actor, "deleted" if deleted else "restored", group)


def add_starting_groups(session: Session, *, actor: Member | None) -> AddedGroups:
    """The list to start from, without what is there already."""
    return _add_all(session, actor, STARTING_GROUPS)


def import_synonym_groups(session: Session, *, actor: Member, rows: Iterable[Sequence[str]]) -> AddedGroups:
    """A group a row, of whatever cells it has; all rows or none.

    Raises InvalidInput that names the row, counted from 2 as a spreadsheet does below its heading.
    """
    read: list[tuple[str, ...]] = []
    for number, cells in enumerate(rows, 2):
        text = "\n".join(cells)
        if not text.strip():
            continue
        try:
            read.append(_read(text))
        except InvalidInput as problem:
            raise InvalidInput.of("file", f"Row {number}: {problem.fields['expressions']}") from None
    if not read:
        raise InvalidInput.of("file", "The file holds no group. Write one a row, with = between words of one meaning.")
    return _add_all(session, actor, read)


def _add_all(session: Session, actor: Member | None, groups: Iterable[Sequence[str]]) -> AddedGroups:
    known = {_folded(group.expressions) for group in list_synonym_groups(session)}
    fresh = {_folded(group): group for group in groups if _folded(group) not in known}
    _refuse_too_many(session, len(fresh))
    for group in fresh.values():
        _add(session, actor, group)
    return AddedGroups(len(fresh), sum(1 for group in groups if _folded(group) in known))


def _add(session: Session, actor: Member | None, expressions: Sequence[str]) -> SynonymGroup:
    group = SynonymGroup(expressions=list(expressions))
    add(session, actor, group)
    record(session, actor, "added", group)
    return group


def _read(text: str) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in re.split(r"[=;,\n]", clean(text)))
    read = tuple({part.casefold(): part for part in parts if any(char.isalnum() for char in part)}.values())
    problem = _problem(read)
    if problem:
        raise InvalidInput.of("expressions", problem)
    return read


def _problem(read: Sequence[str]) -> str:
    if len(read) < FEWEST:
        return "Write at least two words or phrases with = between them, for example “sign in = log in”."
    if len(read) > MOST_EXPRESSIONS:
        return (
            f"A group holds {MOST_EXPRESSIONS} words or phrases at most; here are {len(read)}. Make two groups of it."
        )
    for each in read:
        if len(each) > LONGEST or len(each.split()) > MOST_WORDS:
            return f"“{each[:40]}” is too long: {MOST_WORDS} words and {LONGEST} characters at most."
    return ""


def _folded(expressions: Sequence[str]) -> frozenset[str]:
    return frozenset(each.casefold() for each in expressions)


def _refuse_known(session: Session, expressions: Sequence[str], but: SynonymGroup | None = None) -> None:
    for group in list_synonym_groups(session):
        if group is not but and _folded(group.expressions) == _folded(expressions):
            raise RuleBroken(f"This group is in the list already, as {group.ref}.")


def _refuse_too_many(session: Session, more: int) -> None:
    if len(list_synonym_groups(session)) + more > MOST_GROUPS:
        raise RuleBroken(f"The list holds {MOST_GROUPS:,} groups at most. Delete some that nobody searches for.")
