"""Participants are told what their words led to: once, by consent, at an address that nobody sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
from factories import make_accepted_decision, make_highlight, make_insight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from mailing import Mailbox, Post, mail_server, mail_settings
from sqlalchemy import select
from werkzeug.test import TestResponse

from insights.capture.consents import ConsentDetails, record_consent, withdraw_consent
from insights.capture.models import Study
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import today
from insights.decisions.models import Decision
from insights.decisions.operations import link_insight
from insights.openness.models import FollowUp
from insights.people.contacts import ContactDetails, record_contact
from insights.people.models import Consent, Contact, Mail, Member, Participant
from insights.people.vault import Who, keep_identity
from insights.reports.days import Period
from insights.reports.reading.surrounding_rows import read_surroundings
from insights.reports.surroundings import FollowUpFact
from insights.stewardship.withdrawal import stop_use
from research_hub.config import Settings
from research_hub.db import reading, transaction

SignIn = Callable[[Member | Role], FlaskClient]
NEEDLES = ("Zinna", "Quorl", "quorl.example", "0161 496 012")
MESSAGE = {"subject": "What you told us", "text": "Thank you. Write to maya@example.org and we stop."}


@pytest.fixture
def maya(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, name="Maya Osei", email="maya@example.org")


@pytest.fixture
def study(maya: Member) -> Study:
    """P1 may be written to, P2 said no, P3 agreed and can be rung alone; P4 was heard where nothing is cited."""
    with transaction() as session:
        study = make_study(session, actor=maya, title="Results letters")
        held = make_session(session, actor=maya, study=study, participants=["P1", "P2", "P3"])
        make_session(session, actor=maya, study=study, participants=["P4"])
        for code, scopes in (
            ("P1", ["take_part", "recontact"]),
            ("P2", ["take_part"]),
            ("P3", ["recontact"]),
            ("P4", ["recontact"]),
        ):
            person = session.scalars(select(Participant).where(Participant.code == code)).one()
            email = "" if code == "P3" else f"zinna.{code}@quorl.example".lower()
            who = Who(name=f"Zinna Quorl {code}", email=email, telephone=f"0161 496 012{code[1]}")
            keep_identity(session, actor=maya, participant=person, who=who)
            given = ConsentDetails(given_on=today(session) - timedelta(days=30), scopes=scopes)
            record_consent(session, actor=maya, participant=person, study=study, details=given)
        quote = make_highlight(session, actor=maya, research_session=held)
        insight = make_insight(session, actor=maya, highlight=quote)
        make_accepted_decision(session, insight=insight, actor=maya, title="Put the next step first")
        return study


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def post(app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """The application has a mail server, and so has its worker."""
    settings: Settings = app.extensions["settings"]
    changed = settings.model_copy(update=mail_settings(mailbox.port))
    monkeypatch.setitem(app.extensions, "settings", changed)
    yield Post(app)
    app.extensions["search"].close()


@pytest.fixture
def administrator(client_for: SignIn) -> FlaskClient:
    return client_for(Role.ADMINISTRATOR)


@pytest.fixture
def browser(maya: Member, client_for: SignIn) -> FlaskClient:
    return client_for(maya)


def page(answer: TestResponse) -> str:
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def send(browser: FlaskClient, study: Study, *codes: str, **changes: str) -> TestResponse:
    return browser.post(f"/studies/{study.ref}/follow-ups/1", data={**MESSAGE, "codes": list(codes), **changes})


def person_of(code: str) -> Participant:
    return reading().scalars(select(Participant).where(Participant.code == code)).one()


def test_the_queue_says_by_code_who_may_be_told(browser: FlaskClient, study: Study, post: Post) -> None:
    shown = page(browser.get(f"/studies/{study.ref}/follow-ups"))

    assert "Put the next step first" in shown
    assert "P1</a> <span" in shown
    assert "may be told by e-mail" in shown
    assert "did not agree to be contacted again" in shown
    assert "no e-mail address is kept; tell them by letter or telephone" in shown
    assert ">P4<" not in shown
    lines = browser.get(f"/studies/{study.ref}/follow-ups.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 4
    assert not any(needle in shown + "".join(lines) for needle in NEEDLES)


def test_the_preview_says_what_was_decided_and_how_to_take_consent_back(
    browser: FlaskClient, study: Study, post: Post
) -> None:
    shown = page(browser.get(f"/studies/{study.ref}/follow-ups/1"))

    assert "What you said helped us to decide this: Put the next step first" in shown
    assert "write to maya@example.org. You do not have to say why." in shown
    assert "{" not in shown.split("<textarea")[1].split("</textarea>")[0]


def test_one_message_goes_to_the_vaults_address_and_the_day_is_kept(
    browser: FlaskClient, study: Study, post: Post, mailbox: Mailbox
) -> None:
    answer = send(browser, study, "P1")
    post.work()
    post.work(hours=2)

    assert answer.status_code == 303
    assert mailbox.recipients == ["zinna.p1@quorl.example"]
    assert mailbox.taken[0]["Subject"] == "What you told us"
    assert "Zinna" not in mailbox.taken[0].as_string()
    with post.app.app_context():
        sent = reading().scalars(select(FollowUp)).one()
        assert (sent.state, sent.told_on) == ("sent", post.clock.now().date())
        assert reading().scalars(select(Contact)).one().kind == "told"
    assert "was told by e-mail" in page(browser.get(f"/studies/{study.ref}/follow-ups"))


def test_nobody_is_told_twice_of_one_decision(browser: FlaskClient, study: Study, post: Post) -> None:
    send(browser, study, "P1")
    waiting = send(browser, study, "P1")
    post.work()
    sent = send(browser, study, "P1")

    assert waiting.status_code == sent.status_code == 422
    assert "P1 cannot be told: waits to be sent." in page(waiting)
    assert "P1 cannot be told: was told by e-mail." in page(sent)


def test_another_code_of_the_same_person_is_not_told_again(
    browser: FlaskClient, study: Study, maya: Member, post: Post
) -> None:
    with transaction() as session:
        other = make_study(session, actor=maya, title="Reminders")
        held = make_session(session, actor=maya, study=other, participants=["P9"])
        again = session.scalars(select(Participant).where(Participant.code == "P9")).one()
        keep_identity(session, actor=maya, participant=again, who=Who(name="Z.", email="zinna.p1@quorl.example"))
        given = ConsentDetails(given_on=today(session), scopes=["recontact"])
        record_consent(session, actor=maya, participant=again, study=other, details=given)
        insight = make_insight(
            session, actor=maya, highlight=make_highlight(session, actor=maya, research_session=held)
        )
        decision = session.get_one(Decision, 1)
        link_insight(session, actor=maya, decision=decision, insight=insight, type_="informed", rationale="They too.")
    send(browser, study, "P1")

    refused = send(browser, other, "P9")

    assert refused.status_code == 422
    assert "told of DEC-1 under another code already" in page(refused)


def test_who_takes_consent_back_before_it_is_sent_gets_none(
    browser: FlaskClient, study: Study, maya: Member, post: Post, mailbox: Mailbox
) -> None:
    send(browser, study, "P1")
    with transaction() as session:
        person = person_of("P1")
        given = session.scalars(select(Consent).where(Consent.participant_id == person.id)).one()
        withdraw_consent(session, actor=maya, consent=given, study=study, on=today(session), scopes=["recontact"])
    post.work()

    assert mailbox.taken == []
    assert "no longer does" in page(browser.get(f"/studies/{study.ref}/follow-ups"))


def test_consent_that_runs_out_before_it_is_sent_stops_it(
    browser: FlaskClient, study: Study, post: Post, mailbox: Mailbox
) -> None:
    send(browser, study, "P1")
    with transaction() as session:
        given = session.scalars(select(Consent).where(Consent.participant_id == person_of("P1").id)).one()
        given.expires_on = post.clock.now().date() - timedelta(days=1)
    post.work()

    assert mailbox.taken == []
    with post.app.app_context():
        stopped = reading().scalars(select(FollowUp)).one()
        assert stopped.why_stopped == "They no longer agree to be contacted again, or withdrew."


def test_who_asks_that_their_words_are_used_no_further_is_not_written_to(
    browser: FlaskClient, study: Study, maya: Member, post: Post, mailbox: Mailbox
) -> None:
    send(browser, study, "P1")
    with transaction() as session:
        stop_use(session, actor=maya, participant=person_of("P1"), study=study, asked_on=today(session))
    post.work()

    assert mailbox.taken == []


def test_a_message_is_taken_back_before_it_is_sent_and_not_after(
    browser: FlaskClient, study: Study, post: Post, mailbox: Mailbox
) -> None:
    send(browser, study, "P1")
    browser.post(f"/studies/{study.ref}/follow-ups/1/take-back")
    post.work()
    assert mailbox.taken == []

    send(browser, study, "P1")
    post.work(hours=1)
    refused = browser.post(f"/studies/{study.ref}/follow-ups/2/take-back")

    assert len(mailbox.taken) == 1
    assert refused.status_code == 409
    assert "It cannot be called back." in page(refused)


def test_somebody_is_told_by_telephone_on_a_day(browser: FlaskClient, study: Study) -> None:
    day = today(reading()).isoformat()
    refused = browser.post(
        f"/studies/{study.ref}/follow-ups/1/told", data={"codes": "P3", "channel": "telephone", "on": "2020-01-01"}
    )
    browser.post(f"/studies/{study.ref}/follow-ups/1/told", data={"codes": "P3", "channel": "telephone", "on": day})

    assert refused.status_code == 422
    assert "after the decision, and not to come" in page(refused)
    with browser.application.app_context():
        told = reading().scalars(select(FollowUp)).one()
        assert (told.state, told.told_on.isoformat() if told.told_on else "") == ("told", day)
    browser.post(f"/studies/{study.ref}/follow-ups/1/take-back")
    with browser.application.app_context():
        assert reading().scalars(select(FollowUp)).all() == []
        assert reading().scalars(select(Contact)).all() == []


def test_the_way_to_take_consent_back_stays_in_and_names_stay_out(
    browser: FlaskClient, study: Study, post: Post
) -> None:
    without = send(browser, study, "P1", text="Thank you.")
    named = send(browser, study, "P1", text="Dear Zinna, write to maya@example.org.")

    assert "keep the address maya@example.org in it" in page(without)
    assert "It names somebody whom the vault knows." in page(named)
    worded = {"subject": "News", "text": "Thank you."}
    assert "Keep {ending} in it" in page(browser.post(f"/studies/{study.ref}/follow-ups", data=worded))
    worded["text"] = "We decided: {decision}\n\n{ending}"
    browser.post(f"/studies/{study.ref}/follow-ups", data=worded)
    assert "We decided: Put the next step first" in page(browser.get(f"/studies/{study.ref}/follow-ups/1"))


def test_who_was_asked_often_is_told_when_it_is_meant(
    browser: FlaskClient, study: Study, maya: Member, post: Post
) -> None:
    with transaction() as session:
        person = person_of("P1")
        details = ContactDetails("invited", "email", today(session))
        for _ in range(3):
            record_contact(
                session, actor=maya, participant=person, study_id=study.id, team_id=study.team_id, details=details
            )

    assert "Asked as often as we allow." in page(browser.get(f"/studies/{study.ref}/follow-ups"))
    warned = send(browser, study, "P1")
    done = send(browser, study, "P1", despite="y")

    assert warned.status_code == 422
    assert "P1 heard from us as often as we allow (3 invitations in 180 days)" in page(warned)
    assert done.status_code == 303


def test_the_address_is_in_the_envelope_alone(  # noqa: PLR0917 - both sides of the mail, and what is printed
    browser: FlaskClient,
    administrator: FlaskClient,
    study: Study,
    post: Post,
    mailbox: Mailbox,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Also where the server names it in its answer."""
    mailbox.answer = "550 <zinna.p1@quorl.example> Zinna Quorl is unknown here"
    send(browser, study, "P1")
    post.work()
    shown = "".join(
        page(each)
        for each in (
            browser.get(f"/studies/{study.ref}/follow-ups"),
            browser.get(f"/studies/{study.ref}/follow-ups/1"),
            browser.get(f"/studies/{study.ref}/contacts"),
            administrator.get("/mail"),
            administrator.get("/activity"),
        )
    )
    printed = "".join(capfd.readouterr())
    with post.app.app_context():
        mail = reading().scalars(select(Mail)).one()
        rows = [f"{entry.verb} {entry.detail}" for entry in reading().scalars(select(ActivityEntry))]
        look = next(row for row in rows if row.startswith("had a message sent to the address of"))

    assert "could not be sent; tell them by letter or telephone" in shown
    assert mail.problem.startswith("The mail server did not take it.")
    assert "follow_up" in look
    assert not any(needle in text for needle in NEEDLES for text in (shown, printed, mail.problem, *rows))


def test_only_those_who_may_know_names_open_the_queue(study: Study, client_for: SignIn, maya: Member) -> None:
    for role, status in (
        (Role.READER, 403),
        (Role.CONTRIBUTOR, 403),
        (Role.ADMINISTRATOR, 403),
        (Role.RESEARCHER, 200),
    ):
        assert client_for(role).get(f"/studies/{study.ref}/follow-ups").status_code == status


def test_without_a_mail_server_the_page_says_what_to_do(browser: FlaskClient, study: Study) -> None:
    assert "No mail server" in page(browser.get(f"/studies/{study.ref}/follow-ups"))
    refused = send(browser, study, "P1")
    assert refused.status_code == 422
    assert "Tell them by letter or telephone." in page(refused)


def test_the_scorecard_counts_who_was_told_of_those_who_may_be(
    browser: FlaskClient, study: Study, maya: Member, app: Flask
) -> None:
    """P1, P3 and nobody else may be told; P3 was, on the day of the decision."""
    day = today(reading())
    browser.post(
        f"/studies/{study.ref}/follow-ups/1/told",
        data={"codes": "P3", "channel": "telephone", "on": day.isoformat()},
    )

    with app.app_context():
        reader = reading().get_one(Member, maya.id)
        around, _services = read_surroundings(reading(), reader, Period(day, day))

    people = {code: person.id for code in ("P1", "P3") for person in [_by_code(app, code)]}
    assert around.follow_ups is not None
    assert sorted(around.follow_ups, key=lambda fact: fact.participant_id) == [
        FollowUpFact(people["P1"], 1, None),
        FollowUpFact(people["P3"], 1, day),
    ]


def _by_code(app: Flask, code: str) -> Participant:
    with app.app_context():
        return person_of(code)
