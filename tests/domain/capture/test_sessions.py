"""Studies, sessions and reports: what is required, what is kept, and who sees it."""

from __future__ import annotations

from datetime import date

import pytest
from factories import make_member, make_session, make_study, make_team, source_of, text_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Attachment
from insights.capture.operations import (
    ReportDetails,
    create_study,
    import_report,
    log_research_session,
    save_draft,
    set_session_deleted,
    set_study_access,
)
from insights.capture.queries import draft_of, get_study, list_sources, list_studies, source_page
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.errors import InvalidInput, NotAllowed, NotFound


def test_creating_a_study_is_recorded_for_audit_and_search(session: Session) -> None:
    study = make_study(session)

    entry = session.scalars(select(ActivityEntry).where(ActivityEntry.subject_kind == "study")).one()
    assert (entry.verb, entry.subject_ref, entry.actor_id) == ("created", study.ref, study.lead_id)


def test_a_session_needs_its_study_a_date_and_notes_and_nothing_else(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)

    held = log_research_session(
        session, actor=maya, study=study, held_on=date(2026, 10, 14), notes="“I stopped reading.”"
    )

    page = source_page(session, maya, session_id=held.id)
    assert (page.text, page.held_on, page.study_ref) == ("“I stopped reading.”", date(2026, 10, 14), study.ref)


@pytest.mark.parametrize("notes", ["", "   \n\t", "\u200b\u200b", "\x00\x01"])
def test_notes_that_say_nothing_are_refused(session: Session, notes: str) -> None:
    maya = make_member(session)

    with pytest.raises(InvalidInput, match="Enter the notes") as refused:
        make_session(session, actor=maya, notes=notes)

    assert "notes" in refused.value.fields


def test_notes_beyond_the_limit_are_refused_with_their_length(session: Session) -> None:
    with pytest.raises(InvalidInput, match="1,000,001"):
        make_session(session, notes="a" * 1_000_001)


def test_line_ends_and_accents_have_one_form_and_the_upload_stays_as_it_came(session: Session) -> None:
    maya = make_member(session)
    upload = b"cafe\xcc\x81\r\nnext"

    held = make_session(session, actor=maya, notes=upload.decode(), original=("Notes (1).md", upload))

    source = source_of(session, held)
    stored = session.get(Attachment, source.sha256)
    assert text_of(session, source) == "caf\u00e9\nnext"
    assert stored is not None
    assert stored.size == len(upload)
    assert source.original_name == "Notes (1).md"


def test_the_same_report_is_stored_once_in_a_study(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    details = ReportDetails(title="Round one")

    first = import_report(session, actor=maya, study=study, details=details, text="Findings.", original=b"Findings.")
    second = import_report(session, actor=maya, study=study, details=details, text="Findings.", original=b"Findings.")

    assert first is not None
    assert second is None
    assert len(list_sources(session, maya, study_id=study.id)) == 1


def test_a_deleted_session_is_out_of_the_lists_and_comes_back_whole(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    held = make_session(session, actor=maya, study=study)

    set_session_deleted(session, actor=maya, research_session=held, study=study, deleted=True)
    gone = list_sources(session, maya)
    set_session_deleted(session, actor=maya, research_session=held, study=study, deleted=False)

    assert gone == []
    assert [row.ref for row in list_sources(session, maya)] == [held.ref]


def test_a_restricted_study_is_seen_by_the_people_it_names_and_by_nobody_else(session: Session) -> None:
    lead, named = make_member(session), make_member(session)
    administrator = make_member(session, role=Role.ADMINISTRATOR)
    study = make_study(session, actor=lead)

    set_study_access(session, actor=lead, study=study, restricted=True, named=[named])

    assert get_study(session, named, study.ref) is study
    assert list_studies(session, administrator) == []
    with pytest.raises(NotFound):
        get_study(session, administrator, study.ref)


def test_a_study_of_another_area_is_read_and_not_changed(session: Session) -> None:
    study = make_study(session)
    stranger = make_member(session, team=make_team(session))

    assert get_study(session, stranger, study.ref) is study
    with pytest.raises(NotAllowed, match="belongs to"):
        make_session(session, actor=stranger, study=study)


def test_a_study_cannot_end_before_it_starts(session: Session) -> None:
    with pytest.raises(InvalidInput, match="before it starts"):
        create_study(
            session,
            actor=make_member(session),
            title="Backwards",
            starts_on=date(2026, 5, 2),
            ends_on=date(2026, 5, 1),
        )


def test_a_draft_is_kept_for_whoever_typed_it(session: Session) -> None:
    maya, tomos = make_member(session), make_member(session)

    save_draft(session, member=maya, form_key="new-session", fields={"notes": "She op"})
    save_draft(session, member=maya, form_key="new-session", fields={"notes": "She opened"})

    kept = draft_of(session, maya, "new-session")
    assert kept is not None
    assert kept.fields == {"notes": "She opened"}
    assert draft_of(session, tomos, "new-session") is None
