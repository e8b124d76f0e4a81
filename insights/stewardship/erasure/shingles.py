"""Finding words again without keeping them: six words in a row, as a digest that only this installation can make.

Six words in a row are rarely said twice by chance. What is shorter is removed where it is known to stand; it cannot be
told from everyday speech anywhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.core.keys import keys_of

WORDS = 6

_WORD = re.compile(r"\w+")
_PURPOSE = b"research-hub erasure "


@dataclass(frozen=True, slots=True)
class Finder:
    """Makes digests for one withdrawal; what two make of the same words cannot be brought together."""

    key: bytes

    @classmethod
    def for_withdrawal(cls, session: Session, uuid: str) -> Finder:
        """The key is derived from the installation's, and lies in no database."""
        return cls(hmac.digest(keys_of(session).audit, _PURPOSE + uuid.encode(), "sha256"))

    def digests(self, text: str) -> set[str]:
        return {digest for digest, _start, _end in self._windows(text)}

    def digests_of(self, texts: Iterable[str]) -> set[str]:
        return {digest for text in texts for digest in self.digests(text)}

    def spans(self, text: str, wanted: Collection[str]) -> list[tuple[int, int]]:
        """The stretches of a text that hold what is wanted, joined where they overlap."""
        found: list[tuple[int, int]] = []
        for digest, start, end in self._windows(text):
            if digest not in wanted:
                continue
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found

    def _windows(self, text: str) -> Iterator[tuple[str, int, int]]:
        words = [(match.group().casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
        for number in range(len(words) - WORDS + 1):
            window = words[number : number + WORDS]
            said = " ".join(word for word, _start, _end in window).encode()
            yield hashlib.blake2b(said, key=self.key, digest_size=8).hexdigest(), window[0][1], window[-1][2]
