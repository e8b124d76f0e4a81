"""What the scan for personal data finds in an entry, and what a person makes of each hit (features.md L3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight
from insights.coding.personal_data import MASKS, Hit, KnownName, known_names, replace_hit, scan
from insights.core.activity import record, touch
from insights.core.checks import required_line
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotFound
from insights.openness.entries.texts import SECTIONS, TITLE
from insights.openness.entries.writing import quotes_of, require_open, reset
from insights.openness.models import PublicEntry, PublicEntryQuote, PublicJustification, public_entry_insights
from insights.people.models import Member
from insights.synthesis.models import EvidenceLink

LONGEST_REPLACEMENT = 100
_QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit, where it stands, and why it may, '' where nobody has said so yet."""

    hit: Hit
    where: str
    justified: str = ""

    @property
    def settled(self) -> bool:
        return bool(self.justified)


def findings_of(session: Session, entry: PublicEntry) -> list[Finding]:
    """The hits in the texts and quotes as they are now, each place once; five statements."""
    quotes = quotes_of(session, entry)
    fields = _texts(entry, quotes)
    reasons = {
        each.key: each.reason
        for each in session.scalars(select(PublicJustification).where(PublicJustification.entry_id == entry.id))
    }
    hits = {hit.key: hit for hit in scan(fields, _known(session, entry))}
    return [Finding(hit, _where(hit), reasons.get(hit.key, "")) for hit in hits.values()]


def mask_hit(session: Session, *, actor: Member, entry: PublicEntry, key: str) -> None:
    """Puts words such as '[telephone number removed]' in its place, wherever it stands in that text."""
    hit = _open_hit(session, actor, entry, key)
    _replace(session, actor, entry, hit, MASKS[hit.kind], "masked")


def pseudonymise_hit(session: Session, *, actor: Member, entry: PublicEntry, key: str, replacement: str) -> None:
    """Puts other words in its place: 'a parent', 'her doctor'. Refuses words that give somebody away too."""
    hit = _open_hit(session, actor, entry, key)
    words = required_line("replacement", replacement, label="what to say instead", longest=LONGEST_REPLACEMENT)
    if scan({hit.field: words}, _known(session, entry)):
        raise InvalidInput.of("replacement", "That may give somebody away as well. Say who they are to the service.")
    _replace(session, actor, entry, hit, words, "pseudonymised")


def justify_hit(session: Session, *, actor: Member, entry: PublicEntry, key: str, reason: str) -> None:
    """Lets it stand, with the reason: it is the helpline's number, or a place that nobody lives in."""
    hit = _open_hit(session, actor, entry, key)
    line = required_line("reason", reason, label="why it may stand")
    known = _justification(session, entry, key)
    if known is None:
        known = PublicJustification(entry_id=entry.id, key=key, kind=hit.kind.value, at=now(session))
        session.add(known)
    known.reason, known.by_id, known.at = line, actor.id, now(session)
    touch(session, actor, entry)
    record(session, actor, "justified personal data in", entry, detail={"kind": hit.kind.value, "key": key})


def take_back_justification(session: Session, *, actor: Member, entry: PublicEntry, key: str) -> None:
    """Undoes a justification; whoever checked has to look again."""
    require_open(session, actor, entry)
    known = _justification(session, entry, key)
    if known is None:
        return
    session.delete(known)
    reset(entry, actor)
    touch(session, actor, entry)
    record(session, actor, "took back a justification in", entry, detail={"key": key})


def _open_hit(session: Session, actor: Member, entry: PublicEntry, key: str) -> Hit:
    require_open(session, actor, entry)
    found = next((each.hit for each in findings_of(session, entry) if each.hit.key == key), None)
    if found is None:
        raise NotFound("what was found there")
    return found


def _replace(  # noqa: PLR0917 - where, what, and how it is told
    session: Session, actor: Member, entry: PublicEntry, hit: Hit, words: str, verb: str
) -> None:
    if hit.field.startswith(_QUOTE):
        for quote in quotes_of(session, entry):
            if hit.field == _field_of(quote):
                quote.words = replace_hit(quote.words, hit, words)
    else:
        setattr(entry, hit.field, replace_hit(getattr(entry, hit.field), hit, words))
    reset(entry, actor)
    touch(session, actor, entry)
    # The words themselves stay out of the record of changes: they were masked so that nobody reads them.
    record(session, actor, f"{verb} personal data in", entry, detail={"kind": hit.kind.value, "field": hit.field})


def _texts(entry: PublicEntry, quotes: list[PublicEntryQuote]) -> Mapping[str, str]:
    shown = {name: getattr(entry, name) for name in (TITLE, *SECTIONS)}
    return shown | {_field_of(quote): quote.words for quote in quotes}


def _field_of(quote: PublicEntryQuote) -> str:
    return f"{_QUOTE} {Highlight.PREFIX}-{quote.highlight_id}"


def _where(hit: Hit) -> str:
    if hit.field.startswith(_QUOTE):
        return f"the quote {hit.field.removeprefix(_QUOTE).strip()}"
    return "the title" if hit.field == TITLE else f"“{SECTIONS[hit.field]}”"


def _known(session: Session, entry: PublicEntry) -> list[KnownName]:
    studies = session.scalars(
        select(Highlight.study_id)
        .join(EvidenceLink, EvidenceLink.highlight_id == Highlight.id)
        .join(public_entry_insights, public_entry_insights.c.insight_id == EvidenceLink.insight_id)
        .where(public_entry_insights.c.entry_id == entry.id)
        .distinct()
    )
    return known_names(session, sorted(studies))


def _justification(session: Session, entry: PublicEntry, key: str) -> PublicJustification | None:
    return session.scalar(
        select(PublicJustification).where(PublicJustification.entry_id == entry.id, PublicJustification.key == key)
    )
