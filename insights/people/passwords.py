"""Passwords are kept as argon2id hashes with the library's recommended cost; what can be guessed is not taken.

No kind of character is asked for and none refused (OWASP ASVS 5.0, 6.2.5). docs/accounts.md says what is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from insights.core.errors import InvalidInput

SHORTEST, LONGEST = 12, 200
BESIDE_KNOWN_WORDS: Final = 8
"""Letters and digits that a password must have beside words that anybody would try here first."""
FEWEST_DIFFERENT: Final = 5
CONTEXT_WORDS: Final = (
    *("researchhub", "research", "insights", "findings", "interview", "participant"),
    *("password", "passwort", "welcome", "letmein", "changeme", "administrator", "admin", "login", "secret"),
)
"""What this product and its kind are about; the person's own name and address are looked for as well."""

_RUNS: Final = ("0123456789" * 3, "1234567890" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_SHORTEST_WORD: Final = 4

_hasher = PasswordHasher()
# Verified against where there is no such member: an unknown address takes as long to answer as a known one.
_NOBODY = _hasher.hash("nobody signs in with this")


def hash_password(password: str, *, about: Collection[str] = (), known: Collection[str] = frozenset()) -> str:
    """`about` is what is known of the person: name and address. `known` holds passwords that others know, folded.

    Raises InvalidInput for a password that is too short (OWASP ASVS 5.0, 6.2.1) or too long, or is guessed at once.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput.of("password", f"Choose a password of {SHORTEST} to {LONGEST} characters.")
    if folded(password) in known:
        raise InvalidInput.of("password", "This password is known to others: it stands in lists of stolen ones.")
    _refuse_what_is_guessed_first(password, _words_of(about))
    return hash_secret(password)


def hash_secret(secret: str) -> str:
    """Of any length: what was chosen by a person goes through `hash_password`."""
    return _hasher.hash(unicodedata.normalize("NFKC", secret))


def password_matches(password_hash: str | None, password: str) -> bool:
    """Nothing of the password is cut off: one that is longer than any can be is wrong."""
    fits = len(password) <= LONGEST
    try:
        _hasher.verify(password_hash or _NOBODY, unicodedata.normalize("NFKC", password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None


def set_known_passwords(session: Session, known: Collection[str]) -> None:
    """Passwords that nobody may choose, each as `folded` gives it."""
    session.info["known_passwords"] = known


def known_passwords(session: Session) -> Collection[str]:
    """Empty where the installation has no list."""
    known: Collection[str] = session.info.get("known_passwords", frozenset())
    return known


def folded(password: str) -> str:
    """As passwords are compared with those of a list: capitals do not make another one."""
    return unicodedata.normalize("NFKC", password).casefold()


def _refuse_what_is_guessed_first(password: str, words: Collection[str]) -> None:
    letters = _letters(password)
    if len(set(folded(password))) < FEWEST_DIFFERENT or any(letters in run or letters in run[::-1] for run in _RUNS):
        raise InvalidInput.of("password", "This is guessed at once: signs that repeat or follow each other.")
    rest = letters
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    if rest != letters and len(rest) < BESIDE_KNOWN_WORDS:
        raise InvalidInput.of(
            "password",
            "This is mostly a name, an address or what this site is called. Add words that nobody would expect.",
        )


def _words_of(about: Collection[str]) -> set[str]:
    own = {_letters(part) for text in about for part in re.split(r"[\s@.,_+-]+", text)}
    return {word for word in own | set(CONTEXT_WORDS) if len(word) >= _SHORTEST_WORD}


def _letters(text: str) -> str:
    """Letters and digits alone; a password of other signs is compared as it is."""
    return "".join(sign for sign in folded(text) if sign.isalnum()) or folded(text)
