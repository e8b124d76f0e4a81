from __future__ import annotations

import pytest
from factories import make_highlight, make_member, make_session, make_study, make_team
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleRecord
from insights.people.models import Member
from insights.synthesis.boards import (
    SeenCard,
    board_page,
    board_state,
    cluster_cards,
    create_board,
    delete_cluster,
    edit_theme,
    get_board,
    get_cluster,
    get_theme,
    list_boards,
    list_themes,
    merge_clusters,
    move_cards,
    put_quotes,
    quotes_to_put,
    rename_cluster,
    set_board_deleted,
    set_theme_deleted,
    take_off,
    theme_from_cluster,
    theme_page,
    undo_last_change,
)
from insights.synthesis.boards.layout import read_layout
from insights.synthesis.models import Board

WORDS = ("She opened the letter", "I saw positive", "I rang my sister", "It should say", "Then I can breathe", "the GP")


def a_board(session: Session, *, quotes: int = 4) -> tuple[Member, Study, Board, list[int]]:
    """A board with that many quotes in its tray; the ids of the cards in their order."""
    maya = make_member(session)
    study = make_study(session, actor=maya)
    held = make_session(session, actor=maya, study=study)
    for words in WORDS[:quotes]:
        make_highlight(session, actor=maya, research_session=held, words=words, tags=["letters"])
    board = create_board(session, actor=maya, title="After a letter", study=study)
    put_quotes(session, actor=maya, board=board, highlight_ids=quotes_to_put(session, maya, board))
    return maya, study, board, [card.id for card in board_page(session, maya, board).tray.cards]


def in_tray(*numbers: int) -> list[SeenCard]:
    return [SeenCard(number, None) for number in numbers]


def test_quotes_come_to_lie_in_the_tray_in_the_order_of_their_text(session: Session) -> None:
    maya, _study, board, _cards = a_board(session)

    page = board_page(session, maya, board)

    assert [card.quote.exact for card in page.tray.cards] == list(WORDS[:4])
    assert page.tags == ["letters"]
    assert quotes_to_put(session, maya, board) == []


def test_a_board_is_filled_by_tag_and_by_words(session: Session) -> None:
    maya, study, _board, _cards = a_board(session)
    other = create_board(session, actor=maya, title="Another", study=study)
    tagged = make_highlight(session, actor=maya, tags=["letters/late"], words="the GP", research_session=None)
    own = quotes_to_put(session, maya, other, words="SISTER rang")

    assert len(own) == 1
    assert tagged.id not in quotes_to_put(session, maya, other)


def test_a_quote_of_another_study_is_refused_by_its_number(session: Session) -> None:
    maya, _study, board, _cards = a_board(session)
    strange = make_highlight(session, actor=maya)

    with pytest.raises(InvalidInput, match=strange.ref):
        put_quotes(session, actor=maya, board=board, highlight_ids=[strange.id])


def test_cards_are_moved_before_another_card_in_the_order_given(session: Session) -> None:
    maya, _study, board, (one, two, three, four) = a_board(session)
    made = cluster_cards(session, actor=maya, board=board, cards=in_tray(one, two), title="First")

    move_cards(session, actor=maya, board=board, cards=in_tray(four, three), to=made.cluster_id, before=two)

    assert board_state(session, maya, board).cards == {made.cluster_id: (one, four, three, two)}


def test_a_card_that_somebody_moved_meanwhile_stays_where_they_put_it(session: Session) -> None:
    maya, _study, board, (one, two, *_rest) = a_board(session)
    tom = make_member(session)
    theirs = cluster_cards(session, actor=tom, board=board, cards=in_tray(one), title="Tom's")

    moved = cluster_cards(session, actor=maya, board=board, cards=in_tray(one, two), title="Maya's")

    assert (moved.cards, moved.left) == ((two,), (one,))
    state = board_state(session, maya, board)
    assert state.cards[theirs.cluster_id] == (one,)
    assert state.cards[moved.cluster_id] == (two,)


def test_a_move_into_a_cluster_that_was_deleted_moves_nothing(session: Session) -> None:
    maya, _study, board, (one, *_rest) = a_board(session)
    made = cluster_cards(session, actor=maya, board=board, cards=[], title="Going")
    cluster = get_cluster(session, board, made.cluster_id or 0)
    delete_cluster(session, actor=maya, board=board, cluster=cluster)

    moved = move_cards(session, actor=maya, board=board, cards=in_tray(one), to=made.cluster_id)

    assert moved.cluster_gone
    assert one in board_state(session, maya, board).cards[None]


def test_a_deleted_cluster_comes_back_with_its_cards_and_its_theme(session: Session) -> None:
    maya, _study, board, (one, two, *_rest) = a_board(session)
    made = cluster_cards(session, actor=maya, board=board, cards=in_tray(two, one), title="They stop")
    cluster = get_cluster(session, board, made.cluster_id or 0)
    theme = theme_from_cluster(session, actor=maya, board=board, cluster=cluster)
    delete_cluster(session, actor=maya, board=board, cluster=cluster)
    assert set(board_state(session, maya, board).cards) == {None}

    undo_last_change(session, actor=maya, board=board)

    column = board_page(session, maya, board).clusters[0]
    assert (column.title, column.theme_ref) == ("They stop", theme.ref)
    assert [card.id for card in column.cards] == [two, one]


def test_merged_clusters_part_again(session: Session) -> None:
    maya, _study, board, (one, two, *_rest) = a_board(session)
    first, second = (
        get_cluster(
            session,
            board,
            cluster_cards(session, actor=maya, board=board, cards=in_tray(card), title=title).cluster_id or 0,
        )
        for card, title in ((one, "First"), (two, "Second"))
    )
    before = read_layout(session, board)
    merge_clusters(session, actor=maya, board=board, cluster=second, into=first)
    assert [len(column.cards) for column in board_page(session, maya, board).clusters] == [2]

    undo_last_change(session, actor=maya, board=board)

    assert read_layout(session, board) == before


def test_nobody_undoes_what_others_built_on(session: Session) -> None:
    maya, _study, board, (one, *_rest) = a_board(session)
    tom = make_member(session)
    made = cluster_cards(session, actor=maya, board=board, cards=in_tray(one), title="First")
    move_cards(session, actor=tom, board=board, cards=[SeenCard(one, made.cluster_id)], to=None)

    with pytest.raises(RuleBroken, match="Somebody has changed"):
        undo_last_change(session, actor=maya, board=board)


def test_two_names_for_one_cluster_are_both_told(session: Session) -> None:
    maya, _study, board, (one, *_rest) = a_board(session)
    made = cluster_cards(session, actor=maya, board=board, cards=in_tray(one), title="First")
    cluster = get_cluster(session, board, made.cluster_id or 0)
    rename_cluster(session, actor=maya, board=board, cluster=cluster, title="They stop", seen="First")

    with pytest.raises(StaleRecord) as refused:
        rename_cluster(session, actor=maya, board=board, cluster=cluster, title="They doubt", seen="First")

    assert (refused.value.theirs, refused.value.mine) == ({"title": "They stop"}, {"title": "They doubt"})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("nmdtgr"), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12))
def test_undoing_everything_brings_the_board_back_as_it_was(session: Session, acts: list[tuple[str, int, int]]) -> None:
    maya, _study, board, cards = a_board(session, quotes=6)
    before = read_layout(session, board)
    done = sum(_do(session, maya, board, cards, act) for act in acts)

    for _ in range(done):
        undo_last_change(session, actor=maya, board=board)

    after = read_layout(session, board)
    assert after.clusters == before.clusters
    assert {key: placed[:2] for key, placed in after.cards.items()} == {
        key: placed[:2] for key, placed in before.cards.items()
    }


def _do(session: Session, maya: Member, board: Board, cards: list[int], act: tuple[str, int, int]) -> int:
    """One change of the board; 1 where it changed something, that is where there is something to undo."""
    kind, first, second = act
    before = read_layout(session, board)
    clusters = sorted(before.clusters)
    number = cards[first]
    seen = [SeenCard(number, before.cards[number][1])] if number in before.cards else []
    if kind == "n" and seen:
        cluster_cards(session, actor=maya, board=board, cards=seen, title=f"Cluster {second}")
    elif kind == "m" and seen:
        move_cards(
            session, actor=maya, board=board, cards=seen, to=clusters[second % len(clusters)] if clusters else None
        )
    elif kind == "t" and seen:
        take_off(session, actor=maya, board=board, cards=seen)
    elif clusters:
        chosen = get_cluster(session, board, clusters[first % len(clusters)])
        other = get_cluster(session, board, clusters[second % len(clusters)])
        if kind == "d":
            delete_cluster(session, actor=maya, board=board, cluster=chosen)
        elif kind == "g":
            merge_clusters(session, actor=maya, board=board, cluster=chosen, into=other)
        elif kind == "r":
            rename_cluster(session, actor=maya, board=board, cluster=chosen, title=f"Name {second}")
    return int(read_layout(session, board) != before)


def test_a_board_of_a_restricted_study_is_not_there_for_others(session: Session) -> None:
    maya, study, board, (one, *_rest) = a_board(session)
    made = cluster_cards(session, actor=maya, board=board, cards=in_tray(one), title="Zephyr")
    theme = theme_from_cluster(
        session, actor=maya, board=board, cluster=get_cluster(session, board, made.cluster_id or 0)
    )
    tom = make_member(session, role=Role.ADMINISTRATOR)
    set_study_access(session, actor=maya, study=study, restricted=True, named=[maya])

    with pytest.raises(NotFound):
        get_board(session, tom, board.ref)
    with pytest.raises(NotFound):
        get_theme(session, tom, theme.ref)
    assert list_boards(session, tom) == []
    assert list_themes(session, tom) == []
    assert get_board(session, maya, board.ref) is board


def test_a_board_across_studies_shows_and_counts_only_what_one_may_see(session: Session) -> None:
    maya = make_member(session)
    hidden, open_quote = make_highlight(session, actor=maya), make_highlight(session, actor=maya)
    board = create_board(session, actor=maya, title="Across")
    put_quotes(session, actor=maya, board=board, highlight_ids=[hidden.id, open_quote.id])
    first, second = (card.id for card in board_page(session, maya, board).tray.cards)
    made = cluster_cards(session, actor=maya, board=board, cards=in_tray(first, second), title="Both")
    cluster = get_cluster(session, board, made.cluster_id or 0)
    theme = theme_from_cluster(session, actor=maya, board=board, cluster=cluster)
    tom = make_member(session)
    study = session.get_one(Study, hidden.study_id)
    set_study_access(session, actor=maya, study=study, restricted=True, named=[maya])

    moved = move_cards(session, actor=tom, board=board, cards=[SeenCard(first, made.cluster_id)], to=None)

    assert moved.left == (first,)
    assert [card.quote.ref for card in board_page(session, tom, board).cards] == [open_quote.ref]
    assert list_boards(session, tom)[0].cards == 1
    assert list_themes(session, tom)[0].quotes == 1
    page = theme_page(session, tom, theme)
    assert ([each.quote.ref for each in page.quotes], page.studies) == ([open_quote.ref], 1)
    assert sum(len(ids) for ids in board_state(session, tom, board).cards.values()) == 1


def test_a_board_across_studies_is_seen_by_its_team_and_changed_by_its_area(session: Session) -> None:
    maya, _study, of_study, (one, *_rest) = a_board(session)
    across = create_board(session, actor=maya, title="Across")
    stranger = make_member(session, team=make_team(session))

    with pytest.raises(NotFound):
        get_board(session, stranger, across.ref)
    with pytest.raises(NotAllowed):
        move_cards(session, actor=stranger, board=of_study, cards=in_tray(one), to=None)


def test_a_deleted_board_and_a_deleted_theme_come_back(session: Session) -> None:
    maya, _study, board, (one, *_rest) = a_board(session)
    made = cluster_cards(session, actor=maya, board=board, cards=in_tray(one), title="They stop")
    cluster = get_cluster(session, board, made.cluster_id or 0)
    theme = theme_from_cluster(session, actor=maya, board=board, cluster=cluster)
    set_board_deleted(session, actor=maya, board=board, deleted=True)
    set_theme_deleted(session, actor=maya, theme=theme, deleted=True)
    assert (list_boards(session, maya), list_themes(session, maya)) == ([], [])

    set_board_deleted(session, actor=maya, board=get_board(session, maya, board.ref, deleted=True), deleted=False)
    set_theme_deleted(session, actor=maya, theme=get_theme(session, maya, theme.ref, deleted=True), deleted=False)

    assert len(board_page(session, maya, board).clusters) == 1
    assert len(theme_page(session, maya, theme).quotes) == 1


def test_a_theme_grows_with_its_cluster_and_says_who_said_it(session: Session) -> None:
    maya, _study, board, (one, two, *_rest) = a_board(session)
    made = cluster_cards(session, actor=maya, board=board, cards=in_tray(one), title="They stop")
    cluster = get_cluster(session, board, made.cluster_id or 0)
    theme = theme_from_cluster(session, actor=maya, board=board, cluster=cluster)
    move_cards(session, actor=maya, board=board, cards=in_tray(two), to=made.cluster_id)

    again = theme_from_cluster(session, actor=maya, board=board, cluster=cluster)
    edit_theme(session, actor=maya, theme=theme, title="They stop at once", memo="Why?", tags=["fear", "letters"])

    page = theme_page(session, maya, theme)
    assert again is theme
    assert (len(page.quotes), page.sessions, page.studies) == (2, 1, 1)
    assert page.tags == ("fear", "letters")
    assert page.boards == ((board.ref, board.title),)


def test_a_cluster_without_a_name_becomes_no_theme(session: Session) -> None:
    maya, _study, board, (one, *_rest) = a_board(session)
    made = cluster_cards(session, actor=maya, board=board, cards=in_tray(one))

    with pytest.raises(InvalidInput, match="Give the cluster a name first"):
        theme_from_cluster(session, actor=maya, board=board, cluster=get_cluster(session, board, made.cluster_id or 0))
