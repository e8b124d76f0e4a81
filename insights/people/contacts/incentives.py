"""What participants were given for their time: amount, how and when, by code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy.orm import Session

from insights.core.activity import add, record
from insights.core.checks import required_line
from insights.core.clock import today
from insights.core.errors import InvalidInput
from insights.people.models import Incentive, Member, Participant
from insights.people.operations.areas import require_same_area
from insights.people.operations.participants import refuse_erased
from insights.people.participants import personal_hint

METHODS = ("Gift card", "Bank transfer", "Cash", "Voucher by e-mail", "Donation")
LARGEST = Decimal("99999.99")


@dataclass(frozen=True, slots=True)
class IncentiveDetails:
    """`amount` as it was typed, with a point or a comma; `currency` as three letters (ISO 4217)."""

    amount: str
    currency: str
    method: str
    given_on: date | None


def record_incentive(
    session: Session, *, actor: Member, participant: Participant, study_id: int, team_id: int, details: IncentiveDetails
) -> Incentive:
    require_same_area(session, actor, team_id)
    refuse_erased(session, participant)
    method = required_line("method", details.method, label="how it was given", longest=60)
    if hint := personal_hint(method):
        raise InvalidInput.of("method", f"This holds {hint}. Say how it was given, without anybody’s name or account.")
    if details.given_on is None or details.given_on > today(session) or details.given_on.year < 1990:  # noqa: PLR2004 - older is a slip
        raise InvalidInput.of("given_on", "Enter the day on which it was given: today, or a day that is over.")
    incentive = Incentive(
        participant_id=participant.id,
        study_id=study_id,
        amount=amount_of(details.amount),
        currency=_currency(details.currency),
        method=method,
        given_on=details.given_on,
    )
    add(session, actor, incentive)
    told = {"amount": f"{incentive.amount:.2f} {incentive.currency}", "on": incentive.given_on.isoformat()}
    record(session, actor, "recorded an incentive for", participant, detail=told)
    return incentive


def amount_of(typed: str) -> Decimal:
    """'40', '40.50' or '40,50'. Raises InvalidInput for what is no amount from 0.01."""
    text = typed.strip().replace(",", ".")
    try:
        amount = Decimal(text) if re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,2})?", text) else Decimal(0)
    except InvalidOperation:
        amount = Decimal(0)
    if not Decimal(0) < amount <= LARGEST:
        raise InvalidInput.of("amount", "Enter an amount such as 40 or 40.50.")
    return amount.quantize(Decimal("0.01"))


def _currency(typed: str) -> str:
    text = typed.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise InvalidInput.of("currency", "Enter the currency in three letters, for example GBP or EUR.")
    return text
