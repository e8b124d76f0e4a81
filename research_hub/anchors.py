"""The anchors of the record: one line a month in a file beside the database, and wherever else people keep them."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.orm import Session

from insights.stewardship.audit.anchors import Anchor, anchor_now, anchors_in

FILE = "record-anchors.txt"
_HEAD = (
    "# Where the record of Research Hub stood. Lines are only added. Keep copies elsewhere: with them\n"
    "# `research-hub audit check --anchors FILE` finds out whether the end of the record was cut off.\n"
)


def kept_anchors(data: Path) -> list[Anchor]:
    """The anchors of this data folder, the oldest first."""
    path = data / FILE
    return anchors_in(path.read_text(encoding="utf-8").splitlines()) if path.exists() else []


def anchor_of_month(session: Session, data: Path) -> str:
    """Adds this month's anchor where there is none yet; the line, or '' where nothing was to be done."""
    anchor = anchor_now(session)
    if any(kept.at[:7] == anchor.at[:7] for kept in kept_anchors(data)):
        return ""
    return add_anchor(data, anchor)


def add_anchor(data: Path, anchor: Anchor) -> str:
    path = data / FILE
    begins = not path.exists()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
        file.write((_HEAD if begins else "") + anchor.as_line + "\n")
        file.flush()
        os.fsync(file.fileno())
    return anchor.as_line
