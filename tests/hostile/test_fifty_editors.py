"""Many people edit one note at the same moment: one is taken, everybody else is shown both texts (trust.md)."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from factories import make_member, make_session, source_of, text_of
from figures import FULL, measured
from flask import Flask
from flask.testing import FlaskClient
from postgres.hub import opened
from sqlalchemy import func, select

from insights.capture.models import SourceText, TextVersion
from insights.core.installation import ensure_database_id
from insights.people.operations import start_browser_session
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.security import TOKEN

EDITORS, ROUNDS = (50, 200) if FULL else (8, 3)


@pytest.fixture
def office(settings: Settings) -> Iterator[Flask]:
    with opened(settings) as app:
        with app.app_context():
            db.create_all()
            with transaction() as session:
                ensure_database_id(session)
        yield app


@pytest.mark.slow
def test_of_all_who_edit_one_note_at_once_one_is_taken_and_nobody_is_overwritten(office: Flask) -> None:
    with office.app_context():
        with transaction() as session:
            actor = make_member(session)
            source = source_of(session, make_session(session, actor=actor))
            tokens = [start_browser_session(session, member=actor, browser="Test") for _ in range(EDITORS)]
        ref, source_id = source.ref, source.id
        before = text_of(reading(), source)
        db.session.remove()
    editors, start = [_signed_in(office, token) for token in tokens], threading.Barrier(EDITORS)
    taken: list[str] = []

    def edit(number: int, round_number: int, version: int) -> tuple[int, str, str]:
        mine = f"Round {round_number}: editor {number} heard the azimuth."
        start.wait(120)
        answer = editors[number].post(f"/sources/{ref}", data={"notes": mine, "row_version": str(version)})
        return answer.status_code, mine, unescape(answer.get_data(as_text=True))

    with ThreadPoolExecutor(EDITORS) as pool:
        for round_number in range(ROUNDS):
            version = round_number + 1
            answers = list(pool.map(lambda number, n=round_number, v=version: edit(number, n, v), range(EDITORS)))
            won = [mine for status, mine, _page in answers if status == 303]
            refused = [(mine, page) for status, mine, page in answers if status == 409]

            assert len(won) == 1, sorted(status for status, _mine, _page in answers)
            assert len(refused) == EDITORS - 1
            assert all(mine in page and won[0] in page for mine, page in refused), "both texts are shown"
            taken += won

    with office.app_context():
        texts = reading().scalars(
            select(TextVersion.text).where(TextVersion.source_text_id == source_id).order_by(TextVersion.number)
        )
        assert [re.sub(r"\s+$", "", each) for each in texts] == [before.rstrip(), *taken]
        assert reading().scalar(select(func.count(SourceText.id))) == 1
        db.session.remove()
    measured(f"{EDITORS} editors, {ROUNDS} rounds, {EDITORS * ROUNDS:,} edits: 0 lost updates")


def _signed_in(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookies:
        cookies[TOKEN] = token
    return client
