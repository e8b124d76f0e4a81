from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from demonstration import close
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, TextVersion, Utterance
from insights.capture.operations import create_study
from insights.people.models import Member, Participant
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import reading, transaction

Run = Callable[..., Result]
CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Dan>What did you do with the letter?

00:00:04.500 --> 00:00:08.000
<v Mary Jones>I put it on the fridge.
"""
TRANSCRIPTS = Path(__file__).parents[2].parent / "shared" / "data" / "transcripts"


@contextmanager
def _database(data: Path) -> Iterator[Session]:
    app = create_app(Settings(data=data))
    with app.app_context():
        yield reading()
        close(app)


@pytest.fixture
def study(installed: Path) -> str:
    with _database(installed), transaction() as session:
        actor = session.scalars(select(Member)).first()
        assert actor is not None
        return create_study(session, actor=actor, title="Letters").ref


def test_captions_come_in_with_codes_instead_of_names_and_once(
    run: Run, installed: Path, study: str, tmp_path: Path
) -> None:
    file = tmp_path / "2026-03-04 interview.vtt"
    file.write_text(CAPTIONS, "utf-8")
    said = ("--speaker", "Dan=moderator", "--speaker", "Mary Jones=P7")

    dry = run("import", "files", str(file), "--study", study, "--dry-run", *said)
    first = run("import", "files", str(file), "--study", study, *said)
    second = run("import", "files", str(file), "--study", study, *said)

    assert dry.exit_code == first.exit_code == second.exit_code == 0, first.output
    assert "1 would be stored" in dry.output
    assert "stored as SES-1" in first.output
    assert "is in already" in second.output
    with _database(installed) as session:
        text = session.scalars(select(TextVersion.text)).one()
        assert "Mary" not in text
        assert "P7: I put it on the fridge." in text
        assert session.scalars(select(Utterance.start_ms).order_by(Utterance.number)).all() == [1000, 4500]
        assert session.scalars(select(Participant.code)).one() == "P7"


def test_a_bad_file_is_named_and_the_rest_comes_in(run: Run, installed: Path, study: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "cut.docx").write_bytes(b"PK\x03\x04 not whole")
    (folder / "2026-03-05 report.md").write_text("# Results\n\nParents keep the letter on the fridge.", "utf-8")

    done = run("import", "files", str(folder), "--study", study)

    assert done.exit_code == 1
    assert "cut.docx" in done.output
    assert "1 refused, 1 stored." in done.output
    with _database(installed) as session:
        assert session.scalar(select(func.count(SourceText.id))) == 1


def test_a_table_with_a_bad_row_waits_unless_the_good_rows_are_wanted(
    run: Run, installed: Path, study: str, tmp_path: Path
) -> None:
    file = tmp_path / "survey.csv"
    file.write_text(
        "Participant,Date,What did you do with the letter?\nP1,2026-03-04,Kept it\nP2,2026-13-45,Lost it\n", "utf-8"
    )

    refused = run("import", "files", str(file), "--study", study)
    partly = run("import", "files", str(file), "--study", study, "--skip-errors")

    assert refused.exit_code == 1
    assert "row 3, Date" in refused.output
    assert "1 not ready" in refused.output
    assert partly.exit_code == 0, partly.output
    with _database(installed) as session:
        assert session.scalar(select(func.count(SourceText.id))) == 1


@pytest.mark.parametrize("said", ["Dan", "=P1", "Dan="])
def test_a_speaker_that_is_not_told_whole_is_misuse(run: Run, study: str, tmp_path: Path, said: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Dan: hello", "utf-8")

    done = run("import", "files", str(file), "--study", study, "--speaker", said)

    assert done.exit_code == 2
    assert "Dan=moderator" in done.output


@pytest.mark.skipif(not TRANSCRIPTS.is_dir(), reason="the given transcripts are not beside this checkout")
def test_the_transcripts_of_a_real_study_come_in(run: Run, installed: Path, study: str) -> None:
    folder = TRANSCRIPTS / "pdpilot-user-study" / "results" / "transcripts"

    dry = run("import", "files", str(folder), "--study", study, "--speaker", "Dan=moderator", "--dry-run")

    assert dry.output.count("A transcript:") == 3
    assert "Dan" in dry.output
