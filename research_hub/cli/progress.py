"""A bar on the error stream while work goes on; nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def counted(words: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function to be told (done, all); all is 0 where it is not known."""
    with tqdm(desc=words, unit=unit, file=sys.stderr, disable=None, leave=False) as bar:

        def tell(done: int, total: int) -> None:
            if total:
                bar.total = total
            bar.update(done - bar.n)

        yield tell
