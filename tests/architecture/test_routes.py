"""Every route is declared, guarded by its permission, protected against forged requests and answered strictly."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from demonstration import app_on_copy, browser_of
from flask import Flask
from walking import Records, Route, addresses, records_of, routes
from werkzeug.routing import BuildError

from insights.core.access import PERMISSIONS, Permission, Role
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import reading
from research_hub.security import CONTENT_SECURITY_POLICY, check_every_route_is_declared, public

# Addresses that anybody may open; a new one belongs here only after somebody thought about it.
PUBLIC = {
    "account.sign_in",
    "account.enter",
    # The second step of signing in, for whom the first one is done: a token in the cookie stands for them.
    *("account.second_step", "account.enter_code", "account.enter_recovery_code"),
    *("account.passkey_options", "account.enter_with_passkey"),
    *(f"account.{each}" for each in ("go_to_provider", "back_from_provider", "sign_out_at_provider")),
    # Whoever forgot a password cannot sign in; the token in the address of a link stands for the member.
    *("account.forgotten_password", "account.ask_for_password", "account.new_password", "account.choose_password"),
    *("account.accept_invitation", "account.accept", "account.way_in", "account.use_way_in"),
    "home.help_page",
    "home.accessibility",
    "home.favicon",
    "reports.help_metrics",
    "health.healthz",
    "health.readyz",
    "health.metrics",
    # A feed reader and a mail program cannot sign in: the token in the address stands for the member.
    "stewardship.feed",
    "stewardship.feed_of_one",
    "stewardship.unsubscribe",
    "stewardship.end_mail",
    *("reports.end_mail_page", "reports.end_mail"),
    # What was signed off for everybody, where the organisation switched it on; it asks for nobody and sets no cookie.
    *("public.index", "public.page", "public.page_in", "public.atom", "public.json_feed"),
}
# A mail program that unsubscribes has no token of a form (RFC 8058); the one in the address is signed.
WITHOUT_FORM_TOKEN = {"stewardship.end_mail", "reports.end_mail"}
# What a member may do to their own account or comment, or to something their area leaves to them, is decided past the
# gate.
OWN_COMMENTS = {f"stewardship.{act}_comment" for act in ("update", "delete", "restore")}
OWN_COLLECTIONS = {f"stewardship.{act}_collection" for act in ("update", "remove")}
OWN_REQUESTS = {f"openness.{act}_request" for act in ("update", "remove", "restore")}
OWN_MEMOS = {f"coding.{act}_memo" for act in ("update", "delete", "restore")}
OF_PARTICIPANTS = {
    f"stewardship.{act}"
    for act in (
        *("participant_withdrawal", "carry_out_withdrawal", "resume_participant", "show_withdrawal"),
        *("withdrawal_certificate", "subject_access", "log_subject_access", "change_subject_access"),
        "export_subject_access",
    )
}
DECIDED_PAST_THE_GATE = {
    # Nobody lets themselves in, and a request that waits is taken back by whoever asked.
    *("stewardship.decide_for_a_time", "stewardship.end_for_a_time"),
    "people",
    "synthesis.respond",
    "synthesis.progress",
    "synthesis.show_recommendation",
    *OWN_COMMENTS,
    *OWN_MEMOS,
    *OWN_REQUESTS,
    *OWN_COLLECTIONS,
    # Whoever looks after an area invites into it.
    *(
        f"account.{each}"
        for each in ("invitations", "export_invitations", "invite_somebody", "invite_again", "withdraw")
    ),
    # Whoever is named signs off, and nobody what they wrote themselves.
    "openness.sign_off",
    # Whoever recorded a verdict takes it back, or an approver; and a second person calls a change typing alone.
    "decisions.take_back",
    "synthesis.typing_alone",
    # Data protection reviews everybody's access, and whoever looks after an area its people's.
    *(f"stewardship.{each}" for each in ("access_reviews", "export_access_reviews", "begin_access_review")),
    *(f"stewardship.{each}" for each in ("show_access_review", "export_access_review", "answer_access_review")),
    *("stewardship.undo_access_answer", "stewardship.close_access_review"),
    # Researchers of the team withdraw its participants and answer them, and data protection everybody's.
    *OF_PARTICIPANTS,
}
# A picture that somebody uploaded is shown, and nothing in it may do anything at all.
POLICY_OF_PICTURES = "default-src 'none'; sandbox"
# Seen by whoever looks after an area, whatever their role.
OF_AN_AREA = {"account.invitations", "account.export_invitations"} | {
    f"stewardship.{each}"
    for each in ("access_reviews", "export_access_reviews", "show_access_review", "export_access_review")
}
# What masking does not reach is read by the people of a study alone, whatever their role (docs/adr/0018).
INSIDE_A_STUDY = {"capture.original", "coding.code_text", "coding.text_personal_data"}
# Said of a record that another area, or everybody, owns (features.md L7); any other refusal of what a role includes is
# a fault.
OF_ANOTHER_AREA = "This belongs to "
# Work that waits is seen by whoever left it alone: here by the first researcher.
OF_ONE_PERSON = {
    "coding.refused_undo",
    "stewardship.show_saved",
    *(f"exchange.{page}" for page in ("show_import", "show_file", "export_row_errors")),
    *(f"exchange.{page}" for page in ("show_project", "project_file", "project_report")),
}


@pytest.fixture(scope="module")
def walked(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Shared by the tests that leave everything as it is."""
    with app_on_copy(told, tmp_path_factory.mktemp("walked") / "data") as app:
        yield app


@pytest.fixture(scope="module")
def records(walked: Flask) -> Records:
    with walked.app_context():
        return records_of(reading())


def test_the_walk_knows_every_address(walked: Flask, records: Records) -> None:
    for route in routes(walked):
        for address in addresses(route, records):
            assert "<" not in address, route.name
            adapter = walked.url_map.bind("localhost")
            endpoint, _values = adapter.match(address, method=route.method)
            assert endpoint == route.rule.endpoint, f"{address} leads elsewhere"


def test_a_route_without_a_declared_permission_stops_the_start(walked: Flask, settings: Settings) -> None:
    app = create_app(settings)
    app.add_url_rule("/forgotten", "forgotten", lambda: "anything")

    with pytest.raises(RuntimeError, match="/forgotten declares no permission"):
        check_every_route_is_declared(app)


def test_a_route_added_after_the_check_is_closed_to_everyone_but_administrators(told: Path, tmp_path: Path) -> None:
    with app_on_copy(told, tmp_path / "data") as app:
        app.add_url_rule("/forgotten", "forgotten", lambda: "anything")

        assert app.test_client().get("/forgotten").status_code == 303
        assert browser_of(app, Role.RESEARCHER).get("/forgotten").status_code == 403


def test_nothing_is_public_but_what_is_listed_here(walked: Flask) -> None:
    assert {route.rule.endpoint for route in routes(walked) if route.permission is None} == PUBLIC


def test_without_an_account_every_other_address_leads_to_sign_in(walked: Flask, records: Records) -> None:
    client = walked.test_client()

    for route, address in _walk(walked, records):
        with client.open(address, method=route.method) as answer:
            if route.permission is not None:
                assert (answer.status_code, answer.location) == (303, "/sign-in"), f"{route.method} {address}"
                assert answer.get_data(as_text=True).count("<") < 12, f"{route.method} {address} shows something"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_its_permissions_declare_and_nothing_else(
    role: Role, walked: Flask, records: Records
) -> None:
    client = browser_of(walked, role)

    for route, address in _walk(walked, records, "GET"):
        if route.permission is None:
            continue
        with client.get(address) as answer:
            status = answer.status_code
        if route.permission not in PERMISSIONS[role]:
            assert status == 403, f"{role} got {status} from {address}"
        elif route.rule.endpoint.split(".")[0] == "people" or route.rule.endpoint in OF_AN_AREA:
            assert status in {200, 303, 403, 404}, f"{role} got {status} from {address}"
        elif route.rule.endpoint in INSIDE_A_STUDY | OF_PARTICIPANTS:
            assert status in {200, 303, 403}, f"{role} got {status} from {address}"
        elif route.rule.endpoint in OF_ONE_PERSON:
            assert status == (200 if role is Role.RESEARCHER else 404), f"{role} got {status} from {address}"
        else:
            assert status in {200, 303, 409}, f"{role} got {status} from {address}"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sends_only_what_its_permissions_declare(role: Role, told: Path, tmp_path: Path) -> None:
    """An empty form goes to each route: refused at the gate, or for what it says, and never with a fault of ours."""
    with app_on_copy(told, tmp_path / "data") as app:
        with app.app_context():
            known = records_of(reading())
        client = browser_of(app, role)

        for route, address in _walk(app, known, "POST"):
            if route.permission is None or _ends_the_session(route):
                continue
            with client.post(address) as answer:
                status, content = answer.status_code, answer.get_data()
            if route.permission not in PERMISSIONS[role]:
                assert status == 403, f"{role} got {status} from POST {address}"
            else:
                assert status in {200, 201, 303, 403, 404, 409, 422}, f"{role} got {status} from POST {address}"
                owned = OF_ANOTHER_AREA.encode() in content
                assert status != 403 or owned or _is_decided_past_the_gate(route), f"{role} got 403 from POST {address}"


def test_nothing_is_changed_by_a_form_without_its_token(told: Path, tmp_path: Path) -> None:
    with app_on_copy(told, tmp_path / "data") as app:
        app.config["WTF_CSRF_ENABLED"] = True
        with app.app_context():
            known = records_of(reading())
        # What administrators may not do, such as knowing names, data protection may.
        clients = [(role, browser_of(app, role)) for role in (Role.ADMINISTRATOR, Role.DATA_PROTECTION)]

        for route, address in _walk(app, known, "POST"):
            if route.rule.endpoint in WITHOUT_FORM_TOKEN:
                continue
            client = next(one for role, one in clients if route.permission in {None, *PERMISSIONS[role]})
            answer = client.post(address, data={"title": "Forged"})
            assert answer.status_code == 400, f"{route.name} took a form without a token"
            assert "reload it" in answer.get_data(as_text=True)


def test_every_answer_carries_the_policy(walked: Flask, records: Records) -> None:
    client, stranger = browser_of(walked, Role.ADMINISTRATOR), walked.test_client()
    unusual = ("/nowhere", "/studies/STU-999999", "/static/css/base.css", "/static/nowhere.css", "/sign-in")

    for address in [address for _route, address in _walk(walked, records, "GET")] + list(unusual):
        for browser in (client, stranger):
            with browser.get(address) as answer:
                headers = answer.headers
            policy = POLICY_OF_PICTURES if "/images/" in address and browser is client else CONTENT_SECURITY_POLICY
            assert headers.get("Content-Security-Policy") == policy, address
            assert headers.get("X-Content-Type-Options") == "nosniff", address
    for answer in (client.post("/"), client.put("/log"), client.post("/studies", data={})):
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_a_fault_of_ours_carries_the_policy_too_and_gives_nothing_away(settings: Settings) -> None:
    app = create_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @public
    def fail() -> str:
        raise ValueError("a secret detail")

    app.add_url_rule("/fail", "fail", fail)

    answer = app.test_client().get("/fail")

    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "secret detail" not in answer.get_data(as_text=True)


def test_the_page_that_shows_a_form_again_takes_what_its_form_takes(walked: Flask) -> None:
    for rule in walked.url_map.iter_rules():
        view = walked.view_functions[rule.endpoint]
        named = getattr(view, "error_page", None)
        if named is None:
            continue
        endpoint = f"{rule.endpoint.split('.')[0]}{named}" if named.startswith(".") else named
        assert endpoint in walked.view_functions, f"{rule.endpoint} names {named}, which does not exist"
        values = dict.fromkeys(rule.arguments, 1)
        try:
            inspect.signature(walked.view_functions[endpoint]).bind(**values)
        except (TypeError, BuildError) as error:
            pytest.fail(f"{rule.endpoint} shows {endpoint}, which does not take {sorted(rule.arguments)}: {error}")


def test_a_refusal_at_the_gate_does_not_show_the_form_that_lies_behind_it(walked: Flask) -> None:
    answer = browser_of(walked, Role.READER).post("/studies/STU-1/access")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "Your role does not include this" in page
    assert "Restricted to the people named below" not in page


def test_every_form_that_takes_fields_names_the_page_that_shows_it_again(walked: Flask) -> None:
    # Nothing is typed into these, or they answer JSON, or they show their own form again.
    without = {
        *("account.end_other_sessions", "account.end_all_sessions", "account.end_session", "account.leave"),
        *("capture.keep_draft", "capture.drop_draft", "capture.store_live_lines"),
        *("exchange.begin_import", "exchange.add_file"),
        *("decisions.more_options", "decisions.more_options_of", "decisions.look_for_evidence"),
        "stewardship.see_comment",
    }

    silent = {
        route.rule.endpoint
        for route in routes(walked, "POST")
        if not hasattr(walked.view_functions[route.rule.endpoint], "error_page")
    }

    assert silent == without


def test_every_permission_opens_some_route(walked: Flask) -> None:
    asked = {route.permission for route in routes(walked)}
    past_the_gate = {Permission.RESPOND, Permission.AUDIT}

    assert set(Permission) - asked <= past_the_gate


def _walk(app: Flask, records: Records, method: str | None = None) -> Iterator[tuple[Route, str]]:
    for route in routes(app, method):
        for address in addresses(route, records):
            yield route, address


def _ends_the_session(route: Route) -> bool:
    own = {"account.leave", "account.end_session", "account.end_all_sessions"}
    return route.rule.endpoint in {*own, "people.sign_member_out"}


def _is_decided_past_the_gate(route: Route) -> bool:
    return bool({route.rule.endpoint, route.rule.endpoint.split(".")[0]} & DECIDED_PAST_THE_GATE)
