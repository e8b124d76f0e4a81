"""A Project as project.qde and its codes as codebook.qdc, in the order and the types that the schema asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from insights.exchange.qda.model import (
    Case,
    Code,
    CodeSet,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    TextPart,
    Value,
    Variable,
)
from insights.exchange.qda.xml_reading import PROJECT_NAMESPACE, parse_fragment

CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"

# The schema's order of children, for each element that may hold some of several kinds.
_ORDER: Mapping[str, tuple[str, ...]] = {
    "Case": ("Description", "CodeRef", "VariableValue", "SourceRef", "SelectionRef"),
    "Set": ("Description", "MemberCode", "MemberSource", "MemberNote"),
    "TextSource": (
        "Description",
        "PlainTextContent",
        "PlainTextSelection",
        "Coding",
        "NoteRef",
        "VariableValue",
    ),
    "PDFSource": ("Description", "PDFSelection", "Representation", "Coding", "NoteRef", "VariableValue"),
    "AudioSource": ("Description", "Transcript", "AudioSelection", "Coding", "NoteRef", "VariableValue"),
    "VideoSource": ("Description", "Transcript", "VideoSelection", "Coding", "NoteRef", "VariableValue"),
    "Transcript": ("Description", "PlainTextContent", "SyncPoint", "TranscriptSelection", "NoteRef"),
    "Code": ("Description", "NoteRef", "Code"),
}
_ORDER = {**_ORDER, "Note": _ORDER["TextSource"], "Representation": _ORDER["TextSource"]}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VALUES = {
    "Text": "TextValue",
    "Boolean": "BooleanValue",
    "Integer": "IntegerValue",
    "Float": "FloatValue",
    "Date": "DateValue",
    "DateTime": "DateTimeValue",
}


def write_project_xml(project: Project) -> bytes:
    """UTF-8 with a declaration; the same project is the same bytes. Moments that are not told are left out."""
    root = Element(
        "Project", {"xmlns": PROJECT_NAMESPACE, "name": _line(project.name), "origin": _line(project.origin)}
    )
    _moment(root, project.created)
    if project.users:
        users = SubElement(root, "Users")
        for user in project.users:
            SubElement(users, "User", {"guid": user.guid, "name": _line(user.name)})
    if project.codes:
        _codes(SubElement(SubElement(root, "CodeBook"), "Codes"), project.codes)
    types = {variable.guid: variable.type for variable in project.variables}
    _group(root, "Variables", (_variable(each) for each in project.variables))
    _group(root, "Cases", (_case(each, types) for each in project.cases))
    _group(root, "Sources", (_source(each) for each in project.sources))
    _group(root, "Notes", (_note(each) for each in project.all_notes))
    _group(root, "Links", map(parse_fragment, project.links))
    _group(root, "Sets", (_set(each) for each in project.sets))
    _group(root, "Graphs", map(parse_fragment, project.graphs))
    _description(root, project.description)
    _refs(root, "NoteRef", project.notes)
    return _bytes(root)


def write_codebook_xml(codes: Iterable[Code], sets: Iterable[CodeSet], origin: str) -> bytes:
    """A codebook holds names, definitions, colours and the tree, and which codes belong together."""
    root = Element("CodeBook", {"xmlns": CODEBOOK_NAMESPACE, "origin": _line(origin)})
    _codes(SubElement(root, "Codes"), codes, in_codebook=True)
    _group(root, "Sets", (_codebook_set(each) for each in sets))
    return _bytes(root)


def _codes(parent: Element, codes: Iterable[Code], *, in_codebook: bool = False) -> None:
    for code in codes:
        element = SubElement(
            parent,
            "Code",
            {"guid": code.guid, "name": _line(code.name), "isCodable": "true" if code.codable else "false"},
        )
        if code.colour:
            element.set("color", code.colour)
        _description(element, code.description)
        if not in_codebook:
            _refs(element, "NoteRef", code.notes)
        _codes(element, code.children, in_codebook=in_codebook)


def _variable(variable: Variable) -> Element:
    element = Element(
        "Variable", {"guid": variable.guid, "name": _line(variable.name), "typeOfVariable": variable.type}
    )
    _description(element, variable.description)
    return element


def _case(case: Case, types: Mapping[str, str]) -> Element:
    element = Element("Case", {"guid": case.guid, "name": _line(case.name)})
    for guid, value in case.values:
        held = SubElement(element, "VariableValue")
        SubElement(held, "VariableRef", {"targetGUID": guid})
        SubElement(held, _VALUES.get(types.get(guid, "Text"), "TextValue")).text = _value(value)
    _refs(element, "SourceRef", case.sources)
    _refs(element, "SelectionRef", case.selections)
    return _with_parts(element, case.parts)


def _source(source: Source) -> Element:
    if source.xml:
        return parse_fragment(source.xml)
    if source.element == "TextSource":
        element = _text("TextSource", source.texts[0], "PlainTextSelection")
        if source.path:
            element.set("richTextPath", f"internal://{source.path}")
        return element
    element = Element(source.element, {"guid": source.guid, "name": _line(source.name)})
    _moment(element, source.created)
    if source.path:
        element.set("path", f"internal://{source.path}")
    for part in source.texts:
        is_pdf = source.element == "PDFSource"
        element.append(
            _text("Representation", part, "PlainTextSelection")
            if is_pdf
            else _text("Transcript", part, "TranscriptSelection")
        )
    _refs(element, "NoteRef", source.notes)
    return _with_parts(element, source.parts)


def _text(name: str, part: TextPart, selections: str) -> Element:
    element = Element(name, {"guid": part.guid, "name": _line(part.name)})
    _moment(element, part.created)
    if part.plain_path:
        element.set("plainTextPath", f"internal://{part.plain_path}")
    if part.rich_path:
        element.set("richTextPath", f"internal://{part.rich_path}")
    if part.content is not None:
        SubElement(element, "PlainTextContent").text = _legal(part.content)
    for point in part.sync_points:
        told = {"guid": point.guid}
        if point.milliseconds is not None:
            told["timeStamp"] = str(point.milliseconds)
        SubElement(element, "SyncPoint", told | {"position": str(point.position or 0)})
    for selection in part.selections:
        element.append(_selection(selections, selection))
    _refs(element, "NoteRef", part.notes)
    return _with_parts(element, part.parts)


def _selection(name: str, selection: Selection) -> Element:
    element = Element(name, {"guid": selection.guid, "name": _line(selection.name)})
    element.set("startPosition", str(selection.start or 0))
    element.set("endPosition", str(selection.end or 0))
    if selection.user:
        element.set("creatingUser", selection.user)
    _moment(element, selection.created)
    _description(element, selection.description)
    for coding in selection.codings:
        element.append(_coding(coding, selection.created))
    _refs(element, "NoteRef", selection.notes)
    return element


def _coding(coding: Coding, created: datetime | None) -> Element:
    element = Element("Coding", {"guid": coding.guid})
    if coding.user:
        element.set("creatingUser", coding.user)
    _moment(element, created)
    SubElement(element, "CodeRef", {"targetGUID": coding.code})
    _refs(element, "NoteRef", coding.notes)
    return element


def _note(note: Note) -> Element:
    if note.xml:
        return parse_fragment(note.xml)
    element = Element("Note", {"guid": note.guid, "name": _line(note.name)})
    _moment(element, note.created)
    SubElement(element, "PlainTextContent").text = _legal(note.content or "")
    return _with_parts(element, note.parts)


def _set(code_set: CodeSet) -> Element:
    element = Element("Set", {"guid": code_set.guid, "name": _line(code_set.name)})
    _description(element, code_set.description)
    _refs(element, "MemberCode", code_set.codes)
    return _with_parts(element, code_set.parts)


def _codebook_set(code_set: CodeSet) -> Element:
    element = Element("Set", {"guid": code_set.guid, "name": _line(code_set.name)})
    _description(element, code_set.description)
    _refs(element, "MemberCode", code_set.codes)
    return element


def _group(parent: Element, name: str, children: Iterable[Element]) -> None:
    """The schema allows no empty group."""
    held = list(children)
    if held:
        SubElement(parent, name).extend(held)


def _with_parts(element: Element, parts: Iterable[str]) -> Element:
    """Adds what was kept and puts all children in the schema's order."""
    element.extend([parse_fragment(xml) for xml in parts])
    order = {name: place for place, name in enumerate(_ORDER[element.tag])}
    element[:] = sorted(element, key=lambda child: order.get(child.tag, len(order)))
    return element


def _description(parent: Element, text: str) -> None:
    if text:
        SubElement(parent, "Description").text = _legal(text)


def _refs(parent: Element, name: str, guids: Iterable[str]) -> None:
    for guid in guids:
        SubElement(parent, name, {"targetGUID": guid})


def _moment(element: Element, moment: datetime | None) -> None:
    if moment is not None:
        element.set("creationDateTime", moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _value(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else _legal(str(value))


def _line(text: str) -> str:
    return _legal(" ".join(text.split()))


def _legal(text: str) -> str:
    """XML holds no control characters, not even escaped."""
    return _NOT_IN_XML.sub("\ufffd", text)


def _bytes(root: Element) -> bytes:
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
