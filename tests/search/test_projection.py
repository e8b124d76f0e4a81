from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from search.world import World, open_sessions
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText
from insights.capture.operations import ReportDetails, import_report, set_session_deleted
from insights.coding.models import HighlightStatus
from insights.coding.operations import set_highlight_dropped
from insights.core.activity import ActivityEntry
from insights.decisions.models import DecisionLink
from insights.synthesis.answers import close_without_action, issue_recommendation
from insights.synthesis.operations import retire_insight
from search_index.documents import SearchDocument
from search_index.projection import affected_refs, all_documents, documents_for


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_sessions(f"sqlite:///{tmp_path}/records.sqlite3")() as session:
        yield session


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def document(session: Session, ref: str) -> SearchDocument:
    found = documents_for(session, [ref])
    assert [each.key for each in found] == [ref]
    return found[0]


def facet(session: Session, ref: str, name: str) -> tuple[str, ...]:
    return tuple(document(session, ref).facets.get(name, ()))


def test_a_session_is_found_by_the_words_of_its_notes_without_their_markup(world: World) -> None:
    held = world.held(world.study(), "# Wednesday\n\nShe said the **postcode** [was wrong](https://example.org).")

    found = document(world.session, held.ref)

    assert (found.kind, found.body) == ("session", "Wednesday\nShe said the postcode was wrong.")
    assert found.title == "Interview of 27 February 2026"


def test_a_session_does_not_give_away_who_took_part_or_who_watched(world: World) -> None:
    held = world.held(
        world.study(), "A short talk.", participants=["P-7K2M"], moderator="Ada Quill", observers="Bo Fenn"
    )

    everything = repr(document(world.session, held.ref))

    assert not any(name in everything for name in ("7K2M", "Quill", "Fenn"))


def test_a_report_is_found_as_itself_and_the_notes_of_a_session_only_as_the_session(world: World) -> None:
    study = world.study()
    held = world.held(study, "A short talk.")
    report = import_report(
        world.session,
        actor=world.researcher,
        study=study,
        details=ReportDetails(title="Round 2"),
        text="Nobody read the letter.",
        original=b"Nobody read the letter.",
    )
    world.session.commit()
    assert report is not None

    refs = {each.key for each in all_documents(world.session)}

    assert refs == {study.ref, held.ref, report.ref}
    assert document(world.session, report.ref).body == "Nobody read the letter."


def test_an_insight_holds_the_words_of_the_quotes_it_rests_on(world: World) -> None:
    held = world.held(world.study(), "I gave up at the letterbox.")
    insight = world.insight("People stop half way", world.quote(held, "gave up at the letterbox"))

    found = document(world.session, insight.ref)

    assert (found.title, found.quote) == ("People stop half way", "gave up at the letterbox")


def test_a_dropped_quote_is_no_longer_found_nor_is_the_insight_by_its_words(world: World) -> None:
    held = world.held(world.study(), "I gave up at the letterbox.")
    quote = world.quote(held, "gave up at the letterbox")
    insight = world.insight("People stop half way", quote)

    set_highlight_dropped(world.session, actor=world.researcher, highlight=quote, dropped=True)

    assert documents_for(world.session, [quote.ref]) == []
    assert document(world.session, insight.ref).quote == ""


def test_a_deleted_session_takes_its_quotes_along(world: World) -> None:
    study = world.study()
    held = world.held(study, "I gave up at the letterbox.")
    quote = world.quote(held, "letterbox")

    set_session_deleted(world.session, actor=world.researcher, research_session=held, study=study, deleted=True)

    assert documents_for(world.session, [held.ref, quote.ref]) == []


def test_an_orphaned_quote_is_still_found(world: World) -> None:
    quote = world.quote(world.held(world.study(), "I gave up at the letterbox."), "letterbox")

    quote.status = HighlightStatus.ORPHANED
    world.session.commit()

    assert document(world.session, quote.ref).quote == "letterbox"


def test_a_quote_says_what_became_of_it(world: World) -> None:
    held = world.held(world.study(), "First thing. Second thing. Third thing.")
    first, second, third = (world.quote(held, f"{each} thing") for each in ("First", "Second", "Third"))
    world.insight("Only written down", second)
    world.decision("Change the form", world.insight("Acted on", third))

    became = [facet(world.session, each.ref, "disposition") for each in (first, second, third)]

    assert became == [("no insight yet",), ("in an insight",), ("in a decision",)]


def test_a_quote_keeps_silent_about_an_insight_that_its_readers_may_not_see(world: World) -> None:
    open_quote = world.quote(world.held(world.study("Open"), "In the open."), "In the open")
    closed_study = world.study("Closed", restricted=True)
    closed_quote = world.quote(world.held(closed_study, "Behind doors."), "Behind doors")
    world.insight("Rests on both", open_quote, closed_quote)

    assert facet(world.session, open_quote.ref, "disposition") == ("no insight yet",)


def test_a_draft_insight_does_not_show_at_its_quotes(world: World) -> None:
    quote = world.quote(world.held(world.study(), "In the open."), "In the open")
    world.insight("Still a draft", quote, published=False)

    assert facet(world.session, quote.ref, "disposition") == ("no insight yet",)


def test_an_insight_says_its_strength_freshness_status_and_disposition_in_words(world: World) -> None:
    quote = world.quote(
        world.held(world.study(service=world.service()), "I gave up.", method="contextual_visit"), "gave up", ["trust"]
    )
    insight = world.insight("People stop half way", quote)

    facets = document(world.session, insight.ref).facets

    assert {
        name: facets[name] for name in ("strength", "freshness", "status", "disposition", "method", "tag", "year")
    } == {
        "strength": ("high",),
        "freshness": ("fresh",),
        "status": ("published",),
        "disposition": ("on the shelf",),
        "method": ("contextual visit",),
        "tag": ("trust",),
        "year": ("2026",),
    }


def test_closing_an_insight_takes_it_off_the_shelf(world: World) -> None:
    insight = world.insight("Nice to know", world.quote(world.held(world.study(), "It is nice."), "nice"))

    close_without_action(world.session, actor=world.researcher, insight=insight, reason="out_of_remit")

    assert facet(world.session, insight.ref, "disposition") == ("closed without action",)


def test_only_the_second_part_of_the_stamp_changes_as_days_go_by(world: World) -> None:
    insight = world.insight("People stop", world.quote(world.held(world.study(), "I gave up."), "gave up"))
    before = document(world.session, insight.ref)

    world.later(days=900)
    after = document(world.session, insight.ref)

    assert (before.facets["freshness"], after.facets["freshness"]) == (("fresh",), ("stale",))
    assert before.stamp.partition(".")[0] == after.stamp.partition(".")[0]
    assert before.stamp != after.stamp


def test_a_decision_is_found_by_its_text_and_not_by_why_an_insight_was_linked(world: World) -> None:
    insight = world.insight("People stop", world.quote(world.held(world.study(), "I gave up."), "gave up"))
    decision = world.decision(
        "One page less",
        insight,
        context="The form was *long*.",
        options=[{"title": "Keep it", "body": "No work."}],
        outcome="We drop page two.",
    )

    found = document(world.session, decision.ref)

    assert [word in found.body for word in ("The form was long.", "Keep it", "No work.", "We drop page two.")] == [
        True
    ] * 4
    assert world.session.scalars(select(DecisionLink.rationale)).one() not in found.body


def test_documents_of_any_number_of_records_take_the_same_number_of_statements(world: World) -> None:
    held = world.held(world.study(), "\n\n".join(f"Sentence number {number}." for number in range(40)))
    quotes = [world.quote(held, f"number {number}.", ["trust"]) for number in range(40)]
    insights = [world.insight(f"Claim {number}", quote) for number, quote in enumerate(quotes)]

    few = statements(world.session, [quotes[0].ref, insights[0].ref])
    many = statements(world.session, [each.ref for each in (*quotes, *insights)])

    assert few == many


def statements(session: Session, refs: list[str]) -> int:
    session.expunge_all()
    counted: list[str] = []

    def count(*details: object) -> None:
        counted.append(str(details[2]))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    documents_for(session, refs)
    event.remove(engine, "before_cursor_execute", count)
    return len(counted)


def affected_by(world: World, subject_ref: str, verb: str = "edited", touches: tuple[str, ...] = ()) -> set[str]:
    entry = ActivityEntry(verb=verb, subject_ref=subject_ref, touches=list(touches))
    return affected_refs(world.session, [entry])


def test_a_change_reaches_all_that_repeats_facts_of_the_record(world: World) -> None:
    study = world.study()
    held = world.held(study, "I gave up.")
    quote = world.quote(held, "gave up", ["trust"])
    insight = world.insight("People stop", quote)
    recommendation = issue_recommendation(
        world.session, actor=world.researcher, text="Shorten the form.", insights=[insight]
    )
    decision = world.decision("Drop page two", insight)
    source = world.session.scalars(select(SourceText)).one()
    ours = {quote.ref, insight.ref}

    assert affected_by(world, study.ref) >= {study.ref, held.ref, *ours, recommendation.ref}
    assert affected_by(world, held.ref) == {held.ref, *ours}
    assert affected_by(world, source.ref) == {source.ref, held.ref, *ours}
    assert affected_by(world, quote.ref) == ours
    assert affected_by(world, "TAG-1") == ours
    assert affected_by(world, insight.ref) == {*ours, recommendation.ref}
    assert affected_by(world, decision.ref) == {*ours, decision.ref, recommendation.ref}
    assert affected_by(world, recommendation.ref) == {insight.ref, recommendation.ref}


def test_logging_a_session_does_not_refresh_everything_in_its_study(world: World) -> None:
    study = world.study()
    world.held(study, "One.")
    new = world.held(study, "Two.")

    assert affected_by(world, new.ref, "logged", (study.ref,)) == {study.ref, new.ref}


def test_signing_in_concerns_no_document(world: World) -> None:
    assert affected_by(world, world.researcher.ref, "signed in") == set()


def test_a_retired_insight_still_is_found_and_says_so(world: World) -> None:
    insight = world.insight("People stop", world.quote(world.held(world.study(), "I gave up."), "gave up"))

    retire_insight(world.session, actor=world.researcher, insight=insight, note="Out of date")

    found = document(world.session, insight.ref)
    assert (found.facets["status"], "disposition" in found.facets) == (("retired",), False)


def test_an_area_that_lets_claims_age_faster_sees_them_stale_in_search(world: World) -> None:
    insight = world.insight("People stop", world.quote(world.held(world.study(), "I gave up."), "gave up"))
    world.later(days=60)
    before = facet(world.session, insight.ref, "freshness")

    world.team.settings = {"half_life_months": {"usability": 0.5}}
    world.session.commit()

    assert (before, facet(world.session, insight.ref, "freshness")) == (("fresh",), ("stale",))
    assert insight.ref in affected_by(world, world.team.ref, "configured")
