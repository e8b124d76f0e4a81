"""What becomes of a file between its reading and the study: shown, put right, stored, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from domain.exchange.imports.reading import KeptFiles, content_of, report, transcript
from factories import make_member, make_session, make_study, source_of, text_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import (
    Attachment,
    ResearchSession,
    SourceText,
    Study,
    TextPage,
    Utterance,
    session_participants,
)
from insights.core.activity import ActivityEntry
from insights.core.clock import FixedClock, now, set_clock
from insights.core.errors import DomainError, NotFound, RuleBroken
from insights.exchange.documents import ReadDocument
from insights.exchange.imports import (
    Becomes,
    FileChoices,
    SpeakerChoice,
    SpeakerRole,
    choices_of,
    choose,
    end_batch,
    end_old_batches,
    files_of,
    get_batch,
    open_batch,
    remembered_speakers,
    set_left_out,
    stage_document,
    stage_refusal,
    store_file,
    suggested_choices,
    undo_file,
)
from insights.exchange.models import FileStatus, ImportBatch, ImportFile
from insights.people.models import Member, Participant

ORIGINAL = b"the file as it came"


@pytest.fixture
def member(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def study(session: Session, member: Member) -> Study:
    return make_study(session, actor=member)


@pytest.fixture
def batch(session: Session, member: Member, study: Study) -> ImportBatch:
    return open_batch(session, actor=member, study=study)


def stage(session: Session, batch: ImportBatch, document: ReadDocument, original: bytes = ORIGINAL) -> ImportFile:
    return stage_document(session, batch=batch, content=content_of(document, original), document=document)


def store(session: Session, member: Member, study: Study, file: ImportFile, original: bytes = ORIGINAL) -> list[str]:
    return [*store_file(session, actor=member, files=KeptFiles(), study=study, file=file, content=original).refs]


def put_right(session: Session, file: ImportFile, **values: object) -> None:
    chosen = choices_of(file.choices)
    assert isinstance(chosen, FileChoices)
    choose(session, file=file, choices=replace(chosen, **values))  # type: ignore[arg-type]  # whichever are named


def test_nothing_is_stored_before_somebody_says_yes(session: Session, batch: ImportBatch) -> None:
    stage(session, batch, transcript())

    assert session.scalars(select(SourceText)).all() == []
    assert session.scalars(select(Attachment)).all() == []


def test_a_participant_is_in_the_stored_text_by_code_and_the_original_keeps_the_label(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    files = KeptFiles()
    file = stage(session, batch, transcript())

    store_file(session, actor=member, files=files, study=study, file=file, content=ORIGINAL)

    held = session.scalars(select(ResearchSession)).one()
    text = text_of(session, source_of(session, held))
    assert "P1: I rang my sister." in text
    assert "Participant:" not in text
    assert "Dan: What did you do then?" in text
    assert held.moderator == "Dan"
    assert files.kept == [ORIGINAL]


def test_each_utterance_lies_where_it_says_and_knows_who_spoke(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    store(session, member, study, stage(session, batch, transcript()))

    text = text_of(session, session.scalars(select(SourceText)).one())
    person = session.scalars(select(Participant)).one()
    rows = session.scalars(select(Utterance).order_by(Utterance.number)).all()
    assert [text[row.start : row.end] for row in rows] == text.split("\n\n")
    assert [row.participant_id for row in rows] == [None, person.id, None, person.id]
    assert session.execute(select(session_participants.c.participant_id)).scalars().all() == [person.id]


def test_a_participant_without_a_code_gets_one_that_nobody_could_guess(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    store(session, member, study, stage(session, batch, transcript("interview.txt")))

    code = session.scalars(select(Participant.code)).one()
    assert code.startswith("P-")
    assert f"{code}: I rang my sister." in text_of(session, session.scalars(select(SourceText)).one())


def test_a_speaker_left_as_written_stays_as_written(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    file = stage(session, batch, transcript())
    put_right(session, file, speakers=(SpeakerChoice("Participant", SpeakerRole.AS_WRITTEN),))

    store(session, member, study, file)

    assert "Participant: I rang" in text_of(session, session.scalars(select(SourceText)).one())
    assert session.scalars(select(Participant)).all() == []


def test_a_report_becomes_a_source_with_its_pages_date_and_front_matter(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    refs = store(session, member, study, stage(session, batch, report()))

    source = session.scalars(select(SourceText)).one()
    pages = session.scalars(select(TextPage).order_by(TextPage.number)).all()
    assert refs == [source.ref]
    assert (source.title, source.dated_on, source.date_precision) == ("What we learnt", date(2025, 5, 1), "month")
    assert (source.participant_count, source.front_matter) == (6, {"author": "A. Person"})
    assert [(page.label, text_of(session, source)[page.start : page.end]) for page in pages] == [
        ("i", "First page."),
        ("ii", "Second page."),
    ]
    assert session.scalars(select(Attachment.media_type)).one() == "application/pdf"


def test_a_text_added_to_a_session_brings_its_people_and_leaves_those_who_were_there(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    held = make_session(session, actor=member, study=study, participants=["P7"])
    file = stage(session, batch, transcript())
    put_right(session, file, becomes=Becomes.EXISTING, session_ref=held.ref)

    refs = store(session, member, study, file)

    codes = session.scalars(select(Participant.code).join(session_participants).order_by(Participant.code)).all()
    assert refs == [held.ref]
    assert codes == ["P1", "P7"]
    assert len(session.scalars(select(ResearchSession)).all()) == 1


def test_a_session_of_another_study_takes_no_text(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    other = make_session(session, actor=member)
    file = stage(session, batch, transcript())
    put_right(session, file, becomes=Becomes.EXISTING, session_ref=other.ref)

    with pytest.raises(DomainError, match="no session of this study"):
        store(session, member, study, file)


def test_a_session_without_a_day_is_not_stored_and_says_what_is_missing(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    file = stage(session, batch, transcript(dated_on=None))

    with pytest.raises(RuleBroken, match="on which day"):
        store(session, member, study, file)


def test_the_month_of_a_file_is_no_day_for_a_session() -> None:
    choices = suggested_choices(transcript(date_precision="month"))

    assert choices.dated_on == date(2026, 3, 4)
    assert choices.date_precision == "month"


def test_the_same_bytes_are_stored_once_in_a_study(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    refs = store(session, member, study, stage(session, batch, transcript()))
    again = stage(session, batch, transcript("a copy.txt"))

    assert files_of(session, batch, study)[1].known_as == refs[0]
    with pytest.raises(RuleBroken, match=f"in this study already, as {refs[0]}"):
        store(session, member, study, again)


def test_undoing_takes_away_what_was_made_and_lets_it_come_in_again_under_the_same_codes(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    file = stage(session, batch, transcript("interview.txt"))
    store(session, member, study, file)
    first = session.scalars(select(Participant.code)).all()

    undo_file(session, actor=member, study=study, file=file)

    assert [row.deleted_at is None for row in session.scalars(select(ResearchSession))] == [False]
    assert [row.deleted_at is None for row in session.scalars(select(SourceText))] == [False]
    store(session, member, study, file)
    assert session.scalars(select(Participant.code)).all() == first


def test_undoing_a_text_that_was_added_leaves_the_session(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    held = make_session(session, actor=member, study=study)
    file = stage(session, batch, transcript())
    put_right(session, file, becomes=Becomes.EXISTING, session_ref=held.ref)
    store(session, member, study, file)

    undo_file(session, actor=member, study=study, file=file)

    assert held.deleted_at is None
    assert [row.deleted_at is None for row in session.scalars(select(SourceText).order_by(SourceText.id))] == [
        True,
        False,
    ]


def test_what_is_stored_is_told_to_the_audit_and_the_search(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    refs = store(session, member, study, stage(session, batch, transcript()))

    entry = session.scalars(select(ActivityEntry).where(ActivityEntry.verb == "imported")).one()
    assert entry.subject_ref == refs[0]
    assert study.ref in entry.touches


def test_a_file_that_was_changed_since_it_was_read_is_not_stored(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    file = stage(session, batch, transcript())

    with pytest.raises(RuleBroken, match="not the file that was read"):
        store(session, member, study, file, b"something else")


def test_a_refused_file_says_why_and_stops_no_other(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    stage_refusal(session, batch=batch, content=content_of(report(), b"x"), problem="“report.pdf”: It is damaged.")
    store(session, member, study, stage(session, batch, transcript()))

    assert [(row.status, row.problem) for row in files_of(session, batch, study)] == [
        (FileStatus.REFUSED, "“report.pdf”: It is damaged."),
        (FileStatus.STORED, ""),
    ]


def test_the_same_file_sent_twice_waits_once(session: Session, study: Study, batch: ImportBatch) -> None:
    stage(session, batch, transcript())
    stage(session, batch, transcript())

    assert len(files_of(session, batch, study)) == 1


def test_what_was_left_out_can_be_taken_back(session: Session, study: Study, batch: ImportBatch) -> None:
    file = stage(session, batch, transcript())

    set_left_out(session, file=file, left_out=True)
    assert not files_of(session, batch, study)[0].is_ready
    set_left_out(session, file=file, left_out=False)

    assert files_of(session, batch, study)[0].is_ready


def test_who_a_label_is_in_one_file_is_offered_for_another_and_not_assumed(
    session: Session, batch: ImportBatch
) -> None:
    first = stage(session, batch, transcript("P1.txt"))
    put_right(session, first, speakers=(SpeakerChoice("Dan", SpeakerRole.PARTICIPANT, "P9"),))
    second = stage(session, batch, transcript("P2.txt"), b"another")

    offered = remembered_speakers(session, second)

    assert (offered["Dan"].file, offered["Dan"].choice.code) == ("P1.txt", "P9")
    chosen = choices_of(second.choices)
    assert isinstance(chosen, FileChoices)
    assert chosen.speakers[0].role is SpeakerRole.MODERATOR


def test_whoever_is_called_participant_is_offered_by_role_and_never_by_code(
    session: Session, batch: ImportBatch
) -> None:
    first = stage(session, batch, transcript("P1.txt"))
    put_right(session, first, title="Looked at")
    second = stage(session, batch, transcript("P2.txt"), b"another")

    assert remembered_speakers(session, second)["Participant"].choice.code == ""


def test_what_nobody_looked_at_is_not_offered_for_other_files(session: Session, batch: ImportBatch) -> None:
    stage(session, batch, transcript("P1.txt"))

    assert remembered_speakers(session, stage(session, batch, transcript("P2.txt"), b"another")) == {}


def test_an_import_is_seen_by_whoever_began_it_and_by_nobody_else(
    session: Session, member: Member, batch: ImportBatch
) -> None:
    assert get_batch(session, member, batch.ref)[0] is batch
    with pytest.raises(NotFound):
        get_batch(session, make_member(session), batch.ref)


def test_an_import_into_a_study_that_was_restricted_since_is_gone(
    session: Session, study: Study, member: Member
) -> None:
    colleague = make_member(session)
    batch = open_batch(session, actor=colleague, study=study)
    study.restricted = True
    session.flush()

    with pytest.raises(NotFound):
        get_batch(session, colleague, batch.ref)


def test_ending_an_import_forgets_the_words_of_what_was_not_stored(
    session: Session, member: Member, study: Study, batch: ImportBatch
) -> None:
    stored = stage(session, batch, transcript())
    store(session, member, study, stored)
    other = stage(session, batch, transcript("P2.txt"), b"another")

    gone = end_batch(session, batch=batch)

    assert (stored.reading, other.reading, other.summary, other.choices) == ({}, {}, {}, {})
    assert gone == {stored.sha256, other.sha256}
    assert session.scalars(select(ResearchSession.deleted_at)).all() == [None]


def test_an_import_that_nobody_looked_after_is_ended_after_a_month(
    session: Session, member: Member, batch: ImportBatch
) -> None:
    file = stage(session, batch, transcript())
    set_clock(session, FixedClock(now(session) + timedelta(days=31)))

    assert end_old_batches(session, member=member) == {file.sha256}
    assert batch.ended_at is not None
