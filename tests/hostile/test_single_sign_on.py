"""Single sign-on against a provider, a browser or a network that lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from factories import make_member, make_team
from flask import Flask
from flask.testing import FlaskClient
from provider import CLIENT, SECRET, Hostile, provider
from pydantic import SecretStr, ValidationError
from signing_in import PASSWORD, enter, is_in, later, signed_in, token_of, with_app
from sqlalchemy import select

from insights.core.access import Role
from insights.people.models import FederatedIdentity, Member
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.single_sign_on.client import IssuerClient, ProviderUnavailable

NINA = {"sub": "nina-1", "email": "nina@example.org", "email_verified": True, "name": "Nina Simon"}
START, BACK = "/sign-in/single-sign-on", "/sign-in/single-sign-on/back"


@pytest.fixture
def theirs(app: Flask) -> Iterator[Hostile]:
    with provider() as made:
        made.person = dict(NINA)
        settings = app.extensions["settings"]
        settings.oidc_issuer, settings.oidc_client_id = made.address, CLIENT
        settings.oidc_client_secret, settings.base_url = SecretStr(SECRET), "http://localhost"
        settings.oidc_admits_unknown = True
        yield made


def come(browser: FlaskClient, theirs: Hostile) -> str:
    """Goes there, signs in, comes back; where one is led in the end."""
    answer = browser.get(theirs.lets_in(browser.get(START).location))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def nina() -> Member | None:
    return reading().scalars(select(Member).where(Member.email == "nina@example.org")).one_or_none()


def is_refused(app: Flask, theirs: Hostile, words: str) -> None:
    browser = app.test_client()
    assert come(browser, theirs) == "/sign-in"
    assert words in browser.get("/sign-in").text
    assert not is_in(browser)
    assert nina() is None


def test_whoever_the_provider_names_comes_in_and_gets_an_account_as_reader(app: Flask, theirs: Hostile) -> None:
    browser = app.test_client()

    assert come(browser, theirs) == "/"

    assert "Nina Simon" in browser.get("/account").text
    member = nina()
    assert member is not None
    assert (member.role, member.password_hash) == (Role.READER, None)


def test_the_provider_is_asked_with_state_nonce_and_pkce_and_no_secret(app: Flask, theirs: Hostile) -> None:
    address = app.test_client().get(START).location

    for part in ("response_type=code", "state=", "nonce=", "code_challenge=", "code_challenge_method=S256"):
        assert part in address
    assert SECRET.partition(" ")[2] not in address
    assert "verifier" not in address


SPOILED: dict[str, tuple[Any, str]] = {
    "wrong nonce": (lambda claims: claims.update(nonce="another"), "answers another question"),
    "no nonce": (lambda claims: claims.pop("nonce"), "answers another question"),
    "wrong audience": (lambda claims: claims.update(aud="another-site"), "for another site"),
    "several audiences, made for another": (
        lambda claims: claims.update(aud=[CLIENT, "another"], azp="another"),
        "made for another site",
    ),
    "another issuer": (lambda claims: claims.update(iss="https://evil.example"), "another issuer"),
    "expired": (lambda claims: claims.update(exp=claims["iat"] - 3600), "too old"),
    "no end": (lambda claims: claims.pop("exp"), "too old"),
    "of the future": (lambda claims: claims.update(iat=claims["iat"] + 3600), "of the future"),
    "nobody": (lambda claims: claims.pop("sub"), "says nobody"),
    "unverified address": (lambda claims: claims.update(email_verified=False), "was not confirmed"),
    "address verified in words alone": (lambda claims: claims.update(email_verified="false"), "was not confirmed"),
    "no address": (lambda claims: claims.pop("email"), "was not confirmed"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_token_that_says_the_wrong_thing_lets_nobody_in(app: Flask, theirs: Hostile, case: str) -> None:
    theirs.spoil, words = SPOILED[case]

    is_refused(app, theirs, words)


def test_a_link_on_another_site_signs_nobody_in_without_their_own_press(app: Flask, theirs: Hostile) -> None:
    begun = {
        place: app.test_client().get(START, headers={"Sec-Fetch-Site": place}).location
        for place in ("cross-site", "same-site", "same-origin", "none")
    }

    assert begun["cross-site"] == begun["same-site"] == "/sign-in"
    assert all("code_challenge" in begun[place] for place in ("same-origin", "none"))


@pytest.mark.parametrize("sign", ["none", "another key", "HS256 with the public key", "HS256 with the client's secret"])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(app: Flask, theirs: Hostile, sign: str) -> None:
    theirs.sign = sign

    is_refused(app, theirs, "Nobody was signed in")


def test_an_answer_that_names_another_issuer_lets_nobody_in(app: Flask, theirs: Hostile) -> None:
    theirs.answer = {"iss": "https://evil.example"}

    is_refused(app, theirs, "another issuer")


def test_where_the_provider_says_who_answers_an_answer_without_that_lets_nobody_in(app: Flask, theirs: Hostile) -> None:
    theirs.metadata = {"authorization_response_iss_parameter_supported": True}

    is_refused(app, theirs, "another issuer")


def test_a_provider_that_calls_itself_otherwise_is_not_spoken_to(app: Flask, theirs: Hostile) -> None:
    theirs.metadata = {"issuer": "https://evil.example"}

    assert app.test_client().get(START).status_code == 503


def test_an_answer_that_was_begun_in_another_browser_lets_nobody_in(app: Flask, theirs: Hostile) -> None:
    """Whoever plants their own answer in a victim's browser does not sign the victim in as themselves."""
    attacker, victim = app.test_client(), app.test_client()
    planted = theirs.lets_in(attacker.get(START).location)
    victim.get(START)

    assert victim.get(planted).location == "/sign-in"
    assert app.test_client().get(planted).location == "/sign-in"
    assert not is_in(victim)


def test_an_answer_that_comes_a_second_time_lets_nobody_in(app: Flask, theirs: Hostile) -> None:
    browser = app.test_client()
    answer = theirs.lets_in(browser.get(START).location)
    assert browser.get(answer).location == "/"
    browser.post("/sign-out")

    assert browser.get(answer).location == "/sign-in"
    assert not is_in(browser)


def test_a_code_of_somebody_else_lets_nobody_in(app: Flask, theirs: Hostile) -> None:
    """A stolen code fits no other browser: its verifier lies on our side, beside the state of that browser."""
    victim, attacker = app.test_client(), app.test_client()
    stolen = theirs.lets_in(victim.get(START).location)
    code = stolen.partition("code=")[2].partition("&")[0]
    mine = theirs.lets_in(attacker.get(START).location)

    answer = attacker.get(mine.replace(mine.partition("code=")[2].partition("&")[0], code))

    assert answer.status_code == 503
    assert not is_in(attacker)


def test_an_answer_after_more_than_ten_minutes_lets_nobody_in(app: Flask, theirs: Hostile) -> None:
    browser = app.test_client()
    answer = theirs.lets_in(browser.get(START).location)

    with later(minutes=11):
        assert browser.get(answer).location == "/sign-in"
    assert not is_in(browser)


def test_when_the_provider_is_down_the_page_says_so_and_local_sign_in_goes_on(app: Flask, theirs: Hostile) -> None:
    theirs.down = True
    with transaction() as unit:
        ada = make_member(unit, password=PASSWORD)

    answer = app.test_client().get(START)

    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert is_in(signed_in(app, ada))


def test_a_provider_that_goes_down_half_way_signs_nobody_in(app: Flask, theirs: Hostile) -> None:
    browser = app.test_client()
    answer = theirs.lets_in(browser.get(START).location)
    theirs.down = True

    assert browser.get(answer).status_code == 503
    assert not is_in(browser)


def test_an_address_alone_makes_nobody_somebody_who_is_here(app: Flask, theirs: Hostile) -> None:
    with transaction() as unit:
        make_member(unit, email="nina@example.org", name="Local Nina", role=Role.ADMINISTRATOR, password=PASSWORD)
    browser = app.test_client()

    assert come(browser, theirs) == "/sign-in"

    assert not is_in(browser)
    assert "Sign in to it once" in browser.get("/sign-in").text
    assert reading().scalars(select(FederatedIdentity)).all() == []


def test_signing_in_locally_once_links_the_two(app: Flask, theirs: Hostile) -> None:
    with transaction() as unit:
        local = make_member(unit, email="nina@example.org", role=Role.RESEARCHER, password=PASSWORD)
    browser = app.test_client()
    come(browser, theirs)

    assert enter(browser, local) == "/"

    other = app.test_client()
    assert come(other, theirs) == "/"
    assert local.name in other.get("/account").text


def test_signing_in_as_somebody_else_links_nothing(app: Flask, theirs: Hostile) -> None:
    with transaction() as unit:
        make_member(unit, email="nina@example.org", password=PASSWORD)
        eve = make_member(unit, password=PASSWORD)
    browser = app.test_client()
    come(browser, theirs)

    enter(browser, eve)

    assert reading().scalars(select(FederatedIdentity)).all() == []


def test_linking_takes_the_second_factor_too(app: Flask, theirs: Hostile) -> None:
    with transaction() as unit:
        local = make_member(unit, email="nina@example.org", password=PASSWORD)
    with_app(local)
    browser = app.test_client()
    come(browser, theirs)

    assert enter(browser, local) == "/sign-in/second-factor"
    assert reading().scalars(select(FederatedIdentity)).all() == []


def test_another_person_who_gets_the_address_later_does_not_get_the_account(app: Flask, theirs: Hostile) -> None:
    come(app.test_client(), theirs)
    theirs.person["sub"] = "somebody-else"
    browser = app.test_client()

    assert come(browser, theirs) == "/sign-in"
    assert not is_in(browser)


def test_groups_say_role_and_team_and_a_change_holds_at_the_next_sign_in(app: Flask, theirs: Hostile) -> None:
    settings = app.extensions["settings"]
    settings.oidc_roles = {"research": Role.RESEARCHER, "boss": Role.ADMINISTRATOR}
    settings.oidc_teams = {"grants": "Grants"}
    with transaction() as unit:
        make_team(unit, name="Grants")
    theirs.person["groups"] = ["research", "grants", "choir"]
    first, second = app.test_client(), app.test_client()
    come(first, theirs)
    page = first.get("/account").text
    assert "Researcher" in page
    assert "Grants" in page

    theirs.person["groups"] = ["boss", "research", "grants"]
    come(second, theirs)

    assert "Administrator" in second.get("/account").text
    assert not is_in(first)


def test_whoever_lost_every_group_comes_in_no_more_and_is_signed_out(app: Flask, theirs: Hostile) -> None:
    settings = app.extensions["settings"]
    settings.oidc_roles, settings.oidc_admits_unknown = {"research": Role.RESEARCHER}, False
    theirs.person["groups"] = ["research"]
    before = app.test_client()
    come(before, theirs)

    theirs.person["groups"] = []
    browser = app.test_client()

    assert come(browser, theirs) == "/sign-in"
    assert "None of your groups" in browser.get("/sign-in").text
    assert not is_in(before)


def test_unknown_people_stay_outside_unless_the_setting_lets_them_in(app: Flask, theirs: Hostile) -> None:
    app.extensions["settings"].oidc_admits_unknown = False

    is_refused(app, theirs, "You have no account here yet")


def test_a_closed_account_stays_closed(app: Flask, theirs: Hostile) -> None:
    come(app.test_client(), theirs)
    member = nina()
    assert member is not None
    with transaction() as unit:
        unit.get_one(Member, member.id).is_active = False
    browser = app.test_client()

    assert come(browser, theirs) == "/sign-in"
    assert "closed" in browser.get("/sign-in").text


def test_passwords_may_be_left_to_named_accounts_and_others_read_the_same_as_a_wrong_one(
    app: Flask, theirs: Hostile
) -> None:
    with transaction() as unit:
        named, other = (make_member(unit, password=PASSWORD) for _ in range(2))
    app.extensions["settings"].oidc_local_accounts = [named.email]

    assert is_in(signed_in(app, named))
    answer = app.test_client().post("/sign-in", data={"email": other.email, "password": PASSWORD})

    assert answer.status_code == 422
    assert "No account fits" in answer.text


def test_a_proof_at_the_provider_has_to_be_of_now_and_of_the_same_person(app: Flask, theirs: Hostile) -> None:
    browser = app.test_client()
    come(browser, theirs)
    before = token_of(browser)
    theirs.spoil = lambda claims: claims.update(auth_time=claims["iat"] - 3600)

    def prove() -> str:
        return str(browser.get(theirs.lets_in(browser.get("/account/confirm/single-sign-on").location)).location)

    assert prove() == "/account/confirm"
    theirs.spoil = lambda claims: claims.update(sub="somebody-else")
    assert prove() == "/account/confirm"
    assert token_of(browser) == before
    theirs.spoil = lambda _claims: None
    assert prove() == "/account"
    assert token_of(browser) != before


def test_signing_out_offers_to_sign_out_at_the_provider_too(app: Flask, theirs: Hostile) -> None:
    browser = app.test_client()
    come(browser, theirs)
    browser.post("/sign-out")

    assert "Sign out there too" in browser.get("/sign-in").text
    address = browser.get("/sign-out/single-sign-on").location

    assert address.startswith(f"{theirs.address}/leave?")
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fsign-in" in address


def test_only_the_issuers_own_places_are_spoken_to(theirs: Hostile) -> None:
    client = IssuerClient("https://login.example.gov")

    for address in (f"{theirs.address}/keys", "https://127.0.0.1/keys", "https://[::1]/", "https://169.254.169.254/"):
        with pytest.raises(ProviderUnavailable):
            client.get_json(address)
    assert theirs.asked == []


def test_a_provider_that_leads_elsewhere_is_not_followed(app: Flask, theirs: Hostile) -> None:
    with provider() as elsewhere:
        theirs.metadata = {"jwks_uri": f"{elsewhere.address}/keys", "token_endpoint": f"{elsewhere.address}/token"}
        browser = app.test_client()
        answer = browser.get(theirs.lets_in(browser.get(START).location))

    assert answer.status_code == 503
    assert elsewhere.asked == []


def test_settings_that_cannot_work_are_refused_at_the_start() -> None:
    for values in (
        {"oidc_issuer": "https://login.example.gov"},
        {"oidc_issuer": "http://login.example.gov", "oidc_client_id": "x", "base_url": "https://hub.example.gov"},
    ):
        with pytest.raises(ValidationError):
            Settings(**values)


def test_without_single_sign_on_its_addresses_are_not_there(app: Flask) -> None:
    for address in (START, BACK, "/sign-out/single-sign-on"):
        assert app.test_client().get(address).status_code == 404
    assert "single sign-on" not in app.test_client().get("/sign-in").text
