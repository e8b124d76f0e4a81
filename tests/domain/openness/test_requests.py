"""Research is asked for, backed once each, and answered in one of three ways, all of which can be undone."""

from __future__ import annotations

import pytest
from factories import make_decision, make_highlight, make_insight, make_member, make_session, make_study, make_team
from sqlalchemy.orm import Session

from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleRecord
from insights.openness.models import RequestStatus, ResearchRequest
from insights.openness.requests import (
    RequestFilter,
    answer_request,
    ask_for_research,
    edit_request,
    get_request,
    list_requests,
    request_row,
    requests_of_study,
    set_backing,
    set_request_removed,
    undo_answer,
)
from insights.people.models import Member


@pytest.fixture
def reader(session: Session) -> Member:
    return make_member(session, role=Role.READER, name="Ruth Adeyemi")


@pytest.fixture
def researcher(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def asked(session: Session, reader: Member) -> ResearchRequest:
    return ask_for_research(session, actor=reader, title="Why do people ring after a reminder?", why="To cut calls.")


def test_whoever_asks_backs_it_and_others_back_it_once(
    session: Session, asked: ResearchRequest, reader: Member, researcher: Member
) -> None:
    for _ in range(2):
        set_backing(session, actor=researcher, request=asked, backs=True)

    row = request_row(session, reader, asked)
    assert (row.backers, row.mine, row.standing) == (2, True, "open")
    set_backing(session, actor=researcher, request=asked, backs=False)
    assert request_row(session, researcher, asked).mine is False
    assert request_row(session, researcher, asked).backers == 1


def test_the_most_backed_stands_first_and_filters_narrow(
    session: Session, asked: ResearchRequest, reader: Member, researcher: Member
) -> None:
    other = ask_for_research(session, actor=researcher, title="What do people read first?", why="")
    set_backing(session, actor=reader, request=other, backs=True)

    assert [row.ref for row in list_requests(session, reader)] == [other.ref, asked.ref]
    assert [row.ref for row in list_requests(session, researcher, RequestFilter(mine=True))] == [other.ref]
    assert [row.ref for row in list_requests(session, reader, RequestFilter(words="ring calls"))] == [asked.ref]
    assert list_requests(session, reader, RequestFilter(status="declined")) == []


def test_planned_names_a_study_answered_an_insight_declined_a_reason(
    session: Session, asked: ResearchRequest, reader: Member, researcher: Member
) -> None:
    study, insight = make_study(session, actor=researcher), make_insight(session, actor=researcher)

    answer_request(session, actor=researcher, request=asked, status="planned", study=study)
    assert request_row(session, reader, asked).standing == f"planned in {study.ref}"
    assert [row.ref for row in requests_of_study(session, reader, study)] == [asked.ref]
    answer_request(session, actor=researcher, request=asked, status="answered", insight=insight)
    assert request_row(session, reader, asked).standing == f"answered by {insight.ref}"
    assert requests_of_study(session, reader, study) == []
    answer_request(session, actor=researcher, request=asked, status="declined", reason="The line closes in May.")
    row = request_row(session, reader, asked)
    assert (row.standing, row.reason, row.insight_ref) == ("declined", "The line closes in May.", "")


@pytest.mark.parametrize("status", ["planned", "answered", "declined", "done"])
def test_an_answer_that_lacks_what_it_needs_is_refused(
    session: Session, asked: ResearchRequest, researcher: Member, status: str
) -> None:
    with pytest.raises(InvalidInput):
        answer_request(session, actor=researcher, request=asked, status=status)
    assert asked.status is RequestStatus.OPEN


def test_a_draft_is_no_answer(session: Session, asked: ResearchRequest, researcher: Member) -> None:
    draft = make_insight(session, actor=researcher, published=False)

    with pytest.raises(InvalidInput, match="not published"):
        answer_request(session, actor=researcher, request=asked, status="answered", insight=draft)


def test_a_study_of_another_area_cannot_be_promised(session: Session, asked: ResearchRequest) -> None:
    stranger = make_member(session, team=make_team(session))

    with pytest.raises(NotAllowed):
        answer_request(
            session,
            actor=stranger,
            request=asked,
            status="planned",
            study=make_study(session, actor=make_member(session)),
        )


def test_a_reader_says_not_what_became_of_it(session: Session, asked: ResearchRequest, reader: Member) -> None:
    with pytest.raises(NotAllowed):
        answer_request(session, actor=reader, request=asked, status="declined", reason="Because.")


def test_an_answer_is_undone_to_what_was_said_before_unless_somebody_answered_since(
    session: Session, asked: ResearchRequest, researcher: Member
) -> None:
    insight = make_insight(session, actor=researcher)
    first = answer_request(session, actor=researcher, request=asked, status="answered", insight=insight)
    second = answer_request(session, actor=researcher, request=asked, status="declined", reason="Too dear.")

    with pytest.raises(RuleBroken, match="answered anew"):
        undo_answer(session, actor=researcher, request=asked, entry_id=first.id)
    undo_answer(session, actor=researcher, request=asked, entry_id=second.id)
    assert (asked.status, asked.insight_id, asked.reason) == (RequestStatus.ANSWERED, insight.id, "")
    with pytest.raises(NotFound):
        undo_answer(session, actor=researcher, request=asked, entry_id=session.query(ActivityEntry).count() + 9)


def test_a_request_is_taken_away_and_brought_back_by_whoever_asked(
    session: Session, asked: ResearchRequest, reader: Member
) -> None:
    stranger = make_member(session, role=Role.READER)
    with pytest.raises(NotAllowed):
        set_request_removed(session, actor=stranger, request=asked, removed=True)

    set_request_removed(session, actor=reader, request=asked, removed=True)
    assert list_requests(session, reader) == []
    with pytest.raises(RuleBroken, match="taken away"):
        set_backing(session, actor=stranger, request=asked, backs=True)
    set_request_removed(session, actor=reader, request=asked, removed=False)
    assert [row.ref for row in list_requests(session, reader)] == [asked.ref]


def test_two_who_edit_at_once_lose_nothing(session: Session, asked: ResearchRequest, reader: Member) -> None:
    opened = asked.row_version
    edit_request(session, actor=reader, request=asked, title="Why do people ring?", why="Calls.", service=None)

    with pytest.raises(StaleRecord):
        edit_request(session, actor=reader, request=asked, title="Who rings?", why="", service=None, row_version=opened)
    assert asked.title == "Why do people ring?"


def test_a_study_that_becomes_restricted_vanishes_from_the_request_for_those_it_does_not_name(
    session: Session, asked: ResearchRequest, reader: Member, researcher: Member
) -> None:
    study = make_study(session, actor=researcher, title="Letters to a hidden family")
    answer_request(session, actor=researcher, request=asked, status="planned", study=study)
    set_study_access(session, actor=researcher, study=study, restricted=True, named=[researcher])

    outside, inside = request_row(session, reader, asked), request_row(session, researcher, asked)
    assert (outside.study_ref, outside.study, outside.standing) == ("", "", "planned")
    assert inside.study == "Letters to a hidden family"
    assert study.ref not in str(list_requests(session, reader))


def test_an_insight_that_rests_on_a_restricted_study_vanishes_with_it(
    session: Session, asked: ResearchRequest, reader: Member, researcher: Member
) -> None:
    study = make_study(session, actor=researcher)
    quote = make_highlight(
        session, actor=researcher, research_session=make_session(session, actor=researcher, study=study)
    )
    insight = make_insight(session, actor=researcher, highlight=quote, claim="A hidden family rings")
    answer_request(session, actor=researcher, request=asked, status="answered", insight=insight)
    assert request_row(session, reader, asked).insight == "A hidden family rings"

    set_study_access(session, actor=researcher, study=study, restricted=True, named=[researcher])

    row = request_row(session, reader, asked)
    assert (row.insight_ref, row.insight, row.standing) == ("", "", "answered")


def test_the_draft_of_a_decision_behind_a_request_is_not_shown_to_readers(
    session: Session, reader: Member, researcher: Member
) -> None:
    draft = make_decision(session, actor=researcher, title="Close the line", status="draft")
    made = ask_for_research(session, actor=researcher, title="Who rings?", why="", decision=draft)

    assert request_row(session, reader, made).decision_ref == ""
    assert request_row(session, researcher, made).decision == "Close the line"


def test_a_ref_that_is_none_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_request(session, "REQ-99")
