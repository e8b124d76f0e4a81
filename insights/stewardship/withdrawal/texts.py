"""Texts without what somebody said: their own emptied, others' with marks in the place of their words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from insights.capture.models import LiveLog, Recording, SessionStatus, SourceText, TextVersion
from insights.coding.models import Highlight, HighlightStatus
from insights.core.activity import touch
from insights.core.base import Base
from insights.core.clock import now
from insights.people.models import Member
from insights.people.vault.erasing import destroy_recording_key
from insights.stewardship.erasure.copies import strings_in
from insights.stewardship.erasure.cutting import Cutting
from insights.stewardship.erasure.tables import columns_to, delete_rows, placed_tables
from insights.stewardship.withdrawal.reach import Reach, SharedText

_AROUND = 32
"""Code points kept before and behind a quote (W3C Web Annotation)."""

_WITHDREW = "Somebody in it withdrew. Bring it again without what they said."

# What stays as an empty row, so that addresses and numbers are never used for something else.
_STAYS = ("text_versions", "source_texts", "highlights")


def empty_highlights(session: Session, actor: Member | None, highlights: Iterable[Highlight]) -> dict[str, int]:
    """What pointed at them goes, or forgets them."""
    chosen = list(highlights)
    ids = [each.id for each in chosen]
    counts: dict[str, int] = {}
    for column in columns_to(Highlight.__tablename__):
        if column.nullable and column.table.name == "layer_codings":
            session.execute(update(column.table).where(column.in_(ids)).values({column.name: None}))
        else:
            _count(counts, delete_rows(session, column.table, column.in_(ids)))
    for each in chosen:
        each.exact = each.prefix = each.suffix = each.observation = each.coder = ""
        each.start = each.end = 0
        each.polarity = each.severity = each.participant_id = None
        each.status, each.dropped_at = HighlightStatus.WITHDRAWN, each.dropped_at or now(session)
        touch(session, actor, each)
    return {**counts, Highlight.__tablename__: len(chosen)}


def empty_texts(
    session: Session, actor: Member | None, sources: Collection[SourceText], versions: Collection[TextVersion]
) -> dict[str, int]:
    counts = {"text_versions": len(versions), "source_texts": len(sources)}
    ids = [each.id for each in versions]
    for column in columns_to(TextVersion.__tablename__):
        if column.table.name in _STAYS:
            continue
        if column.nullable:
            session.execute(update(column.table).where(column.in_(ids)).values({column.name: None}))
        else:
            _count(counts, delete_rows(session, column.table, column.in_(ids)))
    for version in versions:
        version.text, version.length = "", 0
    for source in sources:
        source.title = source.original_name = source.url = ""
        source.front_matter, source.sha256 = {}, None
        source.deleted_at = source.deleted_at or now(session)
        touch(session, actor, source)
    return counts


def cut_shared_text(session: Session, actor: Member | None, shared: SharedText) -> int:
    """Cuts every version of it, and moves what others have in it to where their words are now. Counts passages."""
    passages = shared.passages
    cuttings = [(version, cutting) for version, cutting in shared.cuttings() if cutting.spans]
    for version, cutting in cuttings:
        _move_places(session, version, cutting)
        version.text = cutting.left
        version.length = len(version.text)
        session.flush()
    if cuttings:
        # The file as it was uploaded holds their words too, and no file can be cut.
        shared.source.sha256 = None
        touch(session, actor, shared.source)
    return passages


def end_sessions(session: Session, actor: Member | None, reach: Reach) -> dict[str, int]:
    """Sessions in which nobody else took part; who of the organisation was there stays, for it is their own time."""
    ids = [each.id for each in reach.sessions]
    counts = delete_rows(session, Base.metadata.tables["live_logs"], LiveLog.research_session_id.in_(ids))
    for held in reach.sessions:
        held.title = held.channel = ""
        held.custom = {}
        held.status, held.deleted_at = SessionStatus.WITHDRAWN, held.deleted_at or now(session)
        touch(session, actor, held)
    return {**counts, "research_sessions": len(ids)}


def drop_recordings(session: Session, sources: Collection[SourceText]) -> tuple[int, list[str]]:
    """Sound of a session goes as a whole, for no voice can be taken out of it. Answers how many, and their files."""
    query = select(Recording).where(Recording.source_text_id.in_([each.id for each in sources]))
    return drop_recordings_of(session, session.scalars(query).all())


def drop_recordings_of(session: Session, recordings: Collection[Recording]) -> tuple[int, list[str]]:
    """Their keys are destroyed with them, unless another record plays the same file."""
    files: list[str] = []
    for each in recordings:
        files.append(each.sha256)
        session.delete(each)
        session.flush()
        in_use = session.scalar(select(Recording.id).where(Recording.sha256 == each.sha256).limit(1))
        if in_use is None:
            destroy_recording_key(session, each.sha256)
    return len(files), files


def empty_imports(session: Session, sources: Collection[SourceText]) -> tuple[int, list[str]]:
    """What was read from the files that these texts came from; what was stored of them stands in other records."""
    ids = {each.id for each in sources}
    digests = {each.sha256 for each in sources if each.sha256}
    table = Base.metadata.tables["import_files"]
    theirs = table.c.source_text_id.in_(ids) | table.c.sha256.in_(digests)
    files = list(session.scalars(select(table.c.sha256).where(theirs)))
    session.execute(update(table).where(theirs).values(name="", problem="", reading={}, summary={}, choices={}))
    return len(files), files


def refuse_waiting_files(session: Session, reach: Reach) -> tuple[int, list[str]]:
    """Files that were brought for the study, not stored yet, and name them: nobody stores them any more.

    They are told by the codes that are written in them or were given to their speakers; a file that names nobody is
    looked at by whoever stores it.
    """
    files, batches = Base.metadata.tables["import_files"].c, Base.metadata.tables["import_batches"].c
    kind: Any = files.status.type
    statuses = kind.enum_class
    rows = session.execute(
        select(files.id, files.sha256, files.reading, files.choices)
        .join(batches.study_id.table, batches.id == files.import_batch_id)
        .where(batches.study_id == reach.study.id, files.source_text_id.is_(None), files.status != statuses("stored"))
        .order_by(files.id)
    )
    codes = {each.code.upper() for each in reach.codes}
    found = [
        row for row in rows if not codes.isdisjoint(text.upper() for text in strings_in([row.reading, row.choices]))
    ]
    emptied = {"name": "", "reading": {}, "summary": {}, "choices": {}, "status": statuses("refused")}
    table = files.id.table
    session.execute(update(table).where(files.id.in_([row.id for row in found])).values(**emptied, problem=_WITHDREW))
    return len(found), [row.sha256 for row in found]


def _move_places(session: Session, version: TextVersion, cutting: Cutting) -> None:
    left = cutting.left
    session.flush()
    for table in placed_tables():
        identity = list(table.primary_key.columns)
        rows = session.execute(
            select(*identity, table.c.start, table.c.end).where(table.c.text_version_id == version.id)
        ).all()
        for row in rows:
            where = identity[0] == row[0]
            start, end = row.start, row.end
            if table.name != "highlights" and start < end and cutting.swallows(start, end):
                session.execute(delete(table).where(where))
                continue
            moved = {"start": cutting.place(start), "end": max(cutting.place(start), cutting.place(end, ends=True))}
            if start == end:
                moved["end"] = moved["start"]
            session.execute(
                update(table).where(where).values({**moved, **_words_at(table.columns.keys(), left, moved)})
            )
    session.expire_all()


def _words_at(names: Collection[str], text: str, place: dict[str, int]) -> dict[str, str]:
    start, end = place["start"], place["end"]
    words = {"exact": text[start:end]}
    if start < end:
        words |= {"prefix": text[max(0, start - _AROUND) : start], "suffix": text[end : end + _AROUND]}
    return {name: value for name, value in words.items() if name in names}


def _count(counts: dict[str, int], more: dict[str, int]) -> None:
    for name, number in more.items():
        counts[name] = counts.get(name, 0) + number
