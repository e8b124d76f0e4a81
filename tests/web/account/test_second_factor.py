from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pyotp
import pytest
from factories import make_member
from flask import Flask
from flask.testing import FlaskClient
from signing_in import PASSWORD, code_at, code_now, enter, is_in, later, session_row, signed_in, with_app
from sqlalchemy import select

from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import FixedClock, now, set_clock
from insights.core.keys import keys_of
from insights.people.accounts.factors import Demand
from insights.people.accounts.sealing import unseal
from insights.people.models import AuthenticatorApp, Member, RecoveryCode, WayIn
from research_hub.db import reading, transaction


@pytest.fixture(autouse=True)
def _moment(app: Flask) -> None:
    """In the midst of a code's half minute."""
    set_clock(reading(), FixedClock(now(reading()).replace(second=15, microsecond=0)))


@pytest.fixture
def ada(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, email="ada@example.org", name="Ada", role=Role.ADMINISTRATOR, password=PASSWORD)


def give_code(browser: FlaskClient, code: str) -> int:
    return browser.post("/sign-in/second-factor", data={"code": code}).status_code


def codes_on(page: str) -> list[str]:
    return re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>", page)


def test_an_app_is_set_up_from_the_picture_or_the_key_and_asked_for_from_then_on(app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)
    assert browser.post("/account/second-factor/app").location == "/account/second-factor/app"
    page = browser.get("/account/second-factor/app").text
    secret = re.search(r'class="key">([A-Z2-7 ]+)<', page)
    assert secret is not None
    assert 'src="data:image/svg+xml' in page
    totp = pyotp.TOTP(secret.group(1).replace(" ", ""))

    answer = browser.post("/account/second-factor/app/confirm", data={"code": code_now(totp)})

    assert answer.location == "/account/second-factor"
    assert session_row(browser).way is WayIn.SECOND_FACTOR
    assert enter(app.test_client(), ada) == "/sign-in/second-factor"


def test_the_key_is_shown_until_its_first_code_and_never_again(app: Flask, ada: Member) -> None:
    with_app(ada)

    answer = signed_in_with_code(app, ada).get("/account/second-factor/app")

    assert (answer.status_code, answer.location) == (303, "/account/second-factor")


def signed_in_with_code(app: Flask, member: Member, totp: pyotp.TOTP | None = None) -> FlaskClient:
    browser = app.test_client()
    assert enter(browser, member) == "/sign-in/second-factor"
    if totp is None:
        totp = totp_of(member)
    assert give_code(browser, code_now(totp)) == 303
    return browser


def totp_of(member: Member) -> pyotp.TOTP:
    row = reading().scalars(select(AuthenticatorApp).where(AuthenticatorApp.member_id == member.id)).one()
    return pyotp.TOTP(unseal(keys_of(reading()), row.sealed_secret, about=f"authenticator of {member.ref}"))


def test_the_password_alone_opens_nothing(app: Flask, ada: Member) -> None:
    with_app(ada)
    browser = app.test_client()

    enter(browser, ada)

    assert browser.get("/account").location == "/sign-in"
    assert browser.get("/members").location == "/sign-in"


def test_the_code_of_now_lets_in(app: Flask, ada: Member) -> None:
    totp = with_app(ada)

    assert is_in(signed_in_with_code(app, ada, totp))


def test_a_code_with_spaces_as_apps_show_it_is_taken(app: Flask, ada: Member) -> None:
    totp, browser = with_app(ada), app.test_client()
    enter(browser, ada)
    code = code_now(totp)

    assert give_code(browser, f" {code[:3]} {code[3:]} ") == 303


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (30, 303), (60, 422)])
def test_a_clock_may_be_off_by_half_a_minute_and_no_more(app: Flask, ada: Member, seconds: int, status: int) -> None:
    totp, browser = with_app(ada), app.test_client()
    enter(browser, ada)

    assert give_code(browser, code_at(totp, now(reading()) + timedelta(seconds=seconds))) == status


def test_a_code_that_was_used_lets_nobody_in_a_second_time(app: Flask, ada: Member) -> None:
    totp = with_app(ada)
    code = code_now(totp)
    signed_in_with_code(app, ada, totp)
    other = app.test_client()
    enter(other, ada)

    assert give_code(other, code) == 422
    assert not is_in(other)


def test_a_code_older_than_the_last_one_used_is_void_too(app: Flask, ada: Member) -> None:
    totp = with_app(ada)
    before = code_now(totp)
    with later(seconds=30):
        signed_in_with_code(app, ada, totp)
        other = app.test_client()
        enter(other, ada)
        assert give_code(other, before) == 422


def test_codes_cannot_be_tried_without_end(app: Flask, ada: Member) -> None:
    totp, browser = with_app(ada), app.test_client()
    enter(browser, ada)
    wrong = "000000" if code_now(totp) != "000000" else "000001"

    answers = [give_code(browser, wrong) for _ in range(6)]

    assert answers == [422] * 5 + [403]
    assert give_code(browser, code_now(totp)) == 403
    other = app.test_client()
    enter(other, ada)
    assert give_code(other, code_now(totp)) == 403


def test_after_the_pause_the_right_code_lets_in_again(app: Flask, ada: Member) -> None:
    totp, browser = with_app(ada), app.test_client()
    enter(browser, ada)
    for _ in range(5):
        give_code(browser, "wrong")

    with later(minutes=16):
        assert is_in(signed_in_with_code(app, ada, totp))


def test_the_secret_cannot_be_read_from_the_database(app: Flask, ada: Member) -> None:
    totp = with_app(ada)

    row = reading().scalars(select(AuthenticatorApp)).one()

    assert totp.secret not in row.sealed_secret
    assert row.sealed_secret.partition(".")[0] == app.extensions["keys"].newest.id


def test_ten_recovery_codes_are_shown_once_and_kept_as_hashes(app: Flask, ada: Member) -> None:
    with_app(ada)
    browser = signed_in_with_code(app, ada)

    page = browser.post("/account/second-factor/codes").text

    codes = codes_on(page)
    assert len(set(codes)) == 10
    assert all(code in unquote(page.split("data:text/plain", 1)[1]) for code in codes)
    kept = reading().scalars(select(RecoveryCode)).all()
    assert all(row.code_hash.startswith("$argon2id$") for row in kept)
    assert "10 left" in browser.get("/account/second-factor").text
    assert not codes_on(browser.get("/account/second-factor").text)


def test_a_recovery_code_lets_in_once(app: Flask, ada: Member) -> None:
    with_app(ada)
    code = codes_on(signed_in_with_code(app, ada).post("/account/second-factor/codes").text)[0]
    first, second = app.test_client(), app.test_client()
    enter(first, ada)
    enter(second, ada)

    # As somebody types it from paper: small, without lines, an O for a zero.
    typed = code.lower().replace("-", " ").replace("0", "o")
    assert first.post("/sign-in/second-factor/recovery", data={"recovery": typed}).status_code == 303
    assert second.post("/sign-in/second-factor/recovery", data={"recovery": code}).status_code == 422
    assert is_in(first)
    assert not is_in(second)


def test_new_recovery_codes_make_the_old_ones_void(app: Flask, ada: Member) -> None:
    with_app(ada)
    browser = signed_in_with_code(app, ada)
    old = codes_on(browser.post("/account/second-factor/codes").text)[0]
    browser.post("/account/second-factor/codes")
    other = app.test_client()
    enter(other, ada)

    assert other.post("/sign-in/second-factor/recovery", data={"recovery": old}).status_code == 422


def test_recovery_codes_are_tried_as_rarely_as_codes_of_apps(app: Flask, ada: Member) -> None:
    with_app(ada)
    browser = app.test_client()
    enter(browser, ada)

    send = {"recovery": "AAAA-BBBB-CCCC"}
    answers = [browser.post("/sign-in/second-factor/recovery", data=send).status_code for _ in range(6)]

    assert answers == [422] * 5 + [403]


def test_an_app_that_is_removed_is_not_asked_for_any_more(app: Flask, ada: Member) -> None:
    with_app(ada)

    signed_in_with_code(app, ada).post("/account/second-factor/app/remove")

    assert enter(app.test_client(), ada) == "/"


@pytest.mark.parametrize(
    ("demand", "role", "is_led"),
    [
        (Demand.NOBODY, Role.ADMINISTRATOR, False),
        (Demand.PRIVILEGED, Role.ADMINISTRATOR, True),
        (Demand.PRIVILEGED, Role.DATA_PROTECTION, True),
        (Demand.PRIVILEGED, Role.RESEARCHER, False),
        (Demand.EVERYBODY, Role.READER, True),
    ],
)
def test_whoever_has_to_have_a_second_factor_can_do_nothing_before(
    app: Flask, demand: Demand, role: Role, *, is_led: bool
) -> None:
    app.extensions["settings"].require_second_factor = demand
    with transaction() as unit:
        member = make_member(unit, role=role, password=PASSWORD)
    browser = signed_in(app, member)

    for address in ("/", "/account", "/log", "/evidence?q=letter", "/settings", "/insights.csv"):
        answer = browser.get(address)
        assert (answer.location == "/account/second-factor") is is_led, address
    assert (browser.post("/comments/INS-1", data={}).location == "/account/second-factor") is is_led
    assert browser.get("/account/second-factor").status_code == 200


def test_once_it_is_set_up_everything_is_open(app: Flask, ada: Member) -> None:
    app.extensions["settings"].require_second_factor = Demand.EVERYBODY
    browser = signed_in(app, ada)
    browser.post("/account/second-factor/app")

    browser.post("/account/second-factor/app/confirm", data={"code": code_now(totp_of(ada))})

    assert is_in(browser)


def test_adding_a_factor_signs_every_other_browser_out(app: Flask, ada: Member) -> None:
    other, browser = signed_in(app, ada), signed_in(app, ada)
    browser.post("/account/second-factor/app")

    browser.post("/account/second-factor/app/confirm", data={"code": code_now(totp_of(ada))})

    assert not is_in(other)
    assert is_in(browser)


STEPS = [
    ("GET", "/account/second-factor"),
    ("POST", "/account/second-factor/app"),
    ("POST", "/account/second-factor/app/confirm"),
    ("POST", "/account/second-factor/app/remove"),
    ("POST", "/account/second-factor/codes"),
    ("POST", "/account/passkeys"),
    ("POST", "/account/passkeys/options"),
    ("POST", "/account/passkeys/1/remove"),
]


@pytest.mark.parametrize(("method", "address"), STEPS)
def test_after_ten_minutes_a_change_of_factors_asks_again_who_one_is(
    app: Flask, ada: Member, method: str, address: str
) -> None:
    browser = signed_in(app, ada)

    with later(minutes=11):
        assert browser.open(address, method=method).location == "/account/confirm"
    assert browser.open(address, method=method).location != "/account/confirm"


def test_making_an_administrator_asks_again_and_another_role_does_not(app: Flask, ada: Member) -> None:
    with transaction() as unit:
        rita = make_member(unit, role=Role.READER)
    browser = signed_in(app, ada)

    with later(minutes=11):
        powerful = browser.post(f"/members/{rita.ref}/role", data={"role": "administrator"})
        harmless = browser.post(f"/members/{rita.ref}/role", data={"role": "researcher"})
        invited = browser.post("/invitations", data={"email": "eve@example.org", "role": "administrator"})

    assert powerful.location == invited.location == "/account/confirm"
    assert harmless.location == f"/members/{rita.ref}"
    assert reading().get_one(Member, rita.id).role is Role.RESEARCHER


def test_after_the_proof_one_goes_on_where_one_was(app: Flask, ada: Member) -> None:
    browser = signed_in(app, ada)
    with later(minutes=11):
        browser.get("/account/second-factor")

        answer = browser.post("/account/confirm", data={"password": PASSWORD})

        assert answer.location == "/account/second-factor"
        assert browser.get("/account/second-factor").status_code == 200


def test_the_proof_takes_the_second_factor_too(app: Flask, ada: Member) -> None:
    totp = with_app(ada)
    browser = signed_in_with_code(app, ada, totp)
    with later(minutes=11):
        assert browser.post("/account/confirm", data={"password": PASSWORD}).status_code == 422
        assert browser.get("/account/second-factor").location == "/account/confirm"
        right = browser.post("/account/confirm", data={"password": PASSWORD, "code": code_now(totp)})
        assert right.status_code == 303
        assert browser.get("/account/second-factor").status_code == 200


def test_whoever_took_over_a_browser_cannot_change_the_password_by_the_password_alone(app: Flask, ada: Member) -> None:
    totp = with_app(ada)
    browser = signed_in_with_code(app, ada, totp)
    new = {"current": PASSWORD, "password": "another horse battery", "again": "another horse battery"}

    with later(minutes=11):
        assert browser.post("/account/password", data=new).location == "/account/confirm"


def test_an_administrator_helps_whoever_lost_a_factor_and_it_is_recorded(app: Flask, ada: Member) -> None:
    with transaction() as unit:
        rita = make_member(unit, role=Role.READER, password=PASSWORD)
    with_app(rita)

    signed_in(app, ada).post(f"/members/{rita.ref}/second-factor/remove")

    assert enter(app.test_client(), rita) == "/"
    verbs = reading().scalars(select(ActivityEntry.verb).where(ActivityEntry.subject_ref == rita.ref)).all()
    assert "took the second factors of" in verbs


def test_whoever_looks_after_an_area_cannot_take_the_factor_of_an_administrator(app: Flask, ada: Member) -> None:
    with transaction() as unit:
        head = make_member(unit, role=Role.READER, password=PASSWORD, administers_area=True)
    with_app(ada)

    answer = signed_in(app, head).post(f"/members/{ada.ref}/second-factor/remove")

    assert answer.status_code == 403
    assert enter(app.test_client(), ada) == "/sign-in/second-factor"


def test_codes_can_be_filled_in_by_a_telephone_and_pasted(app: Flask, ada: Member) -> None:
    """WCAG 2.2, 3.3.8: nobody has to remember or copy signs by eye."""
    with_app(ada)
    browser = app.test_client()
    enter(browser, ada)

    page = browser.get("/sign-in/second-factor").text

    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    assert "onpaste" not in page
