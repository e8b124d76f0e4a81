"""The names and codes by which a study's records know people, which no published text may hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession
from insights.people.models import Participant
from insights.people.vault.known_names import known_people_for_scan

_SHORTEST = 3
# Labels that say a part in a conversation, not who somebody is.
_NOT_NAMES = """
    interviewer interviewee moderator facilitator researcher participant participants observer observers observe note
    notes taker speaker user users team and the unknown none nobody all both online remote
"""
_PARTS = frozenset(_NOT_NAMES.split())


@dataclass(frozen=True, slots=True)
class KnownName:
    """A word to look for, whatever its case; `kind_of_hit` is 'name' or 'code'."""

    word: str
    kind_of_hit: str = "name"

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        pattern = rf"(?<!\w){re.escape(self.word)}(?!\w)"
        return (found.span() for found in re.finditer(pattern, text, re.IGNORECASE))


def known_names(session: Session, study_ids: Collection[int]) -> list[KnownName]:
    """Codes of the participants of these studies, names of who moderated and observed, and what the vault knows of
    their people, the longest first.

    A code that is an ordinary word, as somebody may have typed a first name for one, is found as well. Of a name of the
    vault each part is looked for, too, for people are called by one. Three statements.
    """
    if not study_ids:
        return []
    codes = session.scalars(select(Participant.code).where(Participant.study_id.in_(study_ids)))
    found = {KnownName(code, "code") for code in codes if len(code) >= _SHORTEST or any(map(str.isdigit, code))}
    staff = session.execute(
        select(ResearchSession.moderator, ResearchSession.observers).where(ResearchSession.study_id.in_(study_ids))
    )
    for row in staff:
        found |= {KnownName(name) for text in row for name in names_in(text)}
    found |= set(names_of_the_vault(session, study_ids))
    return sorted(found, key=lambda each: (-len(each.word), each.word))


def known_people(session: Session, study_ids: Collection[int]) -> list[KnownName]:
    """What gives a participant of these studies away in words that a researcher wrote, the longest first.

    It is what the vault knows of them, and codes that are words, as somebody may have typed a first name for one. P3
    says nothing, and colleagues are no participants. Three statements.
    """
    if not study_ids:
        return []
    codes = session.scalars(select(Participant.code).where(Participant.study_id.in_(study_ids)))
    found = {KnownName(code) for code in codes if len(code) >= _SHORTEST and not any(map(str.isdigit, code))}
    found |= set(names_of_the_vault(session, study_ids))
    return sorted(found, key=lambda each: (-len(each.word), each.word))


def names_of_the_vault(session: Session, study_ids: Collection[int]) -> Iterator[KnownName]:
    """To be compared with a text and thrown away; never shown, stored or logged."""
    for person in known_people_for_scan(session, study_ids):
        for name in person.names:
            parts = [part for part in re.split(r"[^\w'’-]+", name) if len(part) >= _SHORTEST]
            yield from (KnownName(word) for word in {" ".join(name.split()), *parts} if len(word) >= _SHORTEST)
        yield from (KnownName(each, "email") for each in person.emails if len(each) >= _SHORTEST)
        yield from (KnownName(each, "phone") for each in person.telephones if len(each) >= _SHORTEST)


def names_in(text: str) -> Iterator[str]:
    for part in re.split(r"[,;/&\n]| and ", text):
        name = " ".join(part.split())
        if len(name) >= _SHORTEST and name.casefold() not in _PARTS and name[:1].isupper():
            yield name
