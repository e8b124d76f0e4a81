"""A damaged index never shows a wrong hit and never an error of ours; it is built anew by itself (trust.md).

Each file of the index is cut off, emptied, changed in single bits, overwritten and deleted, while pages are served.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from demonstration import close
from factories import make_insight, make_member, make_session
from figures import FULL, measured
from flask import Flask
from flask.testing import FlaskClient
from postgres.hub import opened

from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.people.operations import start_browser_session
from research_hub.config import Settings
from research_hub.db import db, transaction
from research_hub.security import TOKEN
from research_hub.worker import Worker

WORDS = ("azimuth", "zeppelin", "letter", "appointment")
FLIPS = 40 if FULL else 2
"""How many times single bits of each file are changed, at places drawn anew each time."""

Harm = Callable[[Path, random.Random], None]


@dataclass(frozen=True, slots=True)
class Served:
    app: Flask
    client: FlaskClient
    settings: Settings

    def found(self, word: str) -> set[str]:
        """The words of ours whose texts the page of results shows, as marked hits or as found in the database."""
        answer = self.client.get(f"/evidence?q={word}")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, page[-500:]
        return {other for other in WORDS if f"said {other}" in page.replace("<mark>", "").replace("</mark>", "")}

    def forget_what_is_open(self) -> None:
        self.app.extensions["search"].close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = Settings(data=tmp_path_factory.mktemp("damaged") / "data")
    with opened(settings) as app:
        with app.app_context():
            db.create_all()
            with transaction() as session:
                ensure_database_id(session)
                actor = make_member(session, role=Role.RESEARCHER)
                token = start_browser_session(session, member=actor, browser="Test")
                for word in WORDS:
                    make_session(session, actor=actor, notes=f"She said {word} twice.")
                    make_insight(session, actor=actor, claim=f"People said {word} on the telephone.")
        Worker(app, settings).work_once()
        with app.app_context():
            close(app)
        client = app.test_client()
        with client.session_transaction() as cookies:
            cookies[TOKEN] = token
        yield Served(app, client, settings)


def cut_off(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))] if content else b"")


def empty(path: Path, _chance: random.Random) -> None:
    path.write_bytes(b"")


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 3, 50)) if content else 0):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(content))


def overwrite(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(path.stat().st_size or 10))


def delete(path: Path, _chance: random.Random) -> None:
    path.unlink()


@pytest.mark.slow
@pytest.mark.parametrize("is_open", [False, True], ids=["opened anew", "while open"])
@pytest.mark.parametrize(
    ("harm", "times"),
    [(cut_off, 1), (empty, 1), (flip, FLIPS), (overwrite, 1), (delete, 1)],
    ids=lambda each: str(getattr(each, "__name__", each)),
)
def test_no_page_shows_a_wrong_hit_and_the_index_is_built_anew(
    harm: Harm, times: int, is_open: bool, served: Served, tmp_path: Path
) -> None:
    index, sound, chance = served.settings.index_path, tmp_path / "sound", random.Random(20_261_123)
    served.forget_what_is_open()
    shutil.copytree(index, sound)
    files = sorted(path.relative_to(index) for path in index.rglob("*") if path.is_file() and path.suffix != ".lock")
    assert len(files) >= 4, "an index has a pointer, a table of contents, a manifest and segments"

    for name in files * times:
        if is_open:
            assert served.found("azimuth") == {"azimuth"}
        harm(index / name, chance)
        for word in WORDS:
            assert served.found(word) <= {word}, f"{name}: a search for {word}"

        Worker(served.app, served.settings).work_once()
        served.forget_what_is_open()
        assert [served.found(word) for word in WORDS] == [{word} for word in WORDS], f"{name} was not mended"

        served.forget_what_is_open()
        shutil.rmtree(index)
        shutil.copytree(sound, index)
    measured(
        f"{len(files) * times} harms by “{harm.__name__}”, {'while open' if is_open else 'opened anew'}: 0 wrong hits"
    )
