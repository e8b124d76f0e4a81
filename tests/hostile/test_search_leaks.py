"""Search against a small model of the rule: random people, studies, evidence, moves and withdrawals.

Each study has a word of its own, like somebody's surname, that stands in everything the study is the source of.
Whatever a member asks, that word, its counts and the refs of what holds it must never reach somebody who may not see
the study.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from search.world import World, open_sessions
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study
from insights.capture.operations import set_session_deleted, set_study_access
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import edit_highlight, set_highlight_dropped
from insights.coding.synonyms import add_synonym_group
from insights.core.access import Role
from insights.core.errors import NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.answers import issue_recommendation
from insights.synthesis.models import EvidenceLink, Insight, Recommendation, recommendation_insights
from insights.synthesis.operations import attach_highlight, detach_evidence
from research_hub.web.search.answers import Answer, Question, answer
from research_hub.web.search.related import related_to
from search_index.engine import SearchEngine
from search_index.engines.memory_engine import MemoryEngine
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.indexer import Indexer
from search_index.projection import all_documents, clearances_of

SURNAMES = ("Quillfeather", "Ormsbyloch", "Trevanthick", "Bellweathers", "Zinfrost", "Marrowgate")
STUDIES, ROUNDS, QUESTIONS = 4, 8, 5


@dataclass
class Town:
    """A world with chance in it; `random` decides everything, so that a seed tells the whole story."""

    world: World
    random: random.Random
    people: list[Member] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return self.world.session

    def found(self) -> None:
        self.people = [self.world.researcher, *(self.world.member(role) for role in Role)]
        for word in SURNAMES[:STUDIES]:
            study = self.world.study(f"Study about {word}", restricted=self.random.random() < 0.5)
            self.words[study.id] = word
            for number in range(2):
                held = self.world.held(study, f"{word} said a common thing. Then {word} left, visit{number}.")
                self.world.quote(held, f"{word} said a common thing", [f"family {word}", "common"])
        for _ in range(4):
            self.write_insight()

    def happen(self) -> None:
        acts = (
            self.move_access,
            self.write_insight,
            self.drop_or_bring_back,
            self.delete_or_restore,
            self.attach,
            self.detach,
            self.retag,
        )
        self.random.choice(acts)()
        self.session.commit()

    def move_access(self) -> None:
        study = self.random.choice(self.session.scalars(select(Study)).all())
        set_study_access(
            self.session,
            actor=self.random.choice(self.people[:1]),
            study=study,
            restricted=self.random.random() < 0.7,
            named=self.random.sample(self.people, self.random.randint(0, 3)),
        )

    def write_insight(self) -> None:
        quotes = self.quotes(self.random.randint(1, 3))
        if not quotes:
            return
        claim = "Common claim of " + " and ".join(self.words[quote.study_id] for quote in quotes)
        insight = self.world.insight(claim, *quotes, published=self.random.random() < 0.7)
        issue_recommendation(self.session, actor=self.world.researcher, text=f"Act on: {claim}", insights=[insight])
        if self.random.random() < 0.4 and insight.published_at:
            self.world.decision(
                f"Common decision {insight.id}", insight, status=self.random.choice(["draft", "accepted"])
            )

    def quotes(self, most: int) -> list[Highlight]:
        active = self.session.scalars(select(Highlight).where(Highlight.status == HighlightStatus.ACTIVE)).all()
        return self.random.sample(list(active), min(most, len(active)))

    def drop_or_bring_back(self) -> None:
        quote = self.random.choice(self.session.scalars(select(Highlight)).all())
        dropped = quote.status is HighlightStatus.ACTIVE
        set_highlight_dropped(self.session, actor=self.world.researcher, highlight=quote, dropped=dropped)

    def delete_or_restore(self) -> None:
        held = self.random.choice(self.session.scalars(select(ResearchSession)).all())
        study = self.session.get_one(Study, held.study_id)
        set_session_deleted(
            self.session,
            actor=self.world.researcher,
            research_session=held,
            study=study,
            deleted=held.deleted_at is None,
        )

    def attach(self) -> None:
        insight = self.random.choice(self.session.scalars(select(Insight)).all())
        cited = set(
            self.session.scalars(select(EvidenceLink.highlight_id).where(EvidenceLink.insight_id == insight.id))
        )
        for quote in self.quotes(1):
            if quote.id not in cited:
                attach_highlight(self.session, actor=self.world.researcher, insight=insight, highlight=quote)

    def detach(self) -> None:
        link = self.random.choice(self.session.scalars(select(EvidenceLink)).all())
        insight = self.session.get_one(Insight, link.insight_id)
        others = self.session.scalars(select(EvidenceLink.id).where(EvidenceLink.insight_id == insight.id)).all()
        if len(others) > 1:
            # Who takes evidence away also takes its words out of what was written on it.
            insight.claim = "Common claim without names"
            for recommendation in self.session.scalars(
                select(Recommendation)
                .join(recommendation_insights, recommendation_insights.c.recommendation_id == Recommendation.id)
                .where(recommendation_insights.c.insight_id == insight.id)
            ):
                recommendation.text = "Act on it"
            detach_evidence(self.session, actor=self.world.researcher, insight=insight, link=link)

    def retag(self) -> None:
        for quote in self.quotes(1):
            edit_highlight(
                self.session,
                actor=self.world.researcher,
                highlight=quote,
                tags=["common", f"family {self.words[quote.study_id]}"],
                observation="A common observation",
                polarity=None,
            )


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_sessions(f"sqlite:///{tmp_path}/records.sqlite3")() as session:
        yield session


def visible_refs(session: Session, member: Member) -> set[str]:
    """The rule itself, by the clauses that lists use, on top of what gives a document at all."""
    hidden_insight = ~Insight.id.in_(select(Insight.id).where(visible_insights(member)))
    rests_on_hidden = (
        select(recommendation_insights.c.recommendation_id)
        .join(Insight, Insight.id == recommendation_insights.c.insight_id)
        .where(hidden_insight)
    )
    visible = visible_studies(member)
    statements = (
        (Study, select(Study.id).where(visible)),
        (
            ResearchSession,
            select(ResearchSession.id)
            .join(Study, Study.id == ResearchSession.study_id)
            .where(visible, ResearchSession.deleted_at.is_(None)),
        ),
        (
            Highlight,
            select(Highlight.id)
            .join(Study, Study.id == Highlight.study_id)
            .join(SourceText, SourceText.id == Highlight.source_text_id)
            .where(visible, Highlight.status == HighlightStatus.ACTIVE, SourceText.deleted_at.is_(None)),
        ),
        (Insight, select(Insight.id).where(visible_insights(member))),
        (Recommendation, select(Recommendation.id).where(Recommendation.id.not_in(rests_on_hidden))),
        (Decision, select(Decision.id).where(visible_decisions(member))),
    )
    return {f"{kind.PREFIX}-{number}" for kind, statement in statements for number in session.scalars(statement)}


def told(found: Answer) -> str:
    """Everything that leaves the application in answer to a question, but for the words that were asked."""
    hits = [(each.record, each.title, each.snippet) for each in found.hits]
    typed = found.question.text.casefold()
    offered = [word for word in str(found.suggestion or "").casefold().split() if word.strip('-"') not in typed]
    return repr((hits, found.facets, found.counts, found.messages, offered, found.also)).casefold()


def questions(town: Town) -> list[Question]:
    word = town.random.choice(list(town.words.values()))
    filters = {"tag": (f"family {word}",)}
    return [
        Question(""),
        Question("common"),
        Question("common claim of the family"),
        Question(word[:4] + "*"),
        Question(word[:-1] + "x"),
        Question(f"tag:family common -{word}"),
        Question("said", {"kind": ("highlight", "insight")}, sort="newest"),
        Question("common", filters),
        Question(f'"{word} said"'),
        # A value nearly right is answered with the nearest that the member may see.
        Question(f'tag:"family {word[:-1]}x"'),
        Question(f"author:{word[:-1]} usual", sort="strength"),
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["memory", "whoosh"])
def test_nothing_of_a_study_out_of_sight_leaves_by_search(
    session: Session, tmp_path: Path, seed: int, kind: str
) -> None:
    town = Town(World(session), random.Random(seed))
    town.found()
    engine: SearchEngine = MemoryEngine() if kind == "memory" else WhooshEngine.open_or_create(tmp_path / "index")
    sessions = open_sessions(f"sqlite:///{tmp_path}/records.sqlite3")
    indexer = Indexer(engine, sessions, "a database")
    indexer.ensure_usable()
    add_synonym_group(session, actor=None, expressions="usual = common thing = common")
    session.commit()
    asked = 0

    for number in range(ROUNDS):
        town.happen()
        if number % 3:
            # In every third round one asks before the index has heard of the change.
            indexer.drain()
        for member in town.random.sample(town.people, 3):
            hidden = [
                town.words[study.id].casefold()
                for study in session.scalars(select(Study).where(~visible_studies(member)))
            ]
            visible = visible_refs(session, member)
            for question in town.random.sample(questions(town), QUESTIONS):
                found = answer(session, engine, member, question)
                asked += 1
                chosen = " ".join(value for values in question.filters.values() for value in values).casefold()
                leaked = [word for word in hidden if word in told(found).replace(chosen or "\0", "")]
                assert leaked == [], (seed, number, member.role, question)
                assert {each.record.ref for each in found.hits} <= visible
            assert_related_leaks_nothing(town, engine, member, hidden, visible)

    engine.close()
    assert asked == ROUNDS * 3 * QUESTIONS


def assert_related_leaks_nothing(
    town: Town, engine: SearchEngine, member: Member, hidden: list[str], visible: set[str]
) -> None:
    """What is related to records in sight, and that records out of sight are as good as none."""
    everything = {document.key for document in all_documents(town.session)}
    for ref in town.random.sample(sorted(visible & everything), min(3, len(visible & everything))):
        found = related_to(town.session, engine, member, ref)
        assert [word for word in hidden if word in repr(found).casefold()] == []
        assert {row.ref for row in found.rows} <= visible
    for ref in town.random.sample(sorted(everything - visible), min(2, len(everything - visible))):
        with pytest.raises(NotFound) as refused:
            related_to(town.session, engine, member, ref)
        assert str(refused.value) == str(NotFound(ref))


@pytest.mark.parametrize("seed", range(3))
def test_the_index_and_the_database_agree_on_what_each_member_may_see(
    session: Session, tmp_path: Path, seed: int
) -> None:
    town = Town(World(session), random.Random(100 + seed))
    town.found()
    engine = MemoryEngine()
    indexer = Indexer(engine, open_sessions(f"sqlite:///{tmp_path}/records.sqlite3"), "a database")
    indexer.ensure_usable()

    for _ in range(ROUNDS):
        town.happen()
        indexer.drain()
        documents = list(all_documents(session))

        for member in town.people:
            clearances = clearances_of(session, member)
            by_search = {each.key for each in documents if each.audience <= clearances}
            total = answer(session, engine, member, Question("")).total
            assert by_search == visible_refs(session, member)
            assert total == len(by_search)
        assert indexer.check().keys == set()


def test_a_quote_tells_nothing_of_an_insight_that_also_rests_on_a_hidden_study(
    session: Session, tmp_path: Path
) -> None:
    world = World(session)
    shown = world.quote(world.held(world.study("Open"), "A common thing."), "common thing")
    hidden_study = world.study("Hidden", restricted=True)
    hidden = world.quote(world.held(hidden_study, "A rare thing."), "rare thing")
    world.decision("Change it", world.insight("Both say so", shown, hidden))
    engine = MemoryEngine()
    Indexer(engine, open_sessions(f"sqlite:///{tmp_path}/records.sqlite3"), "a database").ensure_usable()
    question = Question("common", {"kind": ("highlight",)})

    outsider = answer(session, engine, world.member(), question)
    insider = answer(session, engine, world.researcher, question)

    assert states(outsider) == ["no insight yet"]
    assert states(insider) == ["became INS-1, acted on in DEC-1"]
    assert outsider.counts["disposition"] == (("no insight yet", 1),)


def states(found: Answer) -> list[str]:
    return [state.words for each in found.hits for state in each.record.states]
