from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from research_hub.cli import main

PASSWORD = "correct horse battery"
Run = Callable[..., Result]
Harm = Callable[[Path], object]
NOTE = "# Letters\n\n“I saw positive and I stopped reading the zeppelin letter.”\n"


def told(result: Result) -> str:
    """The one line on the error stream."""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_setting_up_makes_a_private_data_folder(installed: Path) -> None:
    assert stat.S_IMODE(installed.stat().st_mode) == 0o700
    assert stat.S_IMODE((installed / "secret_key").stat().st_mode) == 0o600
    assert (installed / "research-hub.sqlite3").is_file()
    assert (installed / "index").is_dir()


def test_setting_up_twice_keeps_what_is_there(run: Run, installed: Path) -> None:
    secret = (installed / "secret_key").read_text()

    assert run("init").exit_code == 0

    assert (installed / "secret_key").read_text() == secret
    assert "ada@example.org" in run("member", "list").output


@pytest.mark.parametrize("command", ["serve", "worker", "member list", "search x", "report shelf", "index check"])
def test_before_it_is_set_up_every_command_says_what_to_run(run: Run, data: Path, command: str) -> None:
    result = run(*command.split())

    assert result.exit_code == 1
    assert told(result) == f"research-hub: Nothing is set up in {data}. Run: research-hub init"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["member", "add", "eve@example.org", "--role", "boss"], "'boss' is not one of"),
        (["member", "add", "eve@example.org"], "Missing option '--role'"),
        (["report", "shelf", "--format", "pdf"], "'pdf' is not one of"),
        (["nonsense"], "No such command 'nonsense'"),
        (["restore", "nowhere.zip"], "does not exist"),
    ],
)
def test_a_misused_command_is_told_on_one_line_with_exit_code_2(
    run: Run, installed: Path, arguments: list[str], words: str
) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert words in told(result)
    assert "--help" in told(result)


def test_a_second_member_with_the_same_address_is_refused(run: Run, installed: Path) -> None:
    result = run("member", "add", "ADA@example.org", "--role", "reader", "--password-stdin", given=PASSWORD)

    assert result.exit_code == 1
    assert "already a member" in told(result)


def test_a_short_password_is_refused(run: Run, installed: Path) -> None:
    result = run("member", "add", "eve@example.org", "--role", "reader", "--password-stdin", given="short\n")

    assert result.exit_code == 1
    assert "12 to 200 characters" in told(result)


def test_without_a_terminal_no_password_is_waited_for(run: Run, installed: Path) -> None:
    result = run("member", "add", "eve@example.org", "--role", "reader")

    assert result.exit_code == 1
    assert "--password-stdin" in told(result)


def test_with_several_teams_one_has_to_be_named(run: Run, installed: Path) -> None:
    first = run(*_member("eve@example.org"), "--team", "Pensions", given=PASSWORD)
    second = run(*_member("bob@example.org"), given=PASSWORD)

    assert first.exit_code == 0
    assert second.exit_code == 1
    assert "--team" in told(second)
    assert "Pensions" in told(second)


def test_a_new_password_can_be_given(run: Run, installed: Path) -> None:
    result = run("member", "password", "ada@example.org", "--password-stdin", given="another horse battery\n")

    assert result.exit_code == 0
    assert "new password" in result.output


def test_an_import_is_found_by_search_and_comes_in_once(run: Run, installed: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "2026-03-14-letters.md").write_text(NOTE, "utf-8")

    first = run("import", "research", str(tmp_path / "notes"), "--study", "Letters")
    drained = run("index", "drain")
    second = run("import", "research", str(tmp_path / "notes"), "--study", "Letters")

    assert (first.exit_code, drained.exit_code, second.exit_code) == (0, 0, 0)
    assert "1 imported" in first.output
    assert "1 known already" in second.output
    found = json.loads(run("search", "zeppelin", "--json").output)
    assert set(found) >= {"query", "total", "took_ms", "facets", "hits"}
    assert found["query"] == "zeppelin"
    assert found["total"] == 1
    assert set(found["hits"][0]) == {"kind", "ref", "title", "snippet", "score", "url"}
    assert "zeppelin" in found["hits"][0]["snippet"]
    assert found["hits"][0]["url"].startswith("/")


def test_search_as_words_shows_the_hit_and_the_count(run: Run, installed: Path, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text(NOTE, "utf-8")
    run("import", "research", str(tmp_path / "note.md"), "--study", "Letters")
    run("index", "rebuild")

    result = run("search", "zeppelin")

    assert "stopped reading the zeppelin letter" in result.output
    assert "1 found." in result.output


def test_a_decision_file_is_imported(run: Run, installed: Path, tmp_path: Path) -> None:
    (tmp_path / "0001-next-step.md").write_text("# Put the next step first\n\n## Status\n\nAccepted\n", "utf-8")

    result = run("import", "decisions", str(tmp_path / "0001-next-step.md"))

    assert result.exit_code == 0, result.output
    assert "Put the next step first" in result.output
    matrix = json.loads(run("report", "matrix").output)
    assert [each["title"] for each in matrix["decisions"]] == ["Put the next step first"]


def test_an_import_needs_somebody_to_act_for(run: Run, data: Path, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "note.md").write_text(NOTE, "utf-8")

    result = run("import", "research", str(tmp_path / "note.md"))

    assert result.exit_code == 1
    assert "member add" in told(result)


@pytest.mark.parametrize(
    ("report", "keys"),
    [
        ("shelf", {"as_of", "total", "bands"}),
        ("matrix", {"insights", "decisions", "links", "totals"}),
        ("metrics", {"period", "on", "known_on", "settings", "metrics"}),
    ],
)
def test_a_report_is_json_of_a_documented_shape(run: Run, installed: Path, report: str, keys: set[str]) -> None:
    result = run("report", report)

    assert result.exit_code == 0, result.output
    assert keys <= set(json.loads(result.output))


@pytest.mark.parametrize(
    ("form", "beginning"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("html", b"<!doctype html>")]
)
def test_a_report_is_written_into_a_file(
    run: Run, installed: Path, tmp_path: Path, form: str, beginning: bytes
) -> None:
    out = tmp_path / f"metrics.{form}"

    result = run("report", "metrics", "--format", form, "--out", str(out))

    assert result.exit_code == 0, result.output
    assert out.read_bytes().startswith(beginning)


def test_a_report_page_asks_nobody_for_anything(run: Run, installed: Path) -> None:
    page = run("report", "metrics", "--format", "html").output

    assert "Evidence-backed decision rate" in page
    for asking in ("http:", "https:", "src=", "href=", "url(", "<script", "@import"):
        assert asking not in page


def test_the_thread_of_nothing_is_refused(run: Run, installed: Path) -> None:
    result = run("report", "trace", "DEC-999")

    assert result.exit_code == 1
    assert "There is no DEC-999, or you may not see it." in told(result)


@pytest.mark.parametrize("command", ["search x", "report shelf", "report trace DEC-1"])
def test_reading_as_somebody_who_is_not_there_is_refused(run: Run, installed: Path, command: str) -> None:
    result = run(*command.split(), "--as", "nobody@example.org")

    assert result.exit_code == 1
    assert "nobody@example.org" in told(result)


def test_doctor_finds_a_fresh_installation_well(run: Run, installed: Path) -> None:
    result = run("doctor")

    assert result.exit_code == 0, result.output
    assert all(line.startswith("ok") for line in result.stdout.splitlines())


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        (lambda data: (data / "secret_key").chmod(0o644), "secret"),
        (lambda data: data.chmod(0o755), "data folder"),
        (lambda data: (data / "research-hub.sqlite3").write_bytes(b"no database at all"), "integrity"),
        (lambda data: _execute(data, "UPDATE alembic_version SET version_num = '0000'"), "migrations"),
        (lambda data: (data / "index" / "current").write_text("nonsense"), "index"),
        (lambda data: _execute(data, "INSERT INTO readings VALUES (1, 99, '2026-01-01', 1, '', NULL)"), "integrity"),
    ],
    ids=["open secret", "open folder", "broken database", "old database", "broken index", "dangling row"],
)
def test_doctor_names_what_is_wrong_and_what_to_do(run: Run, installed: Path, harm: Harm, check: str) -> None:
    harm(installed)

    result = run("doctor")

    assert result.exit_code == 1
    failed = [line for line in result.stdout.splitlines() if line.startswith("FAIL")]
    assert any(line.startswith(f"FAIL  {check}:") for line in failed), result.stdout


def test_in_production_settings_that_are_missing_are_named(
    run: Run, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESEARCH_HUB_ENVIRONMENT", "production")

    result = run("member", "list")

    assert result.exit_code == 1
    assert "RESEARCH_HUB_TRUSTED_HOSTS" in told(result)


def test_an_index_that_differs_is_told_and_repaired(run: Run, installed: Path, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text(NOTE, "utf-8")
    run("import", "research", str(tmp_path / "note.md"), "--study", "Letters")
    run("index", "rebuild")
    _execute(installed, "UPDATE source_texts SET row_version = row_version + 1")

    found = run("index", "check")
    repaired = run("index", "check", "--repair")

    assert found.exit_code == 1
    assert "--repair" in told(found)
    assert repaired.exit_code == 0
    assert run("index", "check").output == "Index and database agree.\n"


def test_the_demonstration_is_loaded_once_and_its_logins_kept_privately(run: Run, data: Path) -> None:
    run("init")

    first = run("demo", "load")
    again = run("demo", "load")
    unless = run("demo", "load", "--if-empty")

    logins = data / "demo-logins.txt"
    assert first.exit_code == 0, first.output
    assert logins.read_text("utf-8").strip() in first.output
    assert stat.S_IMODE(logins.stat().st_mode) == 0o600
    assert again.exit_code == 1
    assert "empty" in told(again)
    assert unless.exit_code == 0
    assert json.loads(run("search", "letter", "--json").output)["total"] > 0


def test_every_command_is_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text("utf-8")

    missing = [path for path in _paths(main, "research-hub") if f"`{path}" not in text]

    assert missing == []


def test_every_command_has_a_text() -> None:
    assert [path for path, command in _walk(main, "research-hub") if not command.help] == []


def _member(email: str) -> tuple[str, ...]:
    return "member", "add", email, "--role", "reader", "--password-stdin"


def _execute(data: Path, statement: str) -> None:
    connection = sqlite3.connect(data / "research-hub.sqlite3")
    connection.execute(statement)
    connection.commit()
    connection.close()


def _paths(group: click.Group, name: str) -> list[str]:
    return [path for path, command in _walk(group, name) if not isinstance(command, click.Group)]


def _walk(group: click.Group, name: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = [(name, group)]
    for each, command in group.commands.items():
        path = f"{name} {each}"
        found += _walk(command, path) if isinstance(command, click.Group) else [(path, command)]
    return found
