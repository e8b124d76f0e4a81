"""Tags together and by kind of people, against what one counts by hand; each figure is that of the list it opens."""

from __future__ import annotations

from collections.abc import Sequence

from factories import make_highlight, make_member, make_session, make_study
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.capture.operations import set_study_access
from insights.coding.codebook.coded_passages import (
    CodedPassage,
    carrying,
    coded_passages,
    people_heard,
    said_by_people_with,
)
from insights.coding.operations import set_highlight_dropped
from insights.coding.queries import TagRow, list_highlights, list_tags
from insights.people.models import Member
from insights.people.operations import find_or_add_participant
from insights.reports.co_occurrence import Cell, CoOccurrence, co_occurrence, most_used, tags_by_attribute


def tag(number: int, path: str = "") -> TagRow:
    return TagRow(
        id=number,
        ref=f"TAG-{number}",
        path=path or f"tag {number}",
        name=path,
        depth=0,
        parent_id=None,
        study_id=None,
        definition="",
        use_when="",
        do_not_use_when="",
        example="",
        synonyms=(),
        status="active",
        redirect_to_id=None,
        highlights=0,
        highlights_within=0,
    )


TAGS = [tag(number) for number in (1, 2, 3)]
PASSAGES = st.lists(
    st.tuples(
        st.integers(1, 2), st.integers(0, 30), st.integers(1, 12), st.sets(st.integers(1, 4), min_size=1, max_size=3)
    ),
    max_size=12,
).map(
    lambda rows: [
        CodedPassage(number, version, start, start + length, tuple(sorted(tags)), None)
        for number, (version, start, length, tags) in enumerate(rows, start=1)
    ]
)


def counted_by_hand(passages: Sequence[CodedPassage], one: int, other: int, *, overlapping: bool) -> int:
    def meets(passage: CodedPassage, tag_id: int) -> bool:
        return any(
            tag_id in each.tag_ids
            and each.text_version_id == passage.text_version_id
            and each.start < passage.end
            and each.end > passage.start
            for each in passages
        )

    found = 0
    for passage in passages:
        if one in passage.tag_ids and other in passage.tag_ids:
            found += 1
        elif overlapping and one != other:
            found += (one in passage.tag_ids and meets(passage, other)) or (
                other in passage.tag_ids and meets(passage, one)
            )
    return found


@settings(deadline=None)
@given(PASSAGES)
def test_pairs_are_counted_as_by_hand(passages: list[CodedPassage]) -> None:
    for overlapping in (False, True):
        counts = co_occurrence(passages, TAGS, overlapping=overlapping).counts

        assert counts == tuple(
            tuple(counted_by_hand(passages, one.id, other.id, overlapping=overlapping) for other in TAGS)
            for one in TAGS
        )


def test_no_passage_and_no_tag_make_empty_tables() -> None:
    assert co_occurrence([], []).counts == ()
    assert co_occurrence([], TAGS, overlapping=True).largest() == 0
    assert tags_by_attribute([], [], TAGS, "group").values == ()


def test_the_most_used_tags_come_in_the_order_of_the_codebook() -> None:
    passages = [CodedPassage(number, 1, 0, 1, ids, None) for number, ids in enumerate([(1, 3), (3,), (2,), (2, 3)])]

    assert [row.id for row in most_used(passages, TAGS, most=2)] == [2, 3]


def test_the_files_hold_what_is_on_screen() -> None:
    passages = [CodedPassage(1, 1, 0, 5, (1, 2), None), CodedPassage(2, 1, 7, 9, (1,), None)]

    table = co_occurrence(passages, TAGS[:2]).as_table()

    assert table.columns == ("Tag", "tag 1", "tag 2")
    assert table.rows == (("tag 1", 2, 1), ("tag 2", 1, 1))


def test_people_are_counted_beside_quotes_and_what_nobody_noted_is_said(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    held = make_session(session, actor=maya, study=study)
    one, other, unnoted = (
        find_or_add_participant(session, actor=maya, study_id=study.id, code=code, group=group, attributes=attributes)
        for code, group, attributes in (
            ("P1", "carers", {"access needs": ["dyslexia", "screen reader"]}),
            ("P2", "carers", {"access needs": []}),
            ("P3", "", {}),
        )
    )
    for speaker, words in (
        (one, "She opened the letter"),
        (one, "I saw positive"),
        (other, "I rang my sister"),
        (unnoted, "It should say"),
    ):
        make_highlight(session, actor=maya, research_session=held, words=words, tags=["fear"], participant=speaker)
    passages, people, tags = coded_passages(session, maya), people_heard(session, maya), list_tags(session, maya)

    groups = tags_by_attribute(passages, people, tags, "group")
    needs = tags_by_attribute(passages, people, tags, "access needs")

    assert (groups.values, groups.cells, groups.unknown) == (("carers",), ((Cell(3, 2),),), (1,))
    assert needs.values == ("dyslexia", "screen reader")
    assert (needs.cells, needs.unknown) == (((Cell(2, 1), Cell(2, 1)),), (2,))
    opened = list_highlights(session, maya, where=[said_by_people_with(session, maya, "group", "carers")])
    assert len(opened) == 3


def test_quotes_of_which_nobody_noted_the_speaker_stand_beside_people_who_said_nothing(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    find_or_add_participant(session, actor=maya, study_id=study.id, code="P1", group="carers")
    make_highlight(session, actor=maya, tags=["fear"])

    report = tags_by_attribute(
        coded_passages(session, maya), people_heard(session, maya), list_tags(session, maya), "group"
    )

    assert (report.values, report.heard, report.cells, report.unknown) == (("carers",), (1,), ((Cell(0, 0),),), (1,))


def test_the_only_participant_of_a_session_is_taken_to_have_said_it(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    alone = make_session(session, actor=maya, study=study, participants=["P1"])
    pair = make_session(session, actor=maya, study=study, participants=["P1", "P2"])
    said = make_highlight(session, actor=maya, research_session=alone, tags=["fear"])
    make_highlight(session, actor=maya, research_session=pair, tags=["fear"])

    speakers = {passage.id: passage.participant_id for passage in coded_passages(session, maya)}

    assert [number for number, speaker in speakers.items() if speaker is not None] == [said.id]


def test_every_cell_is_as_large_as_the_list_that_it_opens(session: Session) -> None:
    maya = make_member(session)
    for held in (make_session(session, actor=maya), make_session(session, actor=maya)):
        for words, tags in (
            ("I saw positive and I stopped", ["fear", "result"]),
            ("stopped reading", ["effort"]),
            ("I rang my sister", ["help", "fear"]),
            ("my sister before I’d got", ["fear"]),
            ("Then I can breathe", ["effort"]),
        ):
            make_highlight(session, actor=maya, research_session=held, words=words, tags=tags)
    tags_there = list_tags(session, maya)

    for overlapping in (False, True):
        report = co_occurrence(coded_passages(session, maya), tags_there, overlapping=overlapping)

        assert _sizes_of_lists(session, maya, report) == report.counts


def test_dropped_quotes_and_hidden_studies_are_in_no_cell(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    make_highlight(
        session, actor=maya, research_session=make_session(session, actor=maya, study=study), tags=["minister"]
    )
    dropped = make_highlight(session, actor=maya, tags=["fear"])
    set_highlight_dropped(session, actor=maya, highlight=dropped, dropped=True)
    set_study_access(session, actor=maya, study=study, restricted=True, named=[maya])
    find_or_add_participant(session, actor=maya, study_id=study.id, code="P1", group="ministers")
    stranger = make_member(session)

    assert coded_passages(session, stranger) == []
    assert people_heard(session, stranger) == []
    assert len(coded_passages(session, maya)) == 1


def _sizes_of_lists(session: Session, member: Member, report: CoOccurrence) -> tuple[tuple[int, ...], ...]:
    def size(one: TagRow, other: TagRow) -> int:
        ids = [one.id] if one.id == other.id else [one.id, other.id]
        where = carrying(ids, overlapping=report.overlapping)
        return len(list_highlights(session, member, where=where, limit=None))

    return tuple(tuple(size(one, other) for other in report.tags) for one in report.tags)
