"""The gap report over real decisions of other organisations, as if they were ours: writes docs/gap-report.md.

    report(root) -> str          the page; the same files give the same page

Run as `python -m benchmarks.decision_gaps`. The decisions lie beside the checkout; of their text only figures and short
titles are taken. What the words do and do not find is said on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.base import Base
from insights.core.clock import FixedClock, set_clock
from insights.core.keys import Keys, set_keys
from insights.decisions.models import Decision
from insights.exchange.decision_import import DecisionImport, import_decisions
from insights.people.models import Member, Team
from insights.reports.evidence_base import load_evidence_base
from insights.reports.gaps import gaps
from insights.reports.graph.issues import MEANINGS, IssueKind, issue_report, issues
from insights.reports.reading.evidence_rows import read_evidence_facts

HERE = Path(__file__).parents[1]
DATA = HERE.parent / "shared" / "data" / "decisions"
PAGE = HERE / "docs" / "gap-report.md"
DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)

RESEARCH = (
    "user research",
    "usability",
    "user testing",
    "tested with users",
    "interview",
    "survey",
    "participants",
    "user feedback",
    "feedback from users",
    "research findings",
    "research participants",
    "users told",
    "users said",
)
_RESEARCH = re.compile("|".join(rf"\b{re.escape(words)}" for words in RESEARCH), re.IGNORECASE)
_LINK = re.compile(r"https?://|\]\([^)]+\)")
_SOURCES = {
    "cisa-get-gov": "The .gov registrar",
    "madr": "MADR",
    "opendatahub": "Open Data Hub operator",
    "ophyd-async": "ophyd-async",
    "python-tuf": "python-tuf",
    "simpler-grants": "Simpler.Grants.gov",
    "tanf-app": "TANF Data Portal",
    "y-statement": "A Y-statement and its twin",
}
_TITLES_SHOWN = 20
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class World:
    """The decisions by the set they came from, what the import told, and what our reports say of them."""

    told: DecisionImport
    decisions: Mapping[str, list[Decision]]
    by_kind: Mapping[IssueKind, int]
    without_evidence: int

    @property
    def everything(self) -> list[Decision]:
        return [each for found in self.decisions.values() for each in found]


def main() -> None:
    PAGE.write_text(report(DATA), "utf-8")


def report(root: Path) -> str:
    """The whole page, in Markdown. Raises FileNotFoundError where there is nothing at `root`."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        set_clock(session, FixedClock(DAY))
        set_keys(session, Keys.made())
        world = _world(session, root)
        parts = [*_heading(world), *_by_set(world), *_research(world), *_chain(world), *_supersession(world)]
    engine.dispose()
    return "\n".join(parts) + "\n"


def _world(session: Session, root: Path) -> World:
    team = Team(name="Architecture", created_at=DAY, updated_at=DAY)
    session.add(team)
    session.flush()
    member = Member(
        email="a@example.org", name="A", role=Role.ADMINISTRATOR, team_id=team.id, created_at=DAY, updated_at=DAY
    )
    session.add(member)
    session.flush()
    told = import_decisions(session, actor=member, root=root)
    found: dict[str, list[Decision]] = {}
    for decision in session.scalars(select(Decision).order_by(Decision.source_name)):
        found.setdefault(decision.source_name.partition("/")[0], []).append(decision)
    base = load_evidence_base(session, member)
    listed = issue_report(issues(base, read_evidence_facts(session)), base.today)
    return World(told, found, listed.by_kind, len(gaps(base).decisions_without_evidence))


def _heading(world: World) -> list[str]:
    statuses = Counter(each.status.value for each in world.everything)
    said = ", ".join(f"{number} {status}" for status, number in sorted(statuses.items(), key=lambda each: -each[1]))
    undated = sum(each.decided_on is None for each in world.everything)
    return [
        "# The gap report over real decisions",
        "",
        f"What our reports say of {len(world.everything)} decision records that other organisations published,",
        "imported with `research-hub import decisions` and reported on as if they were ours. It shows what a team will",
        "see on its first day, before any evidence is linked. Written by `python -m benchmarks.decision_gaps`; figures",
        "and short titles only. The records belong to those named below, under licences that allow to cite them.",
        "",
        f"- **Imported:** {len(world.everything)}: {said}; {undated} without a day.",
        f"- **Not decisions:** {len(world.told.not_decisions)} files (indexes, templates, licences).",
        f"- **Not read:** {len(world.told.unreadable)}.",
        "",
    ]


Has = Callable[[Decision], bool]

COLUMNS: dict[str, Has] = {
    "mention research": lambda decision: bool(_RESEARCH.search(_text(decision))),
    "with a link beside it": lambda decision: len(_cited(decision)) > 0,
    "weigh two options or more": lambda decision: len(decision.options) > 1,
    "say who decided": lambda decision: bool(decision.decision_makers),
    "say how to confirm": lambda decision: bool(decision.confirmation.strip()),
    "say consequences": lambda decision: bool(decision.consequences.strip()),
}


def _by_set(world: World) -> list[str]:
    lines = [
        "## What the records hold",
        "",
        f"| Records of | decisions | {' | '.join(COLUMNS)} |",
        f"| --- | ---: |{' ---: |' * len(COLUMNS)}",
    ]
    lines += [_line(_SOURCES.get(name, name), found) for name, found in sorted(world.decisions.items())]
    return [*lines, _line("**All**", world.everything), ""]


def _line(name: str, decisions: Iterable[Decision]) -> str:
    listed = list(decisions)
    counts = " | ".join(str(sum(map(has, listed))) for has in COLUMNS.values())
    return f"| {name} | {len(listed)} | {counts} |"


def _research(world: World) -> list[str]:
    mentioning = [each for each in world.everything if COLUMNS["mention research"](each)]
    citing = [each for each in mentioning if _cited(each)]
    shown = citing[:_TITLES_SHOWN]
    whole = len(world.everything)
    return [
        "## How many mention research",
        "",
        f"**{len(mentioning)} of {whole}** use one of the words below. **{len(citing)} of {whole}** do so on a line",
        "that also holds a link, so that a reader could follow it. Words find what is named, not what was done: a",
        "record may rest on research without a word of it, or name a survey of developers. None says which finding it",
        "rests on, in which version, or what the finding changed: a link would.",
        "",
        f"The words: {', '.join(RESEARCH[:7])},",
        f"{', '.join(RESEARCH[7:])}.",
        "",
        f"Those with a link beside the word{'' if len(citing) <= _TITLES_SHOWN else f', the first {_TITLES_SHOWN}'}:",
        "",
        *(f"- {_short(each.title)} ({_SOURCES.get(each.source_name.partition('/')[0], '')})" for each in shown),
        "",
    ]


def _chain(world: World) -> list[str]:
    lines = [
        "## What is wrong with the chain",
        "",
        f"`/reports/gaps` lists **{world.without_evidence}** decisions in force without evidence;",
        "`research-hub report issues` says, by kind:",
        "",
        "| How bad | What | Number | What to do |",
        "| --- | --- | ---: | --- |",
    ]
    for kind, number in world.by_kind.items():
        meaning = MEANINGS[kind]
        lines.append(f"| {meaning.severity.value} | {meaning.name} | {number} | {meaning.advice} |")
    return [
        *lines,
        "",
        "Imported records without evidence are warnings, not errors: nobody could have linked them before. An accepted",
        "decision of one’s own without evidence or a declared basis is an error.",
        "",
    ]


def _supersession(world: World) -> list[str]:
    return [
        "## Which record took the place of which",
        "",
        f"{len(world.told.superseded)} pairs were recorded on both sides. {len(world.told.problems)} references were",
        "not followed; the import names each of them with its file, and what to do.",
    ]


def _text(decision: Decision) -> str:
    parts = [decision.title, decision.context, decision.drivers, decision.outcome, decision.consequences]
    parts += [decision.confirmation, decision.more_information]
    parts += [f"{option.get('title', '')}\n{option.get('body', '')}" for option in decision.options]
    parts += ["\n".join(map(str, section)) for section in decision.other_sections]
    return "\n".join(parts)


def _cited(decision: Decision) -> list[str]:
    """The lines that use a word of research beside a link."""
    return [line for line in _text(decision).splitlines() if _RESEARCH.search(line) and _LINK.search(line)]


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


if __name__ == "__main__":
    main()
