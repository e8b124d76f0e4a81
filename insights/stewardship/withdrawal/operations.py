"""Withdrawal in one act: everything of somebody's goes out of every record at once, or is only used no further (B4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import (
    Attachment,
    ResearchSession,
    SessionStatus,
    SourceText,
    Study,
    TextTemplateVersion,
    TextVersion,
)
from insights.capture.operations.days import required_day
from insights.coding.models import Highlight, HighlightStatus
from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.base import Base, Record, number_of
from insights.core.clock import now, today
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.openness.models import PublicEntry
from insights.people.models import Member, Participant
from insights.people.operations import require_same_area
from insights.people.operations.participants import withdrawn_code
from insights.people.vault.erasing import destroy_key
from insights.people.vault.identities import rows_of
from insights.stewardship.erasure.finishing import PLACES
from insights.stewardship.erasure.shingles import Finder
from insights.stewardship.erasure.tables import columns_to, delete_rows, unused_files
from insights.stewardship.models import Withdrawal, WithdrawalCause, WithdrawalKind, WithdrawalStatus
from insights.stewardship.withdrawal.findings import (
    ask_to_read_again,
    clear_public_entries,
    look_at_insights,
    resting_on,
    take_evidence_away,
)
from insights.stewardship.withdrawal.places import Becomes, Place, PlaceKind, places_of
from insights.stewardship.withdrawal.reach import MARKED, SPEAKER, WHOLE, Reach, SharedText, reach_of
from insights.stewardship.withdrawal.surroundings import (
    clear_shelves,
    drop_projects,
    empty_what_was_written,
    redact_record_of_changes,
)
from insights.stewardship.withdrawal.texts import (
    cut_shared_text,
    drop_recordings,
    empty_highlights,
    empty_imports,
    empty_texts,
    end_sessions,
    refuse_waiting_files,
)

LOG_KEPT_FOR = timedelta(days=183)
"""How long it stays known who asked and what went, by default six months (features.md B4)."""

_WITH_A_PLACE = ("highlights", "utterances", "withdrawals", "participants")


def require_right(session: Session, actor: Member, study: Study) -> None:
    """Data protection and administrators everywhere that they may see, researchers for their own team."""
    if may(actor, Permission.PROTECT):
        return
    if not may(actor, Permission.EDIT_SESSIONS):
        raise NotAllowed("Researchers of the team and data protection carry out withdrawals.")
    require_same_area(session, actor, study.team_id)


def withdraw_participant(
    session: Session,
    *,
    actor: Member | None,
    participant: Participant,
    study: Study,
    asked_on: date | None,
    choices: Mapping[str, str] | None = None,
    cause: WithdrawalCause = WithdrawalCause.REQUEST,
    kept_for: timedelta = LOG_KEPT_FOR,
    uuid: str = "",
) -> Withdrawal:
    """Keeps nothing of them. It cannot be undone; files, search files and the check follow in `research_hub.erasing`.

    `uuid` is that of an erasure which a restore repeats. Raises InvalidInput where a text does not tell who spoke and
    nobody chose, RuleBroken where it was done already.
    """
    if actor is not None:
        require_right(session, actor, study)
    day = _day(session, asked_on)
    # Held until the end: a second one, and an import that names them, wait, and then find it done.
    session.refresh(participant, with_for_update=True)
    refuse_again(session, participant)
    if participant.merged_into_id is not None:
        raise RuleBroken(f"{participant.code} was merged with another code. Withdraw that one; this goes with it.")
    reach = reach_of(session, participant, study, _sound(choices or {}))
    if reach.undecided:
        first = reach.undecided[0].source
        raise InvalidInput.of(
            f"text-{first.id}", f"{first.ref} does not tell who spoke. Choose what of it goes: nothing was removed."
        )
    _end_restriction(session, participant)
    withdrawal = Withdrawal(
        participant_id=participant.id,
        study_id=study.id,
        kind=WithdrawalKind.ERASE,
        cause=cause,
        asked_on=day,
        status=WithdrawalStatus.OUTSTANDING,
        choices=dict(choices or {}),
        gone=_named(reach),
        log_until=today(session) + kept_for,
    )
    if uuid:
        withdrawal.uuid = uuid
    add(session, actor, withdrawal)
    _remove(session, actor, withdrawal, reach)
    record(
        session,
        actor,
        "carried out",
        withdrawal,
        touches=[*_refs(reach), *_changed(reach), study.ref],
        detail={"participant": participant.ref, "removed": withdrawal.removed},
    )
    return withdrawal


def stop_use(
    session: Session, *, actor: Member, participant: Participant, study: Study, asked_on: date | None
) -> Withdrawal:
    """Nothing of theirs is shown, found or counted any further, and nothing is removed; `resume_use` takes it back.

    Texts that hold other people's words too stay readable in the study; their quotes are hidden.
    """
    require_right(session, actor, study)
    day = _day(session, asked_on)
    refuse_again(session, participant)
    if _restriction(session, participant) is not None:
        raise RuleBroken("Its use was stopped already.")
    reach = reach_of(session, participant, study)
    quotes = [quote for quote in reach.highlights if quote.status is HighlightStatus.ACTIVE]
    texts = [text for text in reach.sources if text.deleted_at is None]
    held = [one for one in reach.sessions if one.deleted_at is None]
    withdrawal = Withdrawal(
        participant_id=participant.id,
        study_id=study.id,
        kind=WithdrawalKind.STOP_USE,
        asked_on=day,
        status=WithdrawalStatus.IN_FORCE,
        gone={
            "highlights": [each.id for each in quotes],
            "sources": [each.id for each in texts],
            "sessions": [each.id for each in held],
            "statuses": [each.status.value for each in held],
        },
    )
    add(session, actor, withdrawal)
    for quote in quotes:
        quote.status = HighlightStatus.WITHDRAWN
        touch(session, actor, quote)
    for one in held:
        one.status = SessionStatus.WITHDRAWN
    hidden: list[SourceText | ResearchSession] = [*texts, *held]
    for each in hidden:
        each.deleted_at = now(session)
        touch(session, actor, each)
    participant.withdrawn_at = now(session)
    touch(session, actor, participant)
    touches = [*(each.ref for each in quotes), *(each.ref for each in hidden)]
    record(session, actor, "stopped the use of", participant, touches=[*touches, *_insight_refs(session, reach)])
    return withdrawal


def resume_use(session: Session, *, actor: Member, participant: Participant, study: Study) -> None:
    """They said that it may be used after all; what was hidden for it is there again."""
    require_right(session, actor, study)
    withdrawal = _restriction(session, participant)
    if withdrawal is None:
        raise RuleBroken("Its use is not stopped.")
    restored: list[Highlight | SourceText | ResearchSession] = []
    for quote in session.scalars(select(Highlight).where(Highlight.id.in_(withdrawal.gone["highlights"]))).all():
        quote.status = HighlightStatus.ACTIVE
        restored.append(quote)
    for text in session.scalars(select(SourceText).where(SourceText.id.in_(withdrawal.gone["sources"]))).all():
        text.deleted_at = None
        restored.append(text)
    for number, status in zip(withdrawal.gone["sessions"], withdrawal.gone["statuses"], strict=True):
        held = session.get_one(ResearchSession, number)
        held.deleted_at, held.status = None, SessionStatus(status)
        restored.append(held)
    for back in restored:
        touch(session, actor, back)
    participant.withdrawn_at = None
    touch(session, actor, participant)
    _end_restriction(session, participant)
    touches = [each.ref for each in restored] + _insight_refs(session, reach_of(session, participant, study))
    record(session, actor, "resumed the use of", participant, touches=touches)


def refuse_again(session: Session, participant: Participant) -> None:
    done = select(Withdrawal.id).where(
        Withdrawal.participant_id == participant.id, Withdrawal.kind == WithdrawalKind.ERASE
    )
    if session.scalar(done) is not None:
        raise RuleBroken("They withdrew already, and nothing of theirs was kept.")


def _remove(session: Session, actor: Member | None, withdrawal: Withdrawal, reach: Reach) -> None:
    """In the caller's transaction. The key goes first, so that nothing it closed opens any more, whatever follows."""
    participant = reach.participant
    known_by_name = len(rows_of(session, participant))
    files = set(destroy_key(session, participant))
    finder = Finder.for_withdrawal(session, withdrawal.uuid)
    digests = finder.digests_of(reach.words()) - _also_said_by_others(session, finder, reach)
    resting, refs = resting_on(session, reach.highlights), _refs(reach)
    places = places_of(session, actor, reach, resting.insights, (finder, digests))
    withdrawal.gone = {**withdrawal.gone, PLACES: [each.as_json() for each in places]}
    touched = [*reach.sources, *(each.source for each in reach.shared if each.passages)]
    files |= {each.sha256 for each in touched if each.sha256} | _papers(session, reach)
    evidence = take_evidence_away(session, withdrawal, reach.highlights)
    counts: dict[str, int] = {"evidence": evidence, "identities": known_by_name}
    for name, (number, found) in {
        "recordings": drop_recordings(session, touched),
        "import_files": empty_imports(session, touched),
        "waiting_files": refuse_waiting_files(session, reach),
        "coding_projects": drop_projects(session, reach.study.id) if touched else (0, []),
    }.items():
        counts[name] = number
        files |= set(found)
    passages = sum(cut_shared_text(session, actor, each) for each in reach.shared)
    for part in (
        empty_highlights(session, actor, reach.highlights),
        empty_texts(session, actor, reach.sources, reach.versions),
        end_sessions(session, actor, reach),
        {"passages": passages},
        _forget_people(session, actor, reach),
        empty_what_was_written(session, refs),
    ):
        counts.update({name: counts.get(name, 0) + number for name, number in part.items()})
    ids = {each.id for each in reach.highlights}
    pages, again = _pages(places)
    shown = sorted({*resting.entries, *pages})
    lost, down = clear_public_entries(session, actor, shown, ids, (finder, digests), cause=withdrawal.cause)
    ask_to_read_again(session, actor, again)
    challenged = look_at_insights(session, actor, withdrawal, resting.insights)
    counts |= {"public_entries_changed": lost, "public_entries_taken_down": down, "insights": len(resting.insights)}
    counts |= {"insights_challenged": len(challenged)}
    redact_record_of_changes(session, actor, withdrawal, refs)
    clear_shelves(session, actor, withdrawal, (finder, digests))
    withdrawal.files = _let_go_of(session, files)
    withdrawal.digests = sorted(digests)
    withdrawal.removed = {name: number for name, number in sorted(counts.items()) if number}
    session.flush()


def _pages(places: Iterable[Place]) -> tuple[list[int], list[int]]:
    """Ids of public entries that show or say their words, and of those written from what rests on them."""
    pages = [each for each in places if each.kind is PlaceKind.PUBLIC_PAGE]
    numbers = {each: number_of(each.ref, PublicEntry.PREFIX) or 0 for each in pages}
    again = [number for each, number in numbers.items() if each.becomes is Becomes.READ_AGAIN]
    return [number for number in numbers.values() if number not in again], again


def _forget_people(session: Session, actor: Member | None, reach: Reach) -> dict[str, int]:
    """Consents, contacts and whatever else is kept by the person; an empty row stays for its address, uncounted."""
    ids = [each.id for each in reach.codes]
    counts: dict[str, int] = {"participants": len(ids)}
    for column in columns_to(Participant.__tablename__):
        if column.table.name in _WITH_A_PLACE or column.nullable:
            continue
        for name, number in delete_rows(session, column.table, column.in_(ids)).items():
            counts[name] = counts.get(name, 0) + number
    session.expire_all()
    for each in reach.codes:
        each.withdrawn_code = withdrawn_code(session, each.study_id, each.code)
        each.code, each.group, each.attributes = f"{Participant.ERASED}{each.id}", "", {}
        each.withdrawn_at = each.withdrawn_at or now(session)
        each.removed_at = each.removed_at or now(session)
        touch(session, actor, each)
    return counts


def _papers(session: Session, reach: Reach) -> set[str]:
    """Files that rows about the person name, such as a signed consent."""
    ids = [each.id for each in reach.codes]
    found: set[str] = set()
    about = {column.table.name: column for column in columns_to(Participant.__tablename__)}
    for column in columns_to(Attachment.__tablename__, "sha256"):
        if column.table.name in about and column.table.name not in _WITH_A_PLACE:
            rows = session.scalars(select(column).where(about[column.table.name].in_(ids), column.is_not(None)))
            found.update(str(each) for each in rows)
    return found


def _let_go_of(session: Session, files: set[str]) -> list[str]:
    unused = unused_files(session, files)
    delete_rows(session, Base.metadata.tables[Attachment.__tablename__], Attachment.sha256.in_(unused))
    return unused


def _also_said_by_others(session: Session, finder: Finder, reach: Reach) -> set[str]:
    """What stands in texts of the study that stay, in its plan, or in a text to begin notes from, is nobody's own."""
    gone = {each.id for each in reach.versions}
    cut = {version.id: cutting.left for each in reach.shared for version, cutting in each.cuttings()}
    others = session.execute(
        select(TextVersion.id, TextVersion.text)
        .join(SourceText, SourceText.id == TextVersion.source_text_id)
        .where(SourceText.study_id == reach.study.id)
    )
    said = finder.digests_of(cut.get(number, text) for number, text in others if number not in gone)
    said |= finder.digests_of((reach.study.plan, reach.study.question, *map(str, reach.study.goals)))
    return said | finder.digests_of(session.scalars(select(TextTemplateVersion.body)))


def _insight_refs(session: Session, reach: Reach) -> list[str]:
    return [f"INS-{number}" for number in resting_on(session, reach.highlights).insights]


def _refs(reach: Reach) -> list[str]:
    records: tuple[Record, ...] = (*reach.codes, *reach.sessions, *reach.sources, *reach.highlights)
    return [each.ref for each in records]


def _changed(reach: Reach) -> list[str]:
    """Records that stay, in which something is different now."""
    return [each.ref for shared in reach.shared for each in (shared.source, shared.held) if each is not None]


def _named(reach: Reach) -> dict[str, list[str]]:
    """By uuid, which a restored backup has too."""
    return {
        "participants": [each.uuid for each in reach.codes],
        "sessions": [each.uuid for each in reach.sessions],
        "sources": [each.uuid for each in reach.sources],
        "highlights": [each.uuid for each in reach.highlights],
    }


def _sound(choices: Mapping[str, str]) -> dict[str, str]:
    for value in choices.values():
        if value not in {WHOLE, MARKED} and not value.startswith(SPEAKER):
            raise InvalidInput("Choose of each text what goes.")
    return dict(choices)


def _restriction(session: Session, participant: Participant) -> Withdrawal | None:
    return session.scalar(
        select(Withdrawal).where(
            Withdrawal.participant_id == participant.id,
            Withdrawal.kind == WithdrawalKind.STOP_USE,
            Withdrawal.status == WithdrawalStatus.IN_FORCE,
        )
    )


def _end_restriction(session: Session, participant: Participant) -> None:
    known = _restriction(session, participant)
    if known is not None:
        known.status = WithdrawalStatus.TAKEN_BACK
        session.flush()


def _day(session: Session, asked_on: date | None) -> date:
    day = required_day("asked_on", asked_on)
    if day > today(session):
        raise InvalidInput.of("asked_on", "Enter the day on which they asked: today, or a day that is over.")
    return day


__all__ = ["MARKED", "SPEAKER", "WHOLE", "Reach", "SharedText", "resume_use", "stop_use", "withdraw_participant"]
