"""The impact ledger and the register of needs not met, made ready to leave: little in print, all in the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from insights.decisions.models import ImpactKind
from insights.decisions.queries import LedgerRow, UnmetNeed
from insights.people.queries import service_choices
from insights.reports.report import Place, Report, Section
from research_hub.db import reading
from research_hub.web.decisions.states import CONTRIBUTION_WORDS, KIND_WORDS, UNMET_WORDS
from research_hub.web.exports import Value, table_of
from research_hub.web.words import count, day

_ENTRIES = (
    "Entry",
    "When",
    "What happened",
    "Kind",
    "Research was",
    "Decision",
    "Title",
    "Service",
    "Measure",
    "Attested by",
    "Attester wrote research under it",
    "Corrects entry",
    "Corrected by entry",
)
_NEEDS = (
    "Insight",
    "Claim",
    "How",
    "Decision or recommendation",
    "Title",
    "Why",
    "Since",
    "Ask again",
    "Due",
    "Service",
)


def scope_of(service_id: int | None) -> str:
    """The chosen service by its name, as a file tells of what it is."""
    names = {each.value: each.label for each in service_choices(reading())}
    return names.get(str(service_id), "All services")


def ledger_document(rows: Sequence[LedgerRow], scope: str, made_on: date) -> Report:
    """In print what a person reads of each entry; in the workbook all of it."""
    columns = ("When", "What happened", "Research was", "Decision", "Attested by")
    sections = (
        Section(
            "Entries",
            (f"{count(len(rows), 'entry', 'entries')}.",),
            table_of("Entries", columns, map(_entry, rows)),
            place=Place.PRINT,
        ),
        Section(
            "Impact ledger", table=table_of("Impact ledger", _ENTRIES, map(_entry_whole, rows)), place=Place.WORKBOOK
        ),
    )
    cautions = (
        "Contribution, not proof: each entry says how much research had to do with it.",
        "Nothing here is added up, for what happened has no common measure.",
    )
    return Report("impact-ledger", "Impact ledger", f"{scope}. As of {day(made_on)}.", made_on, sections, cautions)


def needs_document(rows: Sequence[UnmetNeed], scope: str, made_on: date) -> Report:
    """In print what a person reads of each need; in the workbook all of it."""
    total = f"{count(len(rows), 'need')} not met, {sum(row.is_due for row in rows)} to be asked again now."
    columns = ("What people need", "Why not", "Left aside by", "Ask again")
    sections = (
        Section("The register", (total,), table_of("Register", columns, map(_need, rows)), place=Place.PRINT),
        Section("Needs not met", table=table_of("Needs not met", _NEEDS, map(_need_whole, rows)), place=Place.WORKBOOK),
    )
    cautions = ("A reasoned no is an answer; it is here so that it is asked again.",)
    subtitle = f"What is known and, for now, not delivered. {scope}, as of {day(made_on)}."
    return Report("needs-not-met", "Needs not met", subtitle, made_on, sections, cautions)


def _entry(row: LedgerRow) -> tuple[Value, ...]:
    notes = [
        f"{KIND_WORDS[row.kind].capitalize()}." if row.kind != ImpactKind.OTHER else "",
        f"Measured by {row.measure}." if row.measure else "",
        f"Corrects entry {row.corrects_id}." if row.corrects_id else "",
        f"Corrected by entry {row.corrected_by_id}." if row.is_corrected else "",
    ]
    what = " ".join(filter(None, (f"Entry {row.id}: {row.what}", *notes)))
    author = ", who also wrote research under it" if row.is_author_too else ""
    by = f"{row.attested_by}{author}"
    return row.on, what, CONTRIBUTION_WORDS[row.contribution], f"{row.decision_ref} {row.decision}", by


def _entry_whole(row: LedgerRow) -> tuple[Value, ...]:
    told = (row.id, row.on, row.what, KIND_WORDS[row.kind], CONTRIBUTION_WORDS[row.contribution])
    about = (row.decision_ref, row.decision, row.service, row.measure, row.attested_by, row.is_author_too)
    return (*told, *about, row.corrects_id, row.corrected_by_id)


def _need(row: UnmetNeed) -> tuple[Value, ...]:
    need = f"{row.insight_ref} {row.claim}"
    why = f"{UNMET_WORDS[row.way]}: {row.reason}" if row.reason else f"{UNMET_WORDS[row.way]}, no reason given"
    return need, why, f"{row.answer_ref} {row.answer}".strip(), row.revisit_on


def _need_whole(row: UnmetNeed) -> tuple[Value, ...]:
    about = (row.insight_ref, row.claim, UNMET_WORDS[row.way], row.answer_ref, row.answer, row.reason)
    return (*about, row.on, row.revisit_on, row.is_due, row.service)
