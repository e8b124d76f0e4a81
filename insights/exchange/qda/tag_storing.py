"""Codes become tags: names that are paths stay names, and no two tags of a codebook share a path."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.coding.models import Tag
from insights.coding.operations.tags import LONGEST_PATH, LONGEST_TAG, folded
from insights.core.activity import record
from insights.core.checks import clean
from insights.exchange.qda.model import Code
from insights.exchange.qda.rows import Identities, add_many, chunks
from insights.exchange.qda.understood import Problem
from insights.people.models import Member

NAMELESS = "Code without a name"
# A slash parts the names of a path and a comma parts tags where they are typed, so neither is in a tag's name.
_LOOK_ALIKES = str.maketrans({"/": "\N{DIVISION SLASH}", ",": "\N{SINGLE LOW-9 QUOTATION MARK}"})
_ROOM_FOR_NUMBER = 6
_LONGEST_DEFINITION = 200_000

_Key = tuple[bool, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class StoredTags:
    """Ids of tags by GUID of their code, how many are new, and what had to be changed.

    `names` are pairs of the code's name and the tag's by the tag's UUID, where the two differ.
    """

    ids: dict[str, int]
    added: int
    names: dict[str, tuple[str, str]]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Planned:
    """A tag to be: names from the top, and its code; None where a name that was split needs a parent."""

    steps: tuple[str, ...]
    code: Code | None
    position: int
    of_organisation: bool

    @property
    def path(self) -> str:
        return "/".join(self.steps)

    @property
    def key(self) -> _Key:
        return self.of_organisation, tuple(folded(step) for step in self.steps)


def tag_name(name: str) -> str:
    """The name of a code as a tag's: one line, never empty, with look-alikes for what parts names and tags."""
    return " ".join(clean(name).split()).translate(_LOOK_ALIKES) or NAMELESS


def store_codes(
    session: Session,
    *,
    actor: Member,
    study: Study | None,
    codes: Sequence[Code],
    separator: str,
    identities: Identities,
    organisation: Collection[str] = (),
) -> StoredTags:
    """Tags of the study's own codebook; of the organisation's where `study` is None or `organisation` has the GUID.

    A code whose path is there already is that tag. With a `separator` names are split by it into a tree.
    """
    plan = _Plan(separator, None if study is None else frozenset(organisation))
    for position, code in enumerate(codes):
        plan.add(code, (), position)
    storing = _Storing(session, actor, study, identities)
    storing.store(list(plan.planned.values()))
    return StoredTags(storing.ids, storing.added, storing.names, tuple(plan.problems))


class _Plan:
    """Where each code stands; `organisation` None means that all stand in the organisation's codebook."""

    def __init__(self, separator: str, organisation: frozenset[str] | None) -> None:
        self._separator, self._organisation = separator, organisation
        self.planned: dict[_Key, _Planned] = {}
        self.problems: list[Problem] = []

    def add(self, code: Code, above: tuple[str, ...], position: int) -> None:
        of_organisation = self._organisation is None or code.guid in self._organisation
        planned = self._unused(_Planned(self._steps(code, above), code, position, of_organisation), code)
        for depth in range(1, len(planned.steps)):
            parent = _Planned(planned.steps[:depth], None, len(self.planned), of_organisation)
            if parent.key not in self.planned and (True, parent.key[1]) not in self.planned:
                self.planned[parent.key] = parent
        self.planned[planned.key] = planned
        for place, child in enumerate(code.children):
            self.add(child, planned.steps, place)

    def _unused(self, planned: _Planned, code: Code) -> _Planned:
        number, first = 2, planned.steps[-1]
        while (known := self.planned.get(planned.key)) is not None and known.code is not None:
            last = f"{first[: LONGEST_TAG - _ROOM_FOR_NUMBER]} ({number})"
            planned = _Planned((*planned.steps[:-1], last), code, planned.position, planned.of_organisation)
            number += 1
        if number > 2:  # noqa: PLR2004 - the name was in use
            self._tell(code, f"another code beside it has that name, so it is called “{planned.steps[-1]}” here.")
        return planned

    def _steps(self, code: Code, above: tuple[str, ...]) -> tuple[str, ...]:
        """Names from the top; a name that is too long is cut, and a path that is too long stands higher up."""
        parts = code.name.split(self._separator) if self._separator else [code.name]
        own = tuple(self._short(tag_name(part), code) for part in parts if part.strip()) or (NAMELESS,)
        steps = (*above, *own)
        while len(folded("/".join(steps))) > LONGEST_PATH - _ROOM_FOR_NUMBER and len(steps) > 1:
            steps = (*steps[:-2], steps[-1])
        if len(steps) < len(above) + len(own):
            self._tell(code, "the names above it are too long together, so it stands higher up.")
        return steps

    def _short(self, name: str, code: Code) -> str:
        if len(name) <= LONGEST_TAG:
            return name
        self._tell(code, f"its name has {len(name)} characters, and {LONGEST_TAG} is the most; it was cut.")
        return f"{name[: LONGEST_TAG - 1]}…"

    def _tell(self, code: Code, why: str) -> None:
        self.problems.append(Problem("code", code.name[:200], why, is_lost=False))


class _Storing:
    def __init__(self, session: Session, actor: Member, study: Study | None, identities: Identities) -> None:
        self._session, self._actor, self._study, self._identities = session, actor, study, identities
        self._known = {False: self._tags_of(study), True: self._tags_of(None)}
        self._stored: dict[_Key, int] = {}
        self.ids: dict[str, int] = {}
        self.names: dict[str, tuple[str, str]] = {}
        self.added = 0

    def store(self, planned: Sequence[_Planned]) -> None:
        """Parents first, and the organisation's before the study's, which may lie within them."""
        for depth in range(1, max((len(each.steps) for each in planned), default=0) + 1):
            for of_organisation in (True, False):
                level = [
                    each for each in planned if len(each.steps) == depth and each.of_organisation == of_organisation
                ]
                self._store_level(level)

    def _store_level(self, level: Sequence[_Planned]) -> None:
        new = []
        for each in level:
            tag = self._known[each.of_organisation].get(folded(each.path))
            if tag is None:
                new.append(each)
            else:
                self._meet(tag, each)
        uuids = self._identities.choose(Tag, [each.code.guid if each.code else "" for each in new])
        rows = [self._row(each, uuid) for each, uuid in zip(new, uuids, strict=True)]
        ids = add_many(self._session, self._actor, Tag, rows)
        for each, tag_id, uuid in zip(new, ids, uuids, strict=True):
            self._stored[each.key] = tag_id
            if each.code is not None:
                self.ids.setdefault(each.code.guid, tag_id)
                if each.code.name != each.steps[-1]:
                    self.names[uuid] = (each.code.name, each.steps[-1])
        self.added += len(ids)
        for refs in chunks([f"{Tag.PREFIX}-{tag_id}" for tag_id in ids]):
            first = self._session.get_one(Tag, ids[0])
            record(self._session, self._actor, "imported", first, touches=refs)

    def _meet(self, tag: Tag, planned: _Planned) -> None:
        """A code whose tag is there already; a merged tag leads on to its successor."""
        self._stored[planned.key] = tag.id
        if planned.code is None:
            return
        self.ids.setdefault(planned.code.guid, tag.redirect_to_id or tag.id)
        if planned.code.guid != tag.uuid:
            self._identities.renamed.setdefault(planned.code.guid, tag.uuid)
        if planned.code.description and not tag.definition:
            tag.definition = clean(planned.code.description)[:_LONGEST_DEFINITION]

    def _row(self, planned: _Planned, uuid: str) -> dict[str, object]:
        code = planned.code
        above = tuple(folded(step) for step in planned.steps[:-1])
        parent_id = self._stored.get((planned.of_organisation, above)) or self._stored.get((True, above))
        return {
            "uuid": uuid,
            "study_id": None if planned.of_organisation or self._study is None else self._study.id,
            "parent_id": parent_id,
            "name": planned.steps[-1],
            "path": planned.path,
            "folded_path": folded(planned.path),
            "definition": clean(code.description)[:_LONGEST_DEFINITION] if code else "",
            "colour": code.colour if code else "",
            "position": planned.position,
        }

    def _tags_of(self, study: Study | None) -> dict[str, Tag]:
        scope = Tag.study_id.is_(None) if study is None else Tag.study_id == study.id
        return {tag.folded_path: tag for tag in self._session.scalars(select(Tag).where(scope))}
