"""Databases on a real PostgreSQL server: empty ones, and copies of one in which the demonstration was told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from postgres.hub import opened, running, set_up, tell
from postgres.server import NoServer, Server, running_server

from research_hub.config import Settings


@dataclass(frozen=True, slots=True)
class Told:
    """A database and a data folder in which the story was told; never used themselves, only copied."""

    database: str
    folder: Path


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Without PostgreSQL the tests are skipped, except in CI, where it must be there."""
    try:
        with running_server() as started:
            yield started
    except NoServer as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs PostgreSQL. {error}")
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def migrated_database(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database that is set up and empty; only for copies."""
    name = server.create_database()
    with running(Settings(data=tmp_path_factory.mktemp("set-up") / "data", database_url=server.url(name))) as app:
        set_up(app)
    return name


@pytest.fixture(scope="session")
def told_on_postgres(server: Server, migrated_database: str, tmp_path_factory: pytest.TempPathFactory) -> Told:
    name = server.create_database(migrated_database)
    folder = tmp_path_factory.mktemp("told-on-postgres") / "data"
    with running(Settings(data=folder, database_url=server.url(name))) as app:
        tell(app)
    return Told(name, folder)


@pytest.fixture
def blank_url(server: Server) -> Iterator[str]:
    """The address of a database without a single table."""
    yield from _copy(server, "template1")


@pytest.fixture
def postgres_url(server: Server, migrated_database: str) -> Iterator[str]:
    """The address of a database of the test's own, set up and empty."""
    yield from _copy(server, migrated_database)


@pytest.fixture
def postgres_settings(postgres_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", database_url=postgres_url)


@pytest.fixture
def postgres_app(postgres_settings: Settings) -> Iterator[Flask]:
    """The application on an empty database."""
    with running(postgres_settings) as app:
        yield app


@pytest.fixture
def told_url(server: Server, told_on_postgres: Told) -> Iterator[str]:
    yield from _copy(server, told_on_postgres.database)


@pytest.fixture
def told_app(told_url: str, told_on_postgres: Told, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the demonstration, with its files and its search index."""
    shutil.copytree(told_on_postgres.folder, tmp_path / "data")
    with opened(Settings(data=tmp_path / "data", database_url=told_url)) as app:
        yield app


def _copy(server: Server, template: str) -> Iterator[str]:
    name = server.create_database(template)
    yield server.url(name)
    server.drop_database(name)
