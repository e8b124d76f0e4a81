"""What browsers are told with every answer, what is asked past the usual, and what stands in the log afterwards."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SignIn
from demonstration import close
from factories import make_member, make_study
from flask import Flask
from signing_in import PASSWORD, enter, is_in, later, signed_in, with_app
from structlog.testing import capture_logs

from insights.core.access import Role
from research_hub import logs
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction
from research_hub.security import public

SECRET = "Wdk3-a-token-that-opens-something"


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Flask]:
    settings = Settings.model_validate(
        {
            "data": tmp_path / "production",
            "environment": "production",
            "base_url": "https://hub.example.gov",
            "trusted_hosts": ["hub.example.gov"],
        }
    )
    made = create_app(settings)
    with made.app_context():
        db.create_all()
        yield made
        close(made)
    logs.configure(as_json=False)


def ask(app: Flask, address: str, method: str = "GET") -> dict[str, str]:
    answer = app.test_client().open(address, method=method, base_url="https://hub.example.gov")
    return dict(answer.headers)


@pytest.mark.parametrize(
    "address", ["/sign-in", "/", "/nowhere", "/static/css/base.css", "/static/nowhere", "/healthz"]
)
def test_every_answer_says_that_the_site_is_spoken_to_by_https_alone_for_a_year(
    production: Flask, address: str
) -> None:
    headers = ask(production, address)

    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_the_cookie_is_bound_to_this_host_and_to_https(production: Flask) -> None:
    cookie = ask(production, "/sign-in")["Set-Cookie"]

    assert cookie.startswith("__Host-research_hub=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert len(cookie) < 4096


def test_no_answer_lets_another_site_read_it(app: Flask) -> None:
    for address in ("/sign-in", "/healthz", "/static/css/base.css"):
        answer = app.test_client().get(address, headers={"Origin": "https://elsewhere.example"})
        asked = app.test_client().options(
            address, headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
        )
        assert not [
            name for each in (answer, asked) for name, _value in each.headers if name.startswith("Access-Control")
        ]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "INVENTED"])
def test_methods_that_no_page_takes_are_refused_and_repeat_nothing(app: Flask, method: str) -> None:
    for address in ("/sign-in", "/healthz", "/", "/static/css/base.css"):
        answer = app.test_client().open(address, method=method, headers={"X-Hidden": SECRET})
        assert answer.status_code in {303, 405}, address
        assert SECRET not in answer.text


@pytest.mark.parametrize(
    "address", ["/", "/members.csv", "/healthz", "/sign-in", "/static/css/base.css", "/static/js/page.js", "/metrics"]
)
def test_what_is_text_says_in_which_encoding(address: str, client_for: SignIn) -> None:
    with client_for(Role.ADMINISTRATOR).get(address, follow_redirects=True) as answer:
        said = answer.headers["Content-Type"]
        assert answer.get_data() is not None

    assert 'charset="utf-8"' in said or "charset=utf-8" in said or said == "application/json"


@pytest.mark.parametrize("folder", ["/static/", "/static/css/", "/static/js", "/.git/config", "/static/../config.py"])
def test_no_folder_is_listed_and_no_file_beside_the_static_ones_is_served(app: Flask, folder: str) -> None:
    assert app.test_client().get(folder).status_code == 404


def test_a_parameter_in_the_address_does_not_stand_for_one_of_the_form(app: Flask) -> None:
    with transaction() as unit:
        member = make_member(unit, role=Role.READER, password=PASSWORD)

    answer = app.test_client().post(f"/sign-in?email={member.email}&password={PASSWORD}", data={})

    assert answer.status_code == 422


def test_of_two_values_of_one_field_the_first_is_taken_everywhere(app: Flask) -> None:
    with transaction() as unit:
        member = make_member(unit, role=Role.READER, password=PASSWORD)

    both = {"email": member.email, "password": ["wrong horse battery", PASSWORD]}

    assert app.test_client().post("/sign-in", data=both).status_code == 422


def test_signing_out_leaves_no_page_behind_in_the_browser(client_for: SignIn) -> None:
    for address in ("/sign-out", "/account/sessions/end-all"):
        assert client_for(Role.READER).post(address).headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("act", ["1/end", "end-others"])
def test_whoever_took_over_a_browser_cannot_sign_its_owner_out_of_others(app: Flask, act: str) -> None:
    with transaction() as unit:
        member = make_member(unit, role=Role.READER, password=PASSWORD)
    other, taken = signed_in(app, member), signed_in(app, member)

    with later(minutes=11):
        answer = taken.post(f"/account/sessions/{act}")
        proved = taken.post("/account/confirm", data={"password": PASSWORD})

        assert answer.location == "/account/confirm"
        assert proved.location == "/account"
        assert is_in(other)


def test_an_administrator_signs_somebody_out_everywhere_and_it_is_recorded(app: Flask, client_for: SignIn) -> None:
    with transaction() as unit:
        member = make_member(unit, role=Role.READER, password=PASSWORD)
    browser, keeper = signed_in(app, member), client_for(Role.ADMINISTRATOR)

    answer = keeper.post(f"/members/{member.ref}/sign-out", follow_redirects=True)

    assert "is signed out everywhere" in answer.text
    assert not is_in(browser)
    assert is_in(signed_in(app, member))
    assert "signed out everywhere" in keeper.get("/activity").text
    assert client_for(Role.RESEARCHER).post(f"/members/{member.ref}/sign-out").status_code == 404


def test_who_tried_what_they_may_not_stands_in_the_log(app: Flask, client_for: SignIn) -> None:
    with transaction() as unit:
        hidden = make_study(unit, restricted=True)
    reader = client_for(Role.READER)

    with capture_logs() as written:
        reader.get("/members/new")
        reader.post("/studies", data={"title": "Typed by somebody"})
        reader.get(f"/studies/{hidden.ref}")

    told = [(each["event"], each["path"], each["why"]) for each in written]
    assert ("refused", "/studies", "not allowed") in told
    assert ("refused", f"/studies/{hidden.ref}", "not there, or out of sight") in told
    assert all(each["member"].startswith("MEM-") and each["network"] == "127.0.0.1" for each in written)
    assert "Typed by somebody" not in str(written)


def test_attempts_to_get_past_a_control_stand_in_the_log_without_what_opens_anything(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()

    with capture_logs() as written:
        browser.post("/sign-in", data={"email": "ada@example.org", "password": SECRET})
        browser.get("/sign-in", headers={"Host": "elsewhere.example"})
        browser.post(f"/new-password/{SECRET}", data={"password": SECRET, "again": SECRET})
        browser.post("/sign-in", data={"email": "x" * (app.config["MAX_CONTENT_LENGTH"] + 1)})

    assert [each["why"] for each in written] == [
        "a form without its token",
        "a name that is not served here",
        "a form without its token",
        "too much, or too often",
    ]
    assert SECRET not in str(written)


def test_nobody_writes_a_line_of_their_own_into_the_log(production: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", written)
        logs.configure(as_json=True)
    browser = production.test_client()

    browser.post("/sign-out%0d%0aforged", base_url="https://hub.example.gov")
    browser.post("/new-password/x%0a%7B%22event%22%3A%22signed%20in%22%7D", base_url="https://hub.example.gov")
    browser.get("/sign-in", headers={"Host": "elsewhere.example"})
    browser.post("/studies/STU-1%0d%0aforged/access", base_url="https://hub.example.gov")

    lines = written.getvalue().splitlines()
    assert lines
    for line in lines:
        entry = json.loads(line)
        assert entry["event"] == "refused"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", entry["timestamp"])
        assert {"level", "member", "method", "path", "network", "why"} <= set(entry)


def test_signing_in_and_every_way_of_failing_to_is_recorded(app: Flask, client_for: SignIn) -> None:
    with transaction() as unit:
        member = make_member(unit, email="ada@example.org", role=Role.READER, password=PASSWORD)
        other = make_member(unit, role=Role.READER, password=PASSWORD)
    signed_in(app, other)
    with_app(member)
    browser = app.test_client()

    with capture_logs() as written:
        browser.post("/sign-in", data={"email": "nobody@example.org", "password": SECRET})
        browser.post("/sign-in", data={"email": member.email, "password": SECRET})
    enter(browser, member)
    browser.post("/sign-in/second-factor", data={"code": "000000"})
    browser.post("/sign-in/second-factor/recovery", data={"recovery": "AAAA-AAAA-AAAA"})

    page = client_for(Role.DATA_PROTECTION).get("/activity").text
    assert [(each["event"], each["way"], each["network"]) for each in written] == [
        ("a sign-in failed", "password", "")
    ] * 2
    assert "nobody@example.org" not in str(written)
    assert page.count("was given a wrong code for") == 2
    assert "failed to sign in as" in page
    assert "signed in" in page
    assert f"{other.ref}" in page


def test_a_fault_of_ours_stands_in_the_log_with_its_place_and_without_the_token_of_a_link(settings: Settings) -> None:
    app = create_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @public
    def fail(token: str) -> str:
        raise ValueError("a fault of ours")

    app.add_url_rule("/fail/<token>", "fail", fail)

    with capture_logs() as written:
        app.test_client().get(f"/fail/{SECRET}")

    (entry,) = written
    assert (entry["event"], entry["log_level"], entry["path"]) == ("unexpected error", "error", "/fail/<token>")
    assert isinstance(entry["exc_info"], ValueError)


@pytest.mark.parametrize("address", ["/", "/studies", "/evidence", "/decisions", "/account", "/settings", "/nowhere"])
def test_signing_out_is_one_press_away_on_every_page(address: str, client_for: SignIn) -> None:
    page = client_for(Role.ADMINISTRATOR).get(address).text

    assert 'action="/sign-out" method="post"' in page
