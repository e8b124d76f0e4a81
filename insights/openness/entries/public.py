"""What anybody may read without an account: published entries as they were frozen, less what may not be shown now (O3).

No member is asked for here, and nothing is read but what was published: the frozen text, the service's name, and what
consent, evidence and decision say at this moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.decisions.models import Decision
from insights.openness.entries.standing import Standing, standings_of
from insights.openness.entries.texts import HEADINGS, LANGUAGES, SECTIONS
from insights.openness.models import EntryStatus, PublicEntry
from insights.people.models import Service

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class PublicSection:
    """`paragraphs` are texts, or lists of items; none where the section is hidden while it is looked at."""

    name: str
    heading: str
    paragraphs: tuple[str | tuple[str, ...], ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PublicPage:
    """`quotes` are those that may be shown now, `hidden_quotes` counts the others; `withdrawn_on` ends a page."""

    decision_ref: str
    uuid: str
    language: str
    title: str
    service: str
    decided_on: date | None
    published_at: datetime
    updated_at: datetime
    renewed_at: datetime | None
    sections: tuple[PublicSection, ...] = ()
    quotes: tuple[str, ...] = ()
    hidden_quotes: int = 0
    under_review: bool = False
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""

    @property
    def heading_language(self) -> str:
        return self.language if self.language in HEADINGS else "en"

    @property
    def summary(self) -> str:
        """The first section as one line, '' while it is hidden."""
        shown = next((each for each in self.sections if each.name == "summary"), None)
        return "" if shown is None else " ".join(" ".join(each for each in _flat(shown.paragraphs)).split())


@dataclass(frozen=True, slots=True)
class PublicTranslation:
    language: str
    name: str


def published_pages(session: Session, *, words: str = "", limit: int = MOST_LISTED) -> list[PublicPage]:
    """The latest first; `words` narrows to pages that show all of them, whatever their case. Five statements."""
    query = _entries().where(PublicEntry.status == EntryStatus.PUBLISHED)
    query = query.order_by(PublicEntry.published_at.desc(), PublicEntry.id.desc()).limit(limit)
    pages = _pages(session, session.execute(query).all())
    wanted = words.casefold().split()
    return [page for page in pages if all(word in _all_words(page) for word in wanted)] if wanted else pages


def public_page(session: Session, ref: str, language: str = "") -> tuple[PublicPage, tuple[PublicTranslation, ...]]:
    """A decision's page and the languages it stands in; without a language English, or the first there is.

    Raises NotFound for what was never published, in the same words as for what does not exist.
    """
    number = number_of(ref, Decision.PREFIX) or 0
    rows = session.execute(_entries().where(PublicEntry.decision_id == number).order_by(PublicEntry.id)).all()
    rows = [row for row in rows if row.PublicEntry.first_published_at is not None]
    live = [row for row in rows if row.PublicEntry.status is EntryStatus.PUBLISHED]
    offered = [row.PublicEntry.language for row in live]
    chosen = language or ("en" if "en" in offered or not offered else offered[0])
    row = next((row for row in rows if row.PublicEntry.language == chosen), rows[0] if rows and not language else None)
    if row is None:
        raise NotFound(ref)
    translations = tuple(PublicTranslation(each, LANGUAGES.get(each, each)) for each in offered if each != chosen)
    return _pages(session, [row])[0], translations


def _entries() -> Select[*tuple[Any, ...]]:
    return (
        select(PublicEntry, Decision, Service.name.label("service"))
        .join(Decision, Decision.id == PublicEntry.decision_id)
        .outerjoin(Service, Service.id == Decision.service_id)
        .where(PublicEntry.first_published_at.is_not(None), PublicEntry.removed_at.is_(None))
    )


def _pages(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[PublicPage]:
    standings = standings_of(session, [(row.PublicEntry, row.Decision) for row in rows])
    return [_page(row.PublicEntry, row.service or "", standings[row.PublicEntry.id]) for row in rows]


def _page(entry: PublicEntry, service: str, standing: Standing) -> PublicPage:
    frozen = entry.published
    decided = frozen.get("decided_on")
    published_at = entry.published_at or entry.updated_at
    page = PublicPage(
        decision_ref=frozen["decision"],
        uuid=entry.uuid,
        language=entry.language,
        title=frozen["title"],
        service=service,
        decided_on=None if decided is None else date.fromisoformat(decided),
        published_at=published_at,
        # A page that hides something, or no longer does, is a changed page for whoever keeps a copy.
        updated_at=max(each for each in (published_at, entry.renewed_at, entry.withdrawn_at) if each),
        renewed_at=entry.renewed_at,
    )
    if entry.status is not EntryStatus.PUBLISHED:
        return _withdrawn(page, entry)
    return _shown(page, frozen, standing)


def _withdrawn(page: PublicPage, entry: PublicEntry) -> PublicPage:
    """The title goes with the text: it may be why the page was withdrawn."""
    return replace(page, title="", withdrawn_at=entry.withdrawn_at, withdrawn_reason=entry.withdrawn_reason)


def _shown(page: PublicPage, frozen: dict[str, Any], standing: Standing) -> PublicPage:
    quotes = frozen["quotes"]
    shown = tuple(each["words"] for each in quotes if each["highlight_id"] not in standing.hidden_quotes)
    sections = tuple(
        PublicSection(
            name,
            heading,
            () if name in standing.hidden_sections else paragraphs_of(frozen[name]),
            hidden=name in standing.hidden_sections,
        )
        for name, heading in HEADINGS.get(page.language, SECTIONS).items()
        if frozen[name].strip()
    )
    return replace(
        page,
        sections=sections,
        quotes=shown,
        hidden_quotes=len(quotes) - len(shown),
        under_review=standing.under_review,
    )


def paragraphs_of(text: str) -> tuple[str | tuple[str, ...], ...]:
    """Paragraphs as texts, and lists, whose lines begin with '- ', as tuples of their items."""
    found: list[str | tuple[str, ...]] = []
    for block in text.split("\n\n"):
        lines: list[str] = []
        items: list[str] = []
        for line in block.strip().splitlines():
            if line.startswith("- "):
                items.append(line[2:].strip())
            elif items:
                items[-1] = f"{items[-1]} {line.strip()}"
            else:
                lines.append(line.strip())
        if lines:
            found.append(" ".join(lines))
        if items:
            found.append(tuple(items))
    return tuple(found)


def _all_words(page: PublicPage) -> str:
    texts = [text for section in page.sections for text in _flat(section.paragraphs)]
    return " ".join([page.title, page.service, *texts, *page.quotes]).casefold()


def _flat(paragraphs: Sequence[str | tuple[str, ...]]) -> list[str]:
    return [text for each in paragraphs for text in ((each,) if isinstance(each, str) else each)]
