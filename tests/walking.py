"""Every address of the application, with a record that exists in each place where one is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from insights.capture.models import (
    Attendance,
    BreakGlass,
    Hypothesis,
    InclusionTarget,
    LiveLog,
    LogLine,
    Recording,
    ResearchSession,
    SourceText,
    Study,
    TextTemplate,
)
from insights.coding.models import (
    CodingAct,
    CodingRound,
    Highlight,
    HighlightStatus,
    LayerCoding,
    Memo,
    PersonalDataChoice,
    SynonymGroup,
    Tag,
)
from insights.core.access import Permission
from insights.decisions.models import Change, ChangeImage, Decision, DecisionLink, DeliveryLink, Measure, OutcomeCheck
from insights.exchange.models import CodingProject, ImportBatch, ImportFile, Offer
from insights.openness.models import EntryStatus, FollowUp, PublicEntry, ResearchRequest, StandardLink
from insights.people.models import (
    Component,
    Consent,
    ConsentForm,
    Contact,
    Invitation,
    Member,
    Participant,
    Service,
    Team,
)
from insights.reports.models import FrozenReport
from insights.stewardship.models import AccessReview, AccessReviewRow, Comment, Follow, RetentionHold, Withdrawal
from insights.synthesis.models import Board, BoardCluster, Contradiction, EvidenceLink, Insight, Recommendation, Theme

EXTENSIONS = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Records:
    """`refs` by the first part of an address; `children` by the name of the number in it, with its parent."""

    refs: Mapping[str, str]
    children: Mapping[str, tuple[str, int | str]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    rule: Rule
    permission: Permission | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"


def routes(app: Flask, method: str | None = None) -> list[Route]:
    """Every route, or those of one method, without the static files."""
    found = [
        Route(each, rule, getattr(app.view_functions[rule.endpoint], "permission", Permission.ADMINISTER))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for each in sorted((rule.methods or set()) & {"GET", "POST"})
    ]
    return sorted((each for each in found if method in {None, each.method}), key=lambda each: each.name)


def addresses(route: Route, records: Records) -> Iterator[str]:
    """The route's addresses: one for each kind of file where it makes files, else a single one."""
    address = route.rule.rule
    for argument in route.rule.arguments - {"extension"}:
        value = _value(argument, route.rule, records)
        address = address.replace(f"<int:{argument}>", value).replace(f"<{argument}>", value)
    for extension in EXTENSIONS if "<extension>" in address else ("",):
        yield address.replace("<extension>", extension)


def records_of(session: Session) -> Records:
    """One record of each kind in a database that has some of everything."""
    models: dict[str, Any] = {
        "studies": Study,
        "sessions": ResearchSession,
        "sources": SourceText,
        "tags": Tag,
        "insights": Insight,
        "decisions": Decision,
        "recommendations": Recommendation,
        "boards": Board,
        "themes": Theme,
        "rounds": CodingRound,
        "memos": Memo,
        "members": Member,
        "teams": Team,
        "services": Service,
        "components": Component,
        "participants": Participant,
        "withdrawals": Withdrawal,
        "templates": TextTemplate,
    }
    form_of_consent = session.scalar(select(ConsentForm.id).limit(1)) or 0
    refs = {name: f"{model.PREFIX}-{_first(session, model.id)}" for name, model in models.items()}
    # One on a tag, which everybody may read: words of somebody who does not share them stay with their study.
    refs["memos"] = f"MMO-{session.scalar(select(Memo.id).where(Memo.subject_ref.startswith('TAG-')).limit(1))}"
    quote = session.scalars(select(Highlight.id).where(Highlight.status == HighlightStatus.ACTIVE)).first()
    refs |= {"highlights": f"HL-{quote}", "trace": refs["insights"], "passage": refs["sessions"]}
    comment = session.scalars(select(Comment)).first()
    refs |= {"tray": refs["insights"], "cite": refs["insights"], "collections": "COL-1"}
    refs |= {"comments": refs["insights"], "comment": "COM-0" if comment is None else comment.ref}
    follow = session.scalars(select(Follow)).first()
    refs |= {"follow": refs["insights"], "saved": "FLW-0" if follow is None else follow.ref}
    refs["feeds"] = refs["saved"]
    sound = session.scalars(select(Recording)).first()
    refs |= {"recordings": "RCD-0" if sound is None else sound.ref}
    refs |= {"imports": f"IMB-{_last(session, ImportBatch.id)}", "projects": f"PRJ-{_last(session, CodingProject.id)}"}
    refs |= {"requests": f"REQ-{_first(session, ResearchRequest.id)}"}
    refs |= {"public-entries": f"PUB-{_last(session, PublicEntry.id)}"}
    shown = session.scalars(select(PublicEntry.decision_id).where(PublicEntry.status == EntryStatus.PUBLISHED)).first()
    refs |= {"open": f"DEC-{shown}"}
    refs |= {"consent-forms": f"CFM-{form_of_consent}"}
    refs |= {"for-a-time": f"BRK-{session.scalar(select(BreakGlass.id).limit(1)) or 0}"}
    refs |= {"review": f"ARV-{_last(session, AccessReview.id)}"}
    refs |= {"frozen": f"FRZ-{_first(session, FrozenReport.id)}"}
    refs |= {"related": refs["insights"], "synonyms": f"SYN-{_first(session, SynonymGroup.id)}"}
    refs |= {"invitations": f"INV-{_last(session, Invitation.id)}"}
    return Records(refs, dict(_children(session)))


def _children(session: Session) -> Iterator[tuple[str, tuple[str, int | str]]]:
    link, evidence = session.scalars(select(DecisionLink)).first(), session.scalars(select(EvidenceLink)).first()
    assert link is not None
    assert evidence is not None
    yield "decisions link_id", (f"DEC-{link.decision_id}", link.id)
    yield "curation link_id", ("", link.id)
    yield "reports link_id", ("", _first(session, StandardLink.id))
    yield from _work_that_waits(session)
    yield from _work_of_studies(session)
    yield "decisions entry_id", (f"DEC-{link.decision_id}", 0)
    yield "requests entry_id", (f"REQ-{_first(session, ResearchRequest.id)}", 0)
    yield "insights link_id", (f"INS-{evidence.insight_id}", evidence.id)
    models: dict[str, Any] = {"check_id": OutcomeCheck, "measure_id": Measure, "change_id": Change}
    for name, model in models.items():
        found = session.scalars(select(model)).first()
        if found is not None:
            yield f"decisions {name}", (f"DEC-{found.decision_id}", found.id)
    yield from _pictures_and_work(session)
    cluster = session.scalars(select(BoardCluster)).first()
    if cluster is not None:
        yield "boards cluster_id", (f"BRD-{cluster.board_id}", cluster.id)
    coding = session.scalars(select(LayerCoding)).first()
    if coding is not None:
        yield "rounds coding_id", (f"RND-{coding.coding_round_id}", coding.id)
        yield "rounds source_ref", (f"RND-{coding.coding_round_id}", f"SRC-{coding.source_text_id}")
    settled = session.scalars(select(PersonalDataChoice)).first()
    if settled is not None:
        yield "sources choice_id", (f"SRC-{settled.source_text_id}", settled.id)
    offer = session.scalars(select(Offer)).first()
    if offer is not None:
        yield "sources offer_id", (f"SRC-{offer.source_text_id}", offer.id)
    contradiction = session.scalars(select(Contradiction)).first()
    if contradiction is not None:
        yield "insights contradiction_id", (f"INS-{contradiction.insight_id}", contradiction.id)
        yield "curation contradiction_id", ("", contradiction.id)


def _pictures_and_work(session: Session) -> Iterator[tuple[str, tuple[str, int | str]]]:
    picture = session.scalars(select(ChangeImage)).first()
    work = session.scalars(select(DeliveryLink)).first()
    if picture is not None:
        change = session.get_one(Change, picture.change_id)
        yield "decisions image_id", (f"DEC-{change.decision_id}", picture.id)
    if work is not None:
        yield "decisions work_id", (f"DEC-{work.decision_id}", work.id)


def _work_of_studies(session: Session) -> Iterator[tuple[str, tuple[str, int | str]]]:
    models: dict[str, Any] = {"hypothesis_id": Hypothesis, "target_id": InclusionTarget, "hold_id": RetentionHold}
    for name, model in models.items():
        found = session.scalars(select(model).order_by(model.id)).first()
        assert found is not None
        yield f"studies {name}", (f"STU-{found.study_id}", found.id)
    follow_up = session.scalars(select(FollowUp).order_by(FollowUp.id)).first()
    yield "studies follow_up_id", ("STU-0", 0) if follow_up is None else (f"STU-{follow_up.study_id}", follow_up.id)
    decided = ("STU-0", 0) if follow_up is None else (f"STU-{follow_up.study_id}", follow_up.decision_id)
    yield "studies decision_id", decided
    consent = session.scalars(select(Consent).where(Consent.evidence_sha256.is_not(None))).first()
    there = session.scalars(select(Attendance).order_by(Attendance.id)).first()
    assert consent is not None
    assert there is not None
    yield "participants consent_id", (f"PAR-{consent.participant_id}", consent.id)
    contact = session.scalars(select(Contact).order_by(Contact.id)).first()
    yield "participants contact_id", ("PAR-0", 0) if contact is None else (f"PAR-{contact.participant_id}", contact.id)
    yield "sessions member_id", (f"SES-{there.research_session_id}", there.member_id)


def _work_that_waits(session: Session) -> Iterator[tuple[str, tuple[str, int | str]]]:
    person = session.scalars(select(AccessReviewRow).order_by(AccessReviewRow.id.desc())).first()
    if person is not None:
        yield "access row_id", (f"ARV-{person.review_id}", person.id)
    file = session.scalars(select(ImportFile).order_by(ImportFile.id.desc())).first()
    act = session.scalars(select(CodingAct).order_by(CodingAct.id.desc())).first()
    line = session.scalars(select(LogLine).order_by(LogLine.id)).first()
    assert file is not None
    assert act is not None
    assert line is not None
    yield "imports file_id", (f"IMB-{file.import_batch_id}", file.id)
    yield "coding act_id", ("", act.id)
    yield "sessions key", (f"SES-{session.get_one(LiveLog, line.live_log_id).research_session_id}", line.key)


def _first(session: Session, column: Any) -> int:
    found = session.scalar(select(column).order_by(column).limit(1))
    assert isinstance(found, int)
    return found


def _last(session: Session, column: Any) -> int:
    found = session.scalar(select(column).order_by(column.desc()).limit(1))
    assert isinstance(found, int)
    return found


def _value(argument: str, rule: Rule, records: Records) -> str:
    fixed = {"number": "1", "form_key": "new-session", "code": "T1", "session_id": "1", "style": "md"}
    fixed |= {"token": "none", "mail_id": "1", "language": "en", "pack_form": "html", "passkey_id": "0"}
    if argument in fixed:
        return fixed[argument]
    if argument == "source_ref":
        return str(records.children["rounds source_ref"][1])
    if "/live" in rule.rule and argument == "ref":
        return records.children.get("sessions key", (records.refs["sessions"], ""))[0]
    parts = [part for part in rule.rule.split("/") if part]
    number = next((name for name in rule.arguments if name.endswith("_id") or name == "key"), "")
    ref, child = records.children.get(f"{parts[0]} {number}", ("", 0))
    if argument == number:
        return str(child)
    before = parts[next(place for place, part in enumerate(parts) if part.startswith(f"<{argument}>")) - 1]
    if argument != "ref":
        return records.refs[before]
    return ref or records.refs.get(before) or records.refs[parts[0]]
