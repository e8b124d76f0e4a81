"""What was kept long enough goes by itself, by the same acts as a withdrawal; its log says how many of what kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import (
    Attachment,
    Recording,
    ResearchSession,
    SessionStatus,
    SourceText,
    Study,
    TextVersion,
)
from insights.coding.models import Highlight, HighlightStatus
from insights.core.activity import add, record, touch
from insights.core.base import Base, Record
from insights.core.clock import now, today
from insights.people.models import Consent, Member
from insights.people.models.vault import Identity
from insights.people.vault.identities import drop_rows
from insights.stewardship.erasure.shingles import Finder
from insights.stewardship.erasure.tables import delete_rows, unused_files
from insights.stewardship.models import (
    DataClass,
    RetentionDeletion,
    Withdrawal,
    WithdrawalCause,
    WithdrawalKind,
    WithdrawalStatus,
)
from insights.stewardship.retention.due import Item, items_due
from insights.stewardship.withdrawal.findings import (
    clear_public_entries,
    look_at_insights,
    resting_on,
    take_evidence_away,
)
from insights.stewardship.withdrawal.surroundings import empty_what_was_written, redact_record_of_changes
from insights.stewardship.withdrawal.texts import (
    drop_recordings_of,
    empty_highlights,
    empty_imports,
    empty_texts,
)

KEPT_FOR = timedelta(days=183)

_Due = Sequence[tuple[Item, date]]


@dataclass(frozen=True, slots=True)
class DeletionRow:
    """A line of the log: what kind, how many, on which day it had fallen due, and the erasure that did it."""

    study: str
    study_title: str
    kind: str
    items: int
    due_on: date
    at: datetime
    withdrawal: str


def delete_what_is_due(session: Session) -> int:
    """Everything that goes today, a study an erasure; answers how many things. Flushes and never commits."""
    by_study: dict[int, dict[DataClass, _Due]] = {}
    for (study_id, kind), due in items_due(session).items():
        by_study.setdefault(study_id, {})[kind] = due
    return sum(_delete(session, session.get_one(Study, number), due) for number, due in sorted(by_study.items()))


def deletion_log(session: Session, member: Member) -> list[DeletionRow]:
    """Of studies that the member may see, the newest first."""
    rows = session.execute(
        select(RetentionDeletion, Study)
        .join(Study, Study.id == RetentionDeletion.study_id)
        .where(visible_studies(member))
        .order_by(RetentionDeletion.id.desc())
    )
    return [
        DeletionRow(
            study.ref,
            study.title,
            each.data_class.value,
            each.items,
            each.due_on,
            each.at,
            "" if each.withdrawal_id is None else f"{Withdrawal.PREFIX}-{each.withdrawal_id}",
        )
        for each, study in rows
    ]


def _delete(session: Session, study: Study, due: dict[DataClass, _Due]) -> int:
    withdrawal = Withdrawal(
        participant_id=None,
        study_id=study.id,
        kind=WithdrawalKind.ERASE,
        cause=WithdrawalCause.RETENTION,
        asked_on=today(session),
        status=WithdrawalStatus.OUTSTANDING,
        log_until=today(session) + KEPT_FOR,
    )
    add(session, None, withdrawal)
    ids = {kind: [item.id for item, _day in found] for kind, found in due.items()}
    counts, files = _take_out(session, withdrawal, ids)
    unused = unused_files(session, files)
    delete_rows(session, Base.metadata.tables[Attachment.__tablename__], Attachment.sha256.in_(unused))
    withdrawal.files, withdrawal.removed = unused, {name: number for name, number in sorted(counts.items()) if number}
    for kind, found in due.items():
        session.add(
            RetentionDeletion(
                study_id=study.id,
                data_class=kind,
                items=len(found),
                due_on=min(day for _item, day in found),
                at=now(session),
                withdrawal_id=withdrawal.id,
            )
        )
    record(session, None, "removed what was kept long enough", withdrawal, touches=[study.ref])
    return sum(map(len, ids.values()))


def _take_out(
    session: Session, withdrawal: Withdrawal, ids: dict[DataClass, list[int]]
) -> tuple[Counter[str], set[str]]:
    counts: Counter[str] = Counter()
    files: set[str] = set()
    recordings = session.scalars(select(Recording).where(Recording.id.in_(ids.get(DataClass.RECORDING, ())))).all()
    counts["recordings"], gone = drop_recordings_of(session, recordings)
    files |= set(gone)
    sources = session.scalars(
        select(SourceText).where(SourceText.id.in_([*ids.get(DataClass.TRANSCRIPT, ()), *ids.get(DataClass.NOTES, ())]))
    ).all()
    versions = session.scalars(
        select(TextVersion).where(TextVersion.source_text_id.in_([each.id for each in sources]))
    ).all()
    highlights = session.scalars(
        select(Highlight).where(
            Highlight.id.in_(ids.get(DataClass.QUOTE, ()))
            | Highlight.source_text_id.in_([each.id for each in sources]),
            Highlight.status != HighlightStatus.WITHDRAWN,
        )
    ).all()
    finder = Finder.for_withdrawal(session, withdrawal.uuid)
    digests = finder.digests_of([*(each.text for each in versions), *(each.exact for each in highlights)])
    withdrawal.digests = sorted(digests - _still_kept(session, finder, withdrawal, {each.id for each in sources}))
    files |= {each.sha256 for each in sources if each.sha256}
    records: list[Record] = [*sources, *highlights]
    refs = [each.ref for each in records]
    counts.update(_empty_quotes(session, withdrawal, highlights, finder))
    counts["import_files"], gone = empty_imports(session, sources)
    files |= set(gone)
    counts.update(empty_texts(session, None, sources, versions))
    counts.update(empty_what_was_written(session, refs))
    _purge_sessions(session, sources)
    redact_record_of_changes(session, None, withdrawal, refs)
    counts.update(_forget_who(session, ids))
    files |= _drop_papers(session, ids.get(DataClass.CONSENT_PROOF, ()), counts)
    record(session, None, "emptied", withdrawal, touches=refs)
    return counts, files


def _purge_sessions(session: Session, sources: Collection[SourceText]) -> None:
    """A session of which no text is left: that it was held is known on, and nothing of what was said in it."""
    ids = {each.research_session_id for each in sources if each.research_session_id is not None}
    left = select(SourceText.research_session_id).where(
        SourceText.research_session_id.in_(ids), SourceText.deleted_at.is_(None)
    )
    emptied = ids - set(session.scalars(left))
    for held in session.scalars(select(ResearchSession).where(ResearchSession.id.in_(emptied))).all():
        held.title, held.status = "", SessionStatus.PURGED
        touch(session, None, held)


def _empty_quotes(
    session: Session, withdrawal: Withdrawal, highlights: Sequence[Highlight], finder: Finder
) -> dict[str, int]:
    """Insights keep how many there were, and of what kind; never the words."""
    resting = resting_on(session, highlights)
    taken = take_evidence_away(session, withdrawal, highlights)
    counts = {**empty_highlights(session, None, highlights), "evidence": taken}
    ids = {each.id for each in highlights}
    said = (finder, withdrawal.digests)
    clear_public_entries(session, None, resting.entries, ids, said, cause=withdrawal.cause)
    look_at_insights(session, None, withdrawal, resting.insights)
    return counts


def _still_kept(session: Session, finder: Finder, withdrawal: Withdrawal, gone: set[int]) -> set[str]:
    """What stands in texts of the study that stay may go on standing where members quote it."""
    rows = session.execute(
        select(SourceText.id, TextVersion.text)
        .join(TextVersion, TextVersion.source_text_id == SourceText.id)
        .where(SourceText.study_id == withdrawal.study_id)
    )
    return finder.digests_of(text for number, text in rows if number not in gone)


def _forget_who(session: Session, ids: dict[DataClass, list[int]]) -> dict[str, int]:
    """The key of the person stays, for a proof of consent that is kept longer."""
    found = session.scalars(select(Identity).where(Identity.id.in_(ids.get(DataClass.IDENTITY, ())))).all()
    drop_rows(session, found)
    return {"identities": len(found)}


def _drop_papers(session: Session, ids: Collection[int], counts: Counter[str]) -> set[str]:
    """The scanned form goes; that somebody agreed, to what and when, stays with the code."""
    files: set[str] = set()
    for consent in session.scalars(select(Consent).where(Consent.id.in_(ids))).all():
        files.add(consent.evidence_sha256 or "")
        consent.evidence_sha256, consent.evidence_name = None, ""
        touch(session, None, consent)
    counts["consent_papers"] = len(files)
    return files - {""}
