"""Decisions written as MADR 4: YAML front matter, then Markdown under MADR's headings."""

from collections.abc import Iterator, Sequence

from insights.exchange.decision_files.documents import DecisionDocument, EvidenceReference
from insights.exchange.decision_files.front_matter import dump_front_matter
from insights.exchange.decision_files.markdown_blocks import heading_line
from insights.exchange.decision_files.references import references_in
from insights.exchange.decision_files.source import (
    DATE_WORDS_KEY,
    EVIDENCE_KEY,
    FORMAT_KEY,
    NUMBER_KEY,
    STATUS_WORDS_KEY,
    TITLE_KEY,
)
from insights.exchange.decision_files.statuses import read_status
from insights.exchange.decision_files.titles import is_steady


def write_madr(document: DecisionDocument, evidence: Sequence[EvidenceReference] = ()) -> str:
    """The decision as a MADR 4 file. Read again, it gives the same document but for name, hash and notes.

    What MADR has no place for stands in front matter under keys that begin with x-, then the keys we did not
    understand; sections without a field follow MADR's own, in their order.
    """
    parts = [f"---\n{dump_front_matter(_front_matter(document, evidence))}---", heading_line(1, document.title)]
    parts += [text for text in _body(document) if text]
    return "\n\n".join(parts) + "\n"


def _front_matter(document: DecisionDocument, evidence: Sequence[EvidenceReference]) -> dict[str, object]:
    values: dict[str, object] = {
        **_status(document),
        "date": document.decided_on,
        "decision-makers": list(document.decision_makers),
        "consulted": list(document.consulted),
        "informed": list(document.informed),
        **_references(document),
        EVIDENCE_KEY: [_evidence(reference) for reference in evidence],
        TITLE_KEY: None if is_steady(document.title) else document.title,
        NUMBER_KEY: document.number,
        FORMAT_KEY: None if document.format == "madr" else document.format,
        DATE_WORDS_KEY: document.date_text,
    }
    kept = {key: value for key, value in values.items() if value}
    return {**kept, **{key: value for key, value in document.front_matter.items() if key not in kept}}


def _status(document: DecisionDocument) -> dict[str, object]:
    """MADR's word, with the file's own words beside it where they differ and do not refer to the newer decision."""
    words = document.status_text
    if not words:
        newer = ", ".join(document.superseded_by)
        return {"status": f"superseded by {newer}" if newer and document.status == "superseded" else document.status}
    telling = document.status in {None, "superseded"} or words.casefold() == document.status
    if telling and read_status(words).status == document.status:
        return {"status": words}
    return {"status": document.status, STATUS_WORDS_KEY: words}


def _references(document: DecisionDocument) -> dict[str, object]:
    """Only references that would not be read from the status or the links again."""
    told = references_in(document.status_text, document.more_information)
    newer_is_told = told.superseded_by == document.superseded_by or not document.status_text
    return {
        "supersedes": [] if told.supersedes == document.supersedes else list(document.supersedes),
        "superseded-by": [] if newer_is_told and document.status == "superseded" else list(document.superseded_by),
    }


def _evidence(reference: EvidenceReference) -> dict[str, object]:
    return {
        "id": reference.id,
        "version": reference.version,
        "relation": reference.relation,
        "fingerprint": reference.fingerprint,
    }


def _body(document: DecisionDocument) -> Iterator[str]:
    """MADR's sections in MADR's order; context and outcome stand even where they are empty, as MADR demands."""
    others = list(document.other_sections)
    if others and not others[0].heading:
        yield others.pop(0).body
    yield _section(2, "Context and Problem Statement", document.context, always=True)
    yield _section(2, "Decision Drivers", document.drivers)
    titles = [option.title for option in document.options if option.title]
    yield _section(2, "Considered Options", "\n".join(f"* {title}" for title in titles))
    yield _section(2, "Decision Outcome", document.outcome, always=True)
    yield _section(3, "Consequences", document.consequences)
    yield _section(3, "Confirmation", document.confirmation)
    yield _section(2, "Pros and Cons of the Options", _arguments(document))
    yield _section(2, "More Information", document.more_information)
    for section in others:
        yield _section(2, section.heading, section.body, always=True)


def _arguments(document: DecisionDocument) -> str:
    return "\n\n".join(
        _section(3, option.title, option.body) if option.title else option.body
        for option in document.options
        if option.body
    )


def _section(level: int, heading: str, body: str, *, always: bool = False) -> str:
    if not body:
        return heading_line(level, heading) if always else ""
    return f"{heading_line(level, heading)}\n\n{body}"
