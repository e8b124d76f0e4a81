"""What the columns of a kind of table mean, kept by team under a name and offered when such a table comes again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import required_line
from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadTable
from insights.exchange.imports.tables.choices import (
    LEFT_OUT,
    MEANINGS,
    Shape,
    TableChoices,
    guessed_meanings,
)
from insights.exchange.imports.tables.dates import DateOrder
from insights.exchange.models import MappingProfile
from insights.people.models import Member
from insights.people.operations import require_same_area

_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class ProfileMatch:
    """A profile beside a table. `missing` are its columns that the table lacks, `added` are new to it.

    `meanings` holds one for each column of the table; a column that is not known has its guessed meaning.
    """

    profile: MappingProfile
    meanings: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]

    def applied_to(self, choices: TableChoices) -> TableChoices:
        """The choices as the profile says, keeping the sheet, the title and the day."""
        kept = self.profile.mapping
        return replace(
            choices,
            columns=self.meanings,
            shape=Shape(kept.get("shape", choices.shape)),
            date_order=DateOrder(kept.get("date_order", choices.date_order)),
            method=kept.get("method", choices.method),
            rows=None,
            errors=None,
        )


def save_profile(
    session: Session, *, actor: Member, team_id: int, name: str, table: ReadTable, choices: TableChoices
) -> MappingProfile:
    """Keeps the meanings under a name of the team; saving under the same name again replaces them."""
    require_same_area(session, actor, team_id)
    title = required_line("profile", name, label="a name for the mapping", longest=200)
    columns = [list(pair) for pair in zip(table.columns, choices.columns, strict=True)]
    mapping = {"columns": columns, "shape": choices.shape, "date_order": choices.date_order, "method": choices.method}
    profile = session.scalar(
        select(MappingProfile).where(MappingProfile.team_id == team_id, MappingProfile.name == title)
    )
    if profile is None:
        profile = MappingProfile(team_id=team_id, name=title, columns=list(table.columns), mapping=mapping)
        add(session, actor, profile)
        record(session, actor, "created", profile)
        return profile
    profile.columns, profile.mapping = list(table.columns), mapping
    touch(session, actor, profile)
    record(session, actor, "edited", profile)
    return profile


def matching_profiles(session: Session, *, team_id: int, table: ReadTable) -> list[ProfileMatch]:
    """The team's profiles whose columns this table has, in whatever order and case, best first.

    A profile fits when the table has all of its columns but one, or most of many.
    """
    found = [
        match_profile(profile, table)
        for profile in session.scalars(
            select(MappingProfile).where(MappingProfile.team_id == team_id).order_by(MappingProfile.name)
        )
    ]
    fitting = [each for each in found if _fits(each)]
    return sorted(fitting, key=lambda each: (len(each.missing) + len(each.added), each.profile.name))


def named_profile(session: Session, *, team_id: int, name: str) -> MappingProfile:
    """Raises InvalidInput, naming those there are, for a name that the team has not."""
    profiles = list(session.scalars(select(MappingProfile).where(MappingProfile.team_id == team_id)))
    found = next((each for each in profiles if each.name.casefold() == name.strip().casefold()), None)
    if found is None:
        names = ", ".join(f"“{each.name}”" for each in profiles) or "none yet; save one on the page of a table"
        raise InvalidInput.of("profile", f"There is no mapping called “{name}”. There are: {names}.")
    return found


def match_profile(profile: MappingProfile, table: ReadTable) -> ProfileMatch:
    wanted = {
        key: meaning for key, (_, meaning) in zip(_keys(_names(profile)), profile.mapping["columns"], strict=True)
    }
    here = _keys(table.columns)
    guessed = guessed_meanings(table)
    meanings = [wanted.get(key, guess) for key, guess in zip(here, guessed, strict=True)]
    return ProfileMatch(
        profile,
        tuple(meaning if meaning in MEANINGS else LEFT_OUT for meaning in _without_doubles(meanings, here, wanted)),
        tuple(name for key, name in zip(_keys(_names(profile)), _names(profile), strict=True) if key not in here),
        tuple(name for key, name in zip(here, table.columns, strict=True) if key not in wanted),
    )


def _without_doubles(
    meanings: Sequence[str], here: Sequence[tuple[str, int]], wanted: dict[tuple[str, int], str]
) -> list[str]:
    """A guess for a new column never takes the place of what the profile says of another."""
    said = set(wanted.values())
    return [
        LEFT_OUT if key not in wanted and meaning in said and meaning not in {"answer", "task"} else meaning
        for meaning, key in zip(meanings, here, strict=True)
    ]


def _fits(match: ProfileMatch) -> bool:
    known = len(match.profile.mapping["columns"])
    return known > 0 and (len(match.missing) <= min(1, known - 1) or (known - len(match.missing)) / known >= _ENOUGH)


def _names(profile: MappingProfile) -> list[str]:
    return [name for name, _ in profile.mapping["columns"]]


def _keys(names: Sequence[str]) -> list[tuple[str, int]]:
    """What a column is known by: its name in any case and spacing, and which of several of that name it is."""
    seen: Counter[str] = Counter()
    keys = []
    for name in names:
        plain = " ".join(name.casefold().split())
        seen[plain] += 1
        keys.append((plain, seen[plain]))
    return keys
