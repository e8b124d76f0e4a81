from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from factories import (
    make_accepted_decision,
    make_highlight,
    make_insight,
    make_member,
    make_service,
    make_session,
    make_team,
    source_of,
)
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import edit_source_text
from insights.core.access import Role
from insights.decisions.models import DecisionLink
from insights.decisions.reviews import ask_for_review
from insights.people.models import Member, Service
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import Contradiction, EvidenceLink, Insight
from insights.synthesis.operations import edit_insight
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]


def test_an_empty_queue_says_that_nothing_needs_anybody(client_for: SignIn) -> None:
    assert "Nothing needs you" in client_for(Role.RESEARCHER).get("/curation").get_data(as_text=True)


def test_a_quote_without_a_tag_is_tagged_from_the_queue(client_for: SignIn) -> None:
    with transaction() as session:
        quote = make_highlight(session)
    client = client_for(Role.RESEARCHER)

    before = client.get("/curation").get_data(as_text=True)
    after = client.post(f"/curation/highlights/{quote.ref}/tags", data={"tags": "letters"}, follow_redirects=True)

    assert "Quotes without a tag" in before
    assert quote.exact in before
    assert "Nothing needs you" in after.get_data(as_text=True)


def test_a_quote_that_lost_its_place_waits_until_somebody_lets_it_go(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        held = make_session(session, actor=ana)
        source = source_of(session, held)
        quote = make_highlight(session, actor=ana, research_session=held, tags=["letters"])
        study = session.get(Study, held.study_id)
        assert study is not None
        edit_source_text(
            session, actor=ana, source=source, study=study, text="Something else was written here.", version_number=1
        )
    client = client_for(ana)

    waiting = client.get("/curation").get_data(as_text=True)
    done = client.post(f"/curation/highlights/{quote.ref}/let-go", follow_redirects=True).get_data(as_text=True)

    assert "Quotes that lost their place" in waiting
    assert "Undo" in done
    assert "Quotes that lost their place" not in done
    assert reading().get_one(Highlight, quote.id).status is HighlightStatus.DROPPED


def test_a_decision_whose_evidence_changed_is_re_affirmed_from_the_queue(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        insight = make_insight(session, actor=ana, highlight=make_highlight(session, actor=ana, tags=["letters"]))
        decision = make_accepted_decision(session, actor=ana, insight=insight)
        edit_insight(
            session,
            actor=ana,
            insight=insight,
            claim="People stop reading at the first number.",
            body=insight.body,
            type_=insight.type,
            kind=insight.kind,
            service=None,
        )
    link = reading().scalars(select(DecisionLink)).one()
    client = client_for(ana)

    waiting = client.get("/curation").get_data(as_text=True)
    unsaid = client.post(f"/curation/links/{link.id}", data={"sentence": " "})
    done = client.post(f"/curation/links/{link.id}", data={"sentence": "It says the same."}, follow_redirects=True)

    assert decision.title in waiting
    assert "linked at version" in waiting
    assert unsaid.status_code == 422
    assert "why the decision still stands" in unsaid.get_data(as_text=True)
    assert "Nothing needs you" in done.get_data(as_text=True)


def test_a_contradiction_is_explained_from_the_queue(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        quote = make_highlight(session, actor=ana, tags=["letters"])
        claims = ("Carers read every line.", "People keep to the first paragraph.")
        one, other = (make_insight(session, actor=ana, highlight=quote, claim=claim) for claim in claims)
        declare_contradiction(session, actor=ana, insight=one, other=other, cause="The second round said otherwise.")
    contradiction = reading().scalars(select(Contradiction)).one()
    client = client_for(ana)

    waiting = client.get("/curation").get_data(as_text=True)
    done = client.post(
        f"/curation/contradictions/{contradiction.id}",
        data={"reason": "segment_differs", "explanation": "The first were carers."},
        follow_redirects=True,
    )

    assert "The second round said otherwise." in waiting
    assert other.claim in waiting
    assert "Nothing needs you" in done.get_data(as_text=True)


def test_a_stale_claim_under_a_decision_is_looked_at_again(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        insight = make_insight(session, actor=ana, highlight=make_highlight(session, actor=ana, tags=["letters"]))
        make_accepted_decision(session, actor=ana, insight=insight)
        session.execute(update(EvidenceLink).values(evidence_date=date(2020, 1, 1)))
    client = client_for(ana)

    waiting = client.get("/curation").get_data(as_text=True)
    done = client.post(
        f"/curation/insights/{insight.ref}", data={"note": "Watched five people read it."}, follow_redirects=True
    )

    assert "Stale, and decisions rest on them" in waiting
    assert "Nothing needs you" in done.get_data(as_text=True)


def test_a_review_that_was_due_is_done_by_looking_again(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        insight = make_insight(session, actor=ana, highlight=make_highlight(session, actor=ana, tags=["letters"]))
        session.execute(update(Insight).values(review_by=date.today() - timedelta(days=3)))
    client = client_for(ana)

    waiting = client.get("/curation").get_data(as_text=True)
    done = client.post(f"/curation/insights/{insight.ref}", data={"note": "Read it again."}, follow_redirects=True)

    assert "Insights whose review is due" in waiting
    assert "Nothing needs you" in done.get_data(as_text=True)


def test_two_insights_that_say_the_same_are_offered_to_be_merged_or_kept_apart(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        quote = make_highlight(session, actor=ana, tags=["letters"])
        older = make_insight(session, actor=ana, highlight=quote, claim="Parents stop reading at the word positive.")
        newer = make_insight(session, actor=ana, highlight=quote, claim="Parents stop to read at the word “positive”.")
        make_insight(session, actor=ana, highlight=quote, claim="Nurses print every record before the visit.")
    client = client_for(ana)

    waiting = client.get("/curation").get_data(as_text=True)
    item = {"kind": "duplicate_candidate", "key": f"{newer.ref} {older.ref}", "reason": "One is about letters."}
    apart = client.post("/curation/aside", data=item, follow_redirects=True).get_data(as_text=True)

    assert "Insights that may say the same" in waiting
    assert f"/insights/{newer.ref}/merge?into={older.ref}" in waiting
    assert "Nurses print every record" not in waiting
    assert "Nothing needs you" in apart


def test_an_item_is_set_aside_with_a_reason_and_taken_up_again(client_for: SignIn) -> None:
    with transaction() as session:
        quote = make_highlight(session)
    client = client_for(Role.RESEARCHER)
    item = {"kind": "untagged_highlight", "key": quote.ref}

    without_reason = client.post("/curation/aside", data=item)
    aside = client.post("/curation/aside", data=item | {"reason": "Kept as a whole."}, follow_redirects=True)
    back = client.post(f"/curation/aside/undo?kind=untagged_highlight&key={quote.ref}", follow_redirects=True)

    assert without_reason.status_code == 422
    assert "Nothing needs you" in aside.get_data(as_text=True)
    assert "Undo" in aside.get_data(as_text=True)
    assert quote.exact in back.get_data(as_text=True)


def test_the_queue_is_of_the_own_area_unless_all_are_asked_for(client_for: SignIn) -> None:
    with transaction() as session:
        quote = make_highlight(session)
        stranger = make_member(session, team=make_team(session))
    client = client_for(stranger)

    assert quote.exact not in client.get("/curation").get_data(as_text=True)
    assert quote.exact in client.get("/curation?area=all").get_data(as_text=True)


def test_the_queue_shows_nothing_of_a_restricted_study(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        quote = make_highlight(session, actor=ana)
        study = session.get(Study, quote.study_id)
        assert study is not None
        set_study_access(session, actor=ana, study=study, restricted=True, named=[])
    client = client_for(Role.ADMINISTRATOR)

    assert quote.exact not in client.get("/curation?area=all").get_data(as_text=True)
    assert client.post(f"/curation/highlights/{quote.ref}/let-go").status_code == 404


def test_a_contributor_reads_what_became_of_what_they_wrote(client_for: SignIn) -> None:
    with transaction() as session:
        ana, ben = make_member(session, name="Ana Lee"), make_member(session, name="Ben Okri")
        insight = make_insight(session, actor=ana, claim="People read the first line only.")
        lying = make_insight(session, actor=ana, claim="People keep the envelope.")
        decision = make_accepted_decision(session, actor=ben, insight=insight)
    client = client_for(ana)

    note = client.get("/contributions").get_data(as_text=True)
    long_ago = client.get("/contributions?month=2020-02").get_data(as_text=True)

    assert "Decided on what you wrote" in note
    assert decision.title in note
    assert "Ben Okri" in note
    assert note.index("Still on the shelf today") < note.rindex(lying.claim)
    assert insight.claim not in note[note.index("Still on the shelf today") :]
    assert "A quiet month" in long_ago
    assert client.get("/contributions?month=October").status_code == 422
    assert "A quiet month" in client_for(ben).get("/contributions").get_data(as_text=True)


def test_insights_heard_in_opposite_ways_are_suggested_and_opened_in_one_sentence(client_for: SignIn) -> None:
    with transaction() as session:
        likes, dislikes = _opposites(session)
    client = client_for(Role.RESEARCHER)

    page = client.get("/curation?area=all").text
    refused = client.post("/curation/contradictions", data={"insight": likes, "other": dislikes, "cause": ""})
    after = client.post(
        "/curation/contradictions",
        data={"insight": likes, "other": dislikes, "cause": "The same letter, read both ways."},
        follow_redirects=True,
    ).text

    assert "Insights that may contradict each other" in page
    assert "Both are about letters and trust" in page
    assert refused.status_code == 422
    assert "what contradicts, in a sentence" in refused.text
    assert "Insights that may contradict each other" not in after
    assert "The same letter, read both ways." in after


def test_a_pair_set_aside_stays_so_until_one_of_the_two_says_something_else(client_for: SignIn) -> None:
    with transaction() as session:
        likes, _dislikes = _opposites(session)
    client = client_for(Role.RESEARCHER)
    key = _key_of(client)

    client.post(
        "/curation/aside", data={"kind": "contradiction_candidate", "key": key, "reason": "Two kinds of letters."}
    )
    quiet = client.get("/curation").text
    with transaction() as session:
        insight = session.scalars(select(Insight).where(Insight.id == int(likes.removeprefix("INS-")))).one()
        author = session.get(Member, insight.author_id)
        assert author is not None
        edit_insight(
            session,
            actor=author,
            insight=insight,
            claim="Every letter is trusted.",
            body="",
            type_=insight.type,
            kind=insight.kind,
            service=None if insight.service_id is None else session.get(Service, insight.service_id),
        )

    assert "may contradict each other" not in quiet
    assert "may contradict each other" in client.get("/curation").text
    assert _key_of(client) != key


@pytest.mark.parametrize(
    "change",
    [{"tags": ["letters"]}, {"polarity": -1}, {"polarity": None}, {"same_service": False}, {"published": False}],
    ids=["one tag", "the same way", "no way", "another service", "a draft"],
)
def test_what_only_looks_alike_is_no_suggestion(client_for: SignIn, change: dict[str, Any]) -> None:
    with transaction() as session:
        _opposites(session, **change)

    assert "may contradict each other" not in client_for(Role.RESEARCHER).get("/curation").text


def test_a_pair_is_not_suggested_to_whoever_may_see_one_of_the_two(client_for: SignIn) -> None:
    with transaction() as session:
        likes, _dislikes = _opposites(session)
        study = session.scalars(
            select(Study)
            .join(Highlight, Highlight.study_id == Study.id)
            .join(EvidenceLink, EvidenceLink.highlight_id == Highlight.id)
            .where(EvidenceLink.insight_id == int(likes.removeprefix("INS-")))
        ).one()
        ana = make_member(session)
        set_study_access(session, actor=ana, study=study, restricted=True, named=[ana])

    assert "may contradict each other" not in client_for(Role.ADMINISTRATOR).get("/curation").text
    assert "may contradict each other" in client_for(ana).get("/curation").text


def test_a_proposed_review_waits_and_is_answered_in_one_sentence(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session, role=Role.APPROVER)
        decision = make_accepted_decision(session, actor=ana, insight=make_insight(session, actor=ana))
        ask_for_review(session, actor=ana, decision=decision, cause="The law changes in March.")
        elsewhere = make_member(session, role=Role.APPROVER, team=make_team(session))
    client = client_for(ana)

    before = client.get("/curation").text
    not_theirs = client_for(elsewhere).get("/curation").text
    refused = client.post(f"/curation/decisions/{decision.ref}", data={"note": ""})
    after = client.post(
        f"/curation/decisions/{decision.ref}", data={"note": "Read the bill; it does."}, follow_redirects=True
    ).text

    assert "The law changes in March." in before
    assert "The law changes in March." not in not_theirs
    assert refused.status_code == 422
    assert "The law changes in March." not in after
    assert f"{decision.ref} stands." in after


def _opposites(
    session: Session,
    *,
    tags: Sequence[str] = ("letters", "trust"),
    polarity: int | None = 1,
    same_service: bool = True,
    published: bool = True,
) -> tuple[str, str]:
    """Two insights of one service, the quotes of the second negative; the changes are the first one's."""
    ana = make_member(session)
    service = make_service(session)
    quotes = [
        make_highlight(session, actor=ana, tags=list(tags), polarity=polarity),
        make_highlight(session, actor=ana, tags=["letters", "trust"], polarity=-1),
    ]
    first = make_insight(
        session,
        actor=ana,
        highlight=quotes[0],
        claim="Letters are trusted.",
        published=published,
        service=service if same_service else make_service(session),
    )
    second = make_insight(
        session, actor=ana, highlight=quotes[1], claim="Nobody believes what is posted.", service=service
    )
    return first.ref, second.ref


def _key_of(client: FlaskClient) -> str:
    page = client.get("/curation").text
    found = re.search(r'value="contradiction_candidate"><input type="hidden" name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]
