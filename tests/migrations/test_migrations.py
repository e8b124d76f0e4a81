from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from factories import make_study
from flask import Flask
from sqlalchemy import inspect, select, text

import insights
from insights.core.activity import add
from insights.core.base import Base
from insights.people.models import Participant
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction
from research_hub.migrations import (
    FOLDER,
    downgrade_database,
    migration_config,
    newest_revision,
    stored_revision,
    upgrade_database,
)

WITHDREW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(Settings(data=tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


# Members and teams point at each other, which sorting the tables cannot do justice to.
@pytest.mark.filterwarnings("ignore:Cannot correctly sort tables")
def test_the_migrations_make_exactly_what_the_models_say(empty_app: Flask) -> None:
    upgrade_database()

    with db.engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    assert differences == []


def test_the_database_goes_up_down_and_up_again(empty_app: Flask) -> None:
    upgrade_database()
    tables = _tables()

    downgrade_database()
    assert _tables() <= {"alembic_version"}

    upgrade_database()
    assert _tables() == tables
    assert tables >= set(Base.metadata.tables)


def test_a_second_upgrade_changes_nothing_and_says_where_it_is(empty_app: Flask) -> None:
    upgrade_database()
    upgrade_database()

    with db.engine.connect() as connection:
        assert stored_revision(connection) == newest_revision() == "0007"


def test_people_who_withdrew_earlier_leave_the_lists(empty_app: Flask) -> None:
    upgrade_database()
    with transaction() as session:
        study = make_study(session)
        for code in ("WITHDRAWN-1", "P-2ABC"):
            add(session, None, Participant(study_id=study.id, code=code, withdrawn_at=WITHDREW))

    config = migration_config()
    config.cmd_opts = None
    command.downgrade(config, "0006")

    upgrade_database()

    with transaction() as session:
        found = session.execute(select(Participant.code, Participant.removed_at).order_by(Participant.code)).all()
    assert [tuple(row) for row in found] == [("P-2ABC", None), ("WITHDRAWN-1", WITHDREW)]


def test_ids_are_never_used_twice_also_in_a_migrated_database(empty_app: Flask) -> None:
    upgrade_database()

    with db.engine.connect() as connection:
        statement = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'insights'"))
    assert "AUTOINCREMENT" in statement


def test_foreign_keys_hold_after_migrating(empty_app: Flask) -> None:
    upgrade_database()

    with db.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_migration_that_leaves_rows_pointing_nowhere_is_refused(empty_app: Flask) -> None:
    upgrade_database()
    raw = db.engine.raw_connection()
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("INSERT INTO readings (measure_id, \"on\", value, note) VALUES (99, '2026-01-01', 1, '')")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.close()

    with pytest.raises(RuntimeError, match="point at rows that are not there"):
        upgrade_database()


def test_revisions_are_numbered_and_form_one_line() -> None:
    revisions = [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()]

    names = sorted(path.name for path in (FOLDER / "versions").glob("*.py"))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in names)
    assert sorted(revisions) == [f"{number:04d}" for number in range(1, len(names) + 1)]


def test_every_table_of_the_domain_is_known_to_the_migrations(empty_app: Flask) -> None:
    upgrade_database()
    tables = _tables()

    for module in pkgutil.walk_packages(insights.__path__, "insights."):
        import_module(module.name)

    assert set(Base.metadata.tables) <= tables


def test_postgresql_gets_every_table_before_the_keys_that_point_at_it(
    empty_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    config = migration_config()
    config.cmd_opts = None
    config.attributes["dialect"] = "postgresql"

    command.upgrade(config, "head", sql=True)

    statements = capsys.readouterr().out
    seen: set[str] = set()
    for statement in statements.split(";"):
        created = re.search(r"CREATE TABLE (\w+)", statement)
        targets = set(re.findall(r"REFERENCES (\w+)", statement))
        assert targets <= seen | ({created.group(1)} if created else set())
        if created:
            seen.add(created.group(1))
    assert seen >= set(Base.metadata.tables)


def _tables() -> set[str]:
    with transaction() as session:
        return set(inspect(session.connection()).get_table_names()) - {"sqlite_sequence"}
