from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from insights.decisions.models import Decision
from insights.people.models import Member

RIGHT = "Say what happens nextt"


def test_typing_is_proposed_by_one_and_confirmed_by_another(
    browser: FlaskClient, client_for: Callable[[Member], FlaskClient], leader: Member, accepted: Decision
) -> None:
    address = f"/decisions/{accepted.ref}/correction"
    assert f'href="{address}"' in browser.get(f"/decisions/{accepted.ref}").text

    browser.post(address, data={"title": RIGHT})

    own = browser.get(address).text
    assert "Somebody else has to confirm it." in own
    assert browser.post(f"{address}/confirm").status_code == 403
    other = client_for(leader)
    assert "Typing to confirm." in other.get(f"/decisions/{accepted.ref}").text
    assert "[added: </span>nextt" in other.get(address).text
    done = other.post(f"{address}/confirm", follow_redirects=True).text
    assert f'<h1 class="claim">{RIGHT}</h1>' in done
    assert "Typing to confirm." not in done
    assert "confirmed by Ines Duarte" in other.get(address).text


def test_what_is_more_than_typing_is_said_on_its_field_with_what_was_typed(
    browser: FlaskClient, accepted: Decision
) -> None:
    refused = browser.post(f"/decisions/{accepted.ref}/correction", data={"title": "Say nothing at all to anybody"})

    assert refused.status_code == 422
    assert "More than typing differs here." in refused.text
    assert "Say nothing at all to anybody" in refused.text


def test_a_declined_correction_tells_its_reason(
    browser: FlaskClient, client_for: Callable[[Member], FlaskClient], leader: Member, accepted: Decision
) -> None:
    address = f"/decisions/{accepted.ref}/correction"
    browser.post(address, data={"title": RIGHT})

    client_for(leader).post(f"{address}/decline", data={"reason": "It is no word."})

    page = browser.get(address).text
    assert "declined by Ines Duarte" in page
    assert "It is no word." in page
    late = client_for(leader).post(f"{address}/confirm")
    assert late.status_code == 409
    assert "No correction waits any more" in late.text
