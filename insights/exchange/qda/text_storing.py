"""Texts and their passages: source texts with one version each, highlights with tags, recordings and utterances."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from insights.capture.models import (
    Attachment,
    Method,
    Recording,
    SourceKind,
    SourceText,
    TextPage,
    TextVersion,
    Utterance,
)
from insights.coding.models import Highlight, HighlightStatus, highlight_tags
from insights.core.activity import record
from insights.core.checks import clean
from insights.core.clock import now
from insights.core.text import make_anchor
from insights.exchange.qda.incoming import Incoming
from insights.exchange.qda.rows import add_many, chunks
from insights.exchange.qda.side_file import number_in, text_in
from insights.exchange.qda.side_storing import day_in, term_in
from insights.exchange.qda.understood import Original, Passage, Problem, Text, Understood
from insights.people.vault.files import add_closed, close_into, ready_for_recording

_LONGEST_OBSERVATION = 5_000
_LONGEST_SPEAKER = 200


@dataclass(slots=True)
class StoredTexts:
    """Ids by GUID."""

    sources: dict[str, int] = field(default_factory=dict)
    highlights: dict[str, int] = field(default_factory=dict)
    codings: int = 0


def store_texts(
    incoming: Incoming, *, tags: Mapping[str, int], participants: Mapping[str, int], sessions: Mapping[str, int]
) -> StoredTexts:
    storing = _Storing(incoming, tags, participants, sessions)
    texts = incoming.understood.texts
    for text, uuid in zip(texts, incoming.identities.choose(SourceText, [each.guid for each in texts]), strict=True):
        storing.store(text, uuid)
    return storing.stored


class _Storing:
    def __init__(
        self,
        incoming: Incoming,
        tags: Mapping[str, int],
        participants: Mapping[str, int],
        sessions: Mapping[str, int],
    ) -> None:
        self.incoming, self.session, self.actor, self.study = (
            incoming,
            incoming.session,
            incoming.actor,
            incoming.study,
        )
        self.identities, self.tags, self.participants, self.sessions = incoming.identities, tags, participants, sessions
        self.users = {user.guid: user.name for user in incoming.understood.users}
        self.details = incoming.side.by_uuid("source")
        self.highlight_details = incoming.side.by_uuid("highlight")
        self.heard = _Heard(incoming.understood, participants)
        self.stored = StoredTexts()

    def store(self, text: Text, uuid: str) -> None:
        details = self.details.get(text.guid, {})
        source_id = self._source(text, uuid, details)
        self.stored.sources.setdefault(text.guid, source_id)
        version_id = self._version(source_id, text)
        self._utterances(version_id, text, details)
        self._recording(source_id, text)
        highlights = self._highlights(source_id, version_id, text, details)
        source = self.session.get_one(SourceText, source_id)
        record(self.session, self.actor, "imported", source, touches=[self.study.ref])
        for refs in chunks([f"{Highlight.PREFIX}-{each}" for each in highlights]):
            record(self.session, self.actor, "imported quotes of", source, touches=refs)

    def _source(self, text: Text, uuid: str, details: Mapping[str, Any]) -> int:
        attachment = self._attach(text.original)
        row: dict[str, Any] = {
            "uuid": uuid,
            "study_id": self.study.id,
            "research_session_id": self.sessions.get(str(details.get("session", ""))),
            "kind": term_in(details, "kind", SourceKind) or SourceKind(text.kind),
            "title": _title(text, details),
            "sha256": attachment,
            "original_name": text_in(details, "original_name", 1000) or (text.original.name if text.original else ""),
            "encoding": (text_in(details, "encoding", 60) or text.encoding)[:60],
            "url": _web(text_in(details, "url", 2000)),
            "dated_on": day_in(details, "dated_on"),
            "date_precision": text_in(details, "date_precision", 20) or "day",
            "method": term_in(details, "method", Method),
            "participant_count": number_in(details, "participant_count"),
            "front_matter": details.get("front_matter") if isinstance(details.get("front_matter"), dict) else {},
            "created": text.created,
        }
        return add_many(self.session, self.actor, SourceText, [row])[0]

    def _attach(self, original: Original | None) -> str | None:
        if original is None or self.incoming.package is None:
            return None
        content = io.BufferedReader(Chunked(self.incoming.package.chunks(original.entry)))
        return self._known_as(*self.incoming.files.keep_stream(content), original)

    def _close(self, original: Original, source_id: int) -> str | None:
        """A recording lies closed in the store from its first byte on (docs/adr/0016)."""
        if self.incoming.package is None:
            return None
        content = io.BufferedReader(Chunked(self.incoming.package.chunks(original.entry)))
        closed = close_into(self.incoming.files, content, ready_for_recording(f"{SourceText.PREFIX}-{source_id}"))
        add_closed(self.session, closed)
        return self._known_as(closed.sha256, closed.size, original)

    def _known_as(self, digest: str, size: int, original: Original) -> str:
        if self.session.get(Attachment, digest) is None:
            self.session.add(
                Attachment(sha256=digest, size=size, media_type=original.media_type, added_at=now(self.session))
            )
            self.session.flush()
        return digest

    def _version(self, source_id: int, text: Text) -> int:
        version = TextVersion(
            source_text_id=source_id,
            number=1,
            text=text.text,
            length=len(text.text),
            created_at=now(self.session),
            created_by_id=self.actor.id,
        )
        self.session.add(version)
        self.session.flush()
        self.session.get_one(SourceText, source_id).current_version_id = version.id
        self.session.flush()
        return version.id

    def _utterances(self, version_id: int, text: Text, details: Mapping[str, Any]) -> None:
        told = _places_in(details, "utterances", len(text.text))
        rows = [
            {
                "start": line["start"],
                "end": line["end"],
                "start_ms": number_in(line, "start_ms"),
                "end_ms": number_in(line, "end_ms"),
                "speaker": text_in(line, "speaker", _LONGEST_SPEAKER),
                "participant_id": self.participants.get(text_in(line, "participant", 36)),
            }
            for line in told
        ] or [
            {
                "start": each.start,
                "end": each.end,
                "start_ms": each.start_ms,
                "end_ms": each.end_ms,
                "speaker": "",
                "participant_id": None,
            }
            for each in text.spoken
        ]
        if rows:
            numbered = [{"text_version_id": version_id, "number": n, **row} for n, row in enumerate(rows, start=1)]
            self.session.execute(insert(Utterance), numbered)
        pages = [
            {
                "text_version_id": version_id,
                "number": number,
                "label": text_in(line, "label", 40),
                "start": line["start"],
                "end": line["end"],
            }
            for number, line in enumerate(_places_in(details, "pages", len(text.text)), start=1)
        ]
        if pages:
            self.session.execute(insert(TextPage), pages)

    def _recording(self, source_id: int, text: Text) -> None:
        if text.recording is None:
            return
        original = text.recording.original
        digest = self._close(original, source_id)
        if digest is None:
            return
        row = {
            "uuid": self.identities.choose(Recording, [text.recording.guid])[0],
            "source_text_id": source_id,
            "sha256": digest,
            "media_type": original.media_type[:100],
            "original_name": original.name,
        }
        add_many(self.session, self.actor, Recording, [row])

    def _highlights(self, source_id: int, version_id: int, text: Text, details: Mapping[str, Any]) -> list[int]:
        uuids = self.identities.choose(Highlight, [passage.guid for passage in text.passages])
        held = self.sessions.get(str(details.get("session", "")))
        rows = [
            {
                "text_version_id": version_id,
                "source_text_id": source_id,
                "study_id": self.study.id,
                "research_session_id": held,
                **self._highlight(text, passage, uuid),
            }
            for passage, uuid in zip(text.passages, uuids, strict=True)
        ]
        # Nobody here marked them; who did elsewhere stands in `coder`.
        ids = add_many(self.session, None, Highlight, rows)
        pairs = []
        for passage, highlight_id in zip(text.passages, ids, strict=True):
            self.stored.highlights.setdefault(passage.guid, highlight_id)
            found = {self.tags[code] for code in passage.codes if code in self.tags}
            pairs += [{"highlight_id": highlight_id, "tag_id": tag_id} for tag_id in sorted(found)]
        if pairs:
            self.session.execute(insert(highlight_tags), pairs)
        self.stored.codings += len(pairs)
        return ids

    def _highlight(self, text: Text, passage: Passage, uuid: str) -> dict[str, Any]:
        anchor = make_anchor(text.text, passage.start, passage.end)
        details = self.highlight_details.get(passage.guid, {})
        observation = clean(passage.description)
        if len(observation) > _LONGEST_OBSERVATION:
            why = f"its comment has {len(observation):,} characters; it was cut at {_LONGEST_OBSERVATION:,}."
            self.incoming.problems.append(Problem("passage", f"{text.title}: {anchor.exact[:80]}", why, is_lost=False))
        polarity, severity = number_in(details, "polarity"), number_in(details, "severity")
        return {
            "uuid": uuid,
            "start": anchor.start,
            "end": anchor.end,
            "exact": anchor.exact,
            "prefix": anchor.prefix,
            "suffix": anchor.suffix,
            "observation": observation[:_LONGEST_OBSERVATION],
            "polarity": polarity if polarity in {-1, 0, 1} else None,
            "severity": severity if severity is not None and 0 <= severity <= 10 else None,  # noqa: PLR2004 - any scale
            "coder": self.users.get(passage.user, "")[:200],
            "participant_id": self.participants.get(text_in(details, "participant", 36))
            if "participant" in details
            else self.heard.in_passage(text.guid, passage.guid),
            "status": HighlightStatus.ACTIVE,
            "created": passage.created,
        }


class _Heard:
    """Who says a passage, as cases tell: of the passage itself, else of a text that belongs to one case alone."""

    def __init__(self, understood: Understood, participants: Mapping[str, int]) -> None:
        self._passages: dict[str, set[int]] = {}
        self._texts: dict[str, set[int]] = {}
        for case in understood.cases:
            if (participant := participants.get(case.guid)) is None:
                continue
            for guid in case.selections:
                self._passages.setdefault(guid, set()).add(participant)
            for guid in case.sources:
                self._texts.setdefault(guid, set()).add(participant)

    def in_passage(self, text: str, passage: str) -> int | None:
        told = self._passages.get(passage) or self._texts.get(text) or set()
        return next(iter(told)) if len(told) == 1 else None


class Chunked(io.RawIOBase):
    """Pieces of bytes as a stream that can be read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        if not self._left:
            self._left = next(self._pieces, b"")
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)


def _places_in(details: Mapping[str, Any], name: str, length: int) -> Sequence[Mapping[str, Any]]:
    """Places that lie within the text, in their order."""
    value = details.get(name)
    lines = [line for line in value if isinstance(line, dict)] if isinstance(value, list) else []
    return [
        line
        for line in lines
        if (start := number_in(line, "start")) is not None
        and (end := number_in(line, "end")) is not None
        and 0 <= start <= end <= length
    ]


def _title(text: Text, details: Mapping[str, Any]) -> str:
    title = text_in(details, "title", 500) if "title" in details else text.title
    return " ".join(clean(title).split())[:500]


def _web(address: str) -> str:
    return address if address.startswith(("http://", "https://")) else ""
