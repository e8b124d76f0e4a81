"""The same days told twice: with everything, and as if what one member may not see had never been.

A told world keeps what it made under the plan's own names, so that two worlds can be laid beside one another although
their records carry other numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from factories import judge, make_member
from flask import Flask
from flask.testing import FlaskClient
from hostile.leaks_plan import CAST, HOURS_A_ROUND, WATCHERS, Act, Plan
from mailing import Mailbox, Post, mail_settings
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study, TextVersion
from insights.capture.operations import create_study, log_research_session, set_session_deleted, set_study_access
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import highlight_passage, set_highlight_dropped
from insights.coding.synonyms import add_synonym_group
from insights.core.base import Record
from insights.core.clock import set_clock
from insights.core.errors import NotAllowed, NotFound
from insights.core.installation import ensure_database_id
from insights.decisions.models import Decision, LinkType
from insights.decisions.operations import DecisionText, accept_decision, draft_decision, link_insight
from insights.people.models import Member, Participant
from insights.people.operations import create_team, set_active, start_browser_session
from insights.stewardship.following import follow_record, issue_feed_token, save_search
from insights.stewardship.tray import (
    Entry,
    create_collection,
    gathered_rows,
    note_in_tray,
    put_in_tray,
    take_out_of_tray,
)
from insights.synthesis.answers import issue_recommendation
from insights.synthesis.models import EvidenceLink, Insight
from insights.synthesis.operations import attach_highlight, publish_insight, write_insight
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.following import matches_of
from research_hub.search_service import search_engine
from research_hub.security import TOKEN
from research_hub.worker import make_indexer

_Kind = TypeVar("_Kind", bound=Record)


@dataclass
class Told:
    """A plan told into an application of its own, by a clock that stands still between rounds."""

    app: Flask
    post: Post
    box: Mailbox
    refs: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def tell(self, plan: Plan) -> None:
        with self._acting() as session:
            ensure_database_id(session)
            create_team(session, actor=None, name="Registration", is_central=True)
            create_team(session, actor=None, name="Elsewhere", is_central=False)
            for name, role in CAST.items():
                member = make_member(session, role=role, name=name.title(), email=f"{name}@example.org")
                self.refs[name] = member.ref
            add_synonym_group(session, actor=None, expressions="usual = common thing")
        for name in WATCHERS:
            with self._acting() as session:
                self.tokens[name] = issue_feed_token(session, actor=self._member(session, name))
        for number, acts in enumerate(plan.rounds):
            if number:
                self.post.work(hours=HOURS_A_ROUND)
            for act in acts:
                self._do(act)

    def morning(self) -> None:
        """The next day's mail goes out, and the index is made anew: both worlds then hold everything in one order."""
        self.box.taken.clear()
        self.box.recipients.clear()
        self.post.work(hours=HOURS_A_ROUND)
        self.post.work(hours=24 - HOURS_A_ROUND)
        with self.app.app_context():
            make_indexer(self.app).rebuild()

    def browser_of(self, name: str) -> FlaskClient:
        """Signed in by the world's own clock."""
        with self._acting() as session:
            token = start_browser_session(session, member=self._member(session, name), browser="Test")
        client = self.app.test_client()
        with client.session_transaction() as cookies:
            cookies[TOKEN] = token
        return client

    def _do(self, act: Act) -> None:
        if act.verb == "save":
            self.post.index()
        with suppress(NotFound, NotAllowed), self._acting() as session:
            do: Callable[[Session, Member, Act], Record | None] = getattr(self, f"_{act.verb.replace(' ', '_')}")
            made = do(session, self._member(session, act.by), act)
            if made is not None:
                self.refs[act.key] = made.ref

    @contextmanager
    def _acting(self) -> Iterator[Session]:
        with self.app.app_context():
            set_clock(reading(), self.post.clock)
            with transaction() as session:
                yield session

    def _got(self, session: Session, kind: type[_Kind], key: str) -> _Kind:
        return session.get_one(kind, int(self.refs[key].partition("-")[2]))

    def _member(self, session: Session, name: str) -> Member:
        return self._got(session, Member, name)

    def _study(self, session: Session, actor: Member, act: Act) -> Study:
        return create_study(
            session, actor=actor, title=f"Study about {act.how}", question=f"Why does {act.how} say a common thing?"
        )

    def _session(self, session: Session, actor: Member, act: Act) -> ResearchSession:
        word = act.how
        held = log_research_session(
            session,
            actor=actor,
            study=self._got(session, Study, act.of[0]),
            held_on=date(2026, 2, 1 + int(act.key.removeprefix("session")) % 28),
            title=f"With {word}",
            notes=f"{word.title()} said a common thing. Then {word} left, {act.key}.",
            participants=[f"P-{word[:4]}"],
            channel=f"by {word}",
        )
        for each in session.scalars(select(Participant).where(Participant.study_id == held.study_id)):
            each.group = f"friends of {word}"
        source = session.scalars(select(SourceText).where(SourceText.research_session_id == held.id)).one()
        self.refs[f"text of {act.key}"] = source.ref
        return held

    def _quote(self, session: Session, actor: Member, act: Act) -> Highlight:
        source = self._got(session, SourceText, f"text of {act.of[0]}")
        text = session.get_one(TextVersion, source.current_version_id).text
        words = f"{act.how.title()} said a common thing"
        start = text.index(words)
        tags = [f"family {act.how}", "common"]
        return highlight_passage(session, actor=actor, source=source, start=start, end=start + len(words), tags=tags)

    def _access(self, session: Session, actor: Member, act: Act) -> None:
        named = [] if act.how == "everybody" else [self._member(session, each) for each in act.how.split(",") if each]
        study = self._got(session, Study, act.key)
        set_study_access(session, actor=actor, study=study, restricted=act.how != "everybody", named=named)

    def _insight(self, session: Session, actor: Member, act: Act) -> Insight:
        quotes = [self._got(session, Highlight, key) for key in act.of]
        words = " and ".join(quote.exact.split()[0] for quote in quotes)
        insight = write_insight(session, actor=actor, claim=f"Common claim of {words}", body=f"Told by {words}.")
        for quote in quotes:
            attach_highlight(session, actor=actor, insight=insight, highlight=quote)
        if act.how:
            judge(session, actor, insight)
            publish_insight(session, actor=actor, insight=insight)
        return insight

    def _attach(self, session: Session, actor: Member, act: Act) -> None:
        insight = self._got(session, Insight, act.key)
        quote = self._got(session, Highlight, act.of[0])
        cited = select(EvidenceLink.highlight_id).where(EvidenceLink.insight_id == insight.id)
        if quote.status is HighlightStatus.ACTIVE and quote.id not in set(session.scalars(cited)):
            attach_highlight(session, actor=actor, insight=insight, highlight=quote)

    def _advise(self, session: Session, actor: Member, act: Act) -> Record:
        insight = self._got(session, Insight, act.of[0])
        return issue_recommendation(session, actor=actor, text=f"Act on: {insight.claim}", insights=[insight])

    def _decide(self, session: Session, actor: Member, act: Act) -> Decision:
        status = "draft" if act.how == "draft" else "proposed"
        text = DecisionText(title=f"Common {act.key}", context="A common thing")
        decision = draft_decision(session, actor=actor, text=text, status=status)
        for key in act.of:
            insight = self._got(session, Insight, key)
            why = f"Because of {insight.claim}"
            link_insight(
                session, actor=actor, decision=decision, insight=insight, type_=LinkType.CHANGED, rationale=why
            )
        if act.how == "accepted":
            accept_decision(session, actor=actor, decision=decision, basis="expert_judgement", basis_reason="We know.")
        return decision

    def _drop(self, session: Session, actor: Member, act: Act) -> None:
        self._set_dropped(session, actor, act, dropped=True)

    def _bring_back(self, session: Session, actor: Member, act: Act) -> None:
        self._set_dropped(session, actor, act, dropped=False)

    def _set_dropped(self, session: Session, actor: Member, act: Act, *, dropped: bool) -> None:
        quote = self._got(session, Highlight, act.key)
        if (quote.status is HighlightStatus.ACTIVE) == dropped:
            set_highlight_dropped(session, actor=actor, highlight=quote, dropped=dropped)

    def _delete(self, session: Session, actor: Member, act: Act) -> None:
        self._set_deleted(session, actor, act, deleted=True)

    def _restore(self, session: Session, actor: Member, act: Act) -> None:
        self._set_deleted(session, actor, act, deleted=False)

    def _set_deleted(self, session: Session, actor: Member, act: Act, *, deleted: bool) -> None:
        held = self._got(session, ResearchSession, act.key)
        if (held.deleted_at is None) == deleted:
            study = session.get_one(Study, held.study_id)
            set_session_deleted(session, actor=actor, research_session=held, study=study, deleted=deleted)

    def _gather(self, session: Session, actor: Member, act: Act) -> None:
        put_in_tray(session, actor=actor, ref=self.refs[act.key])
        note_in_tray(session, actor=actor, ref=self.refs[act.key], note=act.how)

    def _take_out(self, session: Session, actor: Member, act: Act) -> None:
        take_out_of_tray(session, actor=actor, ref=self.refs[act.key])

    def _share(self, session: Session, actor: Member, act: Act) -> Record | None:
        there = gathered_rows(session, actor, [self.refs[key] for key in act.of if key in self.refs])
        if not there:
            return None
        entries = [Entry(ref, "Read this.") for ref in there]
        return create_collection(
            session, actor=actor, title=f"Common {act.key}", introduction="Things.", entries=entries
        )

    def _follow(self, session: Session, actor: Member, act: Act) -> None:
        begun = follow_record(session, actor=actor, subject_ref=self.refs[act.key], mail="daily")
        self.refs[f"{act.by} follows {act.key}"] = begun.ref

    def _save(self, session: Session, actor: Member, act: Act) -> Record:
        matches = matches_of(session, search_engine(), actor, act.how)
        return save_search(session, actor=actor, name=act.how, question=act.how, matches=matches, mail="daily")

    def _move(self, session: Session, actor: Member, act: Act) -> None:
        """To another area, out of the house and back: sight follows the rule, not the desk."""
        member = self._member(session, act.key)
        teams = {"away": 2, "back": 1}
        if act.how in teams:
            member.team_id = teams[act.how]
        else:
            set_active(session, actor=actor, member=member, active=act.how == "return")


@contextmanager
def told(folder: Path, plan: Plan, box: Mailbox) -> Iterator[Told]:
    """The world of a plan. Outside of its application, so that each request has a context of its own."""
    app = create_app(Settings(data=folder))
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    post = Post(app, **mail_settings(box.port))
    app.before_request(lambda: set_clock(reading(), post.clock))
    with app.app_context():
        db.create_all()
    world = Told(app, post, box)
    try:
        world.tell(plan)
        yield world
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        app.extensions["search"].close()
