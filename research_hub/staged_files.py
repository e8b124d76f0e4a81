"""Files that wait until somebody has looked at them: kept like originals, and let go of when nobody wants them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from research_hub.files import FileStore


class StagedFiles(FileStore):
    """Lies in a folder of its own, which no backup holds: what waits is not yet anybody's record."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        # Beside the store that this one lies in, in which nothing lies but files.
        self.lock_path = root.parent.with_name("staged.lock")

    def forget(self, digests: Iterable[str]) -> None:
        """Lets go of the content; what is gone already is no error."""
        for digest in digests:
            self.path_of(digest).unlink(missing_ok=True)
