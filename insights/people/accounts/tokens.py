"""Tokens of links: worked out from a row and the installation's key, so that the database holds no link that opens.

A mail is written when it is sent, perhaps after a restart; it makes the link again from the row.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from insights.core.keys import Keys

SALT_BYTES = 16


def new_salt() -> str:
    return secrets.token_hex(SALT_BYTES)


def token_for(keys: Keys, purpose: str, salt: str) -> str:
    """256 bits that nobody works out without the key file; `purpose` and `salt` together name one link."""
    key = hmac.digest(keys.audit, b"research hub links", "sha256")
    made = hmac.digest(key, f"{purpose}:{salt}".encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode("ascii")


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
