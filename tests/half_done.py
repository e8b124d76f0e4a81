"""Work that waits for one person, so that every address that shows such work can be walked."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.break_glass import ask_for_access
from insights.capture.consent_forms import FormText, create_consent_form, write_new_version
from insights.capture.models import ResearchSession, SourceText, Study, TextVersion
from insights.coding.carrying import edit_source_text
from insights.coding.codebook.shaping import define_tag
from insights.coding.models import Choice, Highlight
from insights.coding.personal_data.review import findings_of_text, settle_value
from insights.core.access import Role
from insights.core.activity import add
from insights.core.clock import today
from insights.decisions.models import Decision, DecisionStatus
from insights.exchange.documents import read_document
from insights.exchange.imports import StagedContent, open_batch, stage_document
from insights.exchange.qda.exporting import codebook_of_organisation
from insights.exchange.qda.reading import understand
from insights.exchange.qda.waiting import keep_waiting
from insights.openness.entries import EntryTexts, draft_entry, edit_entry
from insights.openness.follow_ups import cited_people
from insights.openness.models import FollowUp, FollowUpState, PublicEntry
from insights.people.accounts.invitations import invite
from insights.people.models import ConsentScope, ContactChannel, Member, Participant, Team
from insights.stewardship.access_review import answer_row, begin_review
from insights.stewardship.erasure.finishing import Looked, certify
from insights.stewardship.models import (
    AccessReviewRow,
    RetentionHold,
    Withdrawal,
    WithdrawalCause,
    WithdrawalKind,
    WithdrawalStatus,
)
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
    _leave_tray(session, maya)
    _leave_public_entry(session, maya)
    _leave_request_for_access(session)
    _leave_access_review(session)
    _leave_what_was_kept(session, maya, study)
    _leave_invitation(session, maya)
    _leave_consent_form(session, maya, study)
    _leave_follow_up(session, maya)


def _leave_invitation(session: Session, maya: Member) -> None:
    """Into her team; its link is the one that a test knows not."""
    boss = session.scalars(select(Member).where(Member.role == Role.ADMINISTRATOR).order_by(Member.id)).first()
    assert boss is not None
    team = session.get_one(Team, maya.team_id)
    invite(session, actor=boss, email="invited@example.org", role=Role.READER, team=team)


def _leave_consent_form(session: Session, maya: Member, study: Study) -> None:
    """A form in two versions, and a text with something found in it that waits and something that may stand."""
    scopes = [scope.value for scope in ConsentScope]
    said = FormText("## What this is about\n\nLetters about results.", scopes, 12)
    form = create_consent_form(session, actor=maya, study=study, name="Interviews", said=said)
    write_new_version(session, actor=maya, form=form, said=replace(said, months=24), number=1)
    source = session.scalars(
        select(SourceText)
        .where(SourceText.study_id == study.id, SourceText.research_session_id.is_not(None))
        .order_by(SourceText.id.desc())
    ).first()
    text = session.get_one(TextVersion, source.current_version_id)
    found = f"{text.text}\n\nMy daughter Emily rang 020 7946 0018. Her brother Tom did not."
    edit_source_text(session, actor=maya, source=source, study=study, text=found, version_number=text.number)
    first = next(each for each in findings_of_text(session, source) if each.text == "Emily")
    settle_value(
        session,
        actor=maya,
        source=source,
        study=study,
        key=first.key,
        choice=Choice.JUSTIFIED,
        version_number=text.number + 1,
        reason="Made up for this test.",
    )


def _leave_follow_up(session: Session, maya: Member) -> None:
    """Somebody of an open study of her team was told by letter what their words led to."""
    cited = cited_people().subquery()
    found = session.execute(
        select(cited.c.participant_id, cited.c.decision_id, Study.id, Decision.decided_on)
        .join(Participant, Participant.id == cited.c.participant_id)
        .join(Study, Study.id == Participant.study_id)
        .join(Decision, Decision.id == cited.c.decision_id)
        .where(~Study.restricted, Study.team_id == maya.team_id, Decision.status == DecisionStatus.ACCEPTED)
        .order_by(cited.c.participant_id, cited.c.decision_id)
    ).first()
    assert found is not None
    person, decision, study, day = found
    told = {"channel": ContactChannel.LETTER, "state": FollowUpState.TOLD, "told_on": day}
    add(session, maya, FollowUp(participant_id=person, decision_id=decision, study_id=study, **told))


def _leave_what_was_kept(session: Session, maya: Member, study: Study) -> None:
    """A hold, and the proof that what was kept long enough went; nothing of the story did."""
    day = today(session)
    add(session, maya, RetentionHold(study_id=study.id, reason="A complaint is open.", until=day + timedelta(days=90)))
    gone = Withdrawal(
        study_id=study.id,
        kind=WithdrawalKind.ERASE,
        cause=WithdrawalCause.RETENTION,
        asked_on=day,
        status=WithdrawalStatus.OUTSTANDING,
    )
    add(session, maya, gone)
    certify(session, gone, Looked(), backup_days=30)


def _leave_public_entry(session: Session, maya: Member) -> None:
    """One that still says too much."""
    told = select(PublicEntry.decision_id)
    taken = (Decision.status == DecisionStatus.ACCEPTED, Decision.team_id == maya.team_id, Decision.id.not_in(told))
    decision = session.scalars(select(Decision).where(*taken).order_by(Decision.id)).first()
    assert decision is not None
    texts = EntryTexts("Letters begin with the next step", "Short.", we_did="Ring 0800 123 4567.")
    edit_entry(session, actor=maya, entry=draft_entry(session, actor=maya, decision=decision), texts=texts)


def _leave_request_for_access(session: Session) -> None:
    """An administrator asks to see the restricted study, and nobody has answered."""
    asker = session.scalars(select(Member).where(Member.role == Role.ADMINISTRATOR)).one()
    study = session.scalars(select(Study).where(Study.restricted).order_by(Study.id)).first()
    assert study is not None
    reason = "A participant asks what is held about them."
    ask_for_access(session, actor=asker, study_ref=study.ref, reason=reason, hours=8)


def _leave_access_review(session: Session) -> None:
    """One that is open, in which an administrator answered for somebody."""
    admin = session.scalars(select(Member).where(Member.role == Role.ADMINISTRATOR)).one()
    review = begin_review(session, actor=admin, team=None, dormant_days=90)
    query = select(AccessReviewRow).where(AccessReviewRow.review_id == review.id, AccessReviewRow.role == Role.READER)
    row = session.scalars(query.order_by(AccessReviewRow.id)).first()
    assert row is not None
    answer_row(session, actor=admin, review=review, row_id=row.id, answer="take_away", take=["account"], note="Left.")


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
