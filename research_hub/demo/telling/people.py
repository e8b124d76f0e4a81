"""The first day: teams, accounts, services, components and the codebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from insights.coding.operations import find_or_add_tag
from insights.people.operations import add_member, create_component, create_service, create_team
from research_hub.demo import records
from research_hub.demo.order import FIRST_DAY
from research_hub.demo.telling.stage import Act, Part, Stage

OPERATOR = "administrator"
"""The member who sets everything up; the key of the story's administrator."""


def acts_of_the_first_day(stage: Stage, passwords: Mapping[str, str]) -> Iterator[Act]:
    """`passwords` by the keys of the members who may sign in; nobody else has one."""
    story = stage.story
    for team in story.teams:
        yield Act(FIRST_DAY, Part.OPENING, partial(_create_team, stage, team))
    for member in sorted(story.members, key=lambda one: one.key != OPERATOR):
        yield Act(FIRST_DAY, Part.OPENING, partial(_add_member, stage, member, passwords.get(member.key)))
    for service in story.services:
        yield Act(FIRST_DAY, Part.OPENING, partial(_create_service, stage, service))
    for component in story.components:
        yield Act(FIRST_DAY, Part.OPENING, partial(_create_component, stage, component))
    for tag in sorted(story.tags, key=lambda one: one.path):
        yield Act(FIRST_DAY, Part.OPENING, partial(_add_tag, stage, tag))


def _create_team(stage: Stage, team: records.Team) -> None:
    stage.told.teams[team.key] = create_team(
        stage.session, actor=None, name=team.name, is_central=team.central, review_required=team.reviews
    )


def _add_member(stage: Stage, member: records.Member, password: str | None) -> None:
    told = stage.told
    told.members[member.key] = add_member(
        stage.session,
        actor=told.members.get(OPERATOR),
        email=member.email,
        name=member.name,
        role=member.role,
        team=told.teams[member.team],
        password=password,
    )


def _create_service(stage: Stage, service: records.Service) -> None:
    told = stage.told
    told.services[service.key] = create_service(
        stage.session,
        actor=told.members[OPERATOR],
        name=service.name,
        team=told.teams[service.team],
        phase=service.phase,
        senior_responsible_owner=told.members[service.responsible_owner].name,
    )


def _create_component(stage: Stage, component: records.Component) -> None:
    told = stage.told
    told.components[component.key] = create_component(
        stage.session,
        actor=told.members[OPERATOR],
        name=component.name,
        kind=component.kind,
        services=[told.services[key] for key in component.services],
    )


def _add_tag(stage: Stage, tag: records.Tag) -> None:
    find_or_add_tag(stage.session, actor=stage.told.members[OPERATOR], path=tag.path, definition=tag.definition)
