"""From project.qde and codebook.qdc to a Project: every element is taken, or kept as XML under its GUID."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import Element, tostring

from insights.core.errors import InvalidInput
from insights.exchange.qda.model import (
    Case,
    Code,
    CodeSet,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    SyncPoint,
    TextPart,
    User,
    Variable,
)
from insights.exchange.qda.xml_values import colour_of, moment_of, number_of, value_of
from insights.exchange.safe_xml import UnsafeXmlError, parse_xml

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
GUID_ATTRIBUTES = frozenset(
    (
        "guid",
        "targetGUID",
        "originGUID",
        "representedGUID",
        "sourceVertex",
        "targetVertex",
        "creatingUser",
        "modifyingUser",
        "creatingUserGUID",
        "modifyingUserGUID",
        "fromSyncPoint",
        "toSyncPoint",
    )
)
SELECTIONS = ("PlainTextSelection", "PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")
# Names of folders on somebody's machine: neither shown nor followed nor kept.
_PATHS_OF_MACHINES = ("basePath", "currentPath")
_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")


def read_project_xml(content: bytes, is_there: Callable[[str], bool]) -> Project:
    """`is_there` tells whether the package holds a path. Raises InvalidInput where it is no XML of a project."""
    return _Reader(_root_of(content, "Project"), is_there).project()


def read_codebook_xml(content: bytes) -> Project:
    """A codebook's codes and sets as a project without sources."""
    return _Reader(_root_of(content, "CodeBook"), lambda _path: False).codebook()


def parse_fragment(xml: str) -> Element:
    """XML that was kept, read with the same care as when it came."""
    return parse_xml(xml.encode(), name="what was kept")


def _root_of(content: bytes, name: str) -> Element:
    try:
        root = parse_xml(content, name=f"the {name}’s XML")
    except UnsafeXmlError as error:
        raise InvalidInput.of("file", error.message) from None
    if _depth(root) > _DEEPEST:
        raise InvalidInput.of("file", f"Its elements are nested more than {_DEEPEST} deep, which no such file needs.")
    found = root.tag.rpartition("}")[2]
    if found != name:
        raise InvalidInput.of("file", f"This is XML, but no REFI-QDA {name}: it begins with “{found[:60]}”.")
    return root


def _depth(root: Element) -> int:
    depth, level = 0, [root]
    while level and depth <= _DEEPEST:
        depth, level = depth + 1, [child for element in level for child in element]
    return depth


_DEEPEST = 100


class _Reader:
    """Reads one document. Some programs leave the namespace out, so it is not asked for."""

    def __init__(self, root: Element, is_there: Callable[[str], bool]) -> None:
        self.root = root
        self.is_there = is_there
        self.oddities: list[tuple[str, str]] = []
        self.held: Counter[str] = Counter()
        for element in root.iter():
            _tidy(element)
            self.held[_name(element)] += 1

    def project(self) -> Project:
        root = self.root
        return Project(
            name=_attribute(root, "name") or "Project without a name",
            origin=_attribute(root, "origin"),
            created=moment_of(root.get("creationDateTime")),
            description=_text_of(root, "Description"),
            users=tuple(
                User(_guid(each), _attribute(each, "name")) for each in _children(_child(root, "Users"), "User")
            ),
            codes=self._codes(_child(_child(root, "CodeBook"), "Codes")),
            variables=tuple(self._variable(each) for each in _children(_child(root, "Variables"), "Variable")),
            cases=tuple(self._case(each) for each in _children(_child(root, "Cases"), "Case")),
            sources=tuple(self._source(each) for each in _all_children(_child(root, "Sources"))),
            all_notes=tuple(self._note(each) for each in _children(_child(root, "Notes"), "Note")),
            notes=_targets(root, "NoteRef"),
            links=tuple(_xml(each) for each in _all_children(_child(root, "Links"))),
            sets=tuple(self._set(each) for each in _children(_child(root, "Sets"), "Set")),
            graphs=tuple(_xml(each) for each in _all_children(_child(root, "Graphs"))),
            oddities=tuple(self.oddities),
            held=dict(self.held),
        )

    def codebook(self) -> Project:
        return Project(
            name="Codebook",
            origin=_attribute(self.root, "origin"),
            codes=self._codes(_child(self.root, "Codes")),
            sets=tuple(self._set(each) for each in _children(_child(self.root, "Sets"), "Set")),
            oddities=tuple(self.oddities),
            held=dict(self.held),
        )

    def _codes(self, parent: Element | None) -> tuple[Code, ...]:
        return tuple(self._code(each) for each in _children(parent, "Code"))

    def _code(self, element: Element) -> Code:
        return Code(
            guid=_guid(element),
            name=_attribute(element, "name"),
            description=_text_of(element, "Description"),
            colour=colour_of(element.get("color")),
            codable=element.get("isCodable", "true").strip() not in {"false", "0"},
            children=tuple(self._code(each) for each in _children(element, "Code")),
            notes=_targets(element, "NoteRef"),
        )

    def _variable(self, element: Element) -> Variable:
        return Variable(
            guid=_guid(element),
            name=_attribute(element, "name"),
            type=_attribute(element, "typeOfVariable") or "Text",
            description=_text_of(element, "Description"),
        )

    def _case(self, element: Element) -> Case:
        values = []
        for each in _children(element, "VariableValue"):
            target = _targets(each, "VariableRef")
            value = value_of(each)
            if target and value is not None:
                values.append((target[0], value))
        return Case(
            guid=_guid(element),
            name=_attribute(element, "name"),
            values=tuple(values),
            sources=_targets(element, "SourceRef"),
            selections=_targets(element, "SelectionRef"),
            parts=_parts(element, but={"VariableValue", "SourceRef", "SelectionRef"}),
        )

    def _source(self, element: Element) -> Source:
        kind = _name(element)
        readers = {
            "TextSource": self._text_source,
            "PDFSource": self._pdf_source,
            "AudioSource": self._recording,
            "VideoSource": self._recording,
        }
        if kind in readers:
            return readers[kind](element)
        return Source(guid=_guid(element), element=kind, name=_attribute(element, "name"), xml=_xml(element))

    def _text_source(self, element: Element) -> Source:
        text = self._text(element, "PlainTextSelection")
        return Source(
            guid=text.guid,
            element="TextSource",
            name=text.name,
            path=text.rich_path,
            texts=(text,),
            created=text.created,
            xml="" if self._is_held(text) else _xml(element),
        )

    def _pdf_source(self, element: Element) -> Source:
        """A passage may be marked on the page and in the text under one GUID; then it is one passage."""
        texts = tuple(self._text(each, "PlainTextSelection") for each in _children(element, "Representation"))
        known = {selection.guid for text in texts for selection in text.selections}
        by_words = [each for each in _children(element, "PDFSelection") if _guid(each) not in known]
        return Source(
            guid=_guid(element),
            element="PDFSource",
            name=_attribute(element, "name"),
            path=_path(element, "path"),
            texts=texts,
            by_words=tuple(self._page_selection(each) for each in by_words),
            notes=_targets(element, "NoteRef"),
            parts=_parts(element, but={"Representation", "NoteRef"}),
            created=moment_of(element.get("creationDateTime")),
            xml="" if any(map(self._is_held, texts)) else _xml(element),
        )

    def _recording(self, element: Element) -> Source:
        """Transcripts that come in as texts of their own are not kept a second time."""
        texts = tuple(self._text(each, "TranscriptSelection") for each in _children(element, "Transcript"))
        parts = _parts(element, but={"Transcript", "NoteRef"})
        for each, text in zip(list(_children(element, "Transcript")), texts, strict=True):
            if self._is_held(text):
                element.remove(each)
        return Source(
            guid=_guid(element),
            element=_name(element),
            name=_attribute(element, "name"),
            path=_path(element, "path"),
            texts=texts,
            notes=_targets(element, "NoteRef"),
            parts=parts,
            created=moment_of(element.get("creationDateTime")),
            xml=_xml(element),
        )

    def _is_held(self, text: TextPart) -> bool:
        return text.content is not None or self.is_there(text.plain_path) or self.is_there(text.rich_path)

    def _text(self, element: Element, selections: str) -> TextPart:
        points = tuple(
            SyncPoint(_guid(each), number_of(each.get("position")), number_of(each.get("timeStamp")))
            for each in _children(element, "SyncPoint")
        )
        places = {point.guid: point.position for point in points}
        return TextPart(
            guid=_guid(element),
            name=_attribute(element, "name"),
            content=_content(element),
            plain_path=_path(element, "plainTextPath"),
            rich_path=_path(element, "richTextPath"),
            selections=tuple(self._selection(each, places) for each in _children(element, selections)),
            sync_points=points,
            notes=_targets(element, "NoteRef"),
            parts=_parts(element, but={"PlainTextContent", "SyncPoint", "NoteRef", selections}),
            created=moment_of(element.get("creationDateTime")),
        )

    def _selection(self, element: Element, places: dict[str, int | None]) -> Selection:
        if _name(element) == "TranscriptSelection":
            start, end = (places.get(element.get(name, "")) for name in ("fromSyncPoint", "toSyncPoint"))
        else:
            start, end = number_of(element.get("startPosition")), number_of(element.get("endPosition"))
        return Selection(
            guid=_guid(element),
            start=start,
            end=end,
            name=_attribute(element, "name"),
            description=_text_of(element, "Description"),
            codings=tuple(self._coding(each) for each in _children(element, "Coding")),
            notes=_targets(element, "NoteRef"),
            user=element.get("creatingUser", ""),
            created=moment_of(element.get("creationDateTime")),
        )

    def _page_selection(self, element: Element) -> Selection:
        return Selection(
            guid=_guid(element),
            start=None,
            end=None,
            name=_attribute(element, "name"),
            words=_text_of(_child(element, "Representation"), "PlainTextContent"),
            description=_text_of(element, "Description"),
            codings=tuple(self._coding(each) for each in _children(element, "Coding")),
            notes=_targets(element, "NoteRef"),
            user=element.get("creatingUser", ""),
            created=moment_of(element.get("creationDateTime")),
        )

    def _coding(self, element: Element) -> Coding:
        target = _targets(element, "CodeRef")
        return Coding(
            guid=_guid(element),
            code=target[0] if target else "",
            user=element.get("creatingUser", ""),
            notes=_targets(element, "NoteRef"),
        )

    def _note(self, element: Element) -> Note:
        return Note(
            guid=_guid(element),
            name=_attribute(element, "name"),
            content=_content(element),
            plain_path=_path(element, "plainTextPath"),
            rich_path=_path(element, "richTextPath"),
            parts=_parts(element, but={"PlainTextContent"}),
            created=moment_of(element.get("creationDateTime")),
            xml=_xml(element),
        )

    def _set(self, element: Element) -> CodeSet:
        return CodeSet(
            guid=_guid(element),
            name=_attribute(element, "name"),
            description=_text_of(element, "Description"),
            codes=_targets(element, "MemberCode"),
            parts=_parts(element, but={"Description", "MemberCode"}),
        )


def _user(element: Element) -> User:
    return User(_guid(element), _attribute(element, "name") or _attribute(element, "id"))


def _tidy(element: Element) -> None:
    """Names without namespaces, GUIDs in one form, no folders of somebody's machine."""
    element.tag = element.tag.rpartition("}")[2]
    for name, value in list(element.attrib.items()):
        if name in _PATHS_OF_MACHINES or "}" in name:
            del element.attrib[name]
            continue
        if name in GUID_ATTRIBUTES:
            found = _GUID.fullmatch(value.strip())
            element.set(name, found[1].lower() if found else value.strip()[:60])
        elif name == "path" and value.startswith("absolute:"):
            element.set(name, "absolute:///")


def _name(element: Element) -> str:
    return element.tag


def _all_children(parent: Element | None) -> Iterator[Element]:
    if parent is not None:
        yield from parent


def _children(parent: Element | None, name: str) -> Iterator[Element]:
    return (each for each in _all_children(parent) if _name(each) == name)


def _child(parent: Element | None, name: str) -> Element | None:
    return next(_children(parent, name), None)


def _text_of(parent: Element | None, name: str) -> str:
    found = _child(parent, name)
    return "" if found is None else "".join(found.itertext()).strip()


def _content(element: Element) -> str | None:
    """The text itself, with all its white space: places count in it."""
    found = _child(element, "PlainTextContent")
    return None if found is None else "".join(found.itertext())


def _attribute(element: Element, name: str) -> str:
    return " ".join(element.get(name, "").split())


def _guid(element: Element) -> str:
    return element.get("guid", "")


def _targets(element: Element, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.get("targetGUID", "") for each in _children(element, name)))


def _path(element: Element, name: str) -> str:
    """The name within the package ('internal://a.txt' -> 'a.txt'); empty for what lies outside of it."""
    value = element.get(name, "").strip()
    for head in ("internal://", "relative:///", "relative://"):
        if value.startswith(head):
            return value.removeprefix(head).lstrip("/")
    return "" if ":" in value or value.startswith(("/", "\\")) else value


def _parts(element: Element, *, but: Iterable[str]) -> tuple[str, ...]:
    left_out = set(but)
    return tuple(_xml(each) for each in _all_children(element) if _name(each) not in left_out)


def _xml(element: Element) -> str:
    tail, element.tail = element.tail, None
    written = tostring(element, encoding="unicode")
    element.tail = tail
    return written
