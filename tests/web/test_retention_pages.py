from __future__ import annotations

from datetime import UTC, datetime

from conftest import SignIn
from flask import Flask
from sqlalchemy import select
from withdrawing import ALONE, make_world

from insights.core.access import Role
from insights.core.clock import FixedClock, SystemClock, set_clock
from insights.people.mail import Letter
from insights.people.models import Mail
from insights.stewardship.retention import delete_what_is_due, make_warnings
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.report_mail import write_retention


def test_rules_are_set_and_what_falls_due_is_listed(app: Flask, client_for: SignIn) -> None:
    del app
    with transaction() as session:
        world = make_world(session)
    officer = client_for(Role.DATA_PROTECTION)
    assert "nothing goes by itself" in officer.get("/retention").text
    team = f"/teams/TEAM-{world.study.team_id}/retention"
    refused = officer.post(team, data={"notes": "soon"})
    assert refused.status_code == 422
    assert "number of months" in refused.text
    assert officer.post(team, data={"notes": "1"}).status_code == 303
    page = officer.get("/retention").text
    assert "within a month" in page
    assert '"notes",1,"team",2' in officer.get("/retention.csv").text


def test_what_is_held_back_says_until_when_and_can_be_lifted(app: Flask, client_for: SignIn) -> None:
    del app
    with transaction() as session:
        world = make_world(session)
    officer, address = client_for(Role.DATA_PROTECTION), f"/studies/{world.study.ref}/retention"
    refused = officer.post(f"{address}/holds", data={"data_class": "everything", "until": "2030-01-01", "reason": ""})
    assert refused.status_code == 422
    held = {"data_class": "everything", "until": "2099-01-01", "reason": "A complaint is open."}
    page = officer.post(f"{address}/holds", data=held, follow_redirects=True).text
    assert "held back until 1 Jan 2099" in page
    assert "A complaint is open." in page
    assert "held back until" not in officer.post(f"{address}/holds/1/lift", follow_redirects=True).text


def test_the_log_says_how_many_went_and_never_what(app: Flask, client_for: SignIn) -> None:
    del app
    officer = client_for(Role.DATA_PROTECTION)
    with transaction() as session:
        world = make_world(session)
    officer.post(f"/studies/{world.study.ref}/retention", data={"notes": "12"})
    with transaction() as session:
        set_clock(session, FixedClock(datetime(2028, 12, 1, tzinfo=UTC)))
        make_warnings(session, by_mail=False)
        set_clock(session, FixedClock(datetime(2029, 1, 1, tzinfo=UTC)))
        assert delete_what_is_due(session) == 5
        set_clock(session, SystemClock())
    page = officer.get("/retention/log").text
    assert "WDR-1" in page
    assert "Certificate" not in page
    assert "note" in officer.get("/retention/log.csv").text
    assert officer.get("/withdrawals/WDR-1").status_code == 200
    page = client_for(world.actor).get(f"/insights/{world.lonely.ref}").text
    assert "1 quote" in page
    assert "yellow envelope" not in page


def test_a_researcher_reads_the_rules_and_sets_none(app: Flask, client_for: SignIn) -> None:
    del app
    with transaction() as session:
        world = make_world(session)
    browser = client_for(world.actor)
    assert browser.get(f"/studies/{world.study.ref}/retention").status_code == 200
    assert browser.post(f"/studies/{world.study.ref}/retention", data={"notes": "12"}).status_code == 403


def test_what_goes_within_a_month_stands_on_the_home_page_and_goes_by_mail_until_it_is_ended(
    app: Flask, client_for: SignIn, settings: Settings
) -> None:
    officer = client_for(Role.DATA_PROTECTION)
    with transaction() as session:
        world = make_world(session)
    assert officer.post(f"/studies/{world.study.ref}/retention", data={"notes": "1"}).status_code == 303
    with transaction() as session:
        make_warnings(session, by_mail=True)
        mail = session.scalars(select(Mail).where(Mail.kind == "retention")).one()
        assert mail.member_id == world.actor.id
    home = client_for(world.actor).get("/").text
    assert "Goes within a month" in home
    assert "2 notes" in home
    assert "Goes within a month" not in client_for(Role.READER).get("/").text
    letter = _letter(app, settings, mail)
    assert letter is not None
    assert f"{world.study.ref}, {world.study.title}: 3 quotes" in letter.text
    assert ALONE not in letter.text
    token = letter.unsubscribe_url.rsplit("/", 1)[1]
    assert app.test_client().post(f"/reports/mail/{token}").status_code == 200
    assert _letter(app, settings, mail) is None


def _letter(app: Flask, settings: Settings, mail: Mail) -> Letter | None:
    with app.test_request_context():
        return write_retention(reading(), settings, mail)
