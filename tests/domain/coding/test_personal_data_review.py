"""A text is looked through: what is found is masked, called otherwise or justified, and highlights keep their place."""

from __future__ import annotations

import pytest
from factories import make_highlight, make_member, make_session, make_study, make_team, source_of, text_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import PersonalDataReview, ResearchSession, SourceText, Study, TextVersion
from insights.coding.carrying import edit_source_text
from insights.coding.models import Choice, PersonalDataChoice
from insights.coding.personal_data.review import (
    Finding,
    findings_of_text,
    mark_reviewed,
    mask_all_open,
    settle_value,
    take_review_back,
    undo_choice,
)
from insights.coding.replacing import Replacement, replace_passages, reverse_of
from insights.core.activity import ActivityEntry
from insights.core.errors import NotAllowed, RuleBroken, StaleRecord
from insights.people.models import Member

NOTES = (
    "I rang 020 7946 0018 twice. My daughter Emily helped me.\n\n"
    "Emily said: write to emily@example.org. So my daughter Emily did, and rang 020 7946 0018."
)


def heard(session: Session, notes: str = NOTES, study: Study | None = None) -> tuple[Member, SourceText, Study]:
    actor = make_member(session)
    study = study or make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study, notes=notes, reviewed=False)
    return actor, source_of(session, held), study


def found(session: Session, source: SourceText, text: str) -> Finding:
    return next(each for each in findings_of_text(session, source) if each.text == text)


def settle(  # noqa: PLR0917 - what, where, by whom
    session: Session, actor: Member, source: SourceText, study: Study, value: str, choice: Choice, **values: object
) -> PersonalDataChoice:
    version = session.get_one(TextVersion, source.current_version_id)
    return settle_value(
        session,
        actor=actor,
        source=source,
        study=study,
        key=found(session, source, value).key,
        choice=choice,
        version_number=version.number,
        **values,  # type: ignore[arg-type]  # reason and starts
    )


def test_one_value_is_listed_once_with_all_its_places(session: Session) -> None:
    _actor, source, _study = heard(session)

    assert [(each.text, len(each.hits)) for each in findings_of_text(session, source)] == [
        ("020 7946 0018", 2),
        ("Emily", 3),
        ("emily@example.org", 1),
    ]


def test_masking_makes_a_new_version_and_highlights_keep_their_places(session: Session) -> None:
    actor, source, study = heard(session)
    held = source.research_session_id
    whole = make_highlight(
        session, actor=actor, research_session=_session(session, held), words="I rang 020 7946 0018 twice."
    )
    behind = make_highlight(session, actor=actor, research_session=_session(session, held), words="So my daughter")
    inside = make_highlight(session, actor=actor, research_session=_session(session, held), words="7946")

    settle(session, actor, source, study, "020 7946 0018", Choice.MASKED)

    text = text_of(session, source)
    assert text.count("[telephone number removed]") == 2
    assert "7946" not in text
    assert whole.exact == "I rang [telephone number removed] twice."
    assert behind.exact == "So my daughter"
    assert inside.exact == "[telephone number removed]"
    for each in (whole, behind, inside):
        assert each.text_version_id == source.current_version_id
        assert text[each.start : each.end] == each.exact
    first = session.scalars(select(TextVersion).where(TextVersion.source_text_id == source.id, TextVersion.number == 1))
    assert first.one().text == NOTES


def test_only_the_ticked_places_are_masked(session: Session) -> None:
    actor, source, study = heard(session)
    second = found(session, source, "020 7946 0018").hits[1]

    settle(session, actor, source, study, "020 7946 0018", Choice.MASKED, starts=[second.start])

    assert text_of(session, source).startswith("I rang 020 7946 0018 twice.")
    assert text_of(session, source).endswith("rang [telephone number removed].")


def test_the_same_name_has_the_same_pseudonym_in_every_text_of_a_study_and_another_elsewhere(session: Session) -> None:
    actor, first, study = heard(session)
    _actor, second, _study = heard(session, "Her sister Ada came. Her friend EMILY did not.", study)
    _other, elsewhere, other_study = heard(session, "His son Emily came.")

    settle(session, actor, first, study, "Emily", Choice.PSEUDONYMISED)
    settle(session, actor, second, study, "Ada", Choice.PSEUDONYMISED)

    assert text_of(session, first).count("[person 1]") == 3
    assert "Her sister [person 2] came." in text_of(session, second)
    assert found(session, elsewhere, "Emily").key != found(session, first, "020 7946 0018").key
    settle(session, _other, elsewhere, other_study, "Emily", Choice.PSEUDONYMISED)
    assert text_of(session, elsewhere) == "His son [person 1] came."


def test_no_value_stands_in_the_decisions_or_in_the_record_of_changes(session: Session) -> None:
    actor, source, study = heard(session)

    settle(session, actor, source, study, "Emily", Choice.PSEUDONYMISED)
    settle(session, actor, source, study, "emily@example.org", Choice.MASKED)

    kept = [
        [getattr(each, column.key) for column in PersonalDataChoice.__table__.columns]
        for each in session.scalars(select(PersonalDataChoice))
    ]
    told = [(each.verb, each.detail) for each in session.scalars(select(ActivityEntry))]
    assert "emily" not in repr((kept, told)).casefold()


def test_undoing_brings_back_the_words_and_the_text_waits_again(session: Session) -> None:
    actor, source, study = heard(session)
    highlight = make_highlight(
        session,
        actor=actor,
        research_session=_session(session, source.research_session_id),
        words="rang 020 7946 0018.",
    )
    masked = mask_all_open(session, actor=actor, source=source, study=study, version_number=1)
    mark_reviewed(session, actor=actor, source=source, study=study, version_number=2)

    undo_choice(session, actor=actor, source=source, study=study, choice_id=masked[0].id)

    assert text_of(session, source) == NOTES
    assert highlight.exact == "rang 020 7946 0018."
    assert source.personal_data_review is PersonalDataReview.NOT_REVIEWED


def test_what_was_edited_since_is_not_overwritten_by_an_undo(session: Session) -> None:
    actor, source, study = heard(session)
    masked = mask_all_open(session, actor=actor, source=source, study=study, version_number=1)
    edit_source_text(session, actor=actor, source=source, study=study, text="Something else.", version_number=2)

    with pytest.raises(RuleBroken, match="changed since"):
        undo_choice(session, actor=actor, source=source, study=study, choice_id=masked[0].id)

    assert text_of(session, source) == "Something else."


def test_a_text_is_reviewed_once_everything_in_it_is_decided(session: Session) -> None:
    actor, source, study = heard(session)

    with pytest.raises(RuleBroken, match="a telephone number"):
        mark_reviewed(session, actor=actor, source=source, study=study, version_number=1)
    settle(session, actor, source, study, "020 7946 0018", Choice.JUSTIFIED, reason="The council’s own line")
    mask_all_open(session, actor=actor, source=source, study=study, version_number=1)
    mark_reviewed(session, actor=actor, source=source, study=study, version_number=2)

    assert source.personal_data_review is PersonalDataReview.REVIEWED
    assert source.personal_data_reviewed_by_id == actor.id
    take_review_back(session, actor=actor, source=source, study=study)
    assert source.personal_data_review is PersonalDataReview.NOT_REVIEWED


def test_an_edit_that_brings_in_something_new_takes_the_review_back_and_a_slip_put_right_does_not(
    session: Session,
) -> None:
    actor, source, study = heard(session, "She waited for a letter.")
    mark_reviewed(session, actor=actor, source=source, study=study, version_number=1)

    edit_source_text(
        session, actor=actor, source=source, study=study, text="She waited for the letter.", version_number=1
    )
    assert source.personal_data_review is PersonalDataReview.REVIEWED
    edit_source_text(session, actor=actor, source=source, study=study, text="She rang 020 7946 0018.", version_number=2)

    assert source.personal_data_review is PersonalDataReview.NOT_REVIEWED


def test_nobody_outside_the_study_looks_it_through_and_nobody_decides_on_an_older_text(session: Session) -> None:
    actor, source, study = heard(session)
    stranger = make_member(session, team=make_team(session))

    with pytest.raises(NotAllowed):
        mask_all_open(session, actor=stranger, source=source, study=study, version_number=1)
    with pytest.raises(StaleRecord):
        mask_all_open(session, actor=actor, source=source, study=study, version_number=7)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    text=st.text(alphabet="abc defg 😀é", min_size=8, max_size=60).filter(
        lambda text: text.strip() == text and "  " not in text
    ),
    cuts=st.lists(st.integers(0, 60), min_size=2, max_size=6),
    place=st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_replacing_and_replacing_back_gives_the_text_and_the_highlight_as_they_were(
    session: Session, text: str, cuts: list[int], place: tuple[int, int]
) -> None:
    actor, source, study = heard(session, text)
    start, end = sorted(each % (len(text) + 1) for each in place)
    edges = sorted({each % (len(text) + 1) for each in cuts})
    spans = [Replacement(one, other, "[x]") for one, other in zip(edges[::2], edges[1::2], strict=False)]
    if start == end or not text[start:end].strip() or not spans:
        return
    words = text[start:end]
    highlight = make_highlight(
        session, actor=actor, research_session=_session(session, source.research_session_id), words=words.strip()
    )
    before = (highlight.start, highlight.end, highlight.exact)

    replace_passages(session, actor=actor, source=source, study=study, replacements=spans, verb="masked")
    assert text_of(session, source)[highlight.start : highlight.end] == highlight.exact
    covers = any(span.start < before[1] and before[0] < span.end for span in spans)
    replace_passages(
        session, actor=actor, source=source, study=study, replacements=reverse_of(spans, text), verb="back"
    )

    assert text_of(session, source) == text
    if not covers:
        assert (highlight.start, highlight.end, highlight.exact) == before


def _session(session: Session, held: int | None) -> ResearchSession:
    return session.get_one(ResearchSession, held)
