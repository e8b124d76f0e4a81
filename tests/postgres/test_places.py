"""A withdrawal that names its places, and warnings of what goes, as PostgreSQL answers them."""

from __future__ import annotations

from pathlib import Path

from factories import make_member
from places_of_words import keep
from postgres.hub import running

from insights.core.access import Role
from insights.core.clock import today
from insights.people.models import Team
from insights.stewardship.retention import make_warnings, set_rules, warnings_for
from insights.stewardship.withdrawal import reach_of, withdraw_participant
from insights.stewardship.withdrawal.places import PlaceKind
from insights.stewardship.withdrawal.preview import preview_of
from research_hub.config import Settings
from research_hub.db import db, transaction


def test_places_are_named_and_what_goes_is_told_of(blank_url: str, tmp_path: Path) -> None:
    with running(Settings(data=tmp_path, database_url=blank_url)):
        db.create_all()
        with transaction() as session:
            kept = keep(session)
            world = kept.world
            officer = make_member(session, role=Role.DATA_PROTECTION)
            team = session.get_one(Team, world.study.team_id)
            set_rules(session, actor=officer, team=team, months={"notes": 1})
            assert make_warnings(session, by_mail=True) == 2
            assert {row.what for row in warnings_for(session, world.actor)} == {"2 notes", "3 quotes"}
            found = preview_of(session, world.actor, reach_of(session, world.person, world.study)).places
            assert {each.kind for each in found} == set(PlaceKind)
            done = withdraw_participant(
                session, actor=world.actor, participant=world.person, study=world.study, asked_on=today(session)
            )
            assert len(done.gone["places"]) == len(found)
