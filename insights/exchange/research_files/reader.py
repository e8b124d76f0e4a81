import hashlib
import re
from collections.abc import Mapping

from insights.core.text import (
    NotTextError,
    SplitText,
    canonical_text,
    decode_text,
    plain_passage,
    reading_blocks,
    split_front_matter,
)
from insights.exchange.research_files.dates import read_date, stated_date
from insights.exchange.research_files.describing import method_of, participants_of, title_of
from insights.exchange.research_files.documents import (
    NotResearch,
    ReadingNote,
    ReadResult,
    ResearchDocument,
    StatedDate,
    UnreadableFile,
)
from insights.exchange.research_files.front_matter import FrontMatter, read_front_matter
from insights.exchange.research_files.recognition import why_not_research

MOST_BYTES = 2_000_000


def read_research_file(name: str, data: bytes, *, top_folder: bool | None = None) -> ReadResult:
    """Read one Markdown or plain text file of research; never raises for anything the file holds.

    `name` is the path below the imported folder; slashes tell folders. A document's text is the whole body: where the
    front matter cannot be understood it stays in the text. `top_folder` says that the file lies in the folder of a
    whole data set, where a README describes the set; without it, a name without folders is taken to.
    """
    name = name.replace("\\", "/")
    if len(data) > MOST_BYTES:
        return UnreadableFile(name, f"larger than {MOST_BYTES // 1_000_000} MB. Split it and import the parts.")
    try:
        decoded = decode_text(data)
    except NotTextError as error:
        return UnreadableFile(name, str(error))
    whole = canonical_text(decoded.text)
    split, front = _split(whole)
    blocks = reading_blocks(split.body)
    title, title_guessed = title_of(name, front.values, blocks)
    in_top_folder = "/" not in name if top_folder is None else top_folder
    if reason := why_not_research(name, front.values, blocks, top_folder=in_top_folder):
        return NotResearch(name, reason, title)
    words = plain_passage(blocks, 0, len(split.body))
    description = _one_line(front.values.get("description"))
    dated = stated_date(name, front.values, title, split.body)
    notes = (
        *([ReadingNote("guessed", f"encoding taken for {decoded.encoding}")] if decoded.guessed else []),
        *_notes_on_characters(decoded.text),
        *_notes_on_front_matter(front),
        *([ReadingNote("guessed", f"title made from the file's name: {title}")] if title_guessed else []),
        *_notes_on_date(front.values, dated, title),
    )
    return ResearchDocument(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
        title=title,
        text=split.body,
        dated_on=dated.on if dated else None,
        date_precision=dated.precision if dated else None,
        date_from=dated.source if dated else None,
        authors=_people(front.values.get("author", front.values.get("authors"))),
        tags=_names(front.values.get("tags")),
        description=description,
        method=(method := method_of(title, description, words)),
        participants=(participants := participants_of(words)),
        front_matter=front.values,
        front_matter_source=split.front_matter or "",
        notes=(*notes, *_notes_on_guesses(method, participants)),
    )


_USED = frozenset(("title", "date", "author", "authors", "tags", "description"))
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_AND = re.compile(r"\s*(?:,|;|\band\b|&)\s*")


def _split(whole: str) -> tuple[SplitText, FrontMatter]:
    split = split_front_matter(whole)
    if split.front_matter is None:
        return split, FrontMatter({})
    front = read_front_matter(split.front_matter)
    return (SplitText(None, whole, 1), front) if front.problem else (split, front)


def _one_line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _names(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(" ".join(str(name).split()) for name in values if name is not None and str(name).strip())


def _people(value: object) -> tuple[str, ...]:
    """A list of names, or "A, B and C" in one string."""
    return tuple(person for name in _names(value) for person in _AND.split(name) if person)


def _notes_on_characters(text: str) -> list[ReadingNote]:
    found = _UNSTORABLE.findall(text)
    if not found:
        return []
    line = text.count("\n", 0, text.index(found[0])) + 1
    return [ReadingNote("not understood", f"{len(found)} control characters, shown as \ufffd", line)]


def _notes_on_front_matter(front: FrontMatter) -> list[ReadingNote]:
    if front.problem:
        return [ReadingNote("not understood", f"front matter kept in the text: {front.problem}", 1)]
    unused = sorted(name for name, value in front.values.items() if name not in _USED and value is not None)
    return [ReadingNote("not understood", f"front matter kept but not used: {', '.join(unused)}", 1)] if unused else []


def _notes_on_date(front_matter: Mapping[str, object], dated: StatedDate | None, title: str) -> list[ReadingNote]:
    written = front_matter.get("date")
    notes: list[ReadingNote] = []
    if written is not None and (dated is None or dated.source != "front matter"):
        notes.append(ReadingNote("not understood", f"date: {written}", 1))
    if dated is None:
        notes.append(ReadingNote("not understood", "no date found"))
    elif dated.source != "front matter":
        notes.append(ReadingNote("guessed", f"date {dated.on.isoformat()} ({dated.precision}) from the {dated.source}"))
        in_title = read_date(title)
        if in_title and in_title[0] != dated.on:
            notes.append(ReadingNote("not understood", f"the title names another date: {title}"))
    return notes


def _notes_on_guesses(method: str | None, participants: int | None) -> list[ReadingNote]:
    return [
        *([ReadingNote("guessed", f"method: {method}")] if method else []),
        *([ReadingNote("guessed", f"participants: {participants}")] if participants is not None else []),
    ]
