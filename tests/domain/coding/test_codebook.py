"""The codebook: whose it is, what a typed tag gives, what an act leaves behind, and when it may be undone."""

from __future__ import annotations

import pytest
from factories import make_highlight, make_member, make_session, make_study, make_team
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.coding.codebook.merging import merge_tags, split_tag
from insights.coding.codebook.queries import codebook_of, get_latest_act, list_acts, read_tag
from insights.coding.codebook.shaping import (
    define_tag,
    edit_tag,
    move_tag,
    promote_tag,
    rename_tag,
    reorder_tag,
    retire_tag,
    revive_tag,
)
from insights.coding.codebook.undoing import undo_act
from insights.coding.models import CodingAct, Highlight, Tag, TagStatus
from insights.coding.operations import find_or_add_tag
from insights.coding.queries import highlights_by_ids, list_tags, tag_names, tags_to_offer
from insights.core.activity import ActivityEntry
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleRecord
from insights.people.models import Member

TEXTS = {"definition": "People fear the result.", "use_when": "", "do_not_use_when": "", "example": ""}


@pytest.fixture
def maya(session: Session) -> Member:
    return make_member(session, name="Maya")


def tagged(session: Session, actor: Member, *tags: str, study: Study | None = None) -> Highlight:
    held = make_session(session, actor=actor, study=study or make_study(session, actor=actor))
    return make_highlight(session, actor=actor, research_session=held, tags=list(tags))


def tag_at(session: Session, path: str) -> Tag:
    return session.scalars(select(Tag).where(Tag.folded_path == path)).one()


def tags_of(session: Session, member: Member, highlight: Highlight) -> tuple[str, ...]:
    return highlights_by_ids(session, member, [highlight.id])[0].tags


def seen(session: Session, member: Member) -> dict[str, int]:
    return {row.path: row.highlights for row in list_tags(session, member)}


def latest(session: Session, member: Member) -> CodingAct:
    act = get_latest_act(session, member)
    assert act is not None
    return act


def test_a_quote_counts_once_for_the_tags_above_it(session: Session, maya: Member) -> None:
    tagged(session, maya, "trust", "trust/links", "trust/sender")

    rows = {row.path: (row.highlights, row.highlights_within) for row in list_tags(session, maya)}

    assert rows == {"trust": (1, 1), "trust/links": (1, 1), "trust/sender": (1, 1)}


def test_a_new_tag_of_an_open_study_is_the_organisations(session: Session, maya: Member) -> None:
    tagged(session, maya, "fear")

    assert tag_at(session, "fear").study_id is None


def test_a_restricted_study_adds_its_words_within_the_organisations_tags(session: Session, maya: Member) -> None:
    tagged(session, maya, "trust")
    study = make_study(session, actor=maya, restricted=True)
    tagged(session, maya, "trust/the minister", study=study)

    own = tag_at(session, "trust/the minister")

    assert own.study_id == study.id
    assert own.parent_id == tag_at(session, "trust").id
    assert [row.path for row in codebook_of(session, maya, study_id=study.id)] == ["trust", "trust/the minister"]
    assert [row.path for row in codebook_of(session, maya)] == ["trust"]


def test_the_words_of_a_hidden_study_are_nowhere(session: Session, maya: Member) -> None:
    tagged(session, maya, "trust")
    study = make_study(session, actor=maya, restricted=True)
    tagged(session, maya, "trust/the minister", study=study)
    stranger, other = make_member(session), make_study(session)

    assert seen(session, stranger) == {"trust": 1}
    assert tag_names(session, stranger, study_id=other.id) == ["trust"]
    assert [tag.path for tag in tags_to_offer(session, stranger, other.id)] == ["trust"]
    with pytest.raises(NotFound):
        read_tag(session, stranger, tag_at(session, "trust/the minister").ref)


def test_one_study_does_not_offer_the_own_tags_of_another(session: Session, maya: Member) -> None:
    study = make_study(session, actor=maya, restricted=True)
    tagged(session, maya, "the minister", study=study)
    other = make_study(session, actor=maya)

    assert tag_names(session, maya, study_id=other.id) == []
    assert tag_names(session, maya, study_id=study.id) == ["the minister"]


def test_a_tag_that_only_a_hidden_study_used_stays_hidden_when_it_is_merged_away(
    session: Session, maya: Member
) -> None:
    study = make_study(session, actor=maya)
    tagged(session, maya, "the minister", study=study)
    tagged(session, maya, "officials")
    set_study_access(session, actor=maya, study=study, restricted=True, named=[maya])
    merge_tags(session, actor=maya, tag=tag_at(session, "the minister"), into=tag_at(session, "officials"))

    assert seen(session, make_member(session)) == {"officials": 1}
    assert seen(session, maya) == {"officials": 2, "the minister": 0}


def test_a_tag_within_a_hidden_one_is_hidden_although_nobody_uses_it(session: Session, maya: Member) -> None:
    study = make_study(session, actor=maya)
    tagged(session, maya, "the minister", study=study)
    define_tag(session, actor=maya, name="speech", parent=tag_at(session, "the minister"))
    set_study_access(session, actor=maya, study=study, restricted=True, named=[maya])

    assert seen(session, make_member(session)) == {}


def test_a_synonym_leads_to_no_tag_that_is_hidden_from_whoever_types_it(session: Session, maya: Member) -> None:
    study = make_study(session, actor=maya)
    tagged(session, maya, "the minister", study=study)
    hidden = tag_at(session, "the minister")
    edit_tag(session, actor=maya, tag=hidden, texts={}, synonyms=["boss"])
    set_study_access(session, actor=maya, study=study, restricted=True, named=[maya])
    stranger = make_member(session)

    typed = find_or_add_tag(session, actor=stranger, path="boss")

    assert typed is not hidden
    assert find_or_add_tag(session, actor=maya, path="boss") is typed


def test_typing_a_merged_tag_gives_where_it_went_through_every_merger(session: Session, maya: Member) -> None:
    tagged(session, maya, "worry", "fear", "dread")
    merge_tags(session, actor=maya, tag=tag_at(session, "worry"), into=tag_at(session, "fear"))
    merge_tags(session, actor=maya, tag=tag_at(session, "fear"), into=tag_at(session, "dread"))

    assert find_or_add_tag(session, actor=maya, path="Worry").path == "dread"
    assert find_or_add_tag(session, actor=maya, path="worry/at night").path == "dread/at night"


def test_a_quote_that_carried_both_carries_the_merged_tag_once(session: Session, maya: Member) -> None:
    both, one = tagged(session, maya, "worry", "fear"), tagged(session, maya, "worry")

    merge_tags(session, actor=maya, tag=tag_at(session, "worry"), into=tag_at(session, "fear"))

    assert tags_of(session, maya, both) == ("fear",)
    assert tags_of(session, maya, one) == ("fear",)


def test_after_a_merger_the_old_name_may_be_taken_and_both_words_lead_to_one_tag(
    session: Session, maya: Member
) -> None:
    tagged(session, maya, "worry", "fear")
    fear = tag_at(session, "fear")
    merge_tags(session, actor=maya, tag=tag_at(session, "worry"), into=fear)

    rename_tag(session, actor=maya, tag=fear, name="worry", keep_old_name=False)

    assert find_or_add_tag(session, actor=maya, path="worry") is fear
    assert find_or_add_tag(session, actor=maya, path="fear") is fear


def test_an_organisations_tag_never_goes_into_a_studys(session: Session, maya: Member) -> None:
    tagged(session, maya, "trust")
    tagged(session, maya, "the minister", study=make_study(session, actor=maya, restricted=True))
    trust, own = tag_at(session, "trust"), tag_at(session, "the minister")

    with pytest.raises(InvalidInput):
        merge_tags(session, actor=maya, tag=trust, into=own)
    with pytest.raises(InvalidInput):
        move_tag(session, actor=maya, tag=trust, parent=own)


def test_a_retired_tag_takes_no_quotes_in(session: Session, maya: Member) -> None:
    tagged(session, maya, "worry", "fear")
    retire_tag(session, actor=maya, tag=tag_at(session, "fear"))

    with pytest.raises(RuleBroken, match="retired"):
        merge_tags(session, actor=maya, tag=tag_at(session, "worry"), into=tag_at(session, "fear"))
    assert "fear" not in tag_names(session, maya)


def test_promoting_brings_the_tags_above_along_and_leaves_those_within(session: Session, maya: Member) -> None:
    study = make_study(session, actor=maya, restricted=True)
    tagged(session, maya, "letters/envelope/colour", study=study)

    promote_tag(session, actor=maya, tag=tag_at(session, "letters/envelope"))

    assert [tag_at(session, path).study_id for path in ("letters", "letters/envelope", "letters/envelope/colour")] == [
        None,
        None,
        study.id,
    ]


def test_promoting_asks_before_two_tags_of_one_path_become_one(session: Session, maya: Member) -> None:
    study = make_study(session, actor=maya, restricted=True)
    quote = tagged(session, maya, "letters", study=study)
    own = tag_at(session, "letters")
    shared = define_tag(session, actor=maya, name="Letters")

    with pytest.raises(RuleBroken, match="Merge"):
        promote_tag(session, actor=maya, tag=own)
    promote_tag(session, actor=maya, tag=own, merge=True)

    assert own.redirect_to_id == shared.id
    assert tags_of(session, maya, quote) == ("Letters",)


def test_a_studys_codebook_is_changed_by_its_own_area_alone(session: Session, maya: Member) -> None:
    study = make_study(session, actor=maya, restricted=True)
    tagged(session, maya, "letters", study=study)
    other = make_member(session, team=make_team(session))

    with pytest.raises(NotAllowed):
        rename_tag(session, actor=other, tag=tag_at(session, "letters"), name="post")


@pytest.mark.parametrize("name", ["", "a/b", "a, b", "x" * 121])
def test_a_name_that_cannot_be_typed_as_one_tag_is_refused(session: Session, maya: Member, name: str) -> None:
    tagged(session, maya, "fear")

    with pytest.raises(InvalidInput):
        rename_tag(session, actor=maya, tag=tag_at(session, "fear"), name=name)


def test_a_path_is_taken_whatever_the_case(session: Session, maya: Member) -> None:
    tagged(session, maya, "fear", "worry")

    with pytest.raises(InvalidInput, match="in use"):
        rename_tag(session, actor=maya, tag=tag_at(session, "worry"), name="FEAR")
    with pytest.raises(InvalidInput, match="already"):
        define_tag(session, actor=maya, name="Fear")


def test_tags_lie_no_deeper_than_a_page_can_show(session: Session, maya: Member) -> None:
    with pytest.raises(InvalidInput, match="20 deep"):
        find_or_add_tag(session, actor=maya, path="/".join("a" * 30))


def test_neighbours_keep_the_order_that_they_were_given_and_new_ones_come_last(session: Session, maya: Member) -> None:
    tagged(session, maya, "alpha", "beta", "gamma")
    reorder_tag(session, actor=maya, tag=tag_at(session, "gamma"), before=tag_at(session, "alpha"))
    tagged(session, maya, "aardvark")

    assert list(seen(session, maya)) == ["gamma", "alpha", "beta", "aardvark"]


def test_two_who_describe_a_tag_at_once_lose_neither_text(session: Session, maya: Member) -> None:
    tagged(session, maya, "fear")
    tag = tag_at(session, "fear")
    opened = tag.row_version
    edit_tag(session, actor=maya, tag=tag, texts=TEXTS, synonyms=[], row_version=opened)

    with pytest.raises(StaleRecord) as refused:
        edit_tag(session, actor=maya, tag=tag, texts=TEXTS | {"definition": "Mine."}, synonyms=[], row_version=opened)

    assert refused.value.theirs["definition"] == "People fear the result."
    assert refused.value.mine["definition"] == "Mine."


def test_an_act_is_not_undone_over_what_somebody_changed_since(session: Session, maya: Member) -> None:
    tagged(session, maya, "fear")
    tag = tag_at(session, "fear")
    rename_tag(session, actor=maya, tag=tag, name="worry")
    act = latest(session, maya)
    rename_tag(session, actor=make_member(session), tag=tag, name="dread")

    with pytest.raises(RuleBroken, match="changed since"):
        undo_act(session, actor=maya, act=act)
    assert tag.path == "dread"


def test_a_merger_waits_to_be_undone_until_its_quotes_carry_again_what_it_gave_them(
    session: Session, maya: Member
) -> None:
    quote = tagged(session, maya, "worry")
    tagged(session, maya, "fear")
    merge_tags(session, actor=maya, tag=tag_at(session, "worry"), into=tag_at(session, "fear"))
    merger = latest(session, maya)
    split_tag(session, actor=maya, tag=tag_at(session, "fear"), parts={"one": [quote.id], "two": []})

    with pytest.raises(RuleBroken, match="tagged anew"):
        undo_act(session, actor=maya, act=merger)
    undo_act(session, actor=maya, act=latest(session, maya))
    undo_act(session, actor=maya, act=merger)

    assert seen(session, maya) == {"fear": 1, "worry": 1}


def test_undoing_a_revival_makes_no_ring_of_mergers(session: Session, maya: Member) -> None:
    tagged(session, maya, "worry", "fear")
    worry, fear = tag_at(session, "worry"), tag_at(session, "fear")
    merge_tags(session, actor=maya, tag=worry, into=fear)
    revive_tag(session, actor=maya, tag=worry)
    act = latest(session, maya)
    merge_tags(session, actor=maya, tag=fear, into=worry)

    with pytest.raises(RuleBroken, match="ring"), session.begin_nested():
        undo_act(session, actor=maya, act=act)
    session.expire_all()
    assert (worry.status, fear.redirect_to_id) == (TagStatus.ACTIVE, worry.id)


def test_a_new_tag_is_not_undone_once_it_is_in_use(session: Session, maya: Member) -> None:
    define_tag(session, actor=maya, name="fear")
    act = latest(session, maya)
    tagged(session, maya, "fear")

    with pytest.raises(RuleBroken, match="came into use"):
        undo_act(session, actor=maya, act=act)


def test_undoing_a_new_tag_takes_it_away_and_is_recorded(session: Session, maya: Member) -> None:
    ref = define_tag(session, actor=maya, name="fear").ref

    undo_act(session, actor=maya, act=latest(session, maya))

    assert seen(session, maya) == {}
    entry = session.scalars(select(ActivityEntry).where(ActivityEntry.verb == "undid")).one()
    assert (entry.subject_ref, entry.actor_id) == (ref, maya.id)
    with pytest.raises(RuleBroken, match="already"):
        undo_act(session, actor=maya, act=latest(session, maya))


def test_nobody_undoes_or_reads_the_acts_of_another(session: Session, maya: Member) -> None:
    tagged(session, maya, "fear")
    retire_tag(session, actor=maya, tag=tag_at(session, "fear"))
    other = make_member(session)

    assert list_acts(session, other) == []
    with pytest.raises(NotFound):
        undo_act(session, actor=other, act=latest(session, maya))


def test_acts_on_a_study_that_became_hidden_are_told_no_longer(session: Session, maya: Member) -> None:
    lead = make_member(session)
    study = make_study(session, actor=lead)
    tagged(session, maya, "the minister", study=study)
    retire_tag(session, actor=maya, tag=tag_at(session, "the minister"))
    set_study_access(session, actor=lead, study=study, restricted=True, named=[lead])

    assert list_acts(session, maya) == []
