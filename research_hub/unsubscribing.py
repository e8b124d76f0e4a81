"""The link in a mail that ends it: signed, so that it needs no sign-in, and good for nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

_SALT: Final = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Whose mail ends: about one follow, or where `follow_id` is None about all of them."""

    member_id: int
    follow_id: int | None = None


def sign_unsubscription(secret_key: str, wanted: Unsubscription) -> str:
    """A token without an end, for mail is read late."""
    signed: str = URLSafeSerializer(secret_key, _SALT).dumps([wanted.member_id, wanted.follow_id or 0])
    return signed


def read_unsubscription(secret_key: str, token: str) -> Unsubscription | None:
    """None for a token that this site did not sign for this purpose."""
    try:
        member_id, follow_id = URLSafeSerializer(secret_key, _SALT).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return Unsubscription(member_id, follow_id or None)
