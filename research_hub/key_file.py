"""The file of the installation's keys: written at the first start, readable by its owner alone, in no backup."""

from __future__ import annotations

import base64
import hmac
import json
from binascii import Error as NotBase64
from contextlib import suppress
from pathlib import Path
from typing import Final

from insights.core.keys import KEY_BYTES, Keys, MasterKey
from research_hub.private_files import write_once_privately

_FINGERPRINT: Final = b"research-hub key fingerprint"


class UnreadableKeys(Exception):
    """Says which file and what to do; it never tells what the file holds."""


def read_keys(path: Path) -> Keys:
    """The keys, made at first start. Raises UnreadableKeys rather than go on with others, which would open nothing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_once_privately(path, keys_as_text(Keys.made()))
    try:
        return keys_from_text(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, NotBase64) as problem:
        raise UnreadableKeys(
            f"The key file {path} cannot be read ({type(problem).__name__}). Put back the copy that is kept with the "
            "backups: without these keys no name can be read and no entry of the record be checked."
        ) from None


class WatchedKeys:
    """Notices that the key file was written anew, so that a service that runs goes on with a rotated key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._stamp()

    def refreshed(self, held: Keys) -> Keys:
        """The keys of the file where it changed since it was last looked at, else those that are held."""
        stamp = self._stamp()
        if stamp == self._seen or stamp is None:
            return held
        keys = read_keys(self.path)
        self._seen = stamp
        return keys

    def _stamp(self) -> tuple[int, int] | None:
        with suppress(OSError):
            found = self.path.stat()
            return found.st_mtime_ns, found.st_ino
        return None


def fingerprints_of(keys: Keys) -> dict[str, str]:
    """By "audit" and the id of each master key, the newest first; they tell keys apart and give none of them away."""
    named = {"audit": keys.audit} | {key.id: key.secret for key in keys.vault}
    return {name: hmac.digest(secret, _FINGERPRINT, "sha256").hex()[:16] for name, secret in named.items()}


def keys_as_text(keys: Keys) -> str:
    vault = [{"id": key.id, "key": _encoded(key.secret)} for key in keys.vault]
    return json.dumps({"audit": _encoded(keys.audit), "vault": vault}, indent=1) + "\n"


def keys_from_text(text: str) -> Keys:
    """Raises ValueError, KeyError or TypeError where the text is not a key file."""
    read = json.loads(text)
    vault = tuple(MasterKey(str(each["id"]), _decoded(each["key"])) for each in read["vault"])
    if not vault:
        raise ValueError("no master key")
    return Keys(_decoded(read["audit"]), vault)


def _encoded(secret: bytes) -> str:
    return base64.b64encode(secret).decode("ascii")


def _decoded(text: str) -> bytes:
    secret = base64.b64decode(text, validate=True)
    if len(secret) != KEY_BYTES:
        raise ValueError("a key of another length")
    return secret
