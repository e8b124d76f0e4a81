"""Looking a text through for personal data: what is found in it, and what somebody decided about each (features.md L3).

Masked and pseudonymised values go in a new version of the text; highlights keep their places. The version before stays
with the people of the study until it is erased. The review itself is a person's: rules suspect, and do not know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.inside import is_inside
from insights.capture.models import PersonalDataReview, SourceText, Study, TextVersion
from insights.coding.carrying import current_version_of, refs_of_source
from insights.coding.models import Choice, PersonalDataChoice
from insights.coding.personal_data.known import known_names
from insights.coding.personal_data.masking import MASKS
from insights.coding.personal_data.pseudonyms import key_of_value, pseudonym_of
from insights.coding.personal_data.rules import HIT_WORDS, HitKind
from insights.coding.personal_data.scan import Hit, scan
from insights.coding.replacing import Replacement, replace_passages, reverse_of
from insights.core.activity import record, touch
from insights.core.checks import required_line, term_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleRecord
from insights.people.models import Member
from insights.people.operations import require_same_area


@dataclass(frozen=True, slots=True)
class Finding:
    """One value with all its places; `justified` is why it may stand, '' where nobody has said so."""

    key: str
    kind: HitKind
    text: str
    hits: tuple[Hit, ...]
    justified: str = ""
    choice_id: int | None = None

    @property
    def in_words(self) -> str:
        return HIT_WORDS[self.kind]

    @property
    def is_open(self) -> bool:
        return not self.justified


def findings_of_text(session: Session, source: SourceText) -> list[Finding]:
    """Every distinct value in the order in which it is first met; five statements, whatever the text."""
    text = current_version_of(session, source).text
    hits: dict[str, list[Hit]] = {}
    for hit in scan({"": text}, known_names(session, [source.study_id])):
        hits.setdefault(key_of_value(session, source.study_id, hit.kind, hit.text), []).append(hit)
    standing = _justified(session, source)
    return [
        Finding(key, found[0].kind, found[0].text, tuple(found), *_said(standing.get(key)))
        for key, found in hits.items()
    ]


def settle_value(
    session: Session,
    *,
    actor: Member,
    source: SourceText,
    study: Study,
    key: str,
    choice: str | Choice,
    version_number: int,
    reason: str = "",
    starts: Collection[int] = (),
) -> PersonalDataChoice:
    """Masks, pseudonymises or justifies one value, at the places that begin at `starts`, or everywhere.

    Raises NotFound where the text holds it no longer, and StaleRecord where somebody changed the text meanwhile.
    """
    chosen = term_of("choice", Choice, choice, label="what to do with it")
    _require_mine(session, actor, source, study, version_number)
    found = next((each for each in findings_of_text(session, source) if each.key == key), None)
    if found is None:
        raise NotFound("what was found there")
    if chosen is Choice.JUSTIFIED:
        return _justify(session, actor, source, found, reason)
    hits = [hit for hit in found.hits if not starts or hit.start in starts]
    if not hits:
        raise InvalidInput.of("places", "Tick at least one place.")
    return _replace(session, actor, source, study, [(found, hits)], chosen)[0]


def mask_all_open(
    session: Session, *, actor: Member, source: SourceText, study: Study, version_number: int
) -> list[PersonalDataChoice]:
    """Everything that nobody has decided about yet, in one version."""
    _require_mine(session, actor, source, study, version_number)
    found = [(each, each.hits) for each in findings_of_text(session, source) if each.is_open]
    return _replace(session, actor, source, study, found, Choice.MASKED) if found else []


def undo_choice(session: Session, *, actor: Member, source: SourceText, study: Study, choice_id: int) -> None:
    """Brings back what stood there, or takes a justification back. Raises RuleBroken where the text moved on."""
    require_same_area(session, actor, study.team_id)
    choice = session.get(PersonalDataChoice, choice_id)
    if choice is None or choice.source_text_id != source.id or choice.undone_at is not None:
        raise NotFound("that decision")
    if choice.to_version_id is not None:
        _bring_back(session, actor, source, study, choice)
    for each in _of_one_act(session, choice):
        each.undone_at = now(session)
    _wait_again(source)
    touch(session, actor, source)
    record(session, actor, "undid a decision on personal data in", source, touches=refs_of_source(source))


def mark_reviewed(session: Session, *, actor: Member, source: SourceText, study: Study, version_number: int) -> None:
    """Says that somebody has read the text, and that what is left in it may be read outside the study.

    Raises RuleBroken where something found waits for a decision.
    """
    _require_mine(session, actor, source, study, version_number)
    waiting = [each for each in findings_of_text(session, source) if each.is_open]
    if waiting:
        few = ", ".join(dict.fromkeys(each.in_words for each in waiting[:4]))
        raise RuleBroken(f"{len(waiting)} found in it {'waits' if len(waiting) == 1 else 'wait'} for you: {few}.")
    source.personal_data_review = PersonalDataReview.REVIEWED
    source.personal_data_reviewed_at, source.personal_data_reviewed_by_id = now(session), actor.id
    touch(session, actor, source)
    record(session, actor, "looked for personal data in", source, touches=[*refs_of_source(source), study.ref])


def take_review_back(session: Session, *, actor: Member, source: SourceText, study: Study) -> None:
    """The text waits again, and is read inside its study alone."""
    require_same_area(session, actor, study.team_id)
    _wait_again(source)
    touch(session, actor, source)
    record(session, actor, "took back the review of", source, touches=[*refs_of_source(source), study.ref])


def choices_of(session: Session, source: SourceText) -> list[tuple[PersonalDataChoice, str]]:
    """What was decided and stands, newest first, each with who decided it."""
    rows = session.execute(
        select(PersonalDataChoice, Member.name)
        .join(Member, Member.id == PersonalDataChoice.by_id)
        .where(PersonalDataChoice.source_text_id == source.id, PersonalDataChoice.undone_at.is_(None))
        .order_by(PersonalDataChoice.id.desc())
    )
    return [(choice, name) for choice, name in rows]


def _require_mine(session: Session, actor: Member, source: SourceText, study: Study, version_number: int) -> None:
    require_same_area(session, actor, study.team_id)
    if not is_inside(session, actor, study.id):
        raise NotAllowed("Only the people of its study look a text through.")
    current = current_version_of(session, source)
    if current.number != version_number:
        raise StaleRecord(source.ref, {}, {}, current.number)


def _justified(session: Session, source: SourceText) -> Mapping[str, PersonalDataChoice]:
    """By value; what was said of it in any text of the study counts for this text alone."""
    rows = session.scalars(
        select(PersonalDataChoice)
        .where(
            PersonalDataChoice.source_text_id == source.id,
            PersonalDataChoice.choice == Choice.JUSTIFIED,
            PersonalDataChoice.undone_at.is_(None),
        )
        .order_by(PersonalDataChoice.id)
    )
    return {each.key: each for each in rows}


def _said(choice: PersonalDataChoice | None) -> tuple[str, int | None]:
    return ("", None) if choice is None else (choice.reason, choice.id)


def _justify(session: Session, actor: Member, source: SourceText, found: Finding, reason: str) -> PersonalDataChoice:
    line = required_line("reason", reason, label="why it may stand")
    version = current_version_of(session, source)
    made = _choice(session, actor, source, found, Choice.JUSTIFIED, found.hits, version.id)
    made.reason = line
    session.add(made)
    session.flush()
    touch(session, actor, source)
    record(session, actor, "justified personal data in", source, detail={"kind": found.kind.value})
    return made


def _replace(  # noqa: PLR0917 - where, what, and how
    session: Session,
    actor: Member,
    source: SourceText,
    study: Study,
    found: Sequence[tuple[Finding, Sequence[Hit]]],
    choice: Choice,
) -> list[PersonalDataChoice]:
    before = current_version_of(session, source).id
    made, replacements = [], []
    for finding, hits in found:
        words = MASKS[finding.kind]
        if choice is Choice.PSEUDONYMISED:
            words = pseudonym_of(session, study.id, finding.kind, finding.key)
        each = _choice(session, actor, source, finding, choice, hits, before)
        each.replacement = words
        made.append(each)
        replacements += [Replacement(hit.start, hit.end, words) for hit in hits]
    verb = f"{choice.value} personal data in"
    version = replace_passages(session, actor=actor, source=source, study=study, replacements=replacements, verb=verb)
    for each in made:
        each.to_version_id = version.id
        session.add(each)
    session.flush()
    return made


def _choice(  # noqa: PLR0917 - the columns of a row
    session: Session,
    actor: Member,
    source: SourceText,
    found: Finding,
    choice: Choice,
    hits: Iterable[Hit],
    version_id: int,
) -> PersonalDataChoice:
    return PersonalDataChoice(
        source_text_id=source.id,
        key=found.key,
        kind=found.kind.value,
        choice=choice,
        reason="",
        replacement="",
        places=[[hit.start, hit.end] for hit in hits],
        from_version_id=version_id,
        by_id=actor.id,
        at=now(session),
    )


def _of_one_act(session: Session, choice: PersonalDataChoice) -> Sequence[PersonalDataChoice]:
    """What was masked together is brought back together."""
    if choice.to_version_id is None:
        return [choice]
    return session.scalars(
        select(PersonalDataChoice)
        .where(
            PersonalDataChoice.to_version_id == choice.to_version_id,
            PersonalDataChoice.source_text_id == choice.source_text_id,
            PersonalDataChoice.undone_at.is_(None),
        )
        .order_by(PersonalDataChoice.id)
    ).all()


def _bring_back(session: Session, actor: Member, source: SourceText, study: Study, choice: PersonalDataChoice) -> None:
    before = session.get(TextVersion, choice.from_version_id)
    after = session.get(TextVersion, choice.to_version_id or 0)
    current = current_version_of(session, source)
    if before is None or after is None or not before.text:
        raise RuleBroken("The version before was erased, so that nothing can be brought back.")
    if current.text != after.text:
        raise RuleBroken("The text was changed since. Undo what came later first, or edit the notes.")
    forward = [
        Replacement(start, end, each.replacement) for each in _of_one_act(session, choice) for start, end in each.places
    ]
    replace_passages(
        session,
        actor=actor,
        source=source,
        study=study,
        replacements=reverse_of(forward, before.text),
        verb="brought back personal data in",
    )


def _wait_again(source: SourceText) -> None:
    source.personal_data_review = PersonalDataReview.NOT_REVIEWED
    source.personal_data_reviewed_at = source.personal_data_reviewed_by_id = None
