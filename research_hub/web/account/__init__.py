"""Signing in and out, and what people may change about their own account."""

from research_hub.web.account import (
    confirming,
    invitations,
    links,
    own_account,
    passkeys,
    second_factor,
    signing_in,
    single_sign_on,
)
from research_hub.web.account.blueprint import bp

__all__ = [
    "bp",
    "confirming",
    "invitations",
    "links",
    "own_account",
    "passkeys",
    "second_factor",
    "signing_in",
    "single_sign_on",
]
