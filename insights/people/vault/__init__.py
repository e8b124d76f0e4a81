"""The vault: who participants are, apart from what they said, closed field by field (docs/adr/0016)."""

from insights.people.vault.errors import Altered, CannotOpen, KeyDestroyed, MasterKeyMissing
from insights.people.vault.identities import (
    FIELD_LABELS,
    OpenedIdentity,
    Who,
    find_people,
    held_fields,
    keep_identity,
    open_identities,
    remove_identity,
    rows_of,
)
from insights.people.vault.looks import LOOKS, REASON_LABELS, Reason, note_look

__all__ = [
    "FIELD_LABELS",
    "LOOKS",
    "REASON_LABELS",
    "Altered",
    "CannotOpen",
    "KeyDestroyed",
    "MasterKeyMissing",
    "OpenedIdentity",
    "Reason",
    "Who",
    "find_people",
    "held_fields",
    "keep_identity",
    "note_look",
    "open_identities",
    "remove_identity",
    "rows_of",
]
