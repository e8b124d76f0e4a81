"""What a participant has agreed to as of a day: the latest consent counts, less what was taken back (features.md B2).

Nothing here reads or writes; the gates that follow from it are built on `agreed_scopes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insights.people.models import Consent, ConsentScope

SCOPES: Mapping[ConsentScope, tuple[str, str]] = {
    ConsentScope.TAKE_PART: ("Take part", "They know what the session is for, that it is voluntary, and agreed to it."),
    ConsentScope.RECORD: ("Be recorded", "Sound, picture or screen may be recorded and kept as long as the form says."),
    ConsentScope.QUOTE_ANONYMOUSLY: ("Be quoted", "Their own words may be quoted without their name."),
    ConsentScope.SHARE_IN_ORGANISATION: (
        "Share in the organisation",
        "Colleagues outside the study’s team may read notes and quotes.",
    ),
    ConsentScope.SHARE_ACROSS_PUBLIC_SECTOR: (
        "Share across the public sector",
        "Other public bodies may read quotes and findings.",
    ),
    ConsentScope.PUBLISH: (
        "Publish",
        "Quotes may stand in what everyone can read, such as a report or a design history.",
    ),
    ConsentScope.RECONTACT: ("Be contacted again", "They may be asked to take part in other research."),
}
"""Each scope with its short name and what it means in a sentence."""

_DONE = {
    ConsentScope.TAKE_PART: "to take part",
    ConsentScope.RECORD: "to be recorded",
    ConsentScope.QUOTE_ANONYMOUSLY: "to be quoted",
    ConsentScope.SHARE_IN_ORGANISATION: "to sharing in the organisation",
    ConsentScope.SHARE_ACROSS_PUBLIC_SECTOR: "to sharing across the public sector",
    ConsentScope.PUBLISH: "to publishing",
    ConsentScope.RECONTACT: "to being contacted again",
}


class ConsentState(StrEnum):
    NONE = "none"
    GIVEN = "given"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """One form that was signed or spoken. `taken_back` maps a scope to the day from which it no longer holds."""

    id: int
    given_on: date
    scopes: frozenset[ConsentScope]
    form_version: str = ""
    expires_on: date | None = None
    withdrawn_on: date | None = None
    taken_back: tuple[tuple[ConsentScope, date], ...] = ()

    @classmethod
    def of(cls, consent: Consent) -> ConsentFact:
        known = {scope.value for scope in ConsentScope}
        back = {ConsentScope(name): date.fromisoformat(day) for name, day in consent.withdrawn_scopes.items()}
        return cls(
            consent.id,
            consent.given_on,
            frozenset(ConsentScope(name) for name in consent.scopes if name in known),
            consent.form_version,
            consent.expires_on,
            consent.withdrawn_on,
            tuple(sorted(back.items())),
        )


@dataclass(frozen=True, slots=True)
class ConsentStanding:
    """Where a participant stands on a day. `changed_on` is the day of giving, running out or taking back."""

    state: ConsentState
    scopes: frozenset[ConsentScope] = frozenset()
    changed_on: date | None = None
    form_version: str = ""
    taken_back: frozenset[ConsentScope] = frozenset()

    def holds(self, scope: ConsentScope) -> bool:
        return scope in self.scopes


def standing_of(consents: Iterable[ConsentFact], on: date) -> ConsentStanding:
    """The latest consent given by that day counts; `expires_on` is the last day on which it holds."""
    known = [each for each in consents if each.given_on <= on]
    if not known:
        return ConsentStanding(ConsentState.NONE)
    latest = max(known, key=lambda each: (each.given_on, each.id))
    if latest.withdrawn_on is not None and latest.withdrawn_on <= on:
        return ConsentStanding(ConsentState.WITHDRAWN, frozenset(), latest.withdrawn_on, latest.form_version)
    if latest.expires_on is not None and latest.expires_on < on:
        return ConsentStanding(ConsentState.EXPIRED, frozenset(), latest.expires_on, latest.form_version)
    back = frozenset(scope for scope, day in latest.taken_back if day <= on)
    return ConsentStanding(ConsentState.GIVEN, latest.scopes - back, latest.given_on, latest.form_version, back)


def agreed_scopes(consents: Iterable[ConsentFact], on: date) -> frozenset[ConsentScope]:
    """What holds on that day; empty where there is no consent, or none any longer."""
    return standing_of(consents, on).scopes


def consent_in_words(standing: ConsentStanding) -> str:
    """'agreed to take part and to be quoted', 'ran out on 3 May 2026', 'no consent recorded'."""
    if standing.state is ConsentState.NONE:
        return "no consent recorded"
    if standing.state is ConsentState.EXPIRED:
        return f"ran out on {_day(standing.changed_on)}"
    if standing.state is ConsentState.WITHDRAWN:
        return f"taken back on {_day(standing.changed_on)}"
    if not standing.scopes:
        return "agreed to nothing that is listed"
    if standing.scopes == frozenset(ConsentScope):
        return "agreed to everything that was asked"
    return f"agreed {_listed([_DONE[scope] for scope in ConsentScope if scope in standing.scopes])}"


def people_in_words(standings: Sequence[ConsentStanding]) -> str:
    """Of several people: '7 of 9 have agreed to be quoted; 1 ran out on 3 May 2026; 1 has no consent recorded'."""
    if not standings:
        return "Nobody is listed yet."
    quoted = sum(each.holds(ConsentScope.QUOTE_ANONYMOUSLY) for each in standings)
    parts = [f"{quoted} of {len(standings)} {'has' if quoted == 1 else 'have'} agreed to be quoted"]
    refused = sum(each.state is ConsentState.GIVEN for each in standings) - quoted
    if refused:
        parts.append(f"{refused} agreed to other things but not to that")
    expired = [each.changed_on for each in standings if each.state is ConsentState.EXPIRED and each.changed_on]
    if expired:
        parts.append(
            f"{len(expired)} ran out, the latest on {_day(max(expired))}"
            if len(expired) > 1
            else f"1 ran out on {_day(expired[0])}"
        )
    withdrawn = sum(each.state is ConsentState.WITHDRAWN for each in standings)
    if withdrawn:
        parts.append(f"{withdrawn} took it back")
    missing = sum(each.state is ConsentState.NONE for each in standings)
    if missing:
        parts.append(f"{missing} {'has' if missing == 1 else 'have'} no consent recorded")
    return "; ".join(parts) + "."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%B %Y}"
