"""An installation filled with as many notes as a benchmark asks for: the same records each time, from a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.corpus import note
from insights.capture.models import ResearchSession, SourceText, Study, TextVersion, session_participants
from insights.coding.models import Highlight, Tag, highlight_tags
from insights.core.access import Role
from insights.core.base import Base
from insights.core.installation import ensure_database_id
from insights.decisions.models import Decision, DecisionLink, DecisionStatus, LinkType, OutcomeCheck, Verdict
from insights.people.models import Member, Participant, Service
from insights.people.operations import add_member, create_team, start_browser_session
from insights.synthesis.models import ConfidenceLevel, EvidenceLink, Insight, InsightStatus, InsightVersion
from research_hub.db import transaction
from research_hub.security import TOKEN

STUDIES, SERVICES, TAGS = 40, 12, 200
NOTES_AN_INSIGHT, NOTES_A_DECISION = 10, 40
HIGHLIGHTS_A_NOTE, EVIDENCE_AN_INSIGHT, LINKS_AN_INSIGHT = 2, 3, 2
START = datetime(2025, 1, 1, 12, tzinfo=UTC)
DAYS = 540
AT_ONCE = 2_000


def filled_and_signed_in(app: Flask, size: int) -> FlaskClient:
    """A researcher's browser before an empty database that now holds this many notes and all that hangs on them."""
    with transaction() as session:
        ensure_database_id(session)
        team = create_team(session, actor=None, name="Benefits")
        member = add_member(
            session, actor=None, email="a@example.org", name="A", role=Role.RESEARCHER, team=team, password=None
        )
        _fill(session, size, team.id, member)
        token = start_browser_session(session, member=member, browser="Benchmark")
    client = app.test_client()
    with client.session_transaction() as browser:
        browser[TOKEN] = token
    return client


def _fill(session: Session, size: int, team_id: int, member: Member) -> None:
    """The same records each time: a fixed seed. Ids run from 1, as in an empty database."""
    chance = random.Random(7)
    _insert(session, Service, ({"name": f"Service {n}", "team_id": team_id} for n in range(SERVICES)))
    _insert(session, Study, (_study(n, team_id, member) for n in range(STUDIES)))
    _insert(session, Tag, ({"name": f"tag {n}", "path": f"tag {n}", "folded_path": f"tag {n}"} for n in range(TAGS)))
    _insert(session, Participant, (_participant(n) for n in range(size)))
    _fill_notes(session, size)
    _fill_chain(session, chance, size, team_id, member)


def _fill_notes(session: Session, size: int) -> None:
    """Notes with highlights, in parts, so that 20,000 notes need not be in memory at once."""
    for start in range(0, size, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, size))
        made = [(number, note(number)) for number in numbers]
        _insert(session, ResearchSession, (_session(number, each.title, each.date) for number, each in made))
        _insert(session, SourceText, (_source(number, each.title, each.date) for number, each in made))
        versions = ({"source_text_id": n + 1, "number": 1, "text": d.body, "length": len(d.body)} for n, d in made)
        session.execute(insert(TextVersion), [{"created_at": START, **row} for row in versions])
        present = [{"research_session_id": n + 1, "participant_id": n + 1} for n in numbers]
        session.execute(insert(session_participants), present)
        quoted = [row for number, each in made for row in _highlights(number, each.body)]
        _insert(session, Highlight, quoted)
        first = start * HIGHLIGHTS_A_NOTE + 1
        tagged = [{"highlight_id": first + n, "tag_id": (first + n) % TAGS + 1} for n in range(len(quoted))]
        session.execute(insert(highlight_tags), tagged)
    session.execute(SourceText.__table__.update().values(current_version_id=SourceText.id))  # type: ignore[attr-defined]


def _fill_chain(session: Session, chance: random.Random, size: int, team_id: int, member: Member) -> None:
    insights, decisions, quotes = size // NOTES_AN_INSIGHT, size // NOTES_A_DECISION, size * HIGHLIGHTS_A_NOTE
    owned = {"team_id": team_id, "owner_id": member.id}
    _insert(session, Insight, (_insight(chance, n, owned) for n in range(insights)))
    versions = (_version(n) for n in range(insights))
    session.execute(insert(InsightVersion), list(versions))
    evidence = (_evidence(chance, n % insights + 1, quotes) for n in range(EVIDENCE_AN_INSIGHT * insights))
    _insert(session, EvidenceLink, evidence)
    _insert(session, Decision, (_decision(chance, n, owned) for n in range(decisions)))
    _insert(session, DecisionLink, _links(chance, insights, decisions))
    _insert(session, OutcomeCheck, (_check(chance, n + 1) for n in range(decisions)))


def _insert(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    session.execute(insert(model), [{"created_at": START, "updated_at": START, **row} for row in rows])


def _day(chance: random.Random) -> datetime:
    return START + timedelta(days=chance.randrange(DAYS))


def _study(number: int, team_id: int, member: Member) -> dict[str, Any]:
    return {
        "title": f"Round {number + 1} with people who apply",
        "team_id": team_id,
        "lead_id": member.id,
        "service_id": number % SERVICES + 1,
        "methods": ["interview"],
    }


def _participant(number: int) -> dict[str, Any]:
    return {"study_id": number % STUDIES + 1, "code": f"P-{number + 1}", "group": f"Group {number % 9}"}


def _session(number: int, title: str, day: date | None) -> dict[str, Any]:
    return {"study_id": number % STUDIES + 1, "title": title, "held_on": day, "moderator": "A"}


def _source(number: int, title: str, day: date | None) -> dict[str, Any]:
    return {"study_id": number % STUDIES + 1, "research_session_id": number + 1, "title": title, "dated_on": day}


def _highlights(number: int, text: str) -> Iterator[dict[str, Any]]:
    """The first sentences of the note."""
    start = 0
    for _ in range(HIGHLIGHTS_A_NOTE):
        end = text.index(".", start) + 1
        yield {
            "text_version_id": number + 1,
            "source_text_id": number + 1,
            "research_session_id": number + 1,
            "study_id": number % STUDIES + 1,
            "start": start,
            "end": end,
            "exact": text[start:end],
        }
        start = end + 1


def _insight(chance: random.Random, number: int, owned: dict[str, Any]) -> dict[str, Any]:
    return {
        **owned,
        "author_id": owned["owner_id"],
        "claim": f"People who come back to the form do not find where they left it, case {number + 1}",
        "status": InsightStatus.PUBLISHED,
        "confidence": chance.choice(list(ConfidenceLevel)),
        "fingerprint": chance.choice(["f1", "f1", "f1", "f2"]),
        "published_at": _day(chance),
        "service_id": chance.randrange(SERVICES) + 1,
    }


def _version(number: int) -> dict[str, Any]:
    return {
        "insight_id": number + 1,
        "number": 1,
        "claim": f"People who come back to the form do not find where they left it, case {number + 1}",
        "type": "actionable",
        "kind": "usability",
        "fingerprint": "f1",
        "at": START,
    }


def _evidence(chance: random.Random, insight_id: int, quotes: int) -> dict[str, Any]:
    quote = chance.randrange(quotes) + 1
    return {"insight_id": insight_id, "highlight_id": quote, "evidence_date": _day(chance).date()}


def _decision(chance: random.Random, number: int, owned: dict[str, Any]) -> dict[str, Any]:
    return {
        **owned,
        "title": f"Keep what people have typed, part {number + 1}",
        "status": DecisionStatus.ACCEPTED,
        "decided_on": _day(chance).date(),
        "service_id": chance.randrange(SERVICES) + 1,
    }


def _links(chance: random.Random, insights: int, decisions: int) -> list[dict[str, Any]]:
    pairs = {(chance.randint(1, insights), chance.randint(1, decisions)) for _ in range(LINKS_AN_INSIGHT * insights)}
    return [
        {
            "insight_id": insight_id,
            "decision_id": decision_id,
            "type": chance.choice(list(LinkType)),
            "rationale": "Five of seven people gave up on this page.",
            "insight_version": 1,
            "fingerprint": "f1",
            "affirmed_at": START,
        }
        for insight_id, decision_id in sorted(pairs)
    ]


def _check(chance: random.Random, decision_id: int) -> dict[str, Any]:
    due_on = _day(chance).date()
    verdict = chance.choice([None, *Verdict])
    recorded_on = None if verdict is None else due_on
    return {"decision_id": decision_id, "due_on": due_on, "verdict": verdict, "recorded_on": recorded_on}
