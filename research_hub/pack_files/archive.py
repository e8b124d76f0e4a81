"""A pack as a ZIP: the document, the page, its tables as CSV, and a manifest with the SHA-256 of each."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from insights.exchange.tables import write_csv
from insights.reports.pack.shapes import Pack
from insights.reports.table import Table
from research_hub.pack_files.blocks import heard_in_cell

MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DECISIONS = ("Point", "Ref", "Decision", "Status", "Decided on", "Rests on", "Basis", "By hand")


def as_archive(pack: Pack, documents: Mapping[str, bytes]) -> bytes:
    """`documents` are named contents that stand beside the tables. The same pack gives the same bytes."""
    tables = {f"{each.name}.csv": write_csv(each) for each in tables_of(pack)}
    contents = {**documents, **tables}
    return zipped({**contents, MANIFEST: _manifest(pack, contents)})


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """In the order of their names, without moments and without what the machine is called."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            archive.writestr(_entry(name), content)
    return file.getvalue()


def repacked(content: bytes) -> bytes:
    """A ZIP with the same entries in the same order, and no moments in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in given.infolist():
            archive.writestr(_entry(each.filename), given.read(each))
    return file.getvalue()


def tables_of(pack: Pack) -> list[Table]:
    """Decisions, insights, people and gaps, each row with its point; small numbers are words."""
    points = [(each, f"{each.point.number}. {each.point.title}") for each in pack.sections]
    decisions = [
        (point, each.ref, each.title, each.status, each.decided_on, ", ".join(each.rests_on), each.basis, each.by_hand)
        for section, point in points
        for each in section.decisions
    ]
    insights = [
        (point, each.ref, each.claim, each.confidence, each.rests_on, each.by_hand)
        for section, point in points
        for each in section.insights
    ]
    people = [
        (
            point,
            each.label,
            line.value,
            heard_in_cell(line.heard, line.withheld),
        )
        for section, point in points
        for each in section.people
        for line in each.lines
    ]
    gaps = [(point, gap) for section, point in points for gap in section.gaps]
    return [
        Table(
            "decisions",
            ("Point", "Ref", "Decision", "Status", "Decided on", "Rests on", "Basis", "By hand"),
            tuple(decisions),
        ),
        Table("insights", ("Point", "Ref", "Insight", "Confidence", "Rests on", "By hand"), tuple(insights)),
        Table("people", ("Point", "Attribute", "Value", "People"), tuple(people)),
        Table("gaps", ("Point", "Gap"), tuple(gaps)),
    ]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
    return entry


def _manifest(pack: Pack, contents: Mapping[str, bytes]) -> bytes:
    told: dict[str, Any] = {
        "kind": "evidence pack",
        "standard": pack.standard.name,
        "service": pack.service,
        "phase": pack.phase,
        "made_on": pack.made_on.isoformat(),
        "files": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(contents.items())
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"
