"""Whether a quote may leave: asked of its speakers' consents, and of nothing else but plain rules for what has none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from factories import make_highlight, make_member, make_session, make_study
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from insights.capture.consents import ConsentDetails, record_consent, withdraw_consent
from insights.capture.models import PersonalDataReview, SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.quote_consent import allowed, missing_scope, quote_consents
from insights.core.clock import FixedClock, set_clock
from insights.people.models import Consent, ConsentScope, Member, Participant
from insights.people.participants.gate import Use

QUOTE, SHARE, PUBLISH = (
    ConsentScope.QUOTE_ANONYMOUSLY,
    ConsentScope.SHARE_ACROSS_PUBLIC_SECTOR,
    ConsentScope.PUBLISH,
)


def test_a_quote_is_published_where_its_speaker_agreed_to_be_quoted_and_published(session: Session) -> None:
    quote, _ = _heard(session, {"P-1": [QUOTE, PUBLISH]})

    assert allowed(session, quote.id, Use.PUBLISH)


def test_the_missing_scope_is_named_with_the_participant_by_code(session: Session) -> None:
    quote, _ = _heard(session, {"P-1": [QUOTE]})

    found = quote_consents(session, [quote.id], Use.PUBLISH)[quote.id]

    assert not found.allowed
    assert missing_scope(session, quote.id, Use.PUBLISH) == (PUBLISH,)
    assert [each.why for each in found.hindrances] == ["P-1: “Publish” is missing (agreed to be quoted)."]


def test_who_agreed_that_everybody_may_read_it_agreed_that_public_bodies_may(session: Session) -> None:
    published, _ = _heard(session, {"P-1": [QUOTE, PUBLISH]})
    shared, _ = _heard(session, {"P-1": [QUOTE, SHARE]})

    assert allowed(session, published.id, Use.SHARE)
    assert allowed(session, shared.id, Use.SHARE)
    assert not allowed(session, shared.id, Use.PUBLISH)


def test_sharing_alone_does_not_let_anybody_be_quoted(session: Session) -> None:
    quote, _ = _heard(session, {"P-1": [SHARE, PUBLISH]})

    assert missing_scope(session, quote.id, Use.SHARE) == (QUOTE,)


def test_a_quote_that_names_nobody_needs_the_consent_of_everybody_in_its_session(session: Session) -> None:
    quote, _ = _heard(session, {"P-1": [QUOTE, PUBLISH], "P-2": [QUOTE]}, named=False)

    found = quote_consents(session, [quote.id], Use.PUBLISH)[quote.id]

    assert [each.code for each in found.hindrances] == ["P-2"]


def test_a_quote_that_names_its_speaker_needs_nobody_elses(session: Session) -> None:
    quote, _ = _heard(session, {"P-1": [QUOTE, PUBLISH], "P-2": []})

    assert allowed(session, quote.id, Use.PUBLISH)


def test_where_nobody_is_listed_nobody_can_have_agreed(session: Session) -> None:
    quote, _ = _heard(session, {})

    found = quote_consents(session, [quote.id], Use.QUOTE)[quote.id]

    assert "Nobody is listed" in found.hindrances[0].why
    assert found.missing == ()


def test_consent_holds_through_its_last_day_and_is_asked_at_the_moment(session: Session) -> None:
    quote, _ = _heard(session, {"P-1": [QUOTE, PUBLISH]}, expires_on=date(2026, 5, 3))

    assert allowed(session, quote.id, Use.PUBLISH, datetime(2026, 5, 3, 12, tzinfo=UTC))
    assert not allowed(session, quote.id, Use.PUBLISH, datetime(2026, 5, 5, 12, tzinfo=UTC))


def test_what_is_taken_back_closes_the_gate_in_the_same_transaction(session: Session) -> None:
    quote, actor = _heard(session, {"P-1": [QUOTE, PUBLISH]})
    consent = session.scalars(select(Consent)).one()
    study = session.get_one(Study, quote.study_id)

    withdraw_consent(
        session, actor=actor, consent=consent, study=study, on=date(2026, 4, 1), scopes=[ConsentScope.PUBLISH.value]
    )

    assert not allowed(session, quote.id, Use.PUBLISH)
    assert allowed(session, quote.id, Use.QUOTE)


def test_of_a_restricted_study_nothing_leaves_whatever_was_agreed(session: Session) -> None:
    quote, _ = _heard(session, {"P-1": list(ConsentScope)})
    session.get_one(Study, quote.study_id).restricted = True
    session.flush()

    assert not allowed(session, quote.id, Use.SHARE)
    assert allowed(session, quote.id, Use.QUOTE)


def test_words_of_somebody_who_withdrew_and_words_that_are_gone_are_not_used(session: Session) -> None:
    withdrew, _ = _heard(session, {"P-1": list(ConsentScope)})
    dropped, _ = _heard(session, {"P-1": list(ConsentScope)})
    participant = session.get_one(Participant, withdrew.participant_id)
    participant.withdrawn_at = datetime(2026, 4, 1, tzinfo=UTC)
    dropped.status = HighlightStatus.DROPPED
    session.flush()

    found = quote_consents(session, [withdrew.id, dropped.id, 999], Use.QUOTE)

    assert [found[number].allowed for number in (withdrew.id, dropped.id, 999)] == [False, False, False]


def test_a_report_is_shared_and_is_published_only_where_it_is_public_itself(session: Session) -> None:
    quote, _ = _heard(session, {})
    source = session.get_one(SourceText, quote.source_text_id)
    quote.research_session_id = source.research_session_id = None
    source.personal_data_review = PersonalDataReview.NOT_REVIEWED
    session.flush()

    assert allowed(session, quote.id, Use.SHARE)
    assert "public address" in quote_consents(session, [quote.id], Use.PUBLISH)[quote.id].hindrances[0].why

    source.url = "https://example.gov/report"
    session.flush()

    assert allowed(session, quote.id, Use.PUBLISH)


def test_many_quotes_are_asked_about_with_as_many_statements_as_one(session: Session) -> None:
    ids = [_heard(session, {"P-1": [QUOTE, PUBLISH]})[0].id for _ in range(5)]
    seen: list[str] = []
    assert session.bind is not None
    event.listen(session.bind, "before_cursor_execute", lambda *given: seen.append(given[2]))

    found = quote_consents(session, ids, Use.PUBLISH)
    by_select = quote_consents(session, select(Highlight.id), Use.PUBLISH)

    assert all(found[number].allowed for number in ids)
    assert by_select == found
    assert len(seen) == 4


def _heard(
    session: Session,
    people: dict[str, Sequence[ConsentScope]],
    *,
    named: bool = True,
    expires_on: date | None = None,
) -> tuple[Highlight, Member]:
    """A quote of a session with these people, said by the first of them where `named`."""
    set_clock(session, FixedClock(datetime(2026, 4, 2, 12, tzinfo=UTC)))
    actor = make_member(session)
    study = make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study, held_on=date(2026, 3, 2), participants=list(people))
    persons = {each.code: each for each in session.scalars(select(Participant).where(Participant.study_id == study.id))}
    for code, scopes in people.items():
        if scopes:
            details = ConsentDetails(date(2026, 3, 1), [each.value for each in scopes], expires_on=expires_on)
            record_consent(session, actor=actor, participant=persons[code], study=study, details=details)
    speaker = next(iter(persons.values())) if named and persons else None
    return make_highlight(session, actor=actor, research_session=held, participant=speaker), actor
