"""What folders and file names say to a person: the study a file belongs to and a title for files that have none."""

import re
from pathlib import PurePosixPath

from insights.exchange.research_files.documents import ResearchDocument

_GENERIC_FOLDERS = frozenset(
    ("app", "docs", "doc", "documentation", "wiki", "src", "content", "posts", "pages", "markdown", ".", "..")
)
_INDEX_NAMES = frozenset(("index", "readme", "_index"))
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_LEADING_NUMBER = re.compile(r"^\d{1,3}[_. -]+(?=\S)")
_MONTH_AND_YEAR = re.compile(
    r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*[ ]?(?:19|20)\d\d(?!\d)", re.IGNORECASE
)
_WORD_JOIN = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_COPY = re.compile(r"[ ](?:copy|\(\d+\))\Z", re.IGNORECASE)


def suggested_study(document: ResearchDocument) -> str:
    """The study a document most likely belongs to, named after its folder; an empty string where it lies in none.

    Folders for dates and single posts do not count: app/book-a-vaccination/2025/03/joint-bookings/index.md belongs to
    "Book a vaccination". Where the folder has an introducing page, its title is the name.
    """
    return document.folder_title or folder_name(document.name)


def folder_name(name: str) -> str:
    """The telling folder of a path, for people."""
    folder = study_folder(name)
    return readable(folder.name) if folder.name else ""


def study_folder(name: str) -> PurePosixPath:
    """The deepest folder above dates and posts that is not merely called docs or app; empty where there is none."""
    parts = PurePosixPath(name).parts[:-1]
    year = next((place for place, part in enumerate(parts) if _YEAR.match(part.strip())), len(parts))
    kept = list(parts[:year])
    while kept and kept[-1].lower() in _GENERIC_FOLDERS:
        kept.pop()
    return PurePosixPath(*kept)


def readable(name: str) -> str:
    """A folder's or file's name as words: 19_gratefulgopher_jun2018_round2 becomes "Gratefulgopher round2"."""
    words = _MONTH_AND_YEAR.sub(" ", _LEADING_NUMBER.sub("", _COPY.sub("", name)).replace("_", " ").replace("-", " "))
    split = " ".join(_WORD_JOIN.sub(" ", words).split()) or name
    return split[:1].upper() + split[1:]


def readable_file_name(name: str) -> str:
    """The title that a path gives: the file's name, or the folder's where the file is only called index or README.

    A name that is written as a sentence ("2020, Spring - Understanding the local experience") is left as it is.
    """
    path = PurePosixPath(name)
    if path.stem.lower() in _INDEX_NAMES and path.parent.name:
        return readable(path.parent.name)
    if " " in path.stem:
        return _COPY.sub("", path.stem)
    first, *others = readable(path.stem).split() or [path.stem or "Untitled"]
    return " ".join([first, *(word if word.isupper() else word.lower() for word in others)])
