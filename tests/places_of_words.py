"""Everything that shows or tells of what one person said: pages, reports, collections, mail, downloads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from factories import make_decision, make_service
from sqlalchemy.orm import Session
from withdrawing import ALONE, World, make_world

from insights.capture.consents import ConsentDetails, record_consent
from insights.core.activity import add
from insights.core.base import Record
from insights.openness.models import EntryStatus, PublicEntry, PublicEntryQuote, public_entry_insights
from insights.people.models import ConsentScope, Mail, MailState, Member
from insights.reports.models import FrozenReport
from insights.stewardship.audit.looks import Seen, log_look
from insights.stewardship.models import Collection, CollectionItem, Follow, FoundItem, LookKind

SENT = datetime(2026, 11, 9, 7, tzinfo=UTC)
FROZEN = "Somebody told us: nobody ever told me that the yellow envelope was the urgent one."


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that shows or tells of what was said alone."""

    world: World
    page: PublicEntry
    written: PublicEntry
    frozen: FrozenReport
    figures: FrozenReport
    collection: Collection
    service_ref: str


def keep(session: Session, actor: Member | None = None) -> Kept:
    world = make_world(session, actor)
    details = ConsentDetails(date(2026, 10, 1), [each.value for each in ConsentScope])
    record_consent(session, actor=world.actor, participant=world.person, study=world.study, details=details)
    service = make_service(session)
    world.decision.service_id = service.id
    page = _entry(session, world, world.decision.id, "Which letter is urgent", quote=True)
    other = make_decision(session, actor=world.actor)
    written = _entry(session, world, other.id, "What we heard of letters", quote=False)
    frozen = freeze(session, note=FROZEN, refs={"T1": [world.decision.ref]})
    figures = freeze(session, note="", refs={"T1": [world.lonely.ref]})
    collection = Collection(title="Letters", introduction="What people say of letters.", owner_id=world.actor.id)
    add(session, world.actor, collection)
    collection.updated_at = SENT
    records: tuple[Record, ...] = (world.quote, world.broad)
    for position, record in enumerate(records):
        note = f"It is the strongest: {ALONE}" if position == 0 else f"Compare “{ALONE}”"
        item = CollectionItem(subject_ref=record.ref, subject_id=record.id, position=position, note=note)
        item.collection_id = collection.id
        session.add(item)
    _digest(session, world.actor, world.quote.ref)
    log_look(session, Seen(world.actor.id, LookKind.PACK, service.ref, "", restricted=False, what="/reports/pack"))
    file = Seen(world.actor.id, LookKind.FILE, world.study.ref, world.study.ref, restricted=False, what="/x.csv")
    log_look(session, file)
    session.flush()
    return Kept(world, page, written, frozen, figures, collection, service.ref)


def _entry(session: Session, world: World, decision_id: int, title: str, *, quote: bool) -> PublicEntry:
    texts = {"title": title, "summary": "People mix letters up.", "you_said": "That letters look alike."}
    entry = PublicEntry(**texts, decision_id=decision_id, team_id=world.study.team_id, status=EntryStatus.PUBLISHED)
    shown = [{"highlight_id": world.quote.id, "words": ALONE}] if quote else []
    empty = dict.fromkeys(("we_asked", "we_did", "we_did_not", "what_next"), "")
    entry.published = {**texts, **empty, "quotes": shown, "decision": f"DEC-{decision_id}", "decided_on": None}
    entry.published_at = entry.first_published_at = entry.created_at = entry.updated_at = SENT
    entry.review_on = SENT.date() + timedelta(days=365)
    session.add(entry)
    session.flush()
    session.execute(public_entry_insights.insert().values(entry_id=entry.id, insight_id=world.lonely.id))
    if quote:
        values = {"highlight_id": world.quote.id, "insight_id": world.lonely.id, "words": ALONE}
        session.add(PublicEntryQuote(entry_id=entry.id, **values))
    session.flush()
    return entry


def freeze(session: Session, *, note: str, refs: dict[str, list[str]]) -> FrozenReport:
    frozen = FrozenReport(
        starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), frozen_on=date(2026, 11, 1), note=note, refs=refs
    )
    frozen.data, frozen.definitions_version = '{"shape":1}', "x"
    frozen.sha256 = hashlib.sha256(frozen.data.encode()).hexdigest()
    frozen.created_at = frozen.updated_at = SENT
    session.add(frozen)
    session.flush()
    return frozen


def _digest(session: Session, member: Member, ref: str) -> None:
    mail = Mail(kind="digest", key="one", member_id=member.id, state=MailState.SENT, made_at=SENT, next_try_at=SENT)
    follow = Follow(member_id=member.id, name="Letters", question="q=letters", created_at=SENT, updated_at=SENT)
    mail.sent_at = SENT
    session.add_all([mail, follow])
    session.flush()
    session.add(FoundItem(follow_id=follow.id, key=f"new {ref}", ref=ref, found_at=SENT, mail_id=mail.id))
    session.flush()
