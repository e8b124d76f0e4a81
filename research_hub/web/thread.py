"""The thread as the pages draw it: each stage with its count in words, leading to what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for

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


_ANCHORS = {
    "study": "study",
    "session": "sources",
    "quote": "quotes",
    "insight": "insights",
    "decision": "decisions",
    "outcome": "outcome",
}
# Which stages each page shows itself; all others are shown by the record's whole thread.
_ON_PAGE = {
    "study": {"session", "quote"},
    "session": {"quote"},
    "insight": {"quote", "decision"},
    "decision": {"quote", "insight", "outcome"},
}


def stages(thread: Thread, *, here: str, ref: str, note: str = "", study: tuple[str, str] | None = None) -> list[Stage]:
    """`here` is the stage of the page, `ref` its record; `study` is (ref, title) where the record has one study."""

    def href(kind: str) -> str:
        on_page = kind in _ON_PAGE.get(here, set())
        return f"#{_ANCHORS[kind]}" if on_page else f"{url_for('reports.trace', ref=ref)}#{_ANCHORS[kind]}"

    found = [
        _study(thread, study, href("study")),
        _counted("session", "Sessions", thread.sessions, href("session")),
        _counted("quote", "Quotes", thread.quotes, href("quote")),
        _counted("insight", "Insights", thread.insights, href("insight")),
        _counted("decision", "Decisions", thread.decisions, href("decision")),
        _outcome(thread, href("outcome")),
    ]
    return [_here(stage, ref, note) if stage.kind == here else stage for stage in found]


def _here(stage: Stage, ref: str, note: str) -> Stage:
    singular = {"session": "Session", "insight": "Insight", "decision": "Decision"}.get(stage.kind, stage.label)
    return Stage(stage.kind, singular, ref, note)


def _study(thread: Thread, study: tuple[str, str] | None, href: str) -> Stage:
    if study is not None:
        return Stage("study", "Study", study[0], study[1], link_to(study[0]))
    return _counted("study", "Studies" if thread.studies != 1 else "Study", thread.studies, href)


def _counted(kind: str, label: str, number: int, href: str) -> Stage:
    if number == 0:
        return Stage(kind, label, "none yet", empty=True)
    return Stage(kind, label, f"{number:,}", "", href)


def _outcome(thread: Thread, href: str) -> Stage:
    due = f"check due {short_day(date.fromisoformat(thread.next_check))}" if thread.next_check else ""
    if thread.verdict:
        note = due or f"{count(thread.checks, 'check')} in all"
        return Stage("outcome", "Outcome", words(thread.verdict), note, href)
    if due:
        return Stage("outcome", "Outcome", "check due", due.removeprefix("check due "), href)
    return Stage("outcome", "Outcome", "none yet", empty=True)
