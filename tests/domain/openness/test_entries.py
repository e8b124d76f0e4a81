"""What everybody may read: drafted from records, checked, signed by another person, and hidden when its ground goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from domain.openness.records_for_entries import (
    PUBLISHABLE,
    WORDS,
    a_decision_on_a_quote,
    a_published_entry,
    an_entry,
)
from factories import QUOTE, make_decision, make_member, make_team
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.consents import withdraw_consent
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleRecord
from insights.decisions.models import DecisionStatus
from insights.decisions.operations import deprecate_decision
from insights.openness.entries import (
    EntryTexts,
    begin_new_version,
    check_entry,
    choose_quotes,
    draft_entry,
    edit_entry,
    entries_waiting_for,
    entry_row,
    findings_of,
    get_entry,
    history_of,
    justify_hit,
    leave_out_insight,
    list_entries,
    mask_hit,
    name_approver,
    pseudonymise_hit,
    public_page,
    publish_entry,
    published_pages,
    quotes_of,
    renew_entry,
    set_entry_removed,
    sign_off_entry,
    standing_with_texts,
    take_back_justification,
    take_back_sign_off,
    tells_only_of_activity,
    undo_withdrawal,
    withdraw_entry,
)
from insights.openness.models import EntryStatus, PublicEntry
from insights.people.models import ConsentScope, Member
from insights.synthesis.operations import retire_insight, unretire_insight


def test_a_draft_says_what_the_records_say(session: Session) -> None:
    told = a_decision_on_a_quote(session)

    entry = draft_entry(session, actor=told.writer, decision=told.decision)

    assert entry.we_asked == "How do people read their results letter?"
    assert told.insight.claim.rstrip(".") in entry.you_said
    assert told.decision.title.split(",")[0] in entry.we_did
    assert [each.words for each in quotes_of(session, entry)] == [QUOTE]


def test_a_draft_of_a_restricted_study_tells_nothing_of_it(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    told.study.restricted = True
    session.flush()

    entry = draft_entry(session, actor=told.writer, decision=told.decision)

    assert (entry.we_asked, entry.you_said, quotes_of(session, entry)) == ("", "", [])


def test_a_quote_without_consent_is_not_offered_into_a_draft_and_cannot_be_chosen(session: Session) -> None:
    told = a_decision_on_a_quote(session, [ConsentScope.QUOTE_ANONYMOUSLY])
    entry = draft_entry(session, actor=told.writer, decision=told.decision)

    assert quotes_of(session, entry) == []
    with pytest.raises(InvalidInput, match="“Publish” is missing"):
        choose_quotes(session, actor=told.writer, entry=entry, highlight_ids=[told.quote.id])


def test_the_whole_way_to_the_public_and_what_stands_there(session: Session) -> None:
    told = a_decision_on_a_quote(session)

    entry = a_published_entry(session, told)

    page, _ = public_page(session, told.decision.ref)
    assert page.title == WORDS.title
    assert page.quotes == (QUOTE,)
    assert [each.heading for each in page.sections][1:] == [
        *("We asked", "You said", "We did", "What we did not do, and why", "What happened next"),
    ]
    assert entry.review_on == date(2027, 6, 1)
    assert [each.ref for each in list_entries(session, told.writer)] == [entry.ref]
    assert [each.verb for each in history_of(session, entry)][:2] == ["published", "signed off"]


def test_nothing_is_public_before_it_is_published(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    check_entry(session, actor=told.writer, entry=entry)
    sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)

    assert published_pages(session) == []
    with pytest.raises(NotFound):
        public_page(session, told.decision.ref)


@pytest.mark.parametrize(
    "we_did",
    [
        "We held a workshop with 20 parents.",
        "We have listened to your feedback. We are looking into it.",
        "- We set up a working group\n- We will consider what you said",
        "In March 2026, we ran three surveys.",
    ],
)
def test_an_activity_is_no_answer(we_did: str, session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told, replace(WORDS, we_did=we_did))
    check_entry(session, actor=told.writer, entry=entry)

    assert tells_only_of_activity(we_did)
    with pytest.raises(RuleBroken, match="meetings and intentions only"):
        sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)


def test_an_activity_beside_a_change_is_an_answer() -> None:
    assert not tells_only_of_activity("We held a workshop. Letters now begin with the next step.")


def test_a_decision_that_is_not_taken_yet_is_no_answer_either(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    draft = make_decision(session, actor=told.writer)
    entry = draft_entry(session, actor=told.writer, decision=draft)
    edit_entry(session, actor=told.writer, entry=entry, texts=WORDS)
    name_approver(session, actor=told.writer, entry=entry, approver=told.approver)
    check_entry(session, actor=told.writer, entry=entry)

    with pytest.raises(RuleBroken, match="Accept or reject it first"):
        sign_off_entry(session, actor=told.approver, entry=entry, decision=draft)


def test_an_empty_section_is_named(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told, replace(WORDS, what_next=""))

    found = standing_with_texts(session, entry, told.decision)

    assert [each.what for each in found.obstacles] == ["“What happened next” is empty."]


def test_words_of_a_quote_in_a_text_pass_by_no_gate(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told, replace(WORDS, you_said=f"Somebody told us: “{QUOTE.upper()}”"))

    found = standing_with_texts(session, entry, told.decision)

    assert [each.ref for each in found.obstacles] == [told.quote.ref]


def test_nobody_signs_off_what_they_wrote_themselves(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    edit_entry(session, actor=told.approver, entry=entry, texts=replace(WORDS, summary="Shorter."))
    check_entry(session, actor=told.writer, entry=entry)

    with pytest.raises(NotAllowed, match="You wrote it"):
        sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)
    with pytest.raises(InvalidInput, match="wrote it"):
        name_approver(session, actor=told.writer, entry=entry, approver=told.approver)


def test_only_who_is_named_signs_off_and_only_who_may_is_named(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    check_entry(session, actor=told.writer, entry=entry)
    other = make_member(session, role=Role.APPROVER)

    with pytest.raises(NotAllowed, match="Somebody else is named"):
        sign_off_entry(session, actor=other, entry=entry, decision=told.decision)
    with pytest.raises(InvalidInput, match="Choose who signs off"):
        name_approver(session, actor=told.writer, entry=entry, approver=make_member(session, role=Role.RESEARCHER))


def test_who_is_named_can_name_another(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry, other = an_entry(session, told), make_member(session, role=Role.APPROVER)
    check_entry(session, actor=told.writer, entry=entry)

    name_approver(session, actor=told.approver, entry=entry, approver=other)
    sign_off_entry(session, actor=other, entry=entry, decision=told.decision)

    assert entry.signed_off_by_id == other.id


def test_a_text_that_changed_since_it_was_opened_is_not_signed(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    check_entry(session, actor=told.writer, entry=entry)
    opened = entry.row_version
    edit_entry(session, actor=told.writer, entry=entry, texts=replace(WORDS, summary="Another."))
    check_entry(session, actor=told.writer, entry=entry)

    with pytest.raises(RuleBroken, match="Read it again"):
        sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision, row_version=opened)


def test_a_second_sign_off_is_refused_and_changes_nothing(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    check_entry(session, actor=told.writer, entry=entry)
    sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)
    signed = entry.signed_off_at

    with pytest.raises(RuleBroken, match="signed off already"):
        sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)
    assert entry.signed_off_at == signed


def test_two_who_edit_one_text_lose_neither(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    opened = entry.row_version
    edit_entry(session, actor=told.writer, entry=entry, texts=replace(WORDS, summary="Theirs."))

    with pytest.raises(StaleRecord):
        edit_entry(session, actor=told.writer, entry=entry, texts=replace(WORDS, summary="Mine."), row_version=opened)


def test_a_sign_off_is_taken_back_before_publication_and_an_edit_undoes_it(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    check_entry(session, actor=told.writer, entry=entry)
    sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)
    take_back_sign_off(session, actor=told.approver, entry=entry)
    assert entry.status is EntryStatus.PII_CHECKED
    sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)

    edit_entry(session, actor=told.writer, entry=entry, texts=replace(WORDS, summary="Changed."))

    assert (entry.status, entry.signed_off_at) == (EntryStatus.DRAFT, None)
    with pytest.raises(RuleBroken):
        publish_entry(session, actor=told.writer, entry=entry, decision=told.decision)


def test_what_the_scan_finds_is_masked_replaced_or_justified_before_the_check(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    texts = replace(WORDS, we_did="Ring 0800 123 4567. Dr Okafor wrote to ann@example.org; P-1 agreed.")
    entry = an_entry(session, told, texts)

    with pytest.raises(RuleBroken, match="4 of the hits still wait"):
        check_entry(session, actor=told.writer, entry=entry)

    for finding in findings_of(session, entry):
        if finding.hit.text == "Okafor":
            with pytest.raises(InvalidInput, match="give somebody away as well"):
                pseudonymise_hit(
                    session, actor=told.writer, entry=entry, key=finding.hit.key, replacement="bob@example.org"
                )
            pseudonymise_hit(session, actor=told.writer, entry=entry, key=finding.hit.key, replacement="her doctor")
        elif finding.hit.text.startswith("0800"):
            justify_hit(session, actor=told.writer, entry=entry, key=finding.hit.key, reason="The public helpline.")
        else:
            mask_hit(session, actor=told.writer, entry=entry, key=finding.hit.key)
    check_entry(session, actor=told.writer, entry=entry)

    assert entry.we_did == "Ring 0800 123 4567. Dr her doctor wrote to [e-mail address removed]; [participant] agreed."
    told_of = " ".join(str(each.detail) for each in session.scalars(select(ActivityEntry)))
    assert "ann@example.org" not in told_of


def test_a_justification_that_is_taken_back_asks_again(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told, replace(WORDS, we_did="Letters now name the helpline 0800 123 4567."))
    key = findings_of(session, entry)[0].hit.key
    justify_hit(session, actor=told.writer, entry=entry, key=key, reason="The public helpline.")
    check_entry(session, actor=told.writer, entry=entry)

    take_back_justification(session, actor=told.writer, entry=entry, key=key)

    assert entry.status is EntryStatus.DRAFT
    assert not findings_of(session, entry)[0].settled


def test_a_masked_quote_stays_masked_and_the_quote_itself_stays_as_it_was(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    quotes_of(session, entry)[0].words = "I rang Dr Okafor and stopped."
    session.flush()
    hit = findings_of(session, entry)[0].hit

    mask_hit(session, actor=told.writer, entry=entry, key=hit.key)
    choose_quotes(session, actor=told.writer, entry=entry, highlight_ids=[told.quote.id])

    assert quotes_of(session, entry)[0].words == "I rang Dr [name removed] and stopped."
    assert told.quote.exact == QUOTE


def test_consent_taken_back_under_a_published_page_hides_the_quote_at_once(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = a_published_entry(session, told)
    assert told.consent is not None

    withdraw_consent(session, actor=told.writer, consent=told.consent, study=told.study, on=date(2026, 6, 1))

    page, _ = public_page(session, told.decision.ref)
    assert page.under_review
    assert (page.quotes, page.hidden_quotes) == ((), 1)
    assert [each.name for each in page.sections if each.hidden] == ["you_said"]
    row = entry_row(session, told.writer, entry)
    assert row.state == "under review"
    assert "P-1" in row.waits
    assert row.waits_for_id == told.writer.id
    assert [each.ref for each in list_entries(session, told.writer, waiting=True)] == [entry.ref]


def test_consent_that_runs_out_hides_the_quote_on_the_day_after(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    a_published_entry(session, told)
    assert told.consent is not None
    told.consent.expires_on = date(2026, 6, 30)
    session.flush()

    set_clock(session, FixedClock(datetime(2026, 7, 1, 12, tzinfo=UTC)))

    assert public_page(session, told.decision.ref)[0].quotes == ()


def test_an_insight_retired_under_a_published_page_hides_its_quotes_until_it_is_back(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    a_published_entry(session, told)

    retire_insight(session, actor=told.writer, insight=told.insight, note="It was one person.")
    hidden, _ = public_page(session, told.decision.ref)
    unretire_insight(session, actor=told.writer, insight=told.insight)
    shown, _ = public_page(session, told.decision.ref)

    assert (hidden.under_review, hidden.quotes) == (True, ())
    assert (shown.under_review, shown.quotes) == (False, (QUOTE,))


def test_a_study_restricted_under_a_published_page_hides_what_came_from_it(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    a_published_entry(session, told)

    told.study.restricted = True
    session.flush()

    page, _ = public_page(session, told.decision.ref)
    shown = {each.name: each.paragraphs for each in page.sections if not each.hidden}
    assert set(shown) == {"we_did", "what_next"}
    assert (page.quotes, page.summary) == ((), "")


def test_who_may_not_see_the_study_is_not_shown_the_texts_but_sees_that_something_waits(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = a_published_entry(session, told)
    told.study.restricted = True
    session.flush()

    row = entry_row(session, make_member(session), entry)

    assert row.hidden
    assert row.title == told.decision.title
    assert row.state == "under review"


def test_a_decision_that_was_replaced_puts_its_page_under_review(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    a_published_entry(session, told)

    deprecate_decision(session, actor=told.writer, decision=told.decision)

    page, _ = public_page(session, told.decision.ref)
    assert page.under_review
    assert page.quotes == (QUOTE,)


def test_between_sign_off_and_publication_consent_is_asked_again(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    check_entry(session, actor=told.writer, entry=entry)
    sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)
    assert told.consent is not None
    withdraw_consent(session, actor=told.writer, consent=told.consent, study=told.study, on=date(2026, 6, 1))

    with pytest.raises(RuleBroken, match="Ask them again, or take the quote out"):
        publish_entry(session, actor=told.writer, entry=entry, decision=told.decision)


def test_what_is_published_is_frozen_and_a_later_change_of_the_quote_does_not_reach_it(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = a_published_entry(session, told)

    with pytest.raises(RuleBroken, match="published as it was signed off"):
        edit_entry(session, actor=told.writer, entry=entry, texts=WORDS)
    told.quote.exact = "Something else."
    told.decision.title = "Another title"
    session.flush()

    page, _ = public_page(session, told.decision.ref)
    assert (page.title, page.quotes) == (WORDS.title, (QUOTE,))


def test_a_withdrawn_page_says_so_and_comes_back_by_undo(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = a_published_entry(session, told)

    withdraw_entry(session, actor=told.writer, entry=entry, reason="A figure was wrong.")

    page, _ = public_page(session, told.decision.ref)
    assert (page.withdrawn_reason, page.title, page.sections, page.quotes) == ("A figure was wrong.", "", (), ())
    assert published_pages(session) == []
    undo_withdrawal(session, actor=told.writer, entry=entry, decision=told.decision)
    assert public_page(session, told.decision.ref)[0].title == WORDS.title


def test_a_new_version_takes_the_whole_way_again_at_the_same_address(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = a_published_entry(session, told)
    withdraw_entry(session, actor=told.writer, entry=entry, reason="A figure was wrong.")

    begin_new_version(session, actor=told.writer, entry=entry)
    edit_entry(session, actor=told.writer, entry=entry, texts=replace(WORDS, summary="Put right."))
    assert public_page(session, told.decision.ref)[0].withdrawn_at is not None
    check_entry(session, actor=told.writer, entry=entry)
    sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)
    publish_entry(session, actor=told.writer, entry=entry, decision=told.decision)

    assert public_page(session, told.decision.ref)[0].summary == "Put right."


def test_a_review_falls_due_after_a_year_and_is_renewed_by_who_signs(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = a_published_entry(session, told)
    set_clock(session, FixedClock(datetime(2027, 6, 1, 12, tzinfo=UTC)))

    assert entry_row(session, told.writer, entry).state == "review due"
    with pytest.raises(NotAllowed):
        renew_entry(session, actor=told.writer, entry=entry, decision=told.decision)
    renew_entry(session, actor=told.approver, entry=entry, decision=told.decision)

    assert entry_row(session, told.writer, entry).state == "renewed"
    assert entry.review_on == date(2028, 5, 31)


def test_what_is_under_review_is_not_renewed(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = a_published_entry(session, told)
    retire_insight(session, actor=told.writer, insight=told.insight, note="It was one person.")

    with pytest.raises(RuleBroken, match="retired"):
        renew_entry(session, actor=told.approver, entry=entry, decision=told.decision)


def test_an_insight_that_is_left_out_stands_in_the_way_no_longer(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    retire_insight(session, actor=told.writer, insight=told.insight, note="It was one person.")
    assert standing_with_texts(session, entry, told.decision).under_review

    leave_out_insight(session, actor=told.writer, entry=entry, insight_id=told.insight.id)

    assert not standing_with_texts(session, entry, told.decision).obstacles


def test_a_draft_is_taken_away_and_back_and_what_was_published_is_not(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    set_entry_removed(session, actor=told.writer, entry=entry, removed=True)
    assert list_entries(session, told.writer) == []
    set_entry_removed(session, actor=told.writer, entry=entry, removed=False)
    assert [each.ref for each in list_entries(session, told.writer)] == [entry.ref]

    published = a_published_entry(session, a_decision_on_a_quote(session))
    with pytest.raises(RuleBroken, match="its address must go on"):
        set_entry_removed(session, actor=told.writer, entry=published, removed=True)


def test_another_area_neither_writes_nor_signs(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)
    stranger = make_member(session, role=Role.APPROVER, team=make_team(session))

    with pytest.raises(NotAllowed, match="This belongs to"):
        edit_entry(session, actor=stranger, entry=entry, texts=WORDS)
    with pytest.raises(NotAllowed, match="This belongs to"):
        sign_off_entry(session, actor=stranger, entry=entry, decision=told.decision)


def test_one_decision_has_one_entry_a_language_and_tells_of_the_others(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    a_published_entry(session, told)
    with pytest.raises(RuleBroken, match="already"):
        draft_entry(session, actor=told.writer, decision=told.decision)
    welsh = draft_entry(session, actor=told.writer, decision=told.decision, language="cy")
    edit_entry(session, actor=told.writer, entry=welsh, texts=replace(WORDS, title="Llythyrau"))
    name_approver(session, actor=told.writer, entry=welsh, approver=told.approver)
    check_entry(session, actor=told.writer, entry=welsh)
    sign_off_entry(session, actor=told.approver, entry=welsh, decision=told.decision)
    publish_entry(session, actor=told.writer, entry=welsh, decision=told.decision)

    page, others = public_page(session, told.decision.ref)

    assert (page.language, [each.name for each in others]) == ("en", ["Cymraeg"])
    assert public_page(session, told.decision.ref, "cy")[0].title == "Llythyrau"
    with pytest.raises(NotFound):
        public_page(session, told.decision.ref, "pl")


def test_a_reader_does_not_learn_of_the_entry_of_a_draft_decision(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    draft = make_decision(session, actor=told.writer)
    draft.status = DecisionStatus.DRAFT
    entry = draft_entry(session, actor=told.writer, decision=draft)

    with pytest.raises(NotFound):
        get_entry(session, make_member(session, role=Role.READER), entry.ref)


def test_many_pages_are_found_by_all_of_the_words(session: Session) -> None:
    a_published_entry(session, a_decision_on_a_quote(session))
    other = a_decision_on_a_quote(session)
    a_published_entry(session, other, replace(WORDS, title="Opening hours at the clinic"))

    assert [each.title for each in published_pages(session, words="CLINIC opening")] == ["Opening hours at the clinic"]
    assert published_pages(session, words="clinic nowhere") == []


def test_texts_that_are_too_long_or_say_nothing_are_named(session: Session) -> None:
    told = a_decision_on_a_quote(session, PUBLISHABLE)
    entry = an_entry(session, told)

    with pytest.raises(InvalidInput) as refused:
        edit_entry(session, actor=told.writer, entry=entry, texts=EntryTexts(title="\u200b"))
    assert "title" in refused.value.fields
    with pytest.raises(InvalidInput) as refused:
        edit_entry(session, actor=told.writer, entry=entry, texts=replace(WORDS, we_did="x" * 10_001))
    assert "we_did" in refused.value.fields
    assert session.get_one(PublicEntry, entry.id).we_did == WORDS.we_did


def test_what_waits_is_told_on_the_home_page_of_whose_turn_it_is(session: Session) -> None:
    told = a_decision_on_a_quote(session)
    entry = an_entry(session, told)

    def waits(member: Member) -> list[tuple[str, str]]:
        return [(each.ref, each.what) for each in entries_waiting_for(session, member)]

    name_approver(session, actor=told.writer, entry=entry, approver=told.approver)
    check_entry(session, actor=told.writer, entry=entry)
    assert (waits(told.approver), waits(told.writer)) == ([(entry.ref, "sign it off")], [])

    sign_off_entry(session, actor=told.approver, entry=entry, decision=told.decision)
    assert (waits(told.approver), waits(told.writer)) == ([], [(entry.ref, "publish it")])

    publish_entry(session, actor=told.writer, entry=entry, decision=told.decision)
    assert (waits(told.approver), waits(told.writer)) == ([], [])

    set_clock(session, FixedClock(datetime(2027, 6, 2, 12, tzinfo=UTC)))
    assert waits(told.approver) == [(entry.ref, "its review is due")]
