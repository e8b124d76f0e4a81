"""Who has not agreed to a use, as a clause of a query: the same rule as `standing_of`, asked of the database.

Those of whom no consent is recorded at all are not among them: inside the organisation what came in before consents
were recorded stays as it was (docs/adr/0017). What leaves the organisation is asked of `quote_consents`, which refuses
it without a consent.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_, select
from sqlalchemy.orm import aliased

from insights.people.models import Consent, ConsentScope, Participant


def people_lacking(scopes: Collection[ConsentScope], on: date) -> Select[int]:
    """Ids of participants who withdrew, or whose latest consent does not hold every one of the scopes on that day."""
    return (
        select(Participant.id)
        .outerjoin(Consent, and_(Consent.participant_id == Participant.id, _is_latest(on)))
        .where(or_(Participant.withdrawn_at.is_not(None), and_(Consent.id.is_not(None), ~holds(scopes, on))))
    )


def people_agreeing(scopes: Collection[ConsentScope], on: date) -> Select[int]:
    """Ids of participants whose latest consent holds every one of the scopes on that day."""
    return (
        select(Participant.id)
        .join(Consent, and_(Consent.participant_id == Participant.id, _is_latest(on)))
        .where(Participant.withdrawn_at.is_(None), holds(scopes, on))
    )


def holds(scopes: Collection[ConsentScope], on: date) -> ColumnElement[bool]:
    """Whether a row of `consents` holds all of the scopes on that day; `expires_on` is the last day."""
    given, back = cast(Consent.scopes, String), cast(Consent.withdrawn_scopes, String)
    # Names of scopes stand in quotation marks in JSON, so that none is found within another.
    each = [and_(given.contains(f'"{scope.value}"'), ~back.contains(f'"{scope.value}"')) for scope in scopes]
    return and_(
        or_(Consent.withdrawn_on.is_(None), Consent.withdrawn_on > on),
        or_(Consent.expires_on.is_(None), Consent.expires_on >= on),
        *each,
    )


def _is_latest(on: date) -> ColumnElement[bool]:
    later = aliased(Consent)
    newer = or_(later.given_on > Consent.given_on, and_(later.given_on == Consent.given_on, later.id > Consent.id))
    found = select(later.id).where(later.participant_id == Consent.participant_id, later.given_on <= on, newer)
    return and_(Consent.given_on <= on, ~found.correlate(Consent).exists())
