"""Is the record of a restored backup whole? A backup's own hashes vouch for nothing where somebody wrote both anew."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from insights.core.activity import activity_head, begin_chain
from insights.stewardship.audit.anchors import Anchor, anchors_in
from insights.stewardship.audit.checking import Checked, check_record
from research_hub.anchors import kept_anchors
from research_hub.config import Settings
from research_hub.key_file import fingerprints_of, read_keys

SEALED_SINCE = "0005"
"""The revision of the database from which on the record of changes is a chain."""


def seal_older_record(session: Session, revision: str) -> bool:
    """Chains the entries of a database that comes from before there was a chain; False where there was one."""
    if revision >= SEALED_SINCE or activity_head(session).position:
        return False
    begin_chain(session)
    return True


def broken_record(session: Session, settings: Settings, kept: Path | None, anchor: str) -> list[str]:
    """What does not fit, in sentences for the operator; none where the record is as it was written.

    `anchor` is the line of the backup's manifest, '' in older backups; `kept` is the folder with what was there before,
    whose anchors from until then count too. Later ones rightly reach further.
    """
    own = anchors_in([anchor])
    earlier = [each for each in _kept(settings, kept) if own and each.moment <= own[0].moment]
    return [_said(checked) for checked in check_record(session, [*earlier, *own]) if not checked.is_whole]


def other_audit_key(settings: Settings, fingerprint: str) -> str:
    """A sentence where the record was sealed with another key than the one that is here, by choice; else ''."""
    if fingerprint in {"", fingerprints_of(read_keys(settings.keys_path))["audit"]}:
        return ""
    return (
        f"The audit record cannot be checked: the audit key with fingerprint {fingerprint}, which sealed it, is not in "
        f"{settings.keys_path}. What is recorded from now on does not fit what is in it."
    )


def _kept(settings: Settings, kept: Path | None) -> list[Anchor]:
    return kept_anchors(settings.data) + ([] if kept is None else kept_anchors(kept))


def _said(checked: Checked) -> str:
    more = f" It is the first of {checked.broken:,} such places." if checked.broken > 1 else ""
    return (
        f"{checked.name}: {checked.first}{more} Whoever made or kept this backup could change it: do not rely on it. "
        "Keep it as it is, run “research-hub audit check”, and compare it with an older backup."
    )
