"""Texts that nobody has looked through, and words whose speaker took back sharing, outside their study.

One word stands in the text alone, another in its quote. Neither may reach somebody outside the study by any way that
search has: hits, totals, facets, snippets, suggestions, what is related, the fallback without an index, files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from factories import make_team
from search.world import World, open_sessions
from sqlalchemy.orm import Session

from insights.capture.consents import ConsentDetails, record_consent, withdraw_consent
from insights.capture.models import PersonalDataReview, ResearchSession, Study
from insights.capture.operations import set_study_access
from insights.coding.models import Highlight
from insights.core.access import Role
from insights.core.errors import NotFound
from insights.people.models import Consent, ConsentScope, Member, Participant
from research_hub.web.search.answers import Answer, Question, answer
from research_hub.web.search.plain_search import plain_search
from research_hub.web.search.related import related_to
from search_index.engine import SearchEngine
from search_index.engines.memory_engine import MemoryEngine
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.indexer import Indexer
from search_index.query import parse_query

NOTES = "Quillfeather rang the council. “The Ormsbyloch letter frightened me,” she said. A common thing."
WORDS = ("Quillfeather", "Ormsbyloch")
QUESTIONS = (
    Question(""),
    Question("common"),
    Question("Quillfeather"),
    Question("Quillfeathr"),
    Question("Quill*"),
    Question("Ormsbyloch letter"),
    Question("Ormsbylock"),
    Question('"Ormsbyloch letter frightened"'),
    Question("letter", {"kind": ("highlight",)}),
    Question("tag:frightened"),
    Question("common", {"study": ("STU-1",)}),
)


class Town:
    """A study with one session, of which one quote carries a published insight; everything is in the index."""

    def __init__(self, session: Session, engine: SearchEngine, database: str) -> None:
        self.session, self.engine = session, engine
        self.world = World(session)
        other = make_team(session, name="Another area")
        self.outsiders = [self.world.member(role) for role in Role if role not in {Role.RESEARCHER, Role.ADMINISTRATOR}]
        self.outsiders.append(self.world.member(Role.RESEARCHER, other))
        self.indexer = Indexer(engine, open_sessions(database), "a database")

    def hears(self, *, reviewed: bool, participants: tuple[str, ...] = ()) -> tuple[ResearchSession, Highlight]:
        study = self.world.study("Letters")
        held = self.world.held(study, NOTES, reviewed=reviewed, participants=participants)
        quote = self.world.quote(held, "The Ormsbyloch letter frightened me", ["frightened"])
        self.world.insight("People are frightened by a common letter", quote)
        self.indexer.ensure_usable()
        self.indexer.drain()
        return held, quote

    def ask(self, member: Member, question: Question) -> Answer:
        return answer(self.session, self.engine, member, question)

    def leaks(self, member: Member) -> list[tuple[str, str]]:
        found = []
        for question in QUESTIONS:
            told = _told(self.ask(member, question))
            found += [(question.text, word) for word in WORDS if word.casefold() in told]
        for word in WORDS:
            found += [("plain", ref) for ref in plain_search(self.session, member, parse_query(word))]
        return found


def _told(found: Answer) -> str:
    hits = [(each.record, each.title, each.snippet) for each in found.hits]
    typed = found.question.text.casefold()
    offered = [word for word in str(found.suggestion or "").casefold().split() if word.strip('-"') not in typed]
    return repr((hits, found.facets, found.counts, offered)).casefold()


@pytest.fixture(params=["memory", "whoosh"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    database = f"sqlite:///{tmp_path}/records.sqlite3"
    engine: SearchEngine
    engine = MemoryEngine() if request.param == "memory" else WhooshEngine.open_or_create(tmp_path / "index")
    with open_sessions(database)() as session:
        yield Town(session, engine, database)
    engine.close()


def test_what_nobody_has_looked_through_is_found_only_inside_its_study(town: Town) -> None:
    held, quote = town.hears(reviewed=False)

    for outsider in town.outsiders:
        assert town.leaks(outsider) == [], outsider.role
        refs = {each.record.ref for each in town.ask(outsider, Question("")).hits}
        assert not refs & {held.ref, quote.ref}
        # As good as none: the answer is the one that an unknown record gets.
        with pytest.raises(NotFound):
            related_to(town.session, town.engine, outsider, held.ref)
    inside = town.ask(town.world.researcher, Question("Quillfeather"))
    assert [each.record.ref for each in inside.hits] == [held.ref]


def test_once_somebody_has_looked_it_through_everybody_finds_it(town: Town) -> None:
    held, _quote = town.hears(reviewed=True)

    for outsider in town.outsiders:
        assert [each.record.ref for each in town.ask(outsider, Question("Quillfeather")).hits] == [held.ref]


def test_a_text_from_before_reviews_were_asked_for_is_found_as_it_was(town: Town) -> None:
    held, _quote = town.hears(reviewed=False)
    town.world.source(held).personal_data_review = PersonalDataReview.NOT_ASKED
    town.session.commit()
    town.indexer.rebuild()

    found = town.ask(town.outsiders[0], Question("Quillfeather"))

    assert [each.record.ref for each in found.hits] == [held.ref]


def test_a_lead_and_the_people_a_study_names_are_inside_it_whatever_their_role(town: Town) -> None:
    held, _quote = town.hears(reviewed=False)
    named, reader = town.outsiders[0], town.outsiders[1]
    study = town.session.get_one(Study, held.study_id)

    set_study_access(town.session, actor=town.world.researcher, study=study, restricted=True, named=[named])
    town.session.commit()

    assert [each.record.ref for each in town.ask(named, Question("Quillfeather")).hits] == [held.ref]
    assert town.leaks(reader) == []


def test_the_day_after_a_consent_ran_out_its_words_are_found_no_more_though_nobody_touched_the_index(
    town: Town,
) -> None:
    town.hears(reviewed=True, participants=("P-1",))
    _agree(town, expires_on=_today(town) + timedelta(days=3))
    outsider = town.outsiders[0]

    assert town.ask(outsider, Question("Quillfeather")).total == 1
    town.world.later(days=4)

    assert town.leaks(outsider) == []
    assert town.ask(town.world.researcher, Question("Quillfeather")).total == 1


def test_a_scope_that_was_taken_back_hides_with_the_next_search(town: Town) -> None:
    town.hears(reviewed=True, participants=("P-1",))
    consent, study = _agree(town)
    outsider = town.outsiders[0]
    assert town.ask(outsider, Question("Ormsbyloch letter")).total

    withdraw_consent(
        town.session,
        actor=town.world.researcher,
        consent=consent,
        study=study,
        on=_today(town),
        scopes=[ConsentScope.SHARE_IN_ORGANISATION.value],
    )
    town.session.commit()

    # Nobody has told the index yet: hits, totals and snippets of the session and the quote hide all the same.
    for question in (Question("Quillfeather"), Question("letter", {"kind": ("highlight",)})):
        found = town.ask(outsider, question)
        assert (found.total, found.hits) == (0, ())
    town.indexer.drain()
    assert town.leaks(outsider) == []


def _agree(town: Town, expires_on: date | None = None) -> tuple[Consent, Study]:
    person = town.session.get_one(Participant, 1)
    study = town.session.get_one(Study, person.study_id)
    scopes = [scope.value for scope in ConsentScope]
    details = ConsentDetails(given_on=_today(town), scopes=scopes, expires_on=expires_on)
    consent = record_consent(
        town.session, actor=town.world.researcher, participant=person, study=study, details=details
    )
    town.session.commit()
    town.indexer.drain()
    return consent, study


def _today(town: Town) -> date:
    return town.world.clock.moment.date()
