"""The tables on PostgreSQL: what the migrations make there is what the models say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from postgres.hub import running
from sqlalchemy import inspect

from insights.core.base import Base
from research_hub.config import Settings
from research_hub.db import db
from research_hub.migrations import downgrade_database, newest_revision, stored_revision, upgrade_database


@pytest.fixture
def blank_app(blank_url: str, tmp_path: Path) -> Iterator[Flask]:
    with running(Settings(data=tmp_path, database_url=blank_url)) as app:
        yield app


# Members and teams point at each other, which sorting the tables cannot do justice to.
@pytest.mark.filterwarnings("ignore:Cannot correctly sort tables")
def test_the_migrations_make_exactly_what_the_models_say(blank_app: Flask) -> None:
    upgrade_database()

    with db.engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    assert differences == []


def test_the_database_goes_up_down_and_up_again(blank_app: Flask) -> None:
    upgrade_database()
    tables = _tables()

    downgrade_database()
    assert _tables() == {"alembic_version"}

    upgrade_database()
    assert _tables() == tables
    with db.engine.connect() as connection:
        assert stored_revision(connection) == newest_revision()


def test_an_address_without_a_driver_finds_ours(blank_app: Flask) -> None:
    assert db.engine.dialect.name == "postgresql"
    assert db.engine.dialect.driver == "psycopg"


def _tables() -> set[str]:
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names())
