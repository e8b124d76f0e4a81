"""Templates in the browser, and beginning a form from one without losing what was typed."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import TypeAlias

import pytest
from factories import make_member, make_study
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from insights.capture.models import Study
from insights.capture.templates import ensure_shipped_templates
from insights.core.access import Role
from insights.people.models import Member
from research_hub.db import transaction

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]


@pytest.fixture
def member(app: Flask) -> Member:
    with transaction() as unit:
        ensure_shipped_templates(unit)
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def browser(member: Member, client_for: SignIn) -> FlaskClient:
    return client_for(member)


@pytest.fixture
def study(member: Member) -> Study:
    with transaction() as unit:
        return make_study(unit, actor=member, title="Kits")


def page(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def test_a_team_copies_changes_and_sees_what_changed(browser: FlaskClient) -> None:
    answer = browser.post("/templates/TPL-1/copy")
    assert answer.location == "/templates/TPL-5/edit"
    browser.post("/templates/TPL-5", data={"title": "Our plan", "body": "## Why now\n\nIn our words."})

    shown = page(browser.get("/templates/TPL-5"))

    assert "Version 2" in shown
    assert "<ins>" in shown
    assert "A copy of" in shown


def test_only_an_administrator_changes_what_belongs_to_everyone(browser: FlaskClient, client_for: SignIn) -> None:
    refused = browser.post("/templates/TPL-1", data={"title": "Mine", "body": "x"})

    assert refused.status_code == 403
    assert "Copy it for your team instead." in page(refused)
    changed = client_for(Role.ADMINISTRATOR).post("/templates/TPL-1", data={"title": "Plan", "body": "## New"})
    assert changed.status_code == 303


def test_retiring_is_undone_from_where_it_is_said(browser: FlaskClient) -> None:
    browser.post("/templates", data={"title": "Ours", "kind": "session_note", "body": "## A"})

    answer = browser.post("/templates/TPL-5/retire")

    assert 'action="/templates/TPL-5/restore"' in page(browser.get(answer.location))
    assert "Ours" not in page(browser.get("/templates/begin"))
    browser.post("/templates/TPL-5/restore")
    assert "Ours" in page(browser.get("/templates/begin"))


def test_what_was_typed_in_a_session_is_kept_above_the_template(browser: FlaskClient, study: Study) -> None:
    typed = {"form_key": "new-session", "study": study.ref, "held_on": "2026-10-14", "notes": "She came late."}

    chosen = browser.post("/templates/begin", data=typed)
    offered = page(browser.get(chosen.location))
    answer = browser.post("/templates/TPL-3/begin", data={"form_key": "new-session", "how": "below"})

    assert "14 characters are written already" in offered
    form = page(browser.get(answer.location))
    assert answer.location == "/sessions/new"
    assert form.index("She came late.") < form.index("## Before we began")
    assert f'selected value="{study.ref}"' in form


def test_a_plan_begun_from_a_template_says_so_once_it_is_saved(browser: FlaskClient, study: Study) -> None:
    answer = browser.post("/templates/TPL-1/begin", data={"form_key": f"plan-{study.ref}"})
    assert answer.location == f"/studies/{study.ref}/plan/edit"
    assert "## Hypotheses" in page(browser.get(answer.location))

    browser.post(f"/studies/{study.ref}/plan", data={"plan": "## Why now\n\nBecause.", "template": "TPL-1"})

    assert "Study plan (TPL-1)" in page(browser.get(f"/studies/{study.ref}/plan"))
    assert "Because." in page(browser.get(f"/studies/{study.ref}/plan/edit"))


def test_a_plan_of_a_study_out_of_sight_cannot_be_begun(browser: FlaskClient, client_for: SignIn) -> None:
    with transaction() as unit:
        hidden = make_study(unit, restricted=True)

    assert browser.get(f"/templates/begin?form=plan-{hidden.ref}").status_code == 404
    assert browser.post("/templates/TPL-1/begin", data={"form_key": f"plan-{hidden.ref}"}).status_code == 404


def test_where_there_are_none_they_can_be_put_in(app: Flask, client_for: SignIn) -> None:
    researcher = client_for(Role.RESEARCHER)
    assert "No template yet" in page(researcher.get("/templates"))

    answer = researcher.post("/templates/shipped")

    assert "Study plan" in page(researcher.get(answer.location))
