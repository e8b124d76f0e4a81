"""Acts of follow-up: into the outbox, told by other means, taken back. Nobody is told of one decision twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.capture.known_by_name import require_names
from insights.capture.models import Study
from insights.core.activity import add, record, touch
from insights.core.checks import term_of
from insights.core.clock import today
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.decisions.models import Decision
from insights.openness.follow_ups.message import Message, Words, checked_message
from insights.openness.follow_ups.sending import FOLLOW_UP, note_contact
from insights.openness.follow_ups.who import FollowUpRow, follow_ups_of_study
from insights.openness.models import FollowUp, FollowUpState
from insights.people.contacts import cap_of, invitations_within
from insights.people.contacts.cap import codes_of_person
from insights.people.mail import mark_not_needed, queue_mail
from insights.people.models import Contact, ContactChannel, ContactKind, Mail, Member, Participant, Team
from insights.people.operations import require_same_area

OTHER_WAYS = (ContactChannel.LETTER, ContactChannel.TELEPHONE, ContactChannel.IN_PERSON, ContactChannel.THROUGH_OTHERS)


def queue_follow_ups(
    session: Session,
    *,
    actor: Member,
    study: Study,
    decision: Decision,
    codes: Collection[str],
    message: Message,
    despite: bool = False,
) -> list[FollowUp]:
    """Puts one message for each of the codes into the outbox; the vault's address is looked up when it is sent.

    Raises InvalidInput for nobody, for somebody who may not be written to, or who was asked as often as the team allows
    until `despite` says that it is meant.
    """
    _require_mine(session, actor, study)
    words = checked_message(session, study, message.words, message.answer_to)
    rows = _chosen(session, actor, study, decision, codes, mail=True)
    _warn_of_cap(session, study, rows, despite=despite)
    return [_queue(session, actor, study, row, words) for row in rows]


def mark_told(
    session: Session,
    *,
    actor: Member,
    study: Study,
    decision: Decision,
    codes: Collection[str],
    channel: str,
    on: date | None,
) -> list[FollowUp]:
    """That they were told by letter or telephone, on a day that is not to come."""
    _require_mine(session, actor, study)
    way = term_of("channel", ContactChannel, channel, label="how they were told")
    if way not in OTHER_WAYS:
        raise InvalidInput.of("channel", "Choose how they were told: by letter, by telephone or in person.")
    if on is None or on > today(session) or (decision.decided_on is not None and on < decision.decided_on):
        raise InvalidInput.of("on", "Enter the day on which they were told: after the decision, and not to come.")
    rows = _chosen(session, actor, study, decision, codes, mail=False)
    return [_told(session, actor, study, row, way, on) for row in rows]


def take_follow_up_back(session: Session, *, actor: Member, study: Study, follow_up_id: int) -> FollowUp:
    """Before it is sent, or where it was entered by mistake. Raises RuleBroken for a message that is gone."""
    _require_mine(session, actor, study)
    found = session.scalar(select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.study_id == study.id))
    if found is None:
        raise NotFound(f"{FollowUp.PREFIX}-{follow_up_id}")
    if found.state is FollowUpState.SENT:
        raise RuleBroken("The message was sent already. It cannot be called back.")
    mail = None if found.mail_id is None else session.get(Mail, found.mail_id)
    if mail is not None:
        mark_not_needed(session, mail)
    if found.state is FollowUpState.TOLD:
        _drop_contact(session, found)
    record(session, actor, "took back a follow-up of", study, touches=[], detail=_detail(found))
    session.delete(found)
    session.flush()
    return found


def _require_mine(session: Session, actor: Member, study: Study) -> None:
    require_same_area(session, actor, study.team_id)
    require_names(session, actor, study)


def _chosen(
    session: Session, actor: Member, study: Study, decision: Decision, codes: Collection[str], *, mail: bool
) -> list[FollowUpRow]:
    rows = follow_ups_of_study(session, actor, study, decision_id=decision.id)
    if not codes:
        raise InvalidInput.of("codes", "Tick at least one person.")
    by_code = {row.code: row for row in rows}
    chosen = []
    for code in dict.fromkeys(codes):
        row = by_code.get(code)
        if row is None or not row.is_open or (mail and not row.may_mail):
            why = "" if row is None else f": {row.standing.value}"
            raise InvalidInput.of("codes", f"{code} cannot be told{why}. Nobody was told of it.")
        _refuse_twice(session, row)
        chosen.append(row)
    return chosen


def _refuse_twice(session: Session, row: FollowUpRow) -> None:
    """One person may have a code in each of several studies."""
    people = codes_of_person(session, session.get_one(Participant, row.participant_id))
    known = session.scalar(
        select(FollowUp.study_id).where(
            FollowUp.participant_id.in_(people),
            FollowUp.participant_id != row.participant_id,
            FollowUp.decision_id == row.decision_id,
            FollowUp.state != FollowUpState.STOPPED,
        )
    )
    if known is not None:
        raise InvalidInput.of(
            "codes", f"{row.code} is told of {row.decision_ref} under another code already. Leave them out."
        )


def _warn_of_cap(session: Session, study: Study, rows: Collection[FollowUpRow], *, despite: bool) -> None:
    cap, day = cap_of(session.get(Team, study.team_id)), today(session)
    often = [
        row.code
        for row in rows
        if invitations_within(session, session.get_one(Participant, row.participant_id), days=cap.days, until=day)
        >= cap.invitations
    ]
    if often and not despite:
        raise InvalidInput.of(
            "despite",
            f"{', '.join(often)} heard from us as often as we allow ({cap.in_words()}). Leave them out, or tick that "
            "you mean it.",
        )


def _queue(session: Session, actor: Member, study: Study, row: FollowUpRow, words: Words) -> FollowUp:
    found = _begun(session, actor, study, row, ContactChannel.EMAIL)
    found.state, found.subject, found.text = FollowUpState.WAITING, words.subject, words.text
    mail = queue_mail(session, member_id=actor.id, kind=FOLLOW_UP, key=f"{found.ref} {found.row_version}")
    found.mail_id = None if mail is None else mail.id
    touch(session, actor, found)
    record(session, actor, "queued a follow-up of", study, detail=_detail(found))
    return found


def _told(  # noqa: PLR0917 - whom, how and when
    session: Session, actor: Member, study: Study, row: FollowUpRow, way: ContactChannel, on: date
) -> FollowUp:
    found = _begun(session, actor, study, row, way)
    found.state, found.told_on, found.mail_id = FollowUpState.TOLD, on, None
    touch(session, actor, found)
    note_contact(session, actor, found, on)
    record(session, actor, "told a participant of", study, detail=_detail(found))
    return found


def _begun(session: Session, actor: Member, study: Study, row: FollowUpRow, way: ContactChannel) -> FollowUp:
    """A new row, or that of a message which was stopped or never taken."""
    found = None if row.follow_up_id is None else session.get(FollowUp, row.follow_up_id)
    if found is None:
        found = FollowUp(participant_id=row.participant_id, decision_id=row.decision_id, study_id=study.id, channel=way)
        add(session, actor, found)
    mail = None if found.mail_id is None else session.get(Mail, found.mail_id)
    if mail is not None:
        mark_not_needed(session, mail)
    found.channel, found.why_stopped = way, ""
    return found


def _detail(found: FollowUp) -> dict[str, str]:
    return {
        "participant": f"{Participant.PREFIX}-{found.participant_id}",
        "decision": f"{Decision.PREFIX}-{found.decision_id}",
        "channel": found.channel.value,
    }


def _drop_contact(session: Session, follow_up: FollowUp) -> None:
    found = session.scalar(
        select(Contact.id)
        .where(
            Contact.participant_id == follow_up.participant_id,
            Contact.kind == ContactKind.TOLD,
            Contact.on == follow_up.told_on,
        )
        .order_by(Contact.id.desc())
        .limit(1)
    )
    if found is not None:
        session.execute(delete(Contact).where(Contact.id == found))
