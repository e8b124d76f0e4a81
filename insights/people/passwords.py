"""Passwords are kept as argon2id hashes with the library's recommended cost."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from insights.core.errors import InvalidInput

SHORTEST, LONGEST = 12, 200

_hasher = PasswordHasher()
# Verified against where there is no such member: an unknown address takes as long to answer as a known one.
_NOBODY = _hasher.hash("nobody signs in with this")


def hash_password(password: str) -> str:
    """Raises InvalidInput for a password that is too short (OWASP ASVS 5.0, 6.2.1) or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput.of("password", f"Choose a password of {SHORTEST} to {LONGEST} characters.")
    return hash_secret(password)


def hash_secret(secret: str) -> str:
    """Of any length: what was chosen by a person goes through `hash_password`."""
    return _hasher.hash(unicodedata.normalize("NFKC", secret))


def password_matches(password_hash: str | None, password: str) -> bool:
    try:
        _hasher.verify(password_hash or _NOBODY, unicodedata.normalize("NFKC", password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
