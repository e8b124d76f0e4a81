"""A feed in Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from insights.stewardship.following import FoundRow
from research_hub.web.words import link_to

_NAMESPACE: Final = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Feed:
    """`id` never changes; `root` is the site's address without a slash at the end, `page` a path on it."""

    id: str
    title: str
    root: str
    page: str


def as_atom(feed: Feed, found: Iterable[FoundRow], updated: datetime) -> bytes:
    """One entry an item, in the order given. An entry's id comes from its follow and key, so it is told once."""
    tree = etree.Element(_name("feed"), nsmap={None: _NAMESPACE})  # type: ignore[dict-item]  # None stands for the default namespace
    _add(tree, "id", feed.id)
    _add(tree, "title", feed.title)
    _add(tree, "updated", _moment(updated))
    _add(_child(tree, "author"), "name", "Research Hub")
    _child(tree, "link", rel="alternate", type="text/html", href=feed.root + feed.page)
    for each in found:
        _add_entry(tree, feed.root, each)
    return etree.tostring(tree, xml_declaration=True, encoding="utf-8")


def _add_entry(tree: etree._Element, root: str, found: FoundRow) -> None:
    entry = _child(tree, "entry")
    _add(entry, "id", f"urn:uuid:{uuid.uuid5(uuid.UUID(found.follow.uuid), found.key)}")
    _add(entry, "title", f"{found.record.ref}: {found.record.title}")
    _add(entry, "updated", _moment(found.found_at))
    _child(entry, "link", rel="alternate", type="text/html", href=f"{root}{link_to(found.record.ref)}")
    why = found.what or "new"
    study = f" In “{found.record.study}”." if found.record.study else ""
    _add(entry, "summary", f"{found.follow.name or found.follow.subject_ref}: {why}.{study}")


def _child(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _name(name), attributes)


def _add(parent: etree._Element, name: str, text: str) -> None:
    _child(parent, name).text = "".join(char for char in text if _is_allowed(char))


def _name(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _is_allowed(char: str) -> bool:
    """What XML 1.0 can hold: no controls but tab and line ends, no surrogates, no non-characters."""
    code = ord(char)
    return code in {0x9, 0xA, 0xD} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000  # noqa: PLR2004 - the ranges of the standard


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
