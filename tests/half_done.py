"""Work that waits for one person, so that every address that shows such work can be walked."""

from __future__ import annotations

import hashlib
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.coding.codebook.shaping import define_tag
from insights.core.access import Role
from insights.exchange.documents import read_document
from insights.exchange.imports import StagedContent, open_batch, stage_document
from insights.exchange.qda.exporting import codebook_of_organisation
from insights.exchange.qda.reading import understand
from insights.exchange.qda.waiting import keep_waiting
from insights.people.models import Member
from research_hub.files import FileStore
from research_hub.staged_files import StagedFiles

CALLS = b"""date,participant,quote
2026-03-27,P3,"I rang twice and nobody knew."
2026-13-27,P4,"I gave up."
"""


def leave_half_done(session: Session, files: FileStore, staged: StagedFiles) -> None:
    """The first researcher has read a table and a codebook and stored neither, and added a tag, which can be undone."""
    maya = session.scalars(select(Member).where(Member.role == Role.RESEARCHER).order_by(Member.id)).first()
    study = session.scalars(select(Study).where(~Study.restricted).order_by(Study.id)).first()
    assert maya is not None
    assert study is not None
    define_tag(session, actor=maya, name="half done", study=study)
    _leave_table(session, maya, study, staged)
    _leave_codebook(session, maya, files)


def _leave_table(session: Session, maya: Member, study: Study, staged: StagedFiles) -> None:
    digest, size = staged.keep_stream(BytesIO(CALLS))
    batch = open_batch(session, actor=maya, study=study)
    content = StagedContent("calls.csv", digest, size)
    stage_document(session, batch=batch, content=content, document=read_document("calls.csv", CALLS))


def _leave_codebook(session: Session, maya: Member, files: FileStore) -> None:
    content = codebook_of_organisation(session, actor=maya, origin="Research Hub")
    digest, size = files.keep_stream(BytesIO(content))
    assert digest == hashlib.sha256(content).hexdigest()
    keep_waiting(
        session,
        actor=maya,
        file_name="codebook.qdc",
        understood=understand("codebook.qdc", content),
        sha256=digest,
        size=size,
    )
