"""Texts to begin from: shipped once, copied by teams, kept in versions, never over what was typed."""

from __future__ import annotations

import pytest
from factories import make_member, make_team
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import TextTemplate
from insights.capture.operations import save_draft
from insights.capture.queries import draft_of
from insights.capture.templates import (
    SHIPPED,
    begin_from_template,
    copy_template,
    create_template,
    ensure_shipped_templates,
    list_templates,
    place_of,
    save_template_version,
    set_template_retired,
    template_body,
    template_versions,
)
from insights.core.access import Role
from insights.core.errors import InvalidInput, NotAllowed, StaleRecord


def shipped(session: Session, key: str) -> TextTemplate:
    ensure_shipped_templates(session)
    uuid = next(each.uuid for each in SHIPPED if each.key == key)
    return session.scalars(select(TextTemplate).where(TextTemplate.uuid == uuid)).one()


def test_shipped_templates_are_put_in_once_and_a_change_to_one_stays(session: Session) -> None:
    administrator = make_member(session, role=Role.ADMINISTRATOR)
    plan = shipped(session, "study-plan")
    save_template_version(session, actor=administrator, template=plan, title="Our plan", body="## Ours")

    again = ensure_shipped_templates(session)

    assert again == 0
    assert session.scalar(select(func.count(TextTemplate.id))) == len(SHIPPED)
    assert (plan.title, template_body(session, plan)) == ("Our plan", "## Ours")


def test_a_team_copies_what_belongs_to_everyone_and_changes_the_copy(session: Session) -> None:
    researcher = make_member(session)
    plan = shipped(session, "study-plan")
    with pytest.raises(NotAllowed, match="Copy it for your team instead"):
        save_template_version(session, actor=researcher, template=plan, title=plan.title, body="x")

    copy = copy_template(session, actor=researcher, template=plan)
    save_template_version(session, actor=researcher, template=copy, title="Ours", body="## Why")

    assert (copy.team_id, copy.copied_from_id, copy.version) == (researcher.team_id, plan.id, 2)
    assert [(row.number, row.body == "## Why") for row in template_versions(session, copy)] == [(2, True), (1, False)]
    assert list_templates(session, member=researcher)[0].title == "Ours"


def test_a_save_without_a_change_makes_no_version(session: Session) -> None:
    actor = make_member(session)
    template = create_template(session, actor=actor, kind="session_note", title="Note", body="## A")

    save_template_version(session, actor=actor, template=template, title="Note", body="## A\n")

    assert template.version == 1


def test_two_who_change_a_template_at_once_lose_neither_text(session: Session) -> None:
    actor = make_member(session)
    template = create_template(session, actor=actor, kind="session_note", title="Note", body="## A")
    save_template_version(session, actor=actor, template=template, title="Note", body="## B", row_version=1)

    with pytest.raises(StaleRecord) as refusal:
        save_template_version(session, actor=actor, template=template, title="Note", body="## C", row_version=1)

    assert (refusal.value.theirs, refusal.value.mine) == ({"body": "## B"}, {"body": "## C"})


def test_another_team_may_copy_but_not_change_or_retire(session: Session) -> None:
    template = create_template(session, actor=make_member(session), kind="session_note", title="Note", body="## A")
    other = make_member(session, team=make_team(session))

    assert copy_template(session, actor=other, template=template).team_id == other.team_id
    with pytest.raises(NotAllowed):
        set_template_retired(session, actor=other, template=template, retired=True)


def test_a_retired_template_is_offered_no_more_and_can_come_back(session: Session) -> None:
    actor = make_member(session)
    template = create_template(session, actor=actor, kind="session_note", title="Note", body="## A")

    set_template_retired(session, actor=actor, template=template, retired=True)

    assert list_templates(session) == []
    assert [row.title for row in list_templates(session, retired=True)] == ["Note"]
    set_template_retired(session, actor=actor, template=template, retired=False)
    assert len(list_templates(session)) == 1


def test_two_templates_of_a_team_do_not_bear_one_title(session: Session) -> None:
    actor = make_member(session)
    create_template(session, actor=actor, kind="session_note", title="Note", body="## A")

    with pytest.raises(InvalidInput, match="already a template called"):
        create_template(session, actor=actor, kind="session_note", title="note", body="## B")


def test_a_template_goes_below_what_was_typed_and_replaces_it_only_when_told(session: Session) -> None:
    actor = make_member(session)
    note = create_template(session, actor=actor, kind="session_note", title="Note", body="## Before")
    save_draft(session, member=actor, form_key="new-session", fields={"notes": "She came late.", "study": "STU-1"})

    begin_from_template(session, member=actor, template=note, form_key="new-session")

    draft = draft_of(session, actor, "new-session")
    assert draft is not None
    assert draft.fields == {"notes": "She came late.\n\n## Before", "study": "STU-1"}
    begin_from_template(session, member=actor, template=note, form_key="new-session", replace=True)
    assert draft.fields["notes"] == "## Before"


def test_a_plan_that_was_saved_is_kept_above_the_template(session: Session) -> None:
    actor = make_member(session)
    plan = create_template(session, actor=actor, kind="study_plan", title="Plan", body="## Why")

    begin_from_template(session, member=actor, template=plan, form_key="plan-STU-3", stored="What we have")

    draft = draft_of(session, actor, "plan-STU-3")
    assert draft is not None
    assert draft.fields == {"plan": "What we have\n\n## Why", "template": plan.ref}


@pytest.mark.parametrize("form_key", ["notes-SRC-1", "plan-STU-", "plan-STU-1; x", ""])
def test_a_form_that_takes_no_template_is_refused(form_key: str) -> None:
    with pytest.raises(InvalidInput, match="does not begin from a template"):
        place_of(form_key)


def test_a_template_of_another_kind_is_refused(session: Session) -> None:
    actor = make_member(session)
    plan = create_template(session, actor=actor, kind="study_plan", title="Plan", body="## Why")

    with pytest.raises(InvalidInput, match="not for the notes of a new session"):
        begin_from_template(session, member=actor, template=plan, form_key="new-session")
