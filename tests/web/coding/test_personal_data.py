"""Through the browser: a text is looked through, and whoever is outside the study meets it only then."""

from __future__ import annotations

from collections.abc import Callable

from factories import make_member, make_session, make_study, make_team, source_of, text_of
from flask.testing import FlaskClient

from insights.capture.models import SourceText
from insights.core.access import Role
from insights.people.models import Member
from research_hub.db import db, transaction

SignIn = Callable[[Role | Member], FlaskClient]
NOTES = "My daughter Emily rang 020 7946 0018. Emily was told to wait."


def heard() -> tuple[str, str, str]:
    """The refs of a study, its session and its text, which nobody has looked through."""
    with transaction() as unit:
        study = make_study(unit)
        held = make_session(unit, study=study, notes=NOTES, reviewed=False)
        return study.ref, held.ref, source_of(unit, held).ref


def page(client: FlaskClient, address: str) -> str:
    return client.get(address, follow_redirects=True).get_data(as_text=True)


def text() -> str:
    db.session.rollback()
    return text_of(db.session, db.session.scalars(db.select(SourceText)).first())


def test_masking_and_saying_so_opens_the_text_to_others(client_for: SignIn) -> None:
    study, held, source = heard()
    inside, outside = client_for(Role.RESEARCHER), client_for(Role.READER)
    assert "read by the people of its study alone" in page(outside, f"/sessions/{held}")
    assert "Emily" not in page(outside, f"/sessions/{held}")
    shown = page(inside, f"/sources/{source}/personal-data")
    assert "looks like a telephone number" in shown
    assert "1 text waits" in page(inside, f"/studies/{study}/personal-data")

    refused = inside.post(f"/sources/{source}/personal-data/reviewed", data={"version": "1"})
    inside.post(f"/sources/{source}/personal-data/all", data={"version": "1"})
    done = inside.post(f"/sources/{source}/personal-data/reviewed", data={"version": "2"}, follow_redirects=True)

    assert refused.status_code == 409
    assert "Everybody who may see the study can find it now" in done.get_data(as_text=True)
    assert text() == "My daughter [name removed] rang [telephone number removed]. [name removed] was told to wait."
    assert "[name removed]" in page(outside, f"/sessions/{held}")


def test_one_value_is_called_otherwise_and_undone(client_for: SignIn) -> None:
    _study, _held, source = heard()
    inside = client_for(Role.RESEARCHER)
    shown = page(inside, f"/sources/{source}/personal-data")
    key = shown.split('name="key" value="')[1].split('"')[0]

    inside.post(f"/sources/{source}/personal-data", data={"key": key, "choice": "pseudonymised", "version": "1"})
    assert text().startswith("My daughter [person 1] rang")
    inside.post(f"/sources/{source}/personal-data/1/undo")

    assert text() == NOTES


def test_a_reason_is_needed_to_let_something_stand(client_for: SignIn) -> None:
    _study, _held, source = heard()
    inside = client_for(Role.RESEARCHER)
    key = page(inside, f"/sources/{source}/personal-data").split('name="key" value="')[1].split('"')[0]

    refused = inside.post(f"/sources/{source}/personal-data", data={"key": key, "choice": "justified", "version": "1"})
    inside.post(
        f"/sources/{source}/personal-data",
        data={"key": key, "choice": "justified", "reason": "A name of ours", "version": "1"},
    )

    assert refused.status_code == 422
    assert "Enter why it may stand" in refused.get_data(as_text=True)
    assert "A name of ours" in page(inside, f"/sources/{source}/personal-data")


def test_the_page_the_original_and_the_notes_are_closed_to_researchers_of_other_teams(client_for: SignIn) -> None:
    study, _held, source = heard()
    with transaction() as unit:
        stranger = make_member(unit, team=make_team(unit))
    other = client_for(stranger)

    for address in (f"/sources/{source}/personal-data", f"/sources/{source}/original", f"/sources/{source}/edit"):
        answer = other.get(address)
        assert answer.status_code == 403, address
        assert "Emily" not in answer.get_data(as_text=True)
    listed = other.get(f"/studies/{study}/personal-data.csv").get_data(as_text=True)
    assert "Emily" not in listed
    assert "not looked through" in listed
