"""Two people save the same record: both texts are shown, and neither is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from demonstration import app_on_copy, browser_of
from flask import Flask
from flask.testing import FlaskClient
from walking import Records, records_of

from insights.core.access import Role
from research_hub.db import reading

FIRST, SECOND = "Alderquist wrote this first.", "Brambleworth wrote this second."


@pytest.fixture(scope="module")
def app(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with app_on_copy(told, tmp_path_factory.mktemp("two") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def known(app: Flask) -> Records:
    with app.app_context():
        return records_of(reading())


@pytest.mark.parametrize(
    ("family", "field", "rest"),
    [
        ("insights", "claim", {"type": "actionable", "kind": "usability"}),
        ("studies", "title", {"status": "in_field"}),
        ("sources", "notes", {}),
    ],
)
def test_the_second_of_two_sees_both_texts_and_can_still_save(
    family: str, field: str, rest: dict[str, str], app: Flask, known: Records
) -> None:
    address = f"/{family}/{known.refs[family]}"
    client, other = browser_of(app, Role.ADMINISTRATOR), browser_of(app, "maya.osei@example.org")
    begun = rest | {"row_version": _version(client, address)}
    assert other.post(address, data=begun | {field: FIRST}).status_code == 303

    refused = client.post(address, data=begun | {field: SECOND})

    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert FIRST in page
    assert SECOND in page
    again = begun | {field: f"{FIRST} {SECOND}", "row_version": _shown_version(page)}
    assert client.post(address, data=again).status_code == 303
    assert f"{FIRST} {SECOND}" in client.get(f"{address}/edit").get_data(as_text=True)


def _version(client: FlaskClient, address: str) -> str:
    return _shown_version(client.get(f"{address}/edit").get_data(as_text=True))


def _shown_version(page: str) -> str:
    tag = next(part for part in page.split("<input") if 'name="row_version"' in part)
    return tag.split('value="')[1].split('"')[0]
