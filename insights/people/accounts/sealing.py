"""Secrets that have to be read again, such as those of authenticator apps: AES-256-GCM under the installation's key.

Bound to their member: what was sealed for one opens for no other. A copy of the database alone opens nothing.
"""

from __future__ import annotations

import base64
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from insights.core.keys import KEY_BYTES, Keys, MasterKey

_NONCE_BYTES: Final = 12


class CannotOpen(Exception):
    """The key is not there any more, or what was sealed was changed."""


def seal(keys: Keys, secret: str, *, about: str) -> str:
    """`about` says whose secret it is, such as 'authenticator of MEM-7'; only the same words open it again."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    closed = AESGCM(_derived(keys.newest)).encrypt(nonce, secret.encode(), about.encode())
    return f"{keys.newest.id}.{base64.b64encode(nonce + closed).decode('ascii')}"


def unseal(keys: Keys, sealed: str, *, about: str) -> str:
    """Raises CannotOpen."""
    key_id, _, text = sealed.partition(".")
    key = keys.vault_key(key_id)
    if key is None:
        raise CannotOpen(f"There is no key {key_id}.")
    held = base64.b64decode(text)
    try:
        return AESGCM(_derived(key)).decrypt(held[:_NONCE_BYTES], held[_NONCE_BYTES:], about.encode()).decode()
    except InvalidTag:
        raise CannotOpen("What was sealed was changed, or belongs to somebody else.") from None


def _derived(key: MasterKey) -> bytes:
    """A key of its own, so that the master key does one thing alone: wrapping the keys of people."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"research hub accounts").derive(key.secret)
