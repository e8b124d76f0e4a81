"""One report brought in on purpose: read from a file or from pasted text, and stored once in a study (features.md A8).

What a person says about the report goes before what its file says; method and number of people are never guessed here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Method, SourceText, Study
from insights.capture.operations import ReportDetails, import_report
from insights.core.checks import required_line
from insights.core.errors import InvalidInput
from insights.core.text import NotTextError, canonical_text, decode_text, reading_blocks, split_front_matter
from insights.exchange.research_files.dates import stated_date
from insights.exchange.research_files.describing import title_of
from insights.exchange.research_files.front_matter import FrontMatter, read_front_matter
from insights.exchange.research_import import KeepsFiles
from insights.people.models import Member
from insights.people.operations import require_same_area

MOST_BYTES = 2_000_000
MOST_PARTICIPANTS = 1_000_000


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as its file tells it; `title` is empty where neither the text nor a file's name gives one.

    `notes` are what was guessed or not understood, each fit to follow the name of the file.
    """

    name: str
    content: bytes
    text: str
    title: str
    dated_on: date | None
    date_precision: str
    encoding: str
    front_matter: Mapping[str, object]
    notes: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a person says about a report; an empty title and a missing date are read from the file."""

    title: str = ""
    url: str = ""
    dated_on: date | None = None
    date_precision: str = "day"
    method: Method | None = None
    participant_count: int | None = None


@dataclass(frozen=True, slots=True)
class AddedReport:
    """`is_new` is false where the study held the same content already, as `source`; nothing was stored then."""

    source: SourceText
    is_new: bool


def read_report(name: str, content: bytes, *, field: str = "original") -> ReportFile:
    """Reads Markdown or plain text; `name` is the file's, or empty for pasted text.

    Raises InvalidInput on `field` for what is empty, too large or no text; the message says what to do.
    """
    if not content.strip():
        raise InvalidInput.of(field, "There is nothing in it. Choose another file, or paste the text.")
    if len(content) > MOST_BYTES:
        raise InvalidInput.of(
            field, f"It is larger than {MOST_BYTES // 1_000_000} MB. Split the report and add the parts."
        )
    try:
        decoded = decode_text(content)
    except NotTextError as error:
        raise InvalidInput.of(field, str(error)) from error
    body, front = _split(canonical_text(decoded.text))
    blocks = reading_blocks(body)
    if not any(char.isalnum() for block in blocks for char in block.words):
        raise InvalidInput.of(field, "There are no words in it to read or to cite.")
    title, title_guessed = title_of(name, front.values, blocks)
    dated = stated_date(name, front.values, title, body)
    notes = (
        *([f"encoding taken for {decoded.encoding}"] if decoded.guessed else []),
        *([f"front matter kept in the text: {front.problem}"] if front.problem else []),
    )
    return ReportFile(
        name=name,
        content=content,
        text=body,
        title="" if title_guessed and not name else title,
        dated_on=dated.on if dated else None,
        date_precision=dated.precision if dated else "day",
        encoding=decoded.encoding,
        front_matter=front.values,
        notes=notes,
    )


def add_report(
    session: Session, *, actor: Member, files: KeepsFiles, study: Study, report: ReportFile, facts: ReportFacts
) -> AddedReport:
    """Stores the report as a source of its own, with the file as it came. Never commits.

    Raises NotAllowed for a study of another area and InvalidInput, by field, for facts that cannot be taken.
    """
    known = known_report(session, study=study, sha256=report.sha256)
    if known is not None:
        require_same_area(session, actor, study.team_id)
        return AddedReport(known, is_new=False)
    source = import_report(
        session,
        actor=actor,
        study=study,
        details=_details(report, facts),
        text=report.text,
        original=report.content,
    )
    assert source is not None  # noqa: S101 - the same content was looked for above
    # Last, so that a full disk takes the rows back with it.
    files.keep(report.content)
    return AddedReport(source, is_new=True)


def known_report(session: Session, *, study: Study, sha256: str) -> SourceText | None:
    """The source of the study that holds these bytes."""
    return session.scalar(
        select(SourceText)
        .where(SourceText.study_id == study.id, SourceText.sha256 == sha256, SourceText.deleted_at.is_(None))
        .order_by(SourceText.id)
        .limit(1)
    )


def participant_count_of(field: str, written: str) -> int | None:
    """A number of people as it is typed: '12', '1,200'; None for an empty text. Raises InvalidInput on `field`."""
    digits = written.strip()
    if not digits:
        return None
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+", digits):
        digits = digits.replace(",", "")
    if not re.fullmatch(r"[0-9]{1,9}", digits) or not 1 <= int(digits) <= MOST_PARTICIPANTS:
        raise InvalidInput.of(
            field,
            f"Enter how many people took part as a whole number from 1 to {MOST_PARTICIPANTS:,}, or leave it empty.",
        )
    return int(digits)


def _split(whole: str) -> tuple[str, FrontMatter]:
    """Front matter that cannot be understood stays in the text."""
    split = split_front_matter(whole)
    if split.front_matter is None:
        return split.body, FrontMatter({})
    front = read_front_matter(split.front_matter)
    return (whole if front.problem else split.body), front


def _details(report: ReportFile, facts: ReportFacts) -> ReportDetails:
    own_date = facts.dated_on is not None
    # What a file calls its title may be longer than a title may be; what a person types may not.
    title = required_line("title", facts.title.strip() or report.title[:500], label="a title")
    return ReportDetails(
        title=title,
        original_name=report.name,
        encoding=report.encoding,
        url=facts.url,
        dated_on=facts.dated_on if own_date else report.dated_on,
        date_precision=facts.date_precision if own_date else report.date_precision,
        method=facts.method,
        participant_count=facts.participant_count,
        front_matter=report.front_matter,
    )
