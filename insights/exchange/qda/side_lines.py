"""The side file's lines for a study: what our own import reads back, and nobody's identity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from insights.capture.models import ResearchSession, SourceText
from insights.coding.models import Highlight, Tag

if TYPE_CHECKING:
    from insights.exchange.qda.gathering import Gathered

DOCUMENTS = (".docx", ".doc", ".odt", ".rtf")
_PLAIN = ("use_when", "do_not_use_when", "example")


def side_lines(gathered: Gathered) -> Iterator[Mapping[str, Any]]:
    study = gathered.study
    yield {"type": "study", "uuid": study.uuid, "methods": list(study.methods), "restricted": study.restricted}
    for person in gathered.people.values():
        yield {"type": "participant", "uuid": person.uuid, "code": person.code, "group": person.group}
    yield from (_session_line(gathered, held) for held in gathered.sessions.values())
    yield from (_source_line(gathered, source) for source in gathered.sources)
    yield from (_tag_line(tag) for tag in gathered.tags_in_order)
    yield from (_highlight_line(gathered, highlight) for highlight in gathered.highlights.values())
    for theme in gathered.themes:
        quotes = [
            gathered.highlights[each].uuid for each in gathered.theme_quotes[theme.id] if each in gathered.highlights
        ]
        yield {"type": "theme", "uuid": theme.uuid, "highlights": quotes}
    for memo in gathered.memos:
        if memo.subject_ref.startswith(ResearchSession.PREFIX):
            about = gathered.sessions[int(memo.subject_ref.rpartition("-")[2])].uuid
            yield {"type": "memo", "uuid": memo.uuid, "about": "session", "about_uuid": about}


def _tag_line(tag: Tag) -> dict[str, Any]:
    return {
        "type": "tag",
        "uuid": tag.uuid,
        "scope": "study" if tag.study_id is not None else "organisation",
        "synonyms": list(tag.synonyms),
        "status": tag.status.value,
        **{name: getattr(tag, name) for name in _PLAIN},
    }


def _highlight_line(gathered: Gathered, highlight: Highlight) -> dict[str, Any]:
    person = gathered.people.get(highlight.participant_id or 0)
    return {
        "type": "highlight",
        "uuid": highlight.uuid,
        "polarity": highlight.polarity,
        "severity": highlight.severity,
        "participant": person.uuid if person else None,
    }


def original_entry(source: SourceText) -> str:
    """Where the original lies in the package: beside the text where the schema has a place for it."""
    suffix = PurePosixPath(source.original_name).suffix.casefold()
    suffix = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
    folder = "sources" if suffix in (*DOCUMENTS, ".pdf") else "research-hub/originals"
    return f"{folder}/{source.uuid}{suffix}"


def _session_line(gathered: Gathered, held: ResearchSession) -> dict[str, Any]:
    people = [gathered.people[each].uuid for each in gathered.heard.get(held.id, []) if each in gathered.people]
    return {
        "type": "session",
        "uuid": held.uuid,
        "title": held.title,
        "held_on": held.held_on.isoformat(),
        "method": held.method.value,
        "channel": held.channel,
        "minutes": held.minutes,
        "status": held.status.value,
        "participants": people,
    }


def _source_line(gathered: Gathered, source: SourceText) -> dict[str, Any]:
    held = gathered.sessions.get(source.research_session_id or 0)
    return {
        "type": "source",
        "uuid": source.uuid,
        "session": held.uuid if held else None,
        "kind": source.kind.value,
        "title": source.title,
        "original": original_entry(source) if source.sha256 else None,
        "original_name": source.original_name,
        "encoding": source.encoding,
        "url": source.url,
        "dated_on": source.dated_on.isoformat() if source.dated_on else None,
        "date_precision": source.date_precision,
        "method": source.method.value if source.method else None,
        "participant_count": source.participant_count,
        "front_matter": dict(source.front_matter),
        "utterances": [
            {
                "start": each.start,
                "end": each.end,
                "start_ms": each.start_ms,
                "end_ms": each.end_ms,
                "speaker": each.speaker,
                "participant": person.uuid if (person := gathered.people.get(each.participant_id or 0)) else None,
            }
            for each in gathered.utterances[source.id]
        ],
    }
