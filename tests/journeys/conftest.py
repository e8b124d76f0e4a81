from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from demonstration import close
from factories import make_member, make_service, make_study, make_team
from live import PASSWORD, Office, served
from playwright.sync_api import Browser

from insights.core.access import Role
from insights.core.installation import ensure_database_id
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction


@pytest.fixture
def office(browser: Browser, tmp_path: Path) -> Iterator[Office]:
    app = create_app(Settings(data=tmp_path / "data"))
    with app.app_context():
        db.create_all()
        with transaction() as session:
            ensure_database_id(session)
            team = make_team(session, name="Results", is_central=True)
            service = make_service(session, name="Cervical screening", team=team)
            people = {
                "researcher@example.org": ("Maya Osei", Role.RESEARCHER),
                "designer@example.org": ("Tomos Price", Role.CONTRIBUTOR),
                "leader@example.org": ("Ruth Adeyemi", Role.APPROVER),
            }
            made = [
                make_member(session, role=role, team=team, email=email, name=name, password=PASSWORD)
                for email, (name, role) in people.items()
            ]
            make_study(session, actor=made[0], title="Results letters, round 2", service=service)
    with served(app) as address:
        yield Office(app, address, browser)
    with app.app_context():
        close(app)
