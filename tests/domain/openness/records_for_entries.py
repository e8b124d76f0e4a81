"""A decision with a quote that may be published, and the people who bring it to the public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from factories import make_accepted_decision, make_highlight, make_insight, make_member, make_session, make_study
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.consents import ConsentDetails, record_consent
from insights.capture.models import Study
from insights.coding.models import Highlight
from insights.core.access import Role
from insights.core.clock import FixedClock, set_clock
from insights.decisions.models import Decision
from insights.openness.entries import (
    EntryTexts,
    check_entry,
    draft_entry,
    edit_entry,
    name_approver,
    publish_entry,
    sign_off_entry,
)
from insights.openness.models import PublicEntry
from insights.people.models import Consent, ConsentScope, Member, Participant
from insights.synthesis.models import Insight

WORDS = EntryTexts(
    title="The result comes after what happens next",
    summary="Letters now begin with the next step.",
    we_asked="How do people read their results letter?",
    you_said="- People stop reading at the result.",
    we_did="Every letter now begins with what happens next.",
    we_did_not="- You also asked for a text message. We did not follow this: many share a telephone.",
    what_next="On 2 May 2026 we looked: it has got better.",
)
PUBLISHABLE = (ConsentScope.QUOTE_ANONYMOUSLY, ConsentScope.PUBLISH)


@dataclass(frozen=True, slots=True)
class Told:
    """Everything under one decision, with who writes and who signs."""

    writer: Member
    approver: Member
    study: Study
    participant: Participant
    consent: Consent | None
    quote: Highlight
    insight: Insight
    decision: Decision


def a_decision_on_a_quote(
    session: Session, scopes: Sequence[ConsentScope] = PUBLISHABLE, *, moment: datetime | None = None
) -> Told:
    set_clock(session, FixedClock(moment or datetime(2026, 6, 1, 12, tzinfo=UTC)))
    writer, approver = make_member(session), make_member(session, role=Role.APPROVER)
    study = make_study(session, actor=writer, question="How do people read their results letter?")
    held = make_session(session, actor=writer, study=study, held_on=date(2026, 3, 2), participants=["P-1"])
    participant = session.scalars(select(Participant).where(Participant.study_id == study.id)).one()
    consent = None
    if scopes:
        details = ConsentDetails(date(2026, 3, 1), [each.value for each in scopes])
        consent = record_consent(session, actor=writer, participant=participant, study=study, details=details)
    quote = make_highlight(session, actor=writer, research_session=held, participant=participant)
    insight = make_insight(session, actor=writer, highlight=quote)
    decision = make_accepted_decision(session, actor=writer, insight=insight)
    return Told(writer, approver, study, participant, consent, quote, insight, decision)


def an_entry(session: Session, told: Told, texts: EntryTexts = WORDS) -> PublicEntry:
    entry = draft_entry(session, actor=told.writer, decision=told.decision)
    edit_entry(session, actor=told.writer, entry=entry, texts=texts)
    name_approver(session, actor=told.writer, entry=entry, approver=told.approver)
    return entry


def a_published_entry(session: Session, told: Told, texts: EntryTexts = WORDS) -> PublicEntry:
    entry = an_entry(session, told, texts)
    check_entry(session, actor=told.writer, entry=entry)
    sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)
    publish_entry(session, actor=told.writer, entry=entry, decision=told.decision)
    return entry
