"""The message in plain English: a template of the study, filled in for one decision and changed before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.coding.personal_data.known import known_people
from insights.core.activity import add, record, touch
from insights.core.checks import required_line, required_text
from insights.core.errors import InvalidInput
from insights.decisions.models import Decision
from insights.openness.models import EntryStatus, FollowUpTemplate, PublicEntry
from insights.people.models import Member

LONGEST_MESSAGE = 5_000
PLACES: Mapping[str, str] = {
    "{decision}": "what was decided, by its title",
    "{link}": "where everybody can read about it; nothing where it is not published",
    "{ending}": "how to take the consent back",
    "{from}": "who writes",
}
_SUBJECT = "What you told us helped us decide"
_TEXT = """Hello,

Some time ago you took part in our research and told us how things went for you. Thank you again for your time.

What you said helped us to decide this: {decision}

{link}

You do not have to do anything.

{ending}

{from}
"""
_ENDING = (
    "You said that we may contact you again. If you no longer want that, or want to take back what you told us, write "
    "to {address}. You do not have to say why."
)


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a text, as they stand in a template or in a form."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """Ready to be sent; `answer_to` is the address at which consent is taken back, which the text has to hold."""

    words: Words
    answer_to: str


def template_of(session: Session, study: Study) -> Words:
    """The study's own words, or ours where it has none."""
    kept = _kept(session, study)
    return Words(_SUBJECT, _TEXT) if kept is None else Words(kept.subject, kept.text)


def save_template(session: Session, *, actor: Member, study: Study, words: Words) -> None:
    """Raises InvalidInput where the way to take the consent back is missing, or somebody of the study is named."""
    checked = _checked(session, study, words)
    if "{ending}" not in checked.text:
        raise InvalidInput.of("text", "Keep {ending} in it: everybody is told how to take their consent back.")
    kept = _kept(session, study)
    if kept is None:
        kept = FollowUpTemplate(study_id=study.id, subject=checked.subject, text=checked.text)
        add(session, actor, kept)
    else:
        kept.subject, kept.text = checked.subject, checked.text
        touch(session, actor, kept)
    record(session, actor, "worded the messages to participants of", study)


def fill_message(
    session: Session, *, actor: Member, study: Study, decision: Decision, words: Words, public_address: str
) -> Message:
    """The template's words for one decision; `public_address` is '' where nothing is published."""
    lead = None if study.lead_id is None else session.get(Member, study.lead_id)
    writer = lead if lead is not None and lead.is_active else actor
    link = f"You can read what we asked, what we heard and what we did: {public_address}" if public_address else ""
    filled = {
        "{decision}": decision.title,
        "{link}": link,
        "{ending}": _ENDING.format(address=writer.email),
        "{from}": writer.name,
    }
    subject, text = words.subject, words.text
    for place, value in filled.items():
        subject, text = subject.replace(place, value), text.replace(place, value)
    return Message(Words(" ".join(subject.split()), _without_gaps(text)), writer.email)


def checked_message(session: Session, study: Study, words: Words, answer_to: str) -> Words:
    """What is sent, whoever changed it. Raises as `save_template`."""
    checked = _checked(session, study, words)
    left = next((place for place in PLACES if place in checked.text or place in checked.subject), None)
    if left is not None:
        raise InvalidInput.of("text", f"{left} stands in it yet. Say {PLACES[left]}, or take it out.")
    if answer_to not in checked.text:
        raise InvalidInput.of("text", f"Say how they take their consent back: keep the address {answer_to} in it.")
    return checked


def published_decisions(session: Session, decision_ids: list[int]) -> frozenset[int]:
    """Of the decisions those that everybody can read about now."""
    query = select(PublicEntry.decision_id).where(
        PublicEntry.decision_id.in_(decision_ids),
        PublicEntry.status == EntryStatus.PUBLISHED,
        PublicEntry.removed_at.is_(None),
    )
    return frozenset(session.scalars(query))


def _checked(session: Session, study: Study, words: Words) -> Words:
    subject = required_line("subject", words.subject, label="a subject", longest=200)
    text = required_text("text", words.text, label="the message", longest=LONGEST_MESSAGE)
    # One text goes to several people and stays with their codes: nobody of the study may be named in it.
    if any(next(each.places(f"{subject}\n{text}"), None) for each in known_people(session, [study.id])):
        raise InvalidInput.of(
            "text", "It names somebody whom the vault knows. Write to all of them alike, without names or numbers."
        )
    return Words(subject, text)


def _kept(session: Session, study: Study) -> FollowUpTemplate | None:
    return session.scalar(select(FollowUpTemplate).where(FollowUpTemplate.study_id == study.id))


def _without_gaps(text: str) -> str:
    """A line that was left empty takes its paragraph along."""
    paragraphs = [paragraph.strip() for paragraph in text.replace("\r\n", "\n").split("\n\n")]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
