"""Which consent a use of somebody's words needs, and which of it is missing (features.md B3).

Each scope is asked for by itself, but one includes another: who agreed that everybody may read their words agreed that
other public bodies may. To be quoted at all always has to be agreed to on top.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from insights.people.models import ConsentScope
from insights.people.participants.consents import SCOPES, ConsentStanding, ConsentState, consent_in_words


class Use(StrEnum):
    """What is done with somebody's words, or with them (docs/adr/0017).

    read: colleagues outside the study read them. work: the study's people go on with them in another program. play: the
    recording is heard. take_away: a quote leaves in a file. quote, share, publish: it is quoted to colleagues, other
    public bodies, everybody. recontact: they are written to.
    """

    READ = "read"
    WORK = "work"
    PLAY = "play"
    TAKE_AWAY = "take_away"
    RECONTACT = "recontact"
    QUOTE = "quote"
    SHARE = "share"
    PUBLISH = "publish"


INSIDE: frozenset[Use] = frozenset({Use.READ, Use.WORK, Use.PLAY, Use.TAKE_AWAY})
"""Uses inside the organisation, which go on where no consent was ever recorded: old records must not vanish."""

USE_WORDS: Mapping[Use, str] = {
    Use.READ: "read outside its study",
    Use.WORK: "worked on in another program",
    Use.PLAY: "played",
    Use.TAKE_AWAY: "taken away in a file",
    Use.RECONTACT: "answered by a message",
    Use.QUOTE: "quoted inside the organisation",
    Use.SHARE: "shared across the public sector",
    Use.PUBLISH: "published",
}

# Of each group of scopes one has to hold; the first of a group is the one to ask for.
_NEEDS: Mapping[Use, tuple[tuple[ConsentScope, ...], ...]] = {
    Use.READ: ((ConsentScope.SHARE_IN_ORGANISATION,),),
    Use.WORK: ((ConsentScope.TAKE_PART,),),
    Use.PLAY: ((ConsentScope.RECORD,),),
    Use.TAKE_AWAY: ((ConsentScope.QUOTE_ANONYMOUSLY,),),
    Use.RECONTACT: ((ConsentScope.RECONTACT,),),
    Use.QUOTE: ((ConsentScope.QUOTE_ANONYMOUSLY,),),
    Use.SHARE: (
        (ConsentScope.QUOTE_ANONYMOUSLY,),
        (ConsentScope.SHARE_ACROSS_PUBLIC_SECTOR, ConsentScope.PUBLISH),
    ),
    Use.PUBLISH: ((ConsentScope.QUOTE_ANONYMOUSLY,), (ConsentScope.PUBLISH,)),
}


def missing_scopes(standing: ConsentStanding, use: Use) -> tuple[ConsentScope, ...]:
    """The scopes to ask for, in the order of the form; empty where the use is agreed to."""
    if use in INSIDE and standing.state is ConsentState.NONE:
        return ()
    return tuple(group[0] for group in _NEEDS[use] if not any(standing.holds(scope) for scope in group))


def missing_in_words(standing: ConsentStanding, use: Use) -> str:
    """'“Publish” is missing (agreed to take part and to be quoted)'; '' where nothing is missing."""
    missing = missing_scopes(standing, use)
    if not missing:
        return ""
    names = " and ".join(f"“{SCOPES[scope][0]}”" for scope in missing)
    return f"{names} {'is' if len(missing) == 1 else 'are'} missing ({consent_in_words(standing)})"
