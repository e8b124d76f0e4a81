"""Saved searches and follows as their member meets them, and what nobody else may learn by them (features.md E4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from factories import (
    QUOTE,
    make_decision,
    make_highlight,
    make_insight,
    make_member,
    make_service,
    make_session,
    make_study,
)
from flask import Flask
from flask.testing import FlaskClient
from mailing import Post
from sqlalchemy import event, select

from insights.capture.operations import set_session_deleted, set_study_access
from insights.coding.models import Highlight
from insights.coding.operations import set_highlight_dropped
from insights.core.access import Role
from insights.core.clock import set_clock
from insights.decisions.operations import accept_decision, link_insight
from insights.people.models import Member
from insights.stewardship.models import Follow, FoundItem
from insights.synthesis.operations import attach_highlight
from research_hub.db import db, reading, transaction
from research_hub.following import ASKED_BY, tidy_question
from research_hub.web.search.facets import LEGENDS

SignIn = Callable[[Role | Member], FlaskClient]


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    made = Post(app)
    made.index()
    yield made
    app.extensions["search"].close()


@pytest.fixture
def reader(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, role=Role.READER, name="Rosa Reader")


def saved(client: FlaskClient, question: str = "q=letter", **values: str) -> str:
    """Saves a search through the page; answers its ref."""
    form = {"question": question, "name": "Letters", "mail": "never"} | values
    assert client.post("/saved", data=form).status_code == 303
    return reading().scalars(select(Follow).order_by(Follow.id.desc())).first().ref  # type: ignore[union-attr]  # just stored


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def test_the_search_page_leads_to_a_form_that_keeps_words_boxes_and_order(client_for: SignIn, post: Post) -> None:
    client = client_for(Role.READER)

    page = client.get("/evidence?q=letter&kind=insight&kind=study&sort=newest&offset=20").get_data(as_text=True)
    link = re.search(r'href="(/saved/new[^"]*)"', page)
    assert link is not None
    form = client.get(link[1].replace("&amp;", "&")).get_data(as_text=True)

    assert 'value="letter, insight, study"' in form
    assert "q=letter&amp;kind=insight&amp;kind=study&amp;sort=newest" in form
    assert "offset" not in form


def test_a_saved_search_opens_as_it_was_asked_and_tells_how_much_is_new(
    client_for: SignIn, post: Post, reader: Member
) -> None:
    with transaction() as session:
        make_study(session, title="Old letters")
    post.index()
    client = client_for(reader)
    ref = saved(client, "q=letters&kind=study&offset=20")
    with transaction() as session:
        make_study(session, title="New letters")
        make_study(session, title="Something else")

    post.work(hours=2)

    page = client.get("/saved").get_data(as_text=True)
    assert "1 new match" in page
    assert 'href="/evidence?q=letters&amp;kind=study"' in page
    assert "New letters" in text_of(client, f"/saved/{ref}")
    assert "Old letters" not in text_of(client, f"/saved/{ref}")


def test_what_was_looked_at_is_no_longer_new_and_what_came_since_is(
    client_for: SignIn, post: Post, reader: Member
) -> None:
    client = client_for(reader)
    ref = saved(client, "q=letters&kind=study")
    with transaction() as session:
        make_study(session, title="First letters")
    post.work(hours=2)
    until = re.search(r'name="until" value="(\d+)"', client.get(f"/saved/{ref}").get_data(as_text=True))
    assert until is not None
    with transaction() as session:
        make_study(session, title="Second letters")
    post.work(hours=2)

    client.post(f"/saved/{ref}/looked-at", data={"until": until[1]})

    new, _, old = text_of(client, f"/saved/{ref}").partition("Looked at before")
    assert "Second letters" in new
    assert "First letters" in old
    assert "1 new match" in text_of(client, "/saved")


def test_looking_again_finds_nothing_twice_whatever_stops_in_between(
    client_for: SignIn, post: Post, reader: Member
) -> None:
    saved(client_for(reader), "q=letters")
    with transaction() as session:
        make_study(session, title="New letters")

    for _ in range(3):
        post.restarted()
        post.work(hours=2)

    assert [item.ref for item in reading().scalars(select(FoundItem))] == ["STU-1"]


def test_a_search_that_finds_too_much_says_so(
    client_for: SignIn, post: Post, reader: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("insights.stewardship.following.operations", "research_hub.following"):
        monkeypatch.setattr(f"{module}.MOST_WATCHED", 2)
    with transaction() as session:
        for number in range(4):
            make_study(session, title=f"Letters, part {number}")
    post.index()
    client = client_for(reader)

    saved(client, "q=letters")

    assert "too broad to watch" in text_of(client, "/saved")


def test_a_search_is_renamed_deleted_and_brought_back(client_for: SignIn, post: Post, reader: Member) -> None:
    client = client_for(reader)
    ref = saved(client)

    client.post(f"/saved/{ref}", data={"name": "Result letters", "mail": "weekly"})
    renamed = text_of(client, "/saved")
    client.post(f"/saved/{ref}/delete")
    offered = client.get("/saved").get_data(as_text=True)
    client.post(f"/saved/{ref}/restore")

    assert "Result letters" in renamed
    assert "Mail once a week" in renamed
    assert f'action="/saved/{ref}/restore"' in offered
    assert "Nothing saved yet" in offered
    assert "Result letters" in text_of(client, "/saved")


def test_a_name_that_says_nothing_is_shown_again_with_what_to_do(client_for: SignIn, post: Post) -> None:
    client = client_for(Role.READER)

    answer = client.post("/saved", data={"question": "q=letter", "name": " ", "mail": "daily"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Enter a name for the search." in page
    assert 'value="daily" checked' in page
    assert 'name="question" value="q=letter"' in page


def test_nothing_asked_is_nothing_to_save(client_for: SignIn, post: Post) -> None:
    answer = client_for(Role.READER).post("/saved", data={"question": "sort=newest", "name": "All", "mail": "never"})

    assert answer.status_code == 422
    assert "Search for something first" in answer.get_data(as_text=True)


def test_every_facet_of_the_search_page_is_kept() -> None:
    assert set(ASKED_BY) == set(LEGENDS)
    assert tidy_question("offset=40&q=a&more=tag&sort=sideways&tag=x&tag=x&unknown=1") == "q=a&tag=x"


def test_a_record_is_followed_by_the_button_on_its_page_and_no_longer(
    client_for: SignIn, post: Post, reader: Member
) -> None:
    with transaction() as session:
        insight = make_insight(session)
    client = client_for(reader)

    assert f'action="/follow/{insight.ref}"' in client.get(f"/insights/{insight.ref}").get_data(as_text=True)
    for _ in range(2):
        client.post(f"/follow/{insight.ref}")
    shown = text_of(client, f"/follow/{insight.ref}")
    follow = reading().scalars(select(Follow)).one()
    client.post(f"/saved/{follow.ref}/delete")

    assert f"You follow {insight.ref}." in shown
    assert f"You follow {insight.ref}." not in text_of(client, f"/follow/{insight.ref}")


@pytest.mark.parametrize("place", ["tag", "service", "study", "insight", "decision"])
def test_each_kind_that_can_be_followed_has_the_button_on_its_page(client_for: SignIn, post: Post, place: str) -> None:
    with transaction() as session:
        quote = make_highlight(session, tags=["fear"])
        insight, service, decision = (
            make_insight(session, highlight=quote),
            make_service(session),
            make_decision(session),
        )
    pages = {
        "tag": "/tags/TAG-1",
        "service": f"/services/{service.ref}",
        "study": "/studies/STU-1",
        "insight": f"/insights/{insight.ref}",
        "decision": f"/decisions/{decision.ref}",
    }

    page = client_for(Role.RESEARCHER).get(pages[place]).get_data(as_text=True)

    assert f'action="/follow/{pages[place].rpartition("/")[2]}"' in page


def test_news_of_a_followed_tag_service_and_study_are_what_came_to_them(
    client_for: SignIn, post: Post, reader: Member
) -> None:
    with transaction() as session:
        service = make_service(session)
        study = make_study(session)
        held = make_session(session, study=study)
        make_highlight(session, research_session=held, tags=["fear"])
    client = client_for(reader)
    for ref in ("TAG-1", service.ref, study.ref):
        client.post(f"/follow/{ref}")
    with transaction() as session:
        author = make_member(session)
        quote = make_highlight(session, research_session=held, tags=["fear"], words="Then I can breathe")
        of_service = make_study(session, title="Of the service", service=service)
        later = make_session(session, study=study, title="The second visit")
        insight = make_insight(session, actor=author, highlight=quote)

    post.work(hours=2)

    found = {(item.follow_id, item.ref) for item in reading().scalars(select(FoundItem))}
    assert found == {
        (1, quote.ref),
        (1, insight.ref),
        (2, of_service.ref),
        (3, later.ref),
        (3, insight.ref),
    }


def test_news_of_a_followed_insight_and_decision_say_what_others_did(
    client_for: SignIn, post: Post, reader: Member
) -> None:
    with transaction() as session:
        author = make_member(session)
        held = make_session(session, actor=author)
        insight = make_insight(session, actor=author, highlight=make_highlight(session, research_session=held))
        decision = make_decision(session, actor=author)
    with transaction() as session:
        member = make_member(session, role=Role.CONTRIBUTOR)
    client = client_for(member)
    client.post(f"/follow/{insight.ref}")
    client.post(f"/follow/{decision.ref}")
    with transaction() as session:
        quote = make_highlight(session, research_session=held, words="Then I can breathe")
        attach_highlight(session, actor=author, insight=insight, highlight=quote)
        link_insight(session, actor=author, decision=decision, insight=insight, type_="changed", rationale="Six did.")
        accept_decision(session, actor=author, decision=decision)

    post.work(hours=2)

    of_insight, of_decision = text_of(client, "/saved/FLW-1"), text_of(client, "/saved/FLW-2")
    assert f"{quote.ref} this was attached as evidence" in of_insight
    assert f"{decision.ref} this decision cites it" in of_insight
    assert f"{insight.ref} this insight was linked to it" in of_decision
    assert f"{decision.ref} it was accepted" in of_decision


def test_nobody_reads_or_changes_what_another_follows(client_for: SignIn, post: Post, reader: Member) -> None:
    ref = saved(client_for(reader))
    other = client_for(Role.ADMINISTRATOR)

    assert other.get(f"/saved/{ref}").status_code == 404
    for act in ("", "/delete", "/restore", "/looked-at"):
        answer = other.post(f"/saved/{ref}{act}", data={"name": "Mine", "mail": "daily", "until": "9"})
        assert answer.status_code == 404, act
    assert "Letters" not in text_of(other, "/saved")
    assert reading().scalars(select(Follow)).one().name == "Letters"


def test_what_cannot_be_seen_or_followed_is_not_there(client_for: SignIn, post: Post, reader: Member) -> None:
    with transaction() as session:
        hidden = make_study(session, restricted=True)
        member = make_member(session)
    client = client_for(reader)

    for ref in (hidden.ref, member.ref, "STU-99", "HL-1", "nonsense"):
        assert client.get(f"/follow/{ref}").status_code == 404, ref
        assert client.post(f"/follow/{ref}").status_code == 404, ref


def test_a_study_restricted_after_it_was_found_is_gone_from_all_that_is_saved(
    client_for: SignIn, post: Post, reader: Member
) -> None:
    client = client_for(reader)
    ref = saved(client, "q=quillfeather")
    with transaction() as session:
        owner = make_member(session)
        study = make_study(session, actor=owner, title="About Quillfeather")
        held = make_session(session, actor=owner, study=study, title="Quillfeather at home")
    client.post(f"/follow/{study.ref}")
    with transaction() as session:
        make_session(session, actor=owner, study=study, title="Quillfeather again")
    post.work(hours=2)
    before = text_of(client, "/saved") + text_of(client, f"/saved/{ref}")

    with transaction() as session:
        set_study_access(session, actor=owner, study=study, restricted=True, named=[])
    after = "".join(text_of(client, address) for address in ("/saved", f"/saved/{ref}", "/saved/FLW-2"))

    assert "About Quillfeather" in before
    assert held.ref in before
    for word in ("About Quillfeather", "Quillfeather at home", "Quillfeather again", "new match", "piece of news"):
        assert word not in after, word


def test_a_withdrawn_quote_and_a_deleted_session_are_gone_too(client_for: SignIn, post: Post, reader: Member) -> None:
    client = client_for(reader)
    ref = saved(client, "q=positive")
    with transaction() as session:
        owner = make_member(session)
        study = make_study(session, actor=owner)
        held = make_session(session, actor=owner, study=study)
        quote = make_highlight(session, actor=owner, research_session=held)
    post.work(hours=2)
    with_quote = text_of(client, f"/saved/{ref}")

    with transaction() as session:
        set_highlight_dropped(session, actor=owner, highlight=session.get_one(Highlight, quote.id), dropped=True)
    without_quote = text_of(client, f"/saved/{ref}")
    with transaction() as session:
        set_session_deleted(session, actor=owner, research_session=held, study=study, deleted=True)

    assert QUOTE in with_quote
    assert quote.ref not in without_quote
    assert held.ref in without_quote
    assert held.ref not in text_of(client, f"/saved/{ref}")


def test_a_saved_search_finds_for_its_member_alone(client_for: SignIn, post: Post, reader: Member) -> None:
    with transaction() as session:
        owner = make_member(session)
    mine, theirs = client_for(owner), client_for(reader)
    first, second = saved(mine, "q=quillfeather"), saved(theirs, "q=quillfeather")
    with transaction() as session:
        make_study(session, actor=owner, title="About Quillfeather", restricted=True)

    post.work(hours=2)

    assert "About Quillfeather" in text_of(mine, f"/saved/{first}")
    assert "About Quillfeather" not in text_of(theirs, f"/saved/{second}")
    assert [item.follow_id for item in reading().scalars(select(FoundItem))] == [1]


def test_the_list_asks_as_many_questions_for_many_as_for_few(
    client_for: SignIn, post: Post, reader: Member, app: Flask
) -> None:
    client = client_for(reader)
    counts = []
    for size in (1, 8):
        with transaction() as session:
            for number in range(size):
                insight = make_insight(session, highlight=make_highlight(session, tags=[f"tag {size} {number}"]))
                make_decision(session)
        for number in range(1, size + 1):
            for ref in (f"TAG-{number}", f"STU-{number}", f"INS-{number}"):
                client.post(f"/follow/{ref}")
        saved(client, f"q=letter&kind=study&year={size}")
        post.work(hours=2)
        assert insight.ref
        for address in ("/saved", "/saved/FLW-1"):
            client.get(address)
            counts.append(_statements(client, address))

    assert counts[0] == counts[2]
    assert counts[1] == counts[3]
    assert max(counts) <= 12


def _statements(client: FlaskClient, address: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_closed_account_is_not_looked_for(client_for: SignIn, post: Post, reader: Member) -> None:
    saved(client_for(reader), "q=letters")
    with transaction() as session:
        session.get_one(Member, reader.id).is_active = False
        make_study(session, title="New letters")

    post.work(hours=2)

    assert reading().scalars(select(FoundItem)).all() == []


def test_what_a_member_does_to_what_they_follow_is_no_news_to_them(client_for: SignIn, post: Post) -> None:
    with transaction() as session:
        author = make_member(session)
        decision = make_decision(session, actor=author)
    client_for(author).post(f"/follow/{decision.ref}")
    with transaction() as session:
        set_clock(session, post.clock)
        insight = make_insight(session, actor=author)
        link_insight(session, actor=author, decision=decision, insight=insight, type_="changed", rationale="Six did.")

    post.work(hours=2)

    assert reading().scalars(select(FoundItem)).all() == []
