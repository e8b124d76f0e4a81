"""Gathered records of any kind, read together."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from insights.core.base import number_of
from insights.people.models import Member
from insights.stewardship.tray.findings import decision_rows, insight_rows, recommendation_rows
from insights.stewardship.tray.heard import highlight_rows, study_rows, text_rows
from insights.stewardship.tray.row import GatheredRow


def gathered_rows(session: Session, member: Member, refs: Collection[str]) -> dict[str, GatheredRow]:
    """Records by ref, as far as the member may see them; at most eight statements however many."""
    numbers = {prefix: _numbers(refs, prefix) for prefix in ("INS", "HL", "DEC", "REC", "SES", "SRC", "STU")}
    found = [
        *insight_rows(session, member, numbers["INS"]),
        *highlight_rows(session, member, numbers["HL"]),
        *decision_rows(session, member, numbers["DEC"]),
        *recommendation_rows(session, member, numbers["REC"]),
        *text_rows(session, member, held=numbers["SES"], sources=numbers["SRC"]),
        *study_rows(session, member, numbers["STU"]),
    ]
    return {row.ref: row for row in found}


def _numbers(refs: Collection[str], prefix: str) -> list[int]:
    return sorted({number for ref in refs if (number := number_of(ref, prefix)) is not None})
