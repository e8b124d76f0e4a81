"""A study in which one person was heard alone and with others, cited, published and commented on."""

from __future__ import annotations

from dataclasses import dataclass

from factories import make_accepted_decision, make_insight, make_member, make_session, make_study, source_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study, Utterance
from insights.coding.models import Highlight
from insights.coding.operations import highlight_passage
from insights.core.access import Role
from insights.decisions.models import Decision
from insights.people.models import Member, Participant
from insights.synthesis.models import Insight
from insights.synthesis.operations import attach_highlight

ALONE = "Nobody ever told me that the yellow envelope was the urgent one of the three."
TOGETHER = "My neighbour read every single page aloud to me because the print was too small."
LONG = " ".join(
    f"and then the {each} letter came on a {each} morning" for each in ("first", "second", "third", "fourth")
)
NOTES = f"She sat down.\n\n“{ALONE}”\n\n{LONG}"
OTHER = "I always ring the surgery first thing on a Monday before the queue gets long."
ASKED = "Can you tell me about the last letter that you got from us?"


@dataclass(frozen=True, slots=True)
class World:
    """`person` goes, `other` stays."""

    actor: Member
    study: Study
    person: Participant
    other: Participant
    alone: ResearchSession
    together: ResearchSession
    transcript: SourceText
    quote: Highlight
    shared_quote: Highlight
    other_quote: Highlight
    lonely: Insight
    broad: Insight
    decision: Decision


def make_world(session: Session, actor: Member | None = None) -> World:
    actor = actor or make_member(session, role=Role.RESEARCHER)
    study = make_study(session, actor=actor)
    alone = make_session(session, actor=actor, study=study, notes=NOTES, participants=["P1"])
    text = f"M: {ASKED}\n\nP1: {TOGETHER}\n\nP2: {OTHER}"
    together = make_session(session, actor=actor, study=study, notes=text, participants=["P1", "P2"])
    person, other = (_by_code(session, study, code) for code in ("P1", "P2"))
    transcript = source_of(session, together)
    _turns(session, transcript, text, {"M": None, "P1": person.id, "P2": other.id})
    quote = _quote(session, actor, source_of(session, alone), NOTES, ALONE)
    shared = _quote(session, actor, transcript, text, TOGETHER)
    theirs = _quote(session, actor, transcript, text, OTHER)
    lonely = make_insight(session, actor=actor, highlight=quote, claim="Colours of envelopes are not understood.")
    broad = make_insight(session, actor=actor, highlight=shared, claim="Small print sends people to others.")
    attach_highlight(session, actor=actor, insight=broad, highlight=theirs)
    decision = make_accepted_decision(session, insight=lonely, actor=actor)
    return World(
        actor, study, person, other, alone, together, transcript, quote, shared, theirs, lonely, broad, decision
    )


def _by_code(session: Session, study: Study, code: str) -> Participant:
    return session.scalars(select(Participant).where(Participant.study_id == study.id, Participant.code == code)).one()


def _turns(session: Session, source: SourceText, text: str, people: dict[str, int | None]) -> None:
    start = 0
    for number, line in enumerate(text.split("\n\n"), 1):
        label, _, said = line.partition(": ")
        begin = text.index(said, start)
        session.add(
            Utterance(
                text_version_id=source.current_version_id,
                number=number,
                start=begin,
                end=begin + len(said),
                speaker=label,
                participant_id=people[label],
            )
        )
        start = begin
    session.flush()


def _quote(session: Session, actor: Member, source: SourceText, text: str, words: str) -> Highlight:
    start = text.index(words)
    return highlight_passage(session, actor=actor, source=source, start=start, end=start + len(words))
