"""Which entries of the record tell of access: who may do what, how people come in, and who opened what is guarded.

Every verb that the packages of accounts, the vault, break-glass, subject access and reviews write is either here or in
`OTHER_VERBS`; a test reads them out of the code and fails for one that is in neither.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, and_, or_

from insights.core.activity import ActivityEntry
from insights.people.vault import LOOKS

_OF_MEMBERS: Final = frozenset(
    {
        *("added", "changed role of", "changed team of", "closed", "reopened"),
        *("gave the care of the area to", "took the care of the area from"),
        *("gave a new password to", "changed password of", "asked for a new password of"),
        *("made a way in for", "used the way in of", "failed to sign in as", "was given a wrong code for"),
        *("added an authenticator app to", "removed the authenticator app from", "took the second factors of"),
        *("added a passkey to", "removed a passkey from", "linked single sign-on to"),
        *("made recovery codes for", "used a recovery code of"),
        *("signed out everywhere", "ended every browser session of"),
        *("made a feed address for", "took back the feed address of"),
    }
)
_OF_STUDIES: Final = frozenset(
    {
        *("changed access of", "asked for access to", "gave access for a time to", "declined access to"),
        *("ended access for a time to", "took back the request for"),
    }
)
_OF_PARTICIPANTS: Final = frozenset(
    {
        *LOOKS,
        *("kept the identity of", "changed the identity of", "removed the identity of"),
        "exported everything held on",
    }
)
ACCESS_VERBS: Final = {
    "member": _OF_MEMBERS | {"searched the vault"},
    "invitation": frozenset({"invited", "invited again", "withdrew", "accepted"}),
    "team": frozenset({"configured"}),
    "study": _OF_STUDIES,
    "participant": _OF_PARTICIPANTS,
    "consent": frozenset(LOOKS),
    "subject access request": frozenset(
        {"logged", "stopped the clock of", "restarted the clock of", "extended", "answered"}
    ),
    "access review": frozenset({"began", "answered for somebody in", "took back an answer in", "closed"}),
}
"""By kind of record, since “closed” and “added” are said of many; kinds are those of the records' KIND."""

OTHER_VERBS: Final = frozenset(
    {
        # Coming and going: it changes nobody's rights, and would hide among itself what does.
        *("signed in", "ended a browser session of"),
        # What teams own and plan, and what was agreed with participants.
        *("created", "changed", "edited", "noted a change of"),
        *("recorded an incentive for", "recorded a contact with", "took back a contact with"),
        # Mail that did not go out, and looks whose time was over.
        *("tried again to send mail to", "removed old looks from"),
        *("saved a search", "followed", "deleted", "restored", "unsubscribed from"),
    }
)
"""Of the same packages, what is neither a right nor a look at what is guarded."""


def tells_of_access() -> ColumnElement[bool]:
    """Of entries, those that `ACCESS_VERBS` names."""
    return or_(
        *(
            and_(ActivityEntry.subject_kind == kind, ActivityEntry.verb.in_(sorted(verbs)))
            for kind, verbs in ACCESS_VERBS.items()
        )
    )
