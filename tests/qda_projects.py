"""Studies and packages for tests of coding projects."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from sqlalchemy.orm import Session

from insights.capture.models import Attachment, Recording, SourceKind, SourceText, Study
from insights.capture.operations import NewUtterance, SourceDetails, store_source
from insights.core.activity import add
from insights.core.clock import now
from insights.exchange.models import CodingProject
from insights.exchange.qda.gathering import gather_project
from insights.exchange.qda.incoming import Choices
from insights.exchange.qda.outgoing import write_package
from insights.exchange.qda.packages import open_package
from insights.exchange.qda.reading import understand
from insights.exchange.qda.storing import store_project
from insights.exchange.qda.understood import Understood
from insights.people.models import Member
from insights.people.vault.files import OpeningFiles

SHARED = Path(__file__).parents[1].parent / "shared"
QDA = SHARED / "data" / "qda"
ORIGIN = "Research Hub 0.1.0"
NAMESPACE = "urn:QDA-XML:project:1.0"


class Files:
    """A store of files in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep_stream(self, stream: IO[bytes]) -> tuple[str, int]:
        content = stream.read()
        digest = hashlib.sha256(content).hexdigest()
        self.path_of(digest).write_bytes(content)
        return digest, len(content)

    def path_of(self, digest: str) -> Path:
        return self.root / digest


def package_of(xml: str, entries: Mapping[str, bytes] | None = None, *, name: str = "project.qde") -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as packed:
        packed.writestr(name, xml)
        for entry, content in (entries or {}).items():
            packed.writestr(entry, content)
    return stream.getvalue()


def project_of(body: str, **attributes: str) -> str:
    told = " ".join(f'{name}="{value}"' for name, value in {"name": "Breakfast", **attributes}.items())
    return f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{NAMESPACE}" {told}>{body}</Project>'


def bring_in(
    session: Session,
    actor: Member,
    files: Files,
    content: bytes,
    *,
    name: str = "project.qdpx",
    study: Study | None = None,
    choices: Choices | None = None,
) -> tuple[Study, CodingProject, Understood]:
    understood = understand(name, content)
    digest, size = files.keep_stream(io.BytesIO(content))
    if session.get(Attachment, digest) is None:
        session.add(Attachment(sha256=digest, size=size, media_type="application/zip", added_at=now(session)))
        session.flush()
    project = CodingProject(name=understood.name, format=understood.format, sha256=digest, report={}, kept={})
    add(session, actor, project)
    package = open_package(content) if content.startswith(b"PK") and name.endswith(".qdpx") else None
    stored = store_project(
        session,
        actor=actor,
        project=project,
        understood=understood,
        study=study,
        files=files,
        package=package,
        choices=choices or Choices(),
    )
    assert stored is not None
    return stored, project, understood


def export(session: Session, member: Member, study: Study, files: Files, *, with_names: bool = False) -> bytes:
    stream = io.BytesIO()
    outgoing = gather_project(session, member=member, study=study, origin=ORIGIN, with_names=with_names)
    write_package(outgoing, files, stream, OpeningFiles(session, files))
    return stream.getvalue()


def a_recorded_source(session: Session, actor: Member, study: Study, files: Files) -> SourceText:
    """A transcript with two turns, the sound it was written from, and the captions it came as."""
    text = "Ann: Hello 👋\n\nBo: Good day."
    captions = b"WEBVTT"
    source = store_source(
        session,
        actor=actor,
        study=study,
        details=SourceDetails(SourceKind.TRANSCRIPT, "Talk", "talk.vtt", "text/vtt"),
        text=text,
        original=captions,
        utterances=[NewUtterance(0, 12, 0, 1400, "Ann"), NewUtterance(14, len(text), 1500, None, "Bo")],
    )
    files.keep_stream(io.BytesIO(captions))
    digest, size = files.keep_stream(io.BytesIO(b"sound"))
    session.add(Attachment(sha256=digest, size=size, media_type="audio/mpeg", added_at=now(session)))
    session.flush()
    add(
        session,
        actor,
        Recording(source_text_id=source.id, sha256=digest, media_type="audio/mpeg", original_name="talk.mp3"),
    )
    return source


def entries_of(package: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(package)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
