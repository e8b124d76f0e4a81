"""What participants agree to, recorded, and taken back in part or in whole; the record itself is never lost (B2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.consent_forms import given_version
from insights.capture.models import Attachment, Study
from insights.capture.operations.days import required_day
from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, term_of, text_of
from insights.core.clock import months_later, now, today
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Consent, ConsentScope, Member, Participant
from insights.people.operations import require_same_area
from insights.people.operations.participants import refuse_erased
from insights.people.participants.consents import SCOPES
from insights.people.vault.files import Closed, add_closed

CLOSED_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class ConsentDetails:
    """What the form or the voice said. `channel` is paper, web form, spoken and recorded, or other words.

    `form_version_id` is the version of a form of ours that was given; it names itself, and says how long it holds where
    nobody did. `form_version` is for any other form.
    """

    given_on: date | None
    scopes: Sequence[str]
    form_version: str = ""
    channel: str = ""
    expires_on: date | None = None
    note: str = ""
    form_version_id: int | None = None


def record_consent(
    session: Session,
    *,
    actor: Member,
    participant: Participant,
    study: Study,
    details: ConsentDetails,
    paper: Closed | None = None,
) -> Consent:
    """`paper` is the signed form, which whoever calls has closed into the file store with the person's key.

    What the file was called is not kept: people name such files after those who signed.
    """
    require_same_area(session, actor, study.team_id)
    refuse_erased(session, participant)
    given_on = required_day("given_on", details.given_on)
    details = _by_its_form(session, study, details, given_on)
    if given_on > today(session):
        raise InvalidInput.of("given_on", "Enter the day on which they agreed: today, or a day that is over.")
    if details.expires_on is not None and details.expires_on < given_on:
        raise InvalidInput.of("expires_on", "The consent cannot run out before it was given.")
    consent = Consent(
        participant_id=participant.id,
        study_id=study.id,
        form_version=optional_line("form_version", details.form_version, label="the form’s version", longest=220),
        form_version_id=details.form_version_id,
        given_on=given_on,
        channel=optional_line("channel", details.channel, label="the channel", longest=60),
        scopes=_scopes(details.scopes),
        expires_on=details.expires_on,
        note=text_of("note", details.note, label="the note", longest=5_000),
    )
    if paper is not None:
        _attach(session, consent, paper)
    add(session, actor, consent)
    detail = {"participant": participant.ref, "scopes": consent.scopes}
    record(session, actor, "recorded", consent, touches=[study.ref], detail=detail)
    return consent


def record_consents(
    session: Session, *, actor: Member, participants: Sequence[Participant], study: Study, details: ConsentDetails
) -> list[Consent]:
    """The same of several people who were told and asked the same, such as a group; all of them or none."""
    if not participants:
        raise InvalidInput.of("participants", "Choose who agreed.")
    return [
        record_consent(session, actor=actor, participant=each, study=study, details=details) for each in participants
    ]


def withdraw_consent(
    session: Session, *, actor: Member, consent: Consent, study: Study, on: date | None, scopes: Sequence[str] = ()
) -> None:
    """Takes back the given scopes from that day on, or everything where none is given; once only."""
    require_same_area(session, actor, study.team_id)
    day = required_day("withdrawn_on", on)
    if day > today(session):
        raise InvalidInput.of("withdrawn_on", "Enter the day on which they took it back: today, or a day that is over.")
    if day < consent.given_on:
        raise InvalidInput.of("withdrawn_on", "Nobody can take back what was not given yet: enter a later day.")
    if consent.withdrawn_on is not None:
        raise RuleBroken("This consent was taken back already. Record a new one if they agree again.")
    chosen = [scope for scope in _scopes(scopes) if scope in consent.scopes] if scopes else list(consent.scopes)
    back = {**dict.fromkeys(chosen, day.isoformat()), **consent.withdrawn_scopes}
    consent.withdrawn_scopes = back
    if not scopes or set(back) >= set(consent.scopes):
        consent.withdrawn_on = max(date.fromisoformat(each) for each in (*back.values(), day.isoformat()))
    touch(session, actor, consent)
    record(session, actor, "withdrew", consent, touches=[study.ref], detail={"scopes": chosen, "on": day.isoformat()})


def consents_of(session: Session, participant_ids: Sequence[int]) -> list[Consent]:
    """Newest first."""
    if not participant_ids:
        return []
    query = (
        select(Consent)
        .where(Consent.participant_id.in_(participant_ids))
        .order_by(Consent.given_on.desc(), Consent.id.desc())
    )
    return list(session.scalars(query))


def _by_its_form(session: Session, study: Study, details: ConsentDetails, given_on: date) -> ConsentDetails:
    """What the form itself says. Raises InvalidInput where something was agreed to that it does not ask for."""
    if details.form_version_id is None:
        return details
    form, version = given_version(session, study, details.form_version_id)
    beyond = [scope for scope in _scopes(details.scopes) if scope not in version.scopes]
    if beyond:
        names = ", ".join(f"“{SCOPES[ConsentScope(scope)][0]}”" for scope in beyond)
        raise InvalidInput.of("scopes", f"{form.name}, version {version.number}, does not ask for {names}.")
    ends = details.expires_on
    if ends is None and version.months is not None:
        ends = months_later(given_on, version.months)
    return replace(details, form_version=f"{form.name}, version {version.number}", expires_on=ends)


def _scopes(scopes: Sequence[str]) -> list[str]:
    chosen = {term_of("scopes", ConsentScope, scope, label="what they agreed to") for scope in scopes}
    return [scope.value for scope in ConsentScope if scope in chosen]


def _attach(session: Session, consent: Consent, paper: Closed) -> None:
    add_closed(session, paper)
    kept = Attachment(sha256=paper.sha256, size=paper.size, media_type=CLOSED_TYPE, added_at=now(session))
    session.add(kept)
    session.flush()
    consent.evidence_sha256 = paper.sha256
