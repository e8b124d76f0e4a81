"""A folder of decision files read one after the other."""

import os
from collections.abc import Iterator
from pathlib import Path

from insights.exchange.decision_files.decoding import LARGEST_FILE
from insights.exchange.decision_files.documents import NotADecision, Reading, UnreadableFile
from insights.exchange.decision_files.reading import read_decision_file

_TEXT_SUFFIXES = frozenset({"", ".md", ".markdown", ".mdown", ".mkd", ".rst", ".rest", ".txt"})


def read_decision_tree(root: Path) -> Iterator[Reading]:
    """Every file under `root` (or the one file it is), in the order of names; only one is in memory at a time.

    Hidden files and folders are passed over, as are folders that are links. A file that is not text by its name, or a
    link that leads out of `root`, is answered as not read, so that the summary can say so.

    Raises:
        FileNotFoundError: `root` does not exist.
    """
    if not root.exists():
        raise FileNotFoundError(f"{root} does not exist")
    if root.is_file():
        yield _read(root.parent, root)
        return
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield _read(root, Path(folder) / name)


def _read(root: Path, path: Path) -> Reading:
    name = path.relative_to(root).as_posix()
    if path.suffix.casefold() not in _TEXT_SUFFIXES and not path.stem.casefold().startswith(("licen", "readme")):
        return NotADecision(
            name, "not text", f"By its name ({path.suffix}) it is neither Markdown nor reStructuredText."
        )
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            return UnreadableFile(
                name, "not opened", "It is a link that leads out of the folder. Copy the file into it."
            )
        if not path.is_file():
            return UnreadableFile(name, "not opened", "It is not a regular file.")
        with path.open("rb") as file:
            return read_decision_file(name, file.read(LARGEST_FILE + 1))
    except OSError as error:
        return UnreadableFile(name, "not opened", f"It cannot be opened: {error.strerror or error}.")
