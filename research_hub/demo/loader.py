"""The demonstration story told into an empty database, act by act, as if its people had worked here all along."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.coding.models import Highlight
from insights.core.clock import Clock, FixedClock, now, set_clock
from insights.core.errors import InvalidInput, RuleBroken
from insights.synthesis.models import Insight
from research_hub.demo.records import Story
from research_hub.demo.story import load_story
from research_hub.demo.telling.afterwards import acts_of_what_came_after
from research_hub.demo.telling.analysis import acts_of_analysis
from research_hub.demo.telling.decisions import acts_of_decisions
from research_hub.demo.telling.field import acts_of_the_field
from research_hub.demo.telling.openness import acts_of_openness
from research_hub.demo.telling.outcomes import acts_of_outcomes
from research_hub.demo.telling.people import acts_of_the_first_day
from research_hub.demo.telling.research import acts_of_research
from research_hub.demo.telling.sharing import acts_of_sharing
from research_hub.demo.telling.stage import Act, Stage, Told
from research_hub.demo.telling.synthesis import acts_of_synthesis
from research_hub.demo.telling.talk import acts_of_talk
from research_hub.demo.telling.trust import acts_of_trust
from research_hub.demo.telling.work import acts_of_work
from research_hub.files import FileStore

LOGINS = ("researcher", "designer", "leader", "administrator", "data_protection")
"""The members of the story who can sign in; the others are there to have done things."""

# Without characters that look alike, so that a password can be copied from a terminal by eye.
_PASSWORD_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # noqa: S105 - what passwords are made of
_WORKDAY_BEGINS = time(9)
# Today's acts fit into this, so that they are over when the story is told.
_TODAY_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """`role` is the part that the person plays in the story, as in `LOGINS`."""

    role: str
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """How to sign in, and how many records of each kind were stored."""

    logins: tuple[DemoLogin, ...]
    counts: Mapping[str, int]


def load_demo(
    session: Session,
    *,
    files: FileStore,
    today: date,
    passwords: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> DemoSummary:
    """Tells eighteen months that end on `today`. Never commits.

    `passwords` are by the names in `LOGINS`; whoever has none there is given a random one. `progress` is told the acts
    done and the acts in all. Raises RuleBroken where the database holds a study already, InvalidInput for a password
    that cannot be taken, StoryError for a story that cannot be told.
    """
    if session.scalar(select(Study.id).limit(1)) is not None:
        raise RuleBroken("This database holds studies already. Load the demonstration into an empty one.")
    chosen = _passwords(passwords or {})
    story = load_story()
    stage = Stage(session, story, files, today, Told())
    acts = [
        *acts_of_the_first_day(stage, chosen),
        *acts_of_research(stage),
        *acts_of_the_field(stage),
        *acts_of_analysis(stage),
        *acts_of_synthesis(stage),
        *acts_of_decisions(stage),
        *acts_of_outcomes(stage),
        *acts_of_work(stage),
        *acts_of_talk(stage),
        *acts_of_sharing(stage),
        *acts_of_what_came_after(stage),
        *acts_of_openness(stage),
        *acts_of_trust(stage),
    ]
    _perform(session, sorted(acts, key=lambda act: (act.day, act.part)), today, progress or _silently)
    return DemoSummary(tuple(_logins(story, chosen)), _counts(stage))


def _perform(session: Session, acts: list[Act], today: date, progress: Callable[[int, int], None]) -> None:
    before: Clock | None = session.info.get("clock")
    todays_begin = _beginning_of_today(today, now(session))
    clock = FixedClock(todays_begin)
    set_clock(session, clock)
    try:
        for number, moment in enumerate(_moments(acts, today, todays_begin)):
            clock.moment = moment
            acts[number].do()
            progress(number + 1, len(acts))
    finally:
        session.info.pop("clock")
        if before is not None:
            set_clock(session, before)


def _beginning_of_today(today: date, told_at: datetime) -> datetime:
    """A little before the story is told; midnight where it is told on another day, or soon after midnight."""
    midnight = datetime.combine(today, time.min).astimezone()
    shortly_before = told_at.astimezone() - _TODAY_LASTS
    return shortly_before.replace(microsecond=0) if shortly_before.date() == today else midnight


def _moments(acts: list[Act], today: date, todays_begin: datetime) -> Iterator[datetime]:
    """One act after another from nine o'clock on, by the server's time zone."""
    day, passed = None, timedelta()
    for act in acts:
        day, passed = act.day, passed if act.day == day else timedelta()
        opened = datetime.combine(today + timedelta(days=act.day), _WORKDAY_BEGINS).astimezone()
        yield (opened if act.day < 0 else todays_begin) + passed
        passed += act.lasts


def _passwords(given: Mapping[str, str]) -> dict[str, str]:
    for name in given:
        if name not in LOGINS:
            raise InvalidInput.of("passwords", f"“{name}” is no login of the demonstration; give {', '.join(LOGINS)}.")
    return {name: given.get(name) or _random_password() for name in LOGINS}


def _random_password() -> str:
    """Four groups of four: about 78 bits."""
    groups = ("".join(secrets.choice(_PASSWORD_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _logins(story: Story, passwords: Mapping[str, str]) -> Iterator[DemoLogin]:
    members = {member.key: member for member in story.members}
    for name, password in passwords.items():
        yield DemoLogin(name, members[name].name, members[name].email, password)


def _counts(stage: Stage) -> dict[str, int]:
    told = stage.told
    held = sum(source.research_session_id is not None for source in told.sources.values())
    return {
        "studies": len(told.studies),
        "sessions": held + len(told.logs),
        "reports": len(told.sources) - held,
        "highlights": _count(stage, Highlight),
        "insights": _count(stage, Insight),
        "recommendations": len(told.recommendations),
        "decisions": len(told.decisions),
        "links": len(told.links),
        "outcome checks": len(told.checks),
    }


def _count(stage: Stage, kind: type[Highlight | Insight]) -> int:
    """With those that a live log or a report made."""
    return stage.session.scalar(select(func.count(kind.id))) or 0


def _silently(_done: int, _total: int) -> None:
    """Nobody watches."""
