"""Work that waits for one person, so that every address that shows such work can be walked."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO

from pictures import png
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.codebook.shaping import define_tag
from insights.coding.models import Highlight
from insights.core.access import Role
from insights.core.clock import today
from insights.decisions.images import check_image
from insights.decisions.models import Decision, DecisionStatus, ImageSide
from insights.decisions.operations import add_delivery_link, record_change, set_change_image
from insights.exchange.documents import read_document
from insights.exchange.imports import StagedContent, open_batch, stage_document
from insights.exchange.qda.exporting import codebook_of_organisation
from insights.exchange.qda.reading import understand
from insights.exchange.qda.waiting import keep_waiting
from insights.openness.entries import (
    EntryTexts,
    check_entry,
    choose_quotes,
    draft_entry,
    edit_entry,
    name_approver,
    publish_entry,
    sign_off_entry,
)
from insights.people.models import Member
from insights.reports.days import Period, shifted
from insights.reports.freezing import freeze_report
from insights.reports.pack import link_to_point
from insights.stewardship.tray import Entry, create_collection, gathered_rows, put_in_tray
from insights.synthesis.models import Insight, Recommendation
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
    _leave_picture(session, files)
    _leave_tray(session, maya)
    _leave_public_entries(session, maya)
    last = today(session)
    freeze_report(session, actor=maya, period=Period(shifted(last, -365), last), note="For the board.")


def _leave_public_entries(session: Session, maya: Member) -> None:
    """One that everybody reads, and one that still says too much."""
    taken = (Decision.status == DecisionStatus.ACCEPTED, Decision.team_id == maya.team_id)
    told, waiting = session.scalars(select(Decision).where(*taken).order_by(Decision.id).limit(2)).all()
    # An administrator signs off in every area.
    approver = session.scalars(select(Member).where(Member.role == Role.ADMINISTRATOR).order_by(Member.id)).first()
    texts = EntryTexts(
        "Letters begin with the next step", "Short.", "What?", "Much.", "Letters changed.", "", "Better."
    )
    entry = draft_entry(session, actor=maya, decision=told)
    choose_quotes(session, actor=maya, entry=entry, highlight_ids=[])
    edit_entry(session, actor=maya, entry=entry, texts=texts)
    name_approver(session, actor=maya, entry=entry, approver=approver)
    check_entry(session, actor=maya, entry=entry)
    assert approver is not None
    sign_off_entry(session, actor=approver, entry=entry, decision=told)
    publish_entry(session, actor=maya, entry=entry, decision=told)
    link_to_point(session, actor=maya, standard="govuk", point="1", subject=told)
    second = draft_entry(session, actor=maya, decision=waiting)
    edit_entry(session, actor=maya, entry=second, texts=replace(texts, we_did="Ring 0800 123 4567."))


def _leave_picture(session: Session, files: FileStore) -> None:
    """A change shown as two pictures, and the ticket where it is built, on a decision that everybody may see."""
    decision = session.scalars(
        select(Decision).where(Decision.status == DecisionStatus.ACCEPTED).order_by(Decision.id)
    ).first()
    author = session.scalars(select(Member).where(Member.role == Role.ADMINISTRATOR).order_by(Member.id)).first()
    assert decision is not None
    assert author is not None
    change = record_change(session, actor=author, decision=decision, before="", after="", has_images=True)
    for side, width in ((ImageSide.BEFORE, 300), (ImageSide.AFTER, 320)):
        image = check_image(png(width, 200), field=side)
        alt = f"The letter {side.value}"
        set_change_image(session, actor=author, decision=decision, change=change, side=side, image=image, alt=alt)
        files.keep(image.content)
    add_delivery_link(session, actor=author, decision=decision, url="https://github.com/org/letters/pull/3")


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


def _leave_tray(session: Session, maya: Member) -> None:
    """One record of each kind, the first of which everybody may see, in the tray and in a collection."""
    kinds = (Insight, Highlight, Decision, Recommendation, ResearchSession, SourceText, Study)
    firsts = [f"{kind.PREFIX}-{session.scalars(select(kind.id).order_by(kind.id)).first()}" for kind in kinds]
    seen = [ref for ref in firsts if ref in gathered_rows(session, maya, firsts)]
    for ref in seen:
        put_in_tray(session, actor=maya, ref=ref)
    create_collection(
        session, actor=maya, title="Letters", introduction="", entries=[Entry(ref, "Read this.") for ref in seen]
    )
