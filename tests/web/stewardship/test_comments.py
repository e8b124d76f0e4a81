from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import make_highlight, make_insight, make_member, make_session, make_study
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.people.models import Member
from insights.stewardship.comments import add_comment, list_mentions, subject_of, threads_on
from insights.stewardship.comments.mentioning import mentioned
from insights.stewardship.models import Comment
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]


def test_a_question_is_asked_answered_and_settled_on_a_record(client_for: SignIn) -> None:
    with transaction() as session:
        ana, ben = make_member(session, name="Ana Lee"), make_member(session, name="Ben Okri")
        study = make_study(session, actor=ana)
    anas, bens = client_for(ana), client_for(ben)

    anas.post(f"/comments/{study.ref}", data={"text": "Did we ask about *letters*, @Ben Okri?"})
    waiting = bens.get("/").get_data(as_text=True)
    parent = reading().scalars(select(Comment)).one()
    bens.post(f"/comments/{study.ref}", data={"text": "Yes, twice.", "parent_id": parent.id})
    bens.post(f"/comment/{parent.ref}/resolve")

    page = anas.get(f"/comments/{study.ref}").get_data(as_text=True)
    assert "Comments that name you" in waiting
    assert "Did we ask about letters, @Ben Okri?" in waiting
    assert "<em>letters</em>" in page
    assert "Yes, twice." in page
    assert "settled by Ben Okri" in page
    assert "edited" not in page
    assert "Comments that name you" not in bens.get("/").get_data(as_text=True)


def test_a_comment_is_found_in_the_audit_trail_by_its_record(client_for: SignIn) -> None:
    with transaction() as session:
        study = make_study(session)
    client_for(Role.READER).post(f"/comments/{study.ref}", data={"text": "Thank you for this."})

    entry = reading().scalars(select(ActivityEntry).where(ActivityEntry.subject_kind == "comment")).one()
    page = client_for(Role.DATA_PROTECTION).get(f"/activity?ref={entry.subject_ref}").get_data(as_text=True)

    assert entry.detail == {"on": study.ref}
    assert f"on: {study.ref}" in page
    assert "Thank you for this." not in page


def test_a_colleague_who_may_not_see_the_record_is_not_told_and_the_writer_is(client_for: SignIn) -> None:
    with transaction() as session:
        ana, ben = make_member(session, name="Ana Lee"), make_member(session, name="Ben Okri")
        study = make_study(session, actor=ana, restricted=True)

    page = client_for(ana).post(
        f"/comments/{study.ref}", data={"text": "@Ben Okri, look at this"}, follow_redirects=True
    )

    assert "Ben Okri may not see this record and was not told." in page.get_data(as_text=True)
    assert "look at this" not in client_for(ben).get("/").get_data(as_text=True)
    assert client_for(ben).get(f"/comments/{study.ref}").status_code == 404
    comment = reading().scalars(select(Comment)).one()
    assert client_for(ben).get(f"/comment/{comment.ref}").status_code == 404


def test_a_mention_goes_out_of_sight_with_its_study(client_for: SignIn) -> None:
    with transaction() as session:
        ana, ben = make_member(session, name="Ana Lee"), make_member(session, name="Ben Okri")
        study = make_study(session, actor=ana)
        held = make_session(session, actor=ana, study=study)
        quote = make_highlight(session, actor=ana, research_session=held)
        for ref in (study.ref, held.ref, quote.ref, make_insight(session, actor=ana, highlight=quote).ref):
            add_comment(session, actor=ana, subject=subject_of(session, ana, ref), text="@ben okri what of this?")
    assert len(list_mentions(reading(), ben)) == 4

    with transaction() as session:
        set_study_access(session, actor=ana, study=study, restricted=True, named=[])

    assert list_mentions(reading(), ben) == []


def test_only_its_writer_changes_a_comment_and_a_deleted_one_leaves_its_answers(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session, name="Ana Lee")
        study = make_study(session, actor=ana)
        subject = subject_of(session, ana, study.ref)
        comment = add_comment(session, actor=ana, subject=subject, text="First thought").comment
        add_comment(session, actor=make_member(session), subject=subject, text="An answer", parent=comment)
    other, anas = client_for(Role.RESEARCHER), client_for(ana)

    refused = other.post(f"/comment/{comment.ref}", data={"text": "Not my words"})
    anas.post(f"/comment/{comment.ref}", data={"text": "Second thought", "row_version": 1})
    stale = anas.post(f"/comment/{comment.ref}", data={"text": "Third thought", "row_version": 1})
    deleted = anas.post(f"/comment/{comment.ref}/delete", follow_redirects=True).get_data(as_text=True)

    assert refused.status_code == 403
    assert stale.status_code == 409
    assert "Second thought" not in deleted
    assert "This comment was deleted." in deleted
    assert "An answer" in deleted
    anas.post(f"/comment/{comment.ref}/restore")
    assert "Second thought" in anas.get(f"/comments/{study.ref}").get_data(as_text=True)


def test_an_empty_or_overlong_comment_is_refused_with_its_words_kept(client_for: SignIn) -> None:
    with transaction() as session:
        study = make_study(session)
    client = client_for(Role.RESEARCHER)

    empty = client.post(f"/comments/{study.ref}", data={"text": " \u200b "})
    long = client.post(f"/comments/{study.ref}", data={"text": "word " * 1001})

    assert empty.status_code == 422
    assert "Enter what you want to say." in empty.get_data(as_text=True)
    assert long.status_code == 422
    assert "5,000 characters or fewer" in long.get_data(as_text=True)
    assert "word word word" in long.get_data(as_text=True)


def test_the_record_page_leads_to_its_comments_and_can_fetch_them(client_for: SignIn) -> None:
    with transaction() as session:
        study = make_study(session)
    client = client_for(Role.READER)

    page = client.get(f"/studies/{study.ref}").get_data(as_text=True)
    fragment = client.get(f"/comments/{study.ref}?fragment=1").get_data(as_text=True)

    assert f"Read and write comments on {study.ref}" in page
    assert f'data-comments-url="/comments/{study.ref}?fragment=1"' in page
    assert "<html" not in fragment
    assert 'id="comments"' in fragment


@pytest.mark.parametrize("ref", ["MEM-1", "STU-999999", "nonsense", "STU-", "STU-1e3", "COM-1", "DEC-99999999999999"])
def test_what_is_not_there_takes_no_comments(client_for: SignIn, ref: str) -> None:
    assert client_for(Role.RESEARCHER).get(f"/comments/{ref}").status_code == 404


def test_the_longest_name_that_fits_is_meant() -> None:
    names = {1: "Ana", 2: "Ana Lee", 3: "José Núñez", 4: "Ana Lee"}

    assert mentioned("@Ana Lee and @ANA, not mail@Ana or @Anabel", names) == [2, 4, 1]
    assert mentioned("ask @jose\u0301 nu\u0301n\u0303ez.", names) == [3]


@given(st.text(), st.dictionaries(st.integers(1, 50), st.text(max_size=12), max_size=6))
def test_nobody_is_named_who_is_not_written_after_an_at_sign(text: str, names: dict[int, str]) -> None:
    found = mentioned(text, names)

    assert len(found) == len(set(found))
    assert set(found) <= set(names)
    assert not (found and "@" not in text)


def test_settled_threads_stand_after_open_ones(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        subject = subject_of(session, ana, make_study(session, actor=ana).ref)
        first = add_comment(session, actor=ana, subject=subject, text="Old and settled").comment
        add_comment(session, actor=ana, subject=subject, text="Still open")
    client_for(ana).post(f"/comment/{first.ref}/resolve")

    assert [thread.comment.text for thread in threads_on(reading(), subject)] == ["Still open", "Old and settled"]
