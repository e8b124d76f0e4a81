"""What other parts of the program write into a backup's manifest, and what they do after a restore.

This is their one place: a line in a table each. Neither may stop a backup or leave a restore half-done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from insights.stewardship.audit.anchors import anchor_now
from research_hub.backup.archive import Manifest
from research_hub.config import Settings
from research_hub.erased_list import replay_erasures
from research_hub.restored_record import broken_record, other_audit_key, seal_older_record

NOTES: Final[Mapping[str, Callable[[Session], str]]] = {
    # Where the audit record stood: a tail that was cut off later is found by it.
    "anchor": lambda session: anchor_now(session).as_line,
}
"""By name, read from the copy that goes into the backup, so that they belong to the same moment."""


def notes_on(copy: Path) -> dict[str, str]:
    """The notes for the manifest; one that an older database cannot give is left out."""
    engine = create_engine(f"sqlite:///file:{copy}?mode=ro&uri=true")
    try:
        with Session(engine) as session:
            return {name: said for name, note in NOTES.items() if (said := _said(note, session))}
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class AfterRestore:
    """In sentences for the operator: what was `done`, and what must be looked at before the service starts."""

    done: list[str]
    warnings: list[str]


def after_restore(session: Session, settings: Settings, kept: Path | None, manifest: Manifest) -> AfterRestore:
    """What must be done before anybody looks at the restored records.

    `kept` is the folder with what was there before. Flushes and never commits. The record is looked at first: what is
    done again is written into it.
    """
    if seal_older_record(session, manifest.revision):
        begun = "This backup is from before the record of changes was sealed; it is sealed from now on."
        return AfterRestore([begun, *_replayed(session, settings, kept)], [])
    unsealed = other_audit_key(settings, manifest.keys.get("audit", ""))
    if unsealed:
        return AfterRestore([unsealed, *_replayed(session, settings, kept)], [])
    warnings = broken_record(session, settings, kept, manifest.notes.get("anchor", ""))
    return AfterRestore(_replayed(session, settings, kept), warnings)


def _replayed(session: Session, settings: Settings, kept: Path | None) -> list[str]:
    replayed = replay_erasures(session, settings, kept)
    if not replayed.list_found:
        words = (
            "There is no list of erasures beside the data (erased.jsonl). If anybody was erased after this backup was"
        )
        return [f"{words} made, erase them again before the service starts."]
    return [f"{replayed.again:,} erasures done again, {replayed.known:,} were in the backup."]


def _said(note: Callable[[Session], str], session: Session) -> str:
    try:
        return note(session)
    except SQLAlchemyError:
        session.rollback()
        return ""
