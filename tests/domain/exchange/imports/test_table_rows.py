"""Survey answers and task results: what columns mean, a dry run that names row and column, and what rows become."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from domain.exchange.imports.reading import KeptFiles, content_of, survey
from factories import make_member, make_study, text_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Attachment, ResearchSession, SourceKind, SourceText, Study
from insights.core.errors import InvalidInput, RuleBroken
from insights.exchange.documents import ReadDocument
from insights.exchange.imports import open_batch, stage_document, store_file
from insights.exchange.imports.staging import choose
from insights.exchange.imports.tables.checking import DryRun, dry_run
from insights.exchange.imports.tables.choices import Shape, TableChoices, suggested_table_choices
from insights.exchange.imports.tables.dates import DateOrder
from insights.exchange.imports.tables.profiles import matching_profiles, save_profile
from insights.people.models import Member, Participant
from insights.people.operations import find_or_add_participant

COLUMNS = ("Participant", "Date", "Age band", "What stopped you?")
TODAY = date(2026, 11, 23)
ORIGINAL = b"the file as it came"


@pytest.fixture
def member(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def study(session: Session, member: Member) -> Study:
    return make_study(session, actor=member)


def run(document: ReadDocument, **values: object) -> DryRun:
    choices = replace(suggested_table_choices(document), **values)  # type: ignore[arg-type]  # whichever are named
    return dry_run(document.tables[0], choices, known={}, today=TODAY)


def store(
    session: Session, member: Member, study: Study, document: ReadDocument, *, skip: bool = False, **values: object
) -> tuple[str, ...]:
    batch = open_batch(session, actor=member, study=study)
    file = stage_document(session, batch=batch, content=content_of(document), document=document)
    chosen = replace(TableChoices.from_json(file.choices), **values)  # type: ignore[arg-type]  # whichever are named
    choose(session, file=file, choices=chosen)
    files = KeptFiles()
    return store_file(
        session, actor=member, files=files, study=study, file=file, content=ORIGINAL, skip_errors=skip
    ).refs


def messages(found: DryRun) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.message) for error in found.errors]


@pytest.mark.parametrize(
    ("column", "values", "meaning"),
    [
        ("Participant ID", ("P1", "P2"), "code"),
        ("Timestamp", ("12/13/2024 14:10:02", "1/31/2024 13:07:59"), "date"),
        ("Timestamp", ("2024/03/21 12:05:19 PM AST", "2024/03/22 1:05:19 AM AST"), "date"),
        ("Age group", ("45 to 64", ""), "attribute:age_band"),
        ("Task 1: find the letter", ("completed", "failed"), "task"),
        ("E-mail", ("a@example.org", ""), "leave_out"),
        ("Your name", ("Ana", "Ben"), "leave_out"),
        ("What is the name of your council?", ("Leeds", ""), "answer"),
        ("Anything else?", ("", ""), "leave_out"),
        ("Was the date on the letter clear?", ("Yes", "No"), "answer"),
    ],
)
def test_what_a_column_means_is_guessed_from_its_name_and_values(
    column: str, values: tuple[str, str], meaning: str
) -> None:
    document = survey((column,), *[(value,) for value in values])

    assert suggested_table_choices(document).columns == (meaning,)


def test_each_row_becomes_a_session_with_its_participant_and_its_answers_under_their_questions(
    session: Session, member: Member, study: Study
) -> None:
    document = survey(
        COLUMNS, ("p1", "2026-03-04", "45 TO 64", "The word positive."), ("P2", "2026-03-05", "", "Nothing.")
    )

    refs = store(session, member, study, document)

    held = session.scalars(select(ResearchSession).order_by(ResearchSession.id)).all()
    sources = session.scalars(select(SourceText).order_by(SourceText.id)).all()
    people = session.scalars(select(Participant).order_by(Participant.code)).all()
    assert refs == tuple(each.ref for each in held)
    assert [each.held_on for each in held] == [date(2026, 3, 4), date(2026, 3, 5)]
    assert text_of(session, sources[0]) == "## What stopped you?\n\nThe word positive."
    assert {each.kind for each in sources} == {SourceKind.SURVEY_ROW}
    assert [(each.code, each.attributes) for each in people] == [("P1", {"age_band": "45 to 64"}), ("P2", {})]
    assert session.scalars(select(Attachment.media_type)).all() == ["text/csv"]


def test_rows_without_a_code_are_people_whom_nobody_could_guess(session: Session, member: Member, study: Study) -> None:
    document = survey(("What stopped you?",), ("The word.",), ("The words.",))

    store(session, member, study, document, held_on=date(2026, 3, 4))

    codes = session.scalars(select(Participant.code)).all()
    assert len(set(codes)) == 2
    assert all(code.startswith("P-") for code in codes)


def test_task_results_stand_in_the_text_and_with_the_session(session: Session, member: Member, study: Study) -> None:
    document = survey(("Participant", "Task 1: find the letter", "Comment"), ("P1", "failed", "Too long."))

    store(session, member, study, document, held_on=date(2026, 3, 4))

    held = session.scalars(select(ResearchSession)).one()
    assert held.custom == {"tasks": {"Task 1: find the letter": "failed"}}
    assert "- Task 1: find the letter: failed" in text_of(session, session.scalars(select(SourceText)).one())


def test_all_rows_can_be_one_source(session: Session, member: Member, study: Study) -> None:
    document = survey(COLUMNS, ("P1", "2026-03-04", "", "The word."), ("P2", "2026-03-05", "", "Nothing."))

    refs = store(session, member, study, document, shape=Shape.ONE_SOURCE)

    source = session.scalars(select(SourceText)).one()
    text = text_of(session, source)
    assert refs == (source.ref,)
    assert text.startswith("## Row 2, P1\n\n### What stopped you?\n\nThe word.")
    assert "## Row 3, P2" in text
    assert source.participant_count == 2
    assert source.dated_on == date(2026, 3, 5)


def test_errors_name_row_and_column_and_nothing_is_stored(session: Session, member: Member, study: Study) -> None:
    document = survey(
        COLUMNS,
        ("P1", "soon", "", "The word."),
        ("", "2026-03-04", "", "Nothing."),
        ("a@example.org", "2026-03-04", "", "Something."),
        ("P4", "2026-03-04", "", ""),
        ("P5", "2036-03-04", "", "Later."),
        ("P6", "2026-03-04", "", "Fine."),
    )

    # The column has a value that is no date, so it is said what it is.
    columns = ("code", "date", "attribute:age_band", "answer")
    found = messages(run(document, columns=columns))

    assert [(row, column) for row, column, _ in found] == [
        (2, "Date"),
        (3, "Participant"),
        (4, "Participant"),
        (5, ""),
        (6, "Date"),
    ]
    assert "an e-mail address" in found[2][2]
    with pytest.raises(RuleBroken, match="5 rows have errors"):
        store(session, member, study, document, columns=columns)
    assert session.scalars(select(SourceText)).all() == []


def test_the_good_rows_come_in_without_the_bad_ones(session: Session, member: Member, study: Study) -> None:
    document = survey(COLUMNS, ("P1", "2026-03-04", "", "The word."), ("", "2026-03-04", "", "Nothing."))

    refs = store(session, member, study, document, skip=True)

    assert len(refs) == 1
    assert [each.code for each in session.scalars(select(Participant))] == ["P1"]


def test_a_day_that_may_be_two_is_asked_for_and_the_order_settles_it() -> None:
    document = survey(("Date", "Answer"), ("3/4/2026", "Yes."), ("5/6/2026", "No."))

    open_ = run(document)
    settled = run(document, date_order=DateOrder.DAY_FIRST)

    assert "may be two different days" in open_.errors[0].message
    assert [row.held_on for row in settled.rows] == [date(2026, 4, 3), date(2026, 6, 5)]


def test_one_number_above_twelve_settles_the_order_of_a_whole_column() -> None:
    document = survey(("Date", "Answer"), ("3/4/2026", "Yes."), ("5/26/2026", "No."))

    assert [row.held_on for row in run(document).rows] == [date(2026, 3, 4), date(2026, 5, 26)]


def test_what_is_known_of_a_participant_is_never_overwritten_in_silence(
    session: Session, member: Member, study: Study
) -> None:
    find_or_add_participant(session, actor=member, study_id=study.id, code="P1", attributes={"age_band": "25 to 44"})
    document = survey(COLUMNS, ("P1", "2026-03-04", "45 to 64", "The word."))

    with pytest.raises(RuleBroken, match="1 row has errors"):
        store(session, member, study, document)

    assert session.scalars(select(Participant)).one().attributes == {"age_band": "25 to 44"}


def test_a_row_may_tell_more_of_a_participant_who_is_known(session: Session, member: Member, study: Study) -> None:
    find_or_add_participant(session, actor=member, study_id=study.id, code="P1", attributes={"region": "North"})
    document = survey(COLUMNS, ("P1", "2026-03-04", "45 to 64", "The word."))

    store(session, member, study, document)

    assert session.scalars(select(Participant)).one().attributes == {"region": "North", "age_band": "45 to 64"}


def test_two_columns_cannot_both_be_the_date() -> None:
    document = survey(("Start", "End", "Answer"), ("2026-03-04", "2026-03-05", "Yes."))

    with pytest.raises(InvalidInput) as refusal:
        run(document, columns=("date", "date", "answer"))

    assert "“Start” is it already" in refusal.value.fields["column_1"]


def test_a_table_without_any_answer_is_refused() -> None:
    document = survey(("Participant", "Date"), ("P1", "2026-03-04"))

    with pytest.raises(InvalidInput, match="columns cannot be read"):
        run(document)


def test_empty_rows_are_counted_and_passed_over() -> None:
    found = run(survey(COLUMNS, ("P1", "2026-03-04", "", "Yes."), ("", " ", "", "")))

    assert (len(found.rows), found.empty, found.errors) == (1, 1, ())


def test_answers_that_hold_addresses_are_pointed_out() -> None:
    found = run(survey(COLUMNS, ("P1", "2026-03-04", "", "Write to ana@example.org.")))

    assert "e-mail addresses, in row 2" in found.notes[0]


def test_a_mapping_is_offered_again_in_another_order_and_with_a_column_missing(
    session: Session, member: Member, study: Study
) -> None:
    first = survey(COLUMNS, ("P1", "2026-03-04", "", "Yes."))
    choices = replace(suggested_table_choices(first), method="interview")
    save_profile(session, actor=member, team_id=study.team_id, name="Letters", table=first.tables[0], choices=choices)
    again = survey(("what stopped  you?", "DATE", "participant", "Shoe size"), ("No.", "2026-04-04", "P2", "42"))

    match = matching_profiles(session, team_id=study.team_id, table=again.tables[0])[0]

    assert match.meanings == ("answer", "date", "code", "answer")
    assert (match.missing, match.added) == (("Age band",), ("Shoe size",))
    assert match.applied_to(suggested_table_choices(again)).method == "interview"


def test_a_mapping_is_not_offered_for_another_kind_of_table(session: Session, member: Member, study: Study) -> None:
    first = survey(COLUMNS, ("P1", "2026-03-04", "", "Yes."))
    save_profile(
        session,
        actor=member,
        team_id=study.team_id,
        name="Letters",
        table=first.tables[0],
        choices=suggested_table_choices(first),
    )
    other = survey(("Page", "Visits"), ("/", "7"))

    assert matching_profiles(session, team_id=study.team_id, table=other.tables[0]) == []


def test_a_mapping_is_saved_again_under_its_name(session: Session, member: Member, study: Study) -> None:
    table = survey(COLUMNS, ("P1", "2026-03-04", "", "Yes.")).tables[0]
    choices = suggested_table_choices(survey(COLUMNS, ("P1", "2026-03-04", "", "Yes.")))
    first = save_profile(session, actor=member, team_id=study.team_id, name="A", table=table, choices=choices)

    again = save_profile(
        session,
        actor=member,
        team_id=study.team_id,
        name="A",
        table=table,
        choices=replace(choices, columns=("code", "date", "leave_out", "answer")),
    )

    assert again.id == first.id
    assert again.mapping["columns"][2] == ["Age band", "leave_out"]
