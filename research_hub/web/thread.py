"""The thread as the pages draw it: each stage with its count in words, leading to what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from insights.decisions.thread import Thread
from research_hub.web.words import count, link_to, short_day, words


@dataclass(frozen=True, slots=True)
class Stage:
    kind: str
    label: str
    value: str
    note: str = ""
    href: str | None = None
    empty: bool = False


def stages(thread: Thread, *, here: str, ref: str, note: str = "", study: tuple[str, str] | None = None) -> list[Stage]:
    """`here` is the stage of the page, `ref` its record; `study` is (ref, title) where the record has one study."""
    found = [
        _study(thread, study),
        _counted("session", "Sessions", thread.sessions, "#sources"),
        _counted("quote", "Quotes", thread.quotes, "#quotes"),
        _counted("insight", "Insights", thread.insights, "#insights"),
        _counted("decision", "Decisions", thread.decisions, "#decisions"),
        _outcome(thread),
    ]
    return [_here(stage, ref, note) if stage.kind == here else stage for stage in found]


def _here(stage: Stage, ref: str, note: str) -> Stage:
    singular = {"session": "Session", "insight": "Insight", "decision": "Decision"}.get(stage.kind, stage.label)
    return Stage(stage.kind, singular, ref, note)


def _study(thread: Thread, study: tuple[str, str] | None) -> Stage:
    if study is not None:
        return Stage("study", "Study", study[0], study[1], link_to(study[0]))
    return _counted("study", "Studies" if thread.studies != 1 else "Study", thread.studies, "#sources")


def _counted(kind: str, label: str, number: int, href: str) -> Stage:
    if number == 0:
        return Stage(kind, label, "none yet", empty=True)
    return Stage(kind, label, f"{number:,}", "", href)


def _outcome(thread: Thread) -> Stage:
    due = f"check due {short_day(date.fromisoformat(thread.next_check))}" if thread.next_check else ""
    if thread.verdict:
        note = due or f"{count(thread.checks, 'check')} in all"
        return Stage("outcome", "Outcome", words(thread.verdict), note, "#outcome")
    if due:
        return Stage("outcome", "Outcome", "check due", due.removeprefix("check due "), "#outcome")
    return Stage("outcome", "Outcome", "none yet", empty=True)
