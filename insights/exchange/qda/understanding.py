"""From a Project and its package to what comes in, what does not, and why. Nothing is stored here."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from insights.core.text import canonical_text
from insights.exchange.qda.model import Project, Selection, Source, SyncPoint, TextPart
from insights.exchange.qda.offsets import Translation, Unit
from insights.exchange.qda.package_texts import PackageTexts
from insights.exchange.qda.packages import Package
from insights.exchange.qda.placing import NotPlaced, SearchableText, place, unit_of
from insights.exchange.qda.side_file import Side
from insights.exchange.qda.understood import (
    Memo,
    Original,
    Passage,
    Problem,
    Recorded,
    Spoken,
    Tally,
    Text,
    Understood,
)

OURS = "Research Hub"
# The kinds of element that are counted, with what people call them.
_COUNTED = (
    ("User", "coders"),
    ("Code", "codes"),
    ("TextSource", "texts"),
    ("PDFSource", "PDFs"),
    ("PictureSource", "pictures"),
    ("AudioSource", "sound recordings"),
    ("VideoSource", "films"),
    ("Transcript", "transcripts"),
    ("PlainTextSelection", "passages"),
    ("TranscriptSelection", "passages of transcripts"),
    ("PDFSelection", "places on pages"),
    ("PictureSelection", "places in pictures"),
    ("AudioSelection", "stretches of sound"),
    ("VideoSelection", "stretches of film"),
    ("Coding", "codings"),
    ("Note", "notes"),
    ("Case", "cases"),
    ("Variable", "attributes"),
    ("Set", "sets"),
    ("Link", "links"),
    ("Graph", "graphs"),
)
_SELECTION_OF = {"TextSource": "PlainTextSelection", "PDFSource": "PlainTextSelection"}


def understand_project(project: Project, package: Package | None) -> Understood:
    """`package` is None for a project.qde that came without its package."""
    return _Understanding(project, package).understood()


class _Understanding:
    def __init__(self, project: Project, package: Package | None) -> None:
        self.project, self.package = project, package
        self.problems = [Problem("file", what, why) for what, why in project.oddities]
        self.comes: Counter[str] = Counter()
        self.texts = PackageTexts(package, self.problems)
        self.missing: list[str] = []
        self.codes = {code.guid for code in project.walk_codes()}
        self.strict = project.origin.startswith(OURS)
        self.kept_parts: dict[str, list[str]] = defaultdict(list)
        self.kept_sources: list[str] = []
        self.kept_notes: list[str] = []
        self.note_subjects: dict[str, tuple[str, str]] = {}
        self.lines = tuple(self._side_lines())
        self.side = Side(self.lines)
        self.insights = {line["uuid"] for line in self.side.all("insight")}
        self.originals = self.side.by_uuid("source")

    def understood(self) -> Understood:
        project = self.project
        self._count_what_always_comes()
        found = list(self._found_texts())
        # NVivo writes no words beside its places, and counts what its platform counts.
        unless_told = Unit.UTF_16 if "nvivo" in project.origin.casefold() else Unit.CODE_POINTS
        unit = unit_of(((text, part.selections) for _, part, text, _ in found), unless_told=unless_told)
        texts = tuple(self._text(source, part, text, encoding, unit) for source, part, text, encoding in found)
        texts = self._with_recordings(texts)
        self._sources_without_text({part.guid for _, part, _, _ in found})
        memos = tuple(self._memos())
        return Understood(
            format="refi",
            name=project.name,
            origin=project.origin,
            description=project.description,
            created=project.created,
            users=project.users,
            codes=project.codes,
            variables=project.variables,
            cases=project.cases,
            texts=texts,
            memos=memos,
            sets=project.sets,
            kept=self._kept(),
            tallies=tuple(self._tallies()),
            problems=tuple(self.problems),
            missing=tuple(dict.fromkeys(self.missing)),
            unit=unit.value,
            side=self.lines,
        )

    def _count_what_always_comes(self) -> None:
        project = self.project
        self.comes.update(
            {
                "User": len(project.users),
                "Code": sum(1 for _ in project.walk_codes()),
                "Variable": len(project.variables),
                "Case": len(project.cases),
                "Set": len(project.sets),
            }
        )
        for code in project.walk_codes():
            self._note_for(("tag", code.guid), code.notes)
        for case in project.cases:
            self._keep_parts(case.guid, case.parts)
        for code_set in project.sets:
            self._keep_parts(code_set.guid, code_set.parts)
        self._note_for(("study", ""), project.notes)

    def _found_texts(self) -> Iterator[tuple[Source, TextPart, SearchableText, str]]:
        """The texts that are there. A transcript may be the very text of a source beside it; then it comes in once."""
        seen: set[str] = set()
        for source in sorted(self.project.sources, key=lambda each: each.element in {"AudioSource", "VideoSource"}):
            if source.element == "PDFSource" and not source.texts:
                source = replace(source, texts=(TextPart(guid=source.guid, name=source.name, rich_path=source.path),))  # noqa: PLW2901 - read as its own text layer
            for part in source.texts:
                path = part.plain_path.casefold()
                if path and path in seen and not part.selections:
                    self.comes["Transcript"] += source.element != "TextSource"
                    continue
                raw = self.texts.raw_text(source, part)
                if raw is None:
                    continue
                seen.add(path)
                text, encoding, is_meant = raw
                yield source, part if is_meant else _without_places(part), SearchableText(Translation(text)), encoding

    def _text(self, source: Source, part: TextPart, text: SearchableText, encoding: str, unit: Unit) -> Text:
        element = source.element
        guid = part.guid if element in {"AudioSource", "VideoSource"} else source.guid
        self.comes["Transcript" if element in {"AudioSource", "VideoSource"} else element] += 1
        self._keep_parts(guid, part.parts)
        self._note_for(("source", guid), part.notes)
        if element == "PDFSource":
            self._keep_parts(guid, [xml for xml in source.parts if xml not in part.parts])
            self._note_for(("source", guid), source.notes)
        name = _SELECTION_OF.get(element, "TranscriptSelection")
        title = source.name if element in {"TextSource", "PDFSource"} else part.name or source.name
        return Text(
            guid=guid,
            title=title,
            kind="document" if element == "PDFSource" else "transcript" if part.sync_points else "note",
            text=text.text,
            encoding=encoding,
            original=self._original_of(source, part, title),
            spoken=_spoken(part.sync_points, text, unit),
            passages=(
                *self._passages(part.selections, text, unit, title, name),
                *self._passages(
                    source.by_words,
                    text,
                    unit,
                    title,
                    "PDFSelection",
                ),
            ),
            created=part.created or source.created,
        )

    def _passages(
        self, selections: Iterable[Selection], text: SearchableText, unit: Unit, title: str, element: str
    ) -> Iterator[Passage]:
        for selection in selections:
            found = place(text, selection, unit, strict=self.strict)
            what = f"{title}: {selection.name or selection.guid}"
            if isinstance(found, NotPlaced):
                codings = (
                    f" {_counted(len(selection.codings), 'coding').capitalize()} of it cannot come in either."
                    if selection.codings
                    else ""
                )
                self.problems.append(Problem("passage", what, f"{found.why}.{codings}"))
                continue
            if found.remark:
                self.problems.append(Problem("passage", what, f"{found.remark}.", is_lost=False))
            self.comes[element] += 1
            self._note_for(("highlight", selection.guid), selection.notes)
            yield self._passage(selection, found.start, found.end, found.title, what)

    def _passage(self, selection: Selection, start: int, end: int, title: str, what: str) -> Passage:
        user = selection.user or next((coding.user for coding in selection.codings if coding.user), "")
        codes: dict[str, str] = {}
        for coding in selection.codings:
            if coding.code not in self.codes:
                self.problems.append(Problem("coding", what, "its code is not in the project’s codebook."))
                continue
            if coding.code in codes:
                self.problems.append(Problem("coding", what, "the passage has the same code twice.", is_lost=False))
            self.comes["Coding"] += 1
            codes.setdefault(coding.code, coding.user or user)
            self._note_for(("highlight", selection.guid), coding.notes)
        return Passage(
            guid=selection.guid,
            start=start,
            end=end,
            codes=tuple(codes),
            description=selection.description,
            user=user,
            title=title,
            other_coders=tuple((code, coder) for code, coder in codes.items() if coder != user),
            created=selection.created,
        )

    def _original_of(self, source: Source, part: TextPart, title: str) -> Original | None:
        """The document it was written in, else its plain text; our own packages say what the original was."""
        line = self.originals.get(source.guid)
        if line is not None:
            path, name = line.get("original"), line.get("original_name")
            return self.texts.original(path, str(name or title)) if isinstance(path, str) else None
        return self.texts.original(source.path or part.rich_path, title) or self.texts.original(part.plain_path, title)

    def _with_recordings(self, texts: tuple[Text, ...]) -> tuple[Text, ...]:
        """Joins recordings to the texts that were written from them."""
        by_guid = {text.guid: text for text in texts}
        by_path = {
            source.texts[0].plain_path.casefold(): source.guid
            for source in self.project.sources
            if source.element == "TextSource" and source.guid in by_guid and source.texts[0].plain_path
        }
        for source in self.project.sources:
            if source.element not in {"AudioSource", "VideoSource"}:
                continue
            original = self.texts.original(source.path, source.name)
            joined = False
            for part in source.texts:
                guid = part.guid if part.guid in by_guid else by_path.get(part.plain_path.casefold(), "")
                text = by_guid.get(guid)
                if text is None:
                    continue
                if not text.spoken:
                    searchable = SearchableText(Translation(text.text))
                    text = replace(text, spoken=_spoken(part.sync_points, searchable, Unit.CODE_POINTS))
                if original is not None and text.recording is None and not joined:
                    text = replace(text, recording=Recorded(source.guid, original))
                    joined = True
                by_guid[guid] = replace(text, kind="transcript")
            self._account_for_recording(source, original, joined=joined)
        return tuple(by_guid[text.guid] for text in texts)

    def _account_for_recording(self, source: Source, original: Original | None, *, joined: bool) -> None:
        if joined:
            self.comes[source.element] += 1
            self._keep_parts(source.guid, source.parts)
            self._report_stretches(source)
            return
        self.kept_sources.append(source.xml)
        if original is None:
            self.missing.append(source.name or source.path)
        why = (
            "it is not in the file"
            if original is None
            else "it has no transcript, and recordings stand beside one here"
        )
        self.problems.append(Problem("recording", source.name, f"{why}. It is kept for an export."))
        self._report_stretches(source)

    def _report_stretches(self, source: Source) -> None:
        stretches = sum(xml.startswith(("<AudioSelection", "<VideoSelection")) for xml in source.parts)
        if stretches:
            why = "a stretch of time has no place here. They are kept for an export."
            self.problems.append(
                Problem("recording", f"{source.name}: {_counted(stretches, 'stretch', 'stretches')} of time", why)
            )

    def _sources_without_text(self, found: set[str]) -> None:
        for source in self.project.sources:
            if source.element in {"TextSource", "PDFSource"}:
                parts = source.texts or (TextPart(guid=source.guid, rich_path=source.path),)
                if not any(part.guid in found for part in parts):
                    self._report_missing(source)
            elif source.element in {"AudioSource", "VideoSource"}:
                for part in source.texts:
                    if part.guid not in found and not self.texts.has(part):
                        self.missing.append(part.name or part.plain_path)
            else:
                self.kept_sources.append(source.xml)
                self.problems.append(
                    Problem(
                        "picture",
                        source.name,
                        "pictures and places in them have no place here. They are kept for an export.",
                    )
                )

    def _report_missing(self, source: Source) -> None:
        self.kept_sources.append(source.xml)
        self.missing.append(source.name or source.path)
        selections = [*source.by_words, *(each for part in source.texts for each in part.selections)]
        why = "its text is not in the file. It is kept for an export."
        self.problems.append(Problem("text", source.name, why))
        for selection in selections:
            codings = f" with {_counted(len(selection.codings), 'coding')}" if selection.codings else ""
            self.problems.append(
                Problem(
                    "passage",
                    f"{source.name}: {selection.name or selection.guid}{codings}",
                    "the text that it marks is not in the file. It is kept for an export.",
                )
            )

    def _note_for(self, subject: tuple[str, str], notes: Iterable[str]) -> None:
        """A memo is about one thing here; a note that is about several keeps its other references with them."""
        for guid in notes:
            if guid in self.insights:
                continue
            if guid in self.note_subjects and self.note_subjects[guid] != subject:
                self.kept_parts[subject[1]].append(f'<NoteRef targetGUID="{guid}" />')
            else:
                self.note_subjects[guid] = subject

    def _memos(self) -> Iterator[Memo]:
        for note in self.project.all_notes:
            text = self.texts.note_text(note)
            if note.guid in self.insights:
                self.comes["Note"] += 1
                continue
            if text is None:
                self.kept_notes.append(note.xml)
                self.missing.append(note.name or note.plain_path)
                self.problems.append(Problem("note", note.name, "its text is not in the file."))
                continue
            self.comes["Note"] += 1
            self._keep_parts(note.guid, note.parts)
            subject = self.note_subjects.get(note.guid, ("study", ""))
            yield Memo(note.guid, note.name, canonical_text(text).strip(), subject, note.created)

    def _keep_parts(self, guid: str, parts: Iterable[str]) -> None:
        for part in parts:
            self.kept_parts[guid].append(part)

    def _kept(self) -> Mapping[str, Any]:
        project = self.project
        if project.links:
            self.problems.append(
                Problem(
                    "link",
                    _counted(len(project.links), "link"),
                    "nothing here stands for it. It is kept for an export.",
                )
            )
        if project.graphs:
            self.problems.append(
                Problem(
                    "graph",
                    _counted(len(project.graphs), "graph"),
                    "a drawing has no place here. It is kept for an export.",
                )
            )
        self._report_parts()
        return {
            "parts": {guid: parts for guid, parts in self.kept_parts.items() if parts},
            "sources": self.kept_sources,
            "notes": self.kept_notes,
            "links": list(project.links),
            "graphs": list(project.graphs),
            "uncodable": [code.guid for code in project.walk_codes() if not code.codable],
        }

    def _report_parts(self) -> None:
        """What stands within things that come in and has no place itself, by kind."""
        kinds = Counter(
            xml[1:].partition(" ")[0].partition(">")[0] for parts in self.kept_parts.values() for xml in parts
        )
        told = {
            "MemberSource": "sources in sets: a theme holds codes and quotes",
            "MemberNote": "notes in sets: a theme holds codes and quotes",
            "Coding": "codings of whole texts: a highlight marks a passage",
            "VariableValue": "attributes of texts: attributes belong to participants",
            "PDFSelection": "places on pages: a PDF comes in as its text",
            "NoteRef": "further references to a note: a memo is about one thing",
            "CodeRef": "codes of cases: a participant has attributes",
            "Description": "descriptions of texts, cases and notes",
            "PlainTextSelection": "passages of notes",
        }
        for kind, number in sorted(kinds.items()):
            if kind in told:
                self.problems.append(
                    Problem(
                        "detail",
                        f"{number} {told[kind].partition(':')[0]}",
                        f"{told[kind].partition(': ')[2] or 'they have no place here'}. They are kept for an export.",
                    )
                )

    def _tallies(self) -> Iterator[Tally]:
        for element, words in _COUNTED:
            if held := self.project.held.get(element, 0):
                yield Tally(words, held, min(self.comes[element], held))

    def _side_lines(self) -> Iterator[Mapping[str, Any]]:
        content = self.package.side_file() if self.package is not None else None
        for number, line in enumerate((content or b"").decode("utf-8", "replace").split("\n"), start=1):
            try:
                value = json.loads(line) if line.strip() else None
            except ValueError:
                self.problems.append(Problem("side file", f"line {number}", "it is no JSON and was left out."))
                continue
            if isinstance(value, dict):
                yield value


def _counted(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def _without_places(part: TextPart) -> TextPart:
    return replace(part, selections=tuple(replace(each, start=None, end=None) for each in part.selections))


def _spoken(points: tuple[SyncPoint, ...], text: SearchableText, unit: Unit) -> tuple[Spoken, ...]:
    """The stretches between points of time; a single point at the beginning tells nothing."""
    placed = sorted(
        (at[0], point.milliseconds)
        for point in points
        if point.position is not None
        and point.milliseconds is not None
        and (at := text.translation.place(point.position, point.position, unit)) is not None
    )
    if len(placed) < 2:  # noqa: PLR2004 - see above
        return ()
    ends = [*placed, (len(text.text), None)]
    return tuple(
        Spoken(
            start, end, start_ms, end_ms if end_ms is not None and start_ms is not None and end_ms >= start_ms else None
        )
        for (start, start_ms), (end, end_ms) in pairwise(ends)
        if end > start
    )


def understand_codebook(codebook: Project) -> Understood:
    """Codes and sets, for a codebook that goes into a study or into the organisation's codebook."""
    comes = {"Code": sum(1 for _ in codebook.walk_codes()), "Set": len(codebook.sets)}
    return Understood(
        format="codebook",
        name=codebook.name,
        origin=codebook.origin,
        codes=codebook.codes,
        sets=codebook.sets,
        kept={
            "parts": {each.guid: list(each.parts) for each in codebook.sets if each.parts},
            "uncodable": [code.guid for code in codebook.walk_codes() if not code.codable],
        },
        tallies=tuple(
            Tally(words, held, comes.get(element, 0))
            for element, words in _COUNTED
            if (held := codebook.held.get(element, 0))
        ),
        problems=tuple(Problem("file", what, why) for what, why in codebook.oddities),
    )
