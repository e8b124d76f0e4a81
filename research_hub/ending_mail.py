"""The link that ends the mail of the reports: signed, so that it needs no sign-in, and good for nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from insights.reports.monthly_note import ReportMail

_SALT: Final = "mail of reports"


@dataclass(frozen=True, slots=True)
class EndOfMail:
    """Whose mail of which kind ends."""

    member_id: int
    what: ReportMail


def sign_end_of_mail(secret_key: str, wanted: EndOfMail) -> str:
    """A token without an end, for mail is read late."""
    signed: str = URLSafeSerializer(secret_key, _SALT).dumps([wanted.member_id, wanted.what.value])
    return signed


def read_end_of_mail(secret_key: str, token: str) -> EndOfMail | None:
    """None for a token that this site did not sign for this purpose."""
    try:
        member_id, what = URLSafeSerializer(secret_key, _SALT).loads(token)
        return EndOfMail(int(member_id), ReportMail(what))
    except (BadSignature, ValueError, TypeError):
        return None
