"""The demonstration story: it is consistent, its quotes were said, and every page has something true to show."""

import hashlib
import re
import shutil
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from insights.core.access import Role
from insights.core.text import make_anchor
from insights.decisions.models import Basis, Contribution, DecisionStatus, DeliveryState, ImpactKind, LinkType, Verdict
from insights.synthesis.freshness import FreshnessState, assess_freshness
from insights.synthesis.models import ContradictionStatus, InsightStatus, InsightType, Relation
from research_hub.demo.reading import StoryError
from research_hub.demo.records import Decision, DecisionLink, Insight, Story
from research_hub.demo.story import DEMO_FOLDER, load_story, origin_note

SOURCES = DEMO_FOLDER / "sources"
SHARED_DATA = Path(__file__).parents[2].parent / "shared" / "data"
TODAY = date(2026, 1, 15)
EVIDENCE_TYPES = {LinkType.CHANGED, LinkType.INFORMED, LinkType.CONFIRMED}
LISTED = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def story() -> Story:
    return load_story()


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A copy of the story that a test may spoil."""
    shutil.copytree(DEMO_FOLDER / "chapters", tmp_path / "chapters")
    shutil.copytree(SOURCES, tmp_path / "sources")
    return tmp_path


# What was said


def test_every_highlight_stands_word_for_word_in_its_source_file(story: Story) -> None:
    files = {session.key: session.source for session in story.sessions}

    for highlight in story.highlights:
        raw = (SOURCES / files[highlight.session]).read_bytes().decode("utf-8")
        text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))
        assert text.count(highlight.exact) == 1, highlight.key


def test_every_highlight_can_be_held_as_a_passage_as_it_is_written(story: Story) -> None:
    for highlight in story.highlights:
        text = story.texts[highlight.session]
        start = text.index(highlight.exact)

        anchor = make_anchor(text, start, start + len(highlight.exact))

        assert anchor.exact == highlight.exact, highlight.key


def test_every_quotation_in_a_rationale_or_a_body_was_said(story: Story) -> None:
    """Quotation marks around six words or more promise that somebody said them."""
    said = "\n".join(story.texts.values()).replace("’", "'").casefold()
    texts = [insight.body for insight in story.insights]
    texts += [link.rationale for decision in story.decisions for link in decision.links]

    quotes = [quote for text in texts for quote in re.findall(r"“([^”]+)”", text) if len(quote.split()) > 5]

    assert quotes
    for quote in quotes:
        assert quote.replace("’", "'").casefold() in said, quote


def test_a_cut_note_holds_nothing_but_paragraphs_of_its_source(story: Story) -> None:
    notes = [session for session in story.sessions if session.cut_from]

    assert len(notes) >= 6
    for note in notes:
        assert note.cut_from is not None
        whole = (SOURCES / note.cut_from).read_text(encoding="utf-8")
        for paragraph in (SOURCES / note.source).read_text(encoding="utf-8").strip("\n").split("\n\n"):
            assert paragraph in whole, note.key


def test_what_was_typed_live_stands_in_the_source_that_the_log_names(story: Story) -> None:
    (log,) = [log for log in story.logs if log.lines]
    assert log.cut_from is not None
    whole = (SOURCES / log.cut_from).read_text(encoding="utf-8")

    for line in log.lines:
        words = re.sub(r"""(?:^| )(?:@[\w-]+|#"[^"]+"|#[\w/]+|!+|[+-](?=$))""", "", line.text)
        assert words in whole, line.text


def test_every_source_has_its_origin_and_is_unchanged() -> None:
    listed = {name: digest for name, _, digest in LISTED.findall(_licences())}

    found = {
        file.relative_to(SOURCES).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in SOURCES.rglob("*")
        if file.is_file()
    }

    assert found == listed


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the data sets do not lie beside this checkout")
def test_the_sources_are_the_data_sets_files_byte_for_byte() -> None:
    rows = [row for row in LISTED.findall(_licences()) if not row[0].startswith("notes/")]

    assert len(rows) >= 35
    for name, original, _ in rows:
        assert (SOURCES / name).read_bytes() == (SHARED_DATA / name.split("/")[0] / original).read_bytes(), name


def test_the_licence_notices_name_every_set_and_say_what_is_illustration() -> None:
    licences = _licences()

    for words in (
        "Permission is hereby granted, free of charge",
        "Copyright (c) 2021 X-GOVUK",
        "Crown Copyright (Government Digital Service)",
        "CC0 1.0 Universal public domain dedication",
        "NHSDigital/prevention-services-design-history",
        "raft-tech/TANF-app",
        "DOI-ONRR/doi-extractives-data",
        "HHS/simpler-grants-gov",
        "cisagov/manage.get.gov",
        "nobody took them in this form",
    ):
        assert words in licences, words


def test_nobody_real_can_be_reached_from_the_demonstration(story: Story) -> None:
    texts = [*story.texts.values()]
    texts += [file.read_text(encoding="utf-8") for file in (DEMO_FOLDER / "chapters").glob("*.yaml")]

    for text in texts:
        addresses = re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]+", text)
        assert all(address.endswith("@example.org") for address in addresses), addresses
        # 07700 900000 to 900999 are kept free for films, and nobody has them.
        assert not re.search(r"\b0(?!7700 900)\d{4}[ -]?\d{6}\b|\(\d{3}\) ?\d{3}-\d{4}", text)


def test_a_reader_is_told_what_is_real_about_a_decision(story: Story) -> None:
    notes = {decision.key: origin_note(decision) for decision in story.decisions}

    assert notes["dec_htmx"].endswith("cisa-get-gov: 0031-adopt-htmx-and-alpine-for-dynamic-content.md")
    assert "nobody decided it in this form" in notes["dec_unavailable"]


# What every page and report needs


def test_the_story_is_as_large_as_a_team_of_eighteen_months(story: Story) -> None:
    assert 10 <= len(story.studies) <= 14
    assert len(story.sessions) >= 35
    assert len(story.highlights) >= 70
    assert len(story.insights) >= 28
    assert len(story.recommendations) >= 10
    assert len(story.decisions) >= 22
    assert len(story.impact) >= 6


def test_something_is_decided_and_something_published_in_every_quarter(story: Story) -> None:
    decided = [decision.decided_day for decision in story.decisions if decision.decided_day is not None]
    published = [insight.published_day for insight in story.insights if insight.published_day is not None]

    for start in range(-545, -5, 90):
        assert any(start <= day < start + 90 for day in decided), start
        assert any(start <= day < start + 90 for day in published), start


def test_every_role_has_a_login_with_an_address_at_example_org(story: Story) -> None:
    logins = {member.key: member.role for member in story.members}

    assert logins["researcher"] is Role.RESEARCHER
    assert logins["designer"] is Role.CONTRIBUTOR
    assert logins["leader"] is Role.APPROVER
    assert logins["administrator"] is Role.ADMINISTRATOR
    assert set(logins.values()) == set(Role)


def test_one_study_is_restricted_and_its_finding_is_cited_nowhere(story: Story) -> None:
    restricted = [study for study in story.studies if study.sensitivity == "restricted"]
    (insight,) = [one for one in story.insights if one.key == "schools_protected"]

    assert [study.named_members for study in restricted] == [("researcher", "reviewer", "data_protection")]
    assert insight.status is InsightStatus.PUBLISHED
    assert insight.key not in {link.insight for link in _links(story)}


def test_a_pseudonym_belongs_to_one_study_alone(story: Story) -> None:
    studies = {participant.code: participant.study for participant in story.participants}

    for session in story.sessions:
        assert {studies[code] for code in session.participants} <= {session.study}


def test_people_who_are_often_left_out_are_heard(story: Story) -> None:
    needs = {participant.access_need for participant in story.participants}

    assert needs >= {"vision", "hearing", "dyslexia", "neurodivergent", "physical", "language"}
    assert sum(participant.digital_confidence == "low" for participant in story.participants) >= 5


@pytest.mark.parametrize(("youngest", "oldest"), [(0, 30), (31, 90), (91, 180), (181, 545)])
def test_the_shelf_has_something_of_every_age(story: Story, youngest: int, oldest: int) -> None:
    ages = [-insight.published_day for insight in _shelf(story) if insight.published_day is not None]

    assert any(youngest <= age <= oldest for age in ages)


def test_the_shelf_holds_about_ten_of_which_one_was_parked_too_long(story: Story) -> None:
    shelf = _shelf(story)

    assert 8 <= len(shelf) <= 12
    assert [insight.key for insight in shelf if insight.parked] == ["family_two_places"]


def test_three_insights_are_parked_and_two_closed_with_a_reason(story: Story) -> None:
    parked = [insight for insight in story.insights if insight.parked]
    closed = [insight for insight in story.insights if insight.no_action]

    assert len(parked) == 3
    assert len(closed) == 2
    assert all(insight.no_action and insight.no_action.reason for insight in closed)


def test_every_state_of_an_insight_occurs(story: Story) -> None:
    states = {insight.status for insight in story.insights}

    assert states == set(InsightStatus) - {InsightStatus.CHALLENGED}


def test_every_relation_of_evidence_occurs(story: Story) -> None:
    relations = {evidence.relation for insight in story.insights for evidence in insight.evidence}

    assert relations == set(Relation)


def test_some_insights_are_stale_and_decisions_in_force_rest_on_them(story: Story) -> None:
    stale = {insight.key for insight in story.insights if _freshness(story, insight) is FreshnessState.STALE}
    resting = {
        decision.key
        for decision in story.decisions
        if decision.status is DecisionStatus.ACCEPTED
        and (cited := {link.insight for link in decision.links if link.type in EVIDENCE_TYPES})
        and cited <= stale
    }

    assert len(stale) >= 3
    assert {"dec_full_page_sync", "dec_error_words"} <= resting


def test_one_contradiction_is_open_and_one_explained(story: Story) -> None:
    statuses = {contradiction.status for contradiction in story.contradictions}

    assert statuses == {ContradictionStatus.OPEN, ContradictionStatus.EXPLAINED}


@pytest.mark.parametrize("type_", list(LinkType))
def test_every_type_of_link_occurs(story: Story, type_: LinkType) -> None:
    assert any(link.type is type_ for link in _links(story))


def test_an_edited_claim_leaves_one_link_outdated_and_one_re_affirmed(story: Story) -> None:
    (insight,) = [one for one in story.insights if one.edits]
    links = {
        decision.key: link for decision in story.decisions for link in decision.links if link.insight == insight.key
    }
    edited = insight.edits[-1].day

    assert insight.current_claim == insight.edits[-1].claim != insight.claim
    assert links["dec_text_pair"].day < edited
    assert links["dec_text_pair"].reaffirmed_day is None
    assert (links["dec_personal"].reaffirmed_day or -545) > edited


def test_one_link_lost_its_insight_and_one_was_made_after_the_fact(story: Story) -> None:
    retired = {insight.key for insight in story.insights if insight.status is InsightStatus.RETIRED}

    unsupported = [link for link in _links(story) if link.insight in retired]
    retrospective = [
        link
        for decision in story.decisions
        for link in decision.links
        if decision.decided_day is not None and link.day > decision.decided_day + 14
    ]

    assert unsupported
    assert retrospective


def test_decisions_of_most_statuses_occur_and_one_chain_of_succession(story: Story) -> None:
    statuses = {decision.status for decision in story.decisions}
    by_key = {decision.key: decision for decision in story.decisions}

    assert statuses == set(DecisionStatus) - {DecisionStatus.DEPRECATED}
    assert by_key["dec_leaflets"].superseded_by == "dec_one_call"
    assert by_key["dec_ajax"].superseded_by == "dec_htmx"


def test_research_stopped_a_feature(story: Story) -> None:
    (rejected,) = [decision for decision in story.decisions if decision.status is DecisionStatus.REJECTED]

    assert [link.type for link in rejected.links] == [LinkType.CHANGED]


def test_at_least_three_kinds_of_basis_are_declared(story: Story) -> None:
    declared = {decision.basis for decision in story.decisions}

    assert declared >= {Basis.LAW_OR_POLICY, Basis.SECURITY, Basis.TECHNICAL_CONSTRAINT}


def test_decisions_show_every_state_of_delivery_and_what_was_before_and_after(story: Story) -> None:
    states = {decision.delivery_state for decision in story.decisions}
    changed = [decision for decision in story.decisions if decision.change]

    assert states == set(DeliveryState)
    assert len(changed) >= 20
    assert all(decision.change and decision.change.before != decision.change.after for decision in changed)


def test_most_decisions_rest_on_evidence_and_some_do_not(story: Story) -> None:
    accepted = [decision for decision in story.decisions if _was_accepted(decision)]

    backed = [one for one in accepted if any(link.type in EVIDENCE_TYPES for link in one.links)]

    changed = [one for one in backed if any(link.type is LinkType.CHANGED for link in one.links)]

    assert 0.6 <= len(backed) / len(accepted) <= 0.9
    assert 0.6 <= len(changed) / len(backed) <= 0.9


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_occurs(story: Story, verdict: Verdict) -> None:
    assert any(check.verdict is verdict for check in story.checks)


def test_some_checks_are_overdue_and_some_are_still_to_come(story: Story) -> None:
    waiting = [check.due_day for check in story.checks if check.verdict is None]

    assert sum(day < 0 for day in waiting) >= 2
    assert sum(day > 0 for day in waiting) >= 3


def test_some_decisions_say_why_they_cannot_be_measured(story: Story) -> None:
    assert any(decision.not_measurable_because for decision in story.decisions)


def test_what_went_worse_led_to_a_better_decision(story: Story) -> None:
    (worse,) = [check for check in story.checks if check.verdict is Verdict.WORSENED]
    (decision,) = [one for one in story.decisions if one.key == worse.decision]
    after = [check.verdict for check in story.checks if check.decision == decision.superseded_by]

    assert after == [Verdict.IMPROVED]


def test_leaders_answer_recommendations_in_every_way_and_leave_some_open(story: Story) -> None:
    answers = {one.response.kind if one.response else None for one in story.recommendations}

    assert answers == {"accepted", "declined", "deferred", None}


def test_every_level_of_contribution_is_attested(story: Story) -> None:
    assert {entry.contribution for entry in story.impact} == set(Contribution)


def test_work_that_was_avoided_is_told_of_and_one_entry_is_corrected(story: Story) -> None:
    (avoided,) = [entry.decision for entry in story.impact if entry.kind is ImpactKind.AVOIDED_WORK]
    rejected = [decision.key for decision in story.decisions if decision.status is DecisionStatus.REJECTED]

    assert avoided in rejected
    assert len({entry.kind for entry in story.impact}) >= 5
    assert [entry.corrects for entry in story.impact if entry.corrects] == ["imp_one_link"]


# What the loader says of a spoilt story


@pytest.mark.parametrize(
    ("chapter", "before", "after", "expected"),
    [
        (
            "coding.yaml",
            "This is unnecessary. Time wasting.",
            "This is needless. Time wasting.",
            "coding.yaml: highlights › hl_comment_wasting › exact: does not stand word for word",
        ),
        (
            "coding.yaml",
            "session: hpv_kit_by_ear",
            "session: hpv_kit",
            "“hpv_kit” is not a session of the story; correct the name or add it",
        ),
        ("people.yaml", "maya.osei@example.org", "maya.osei@example.com", "members › researcher › email"),
        ("people.yaml", "role: approver", "role: king", "people.yaml: members › leader › role: Input should be"),
        ("people.yaml", "name: Maya Osei, ", "", "people.yaml: members › researcher › name: is missing; add it"),
        (
            "people.yaml",
            "key: hpv, name:",
            "key: hpv, titel: x, name:",
            "people.yaml: services › hpv › titel: is not a field of this record",
        ),
        ("people.yaml", "key: booking, name", "key: hpv, name", "services › hpv: is used 2 times"),
        ("people.yaml", "key: hpv, name:", "key: hpv, name: x, name:", "“name” stands twice; keep one"),
        ("people.yaml", "teams:\n", "crews:\n", "people.yaml: the list “teams” is missing; add it"),
        ("studies.yaml", "study: hpv_invitation", "study: hpv_invite", "“hpv_invite” is not a study of the story"),
        (
            "studies.yaml",
            "source: notes/booking-comments",
            "source: notes/no-comments",
            "sessions › booking_comments › source: notes/no-comments-from-the-survey.md cannot be read",
        ),
        (
            "insights.yaml",
            "published_day: -59",
            "published_day: -30",
            "dec_unavailable › links › hpv_unavailable: the insight was not published on the day of the link",
        ),
        (
            "insights.yaml",
            "    reviewer: reviewer\n",
            "    reviewer: researcher\n",
            "insights › hpv_invite_personal: the reviewer is the author; name somebody else",
        ),
        (
            "insights.yaml",
            "hl_never_opt_out, relation: qualifies",
            "hl_never_opt_out, relation: contradicts",
            "insights › hpv_week › evidence: “hl_never_opt_out” contradicts and no contradiction names both",
        ),
        (
            "decisions.yaml",
            "superseded_by: dec_one_call",
            "superseded_by: dec_leaflets",
            "dec_leaflets: is superseded by “dec_leaflets”, which is not decided after it",
        ),
        (
            "decisions.yaml",
            "insight: booking_hang_up, type",
            "insight: schools_protected, type",
            "dec_telephone › links: “schools_protected” rests on a restricted study; remove the link",
        ),
        ("decisions.yaml", "live_day: -24\n", "live_day: -60\n", "went live before it was decided"),
        (
            "outcomes.yaml",
            "verdict: worsened",
            "verdict: improved",
            "check_leaflets: says improved and the last reading",
        ),
        (
            "field.yaml",
            'text: "stale contacts for',
            'text: "old contacts for',
            "field.yaml: logs › log-lists › lines: “old contacts for a proportion of childre…” does not stand in",
        ),
        ("field.yaml", "@P-7WN2 #channel", "@P-1AA1 #channel", "“P-1AA1” is not a participant of the study"),
        ("field.yaml", "#inclusion", "#inclusions", "“inclusions” is not a tag of the story"),
        ("field.yaml", "ended_at: 2847", "ended_at: 2000", "log-lists › ended_at: something was typed after the end"),
        ("field.yaml", "day: -9\n", "day: 0\n", "logs › log-lists › day: a log that is open is of today"),
        ("analysis.yaml", "- hl_never_week\n", "- hl_flu_hidden\n", "“hl_flu_hidden” is not a highlight of the study"),
        ("analysis.yaml", "day: -64\n", "day: -68\n", "board_results › day: not all of its quotes were heard by then"),
        ("analysis.yaml", "ended_day: -112", "ended_day: -117", "rounds › round_app: is begun, coded and ended"),
        (
            "analysis.yaml",
            'exact: "presented in simple',
            'exact: "shown in simple',
            "round_app › “shown in simple, clear language…”: does not stand once in its source",
        ),
        (
            "analysis.yaml",
            "    resolved_day: -53\n",
            "",
            "comment_unavailable: resolved_day and resolved_by come together",
        ),
        ("analysis.yaml", "about: trust/sender", "about: trust/sent", "“trust/sent” is not a tag of the story"),
        ("afterwards.yaml", "quotes: [hl_kit", "quotes: [hl_kid", "“hl_kid_leaflet” is not a highlight of the story"),
        (
            "afterwards.yaml",
            "published_day: -90",
            "published_day: -92",
            "public_texts › dec_text_pair: done before its time",
        ),
        ("afterwards.yaml", "looked_day: -82, ", "", "second_looks › booking_postcode: is due after it was asked"),
        ("afterwards.yaml", 'colour: "e8edee"', 'colour: "grey"', "pictures › dec_text_pair: a block begins inside"),
        ("outcomes.yaml", "day: -79, dec", "day: -109, dec", "impact › imp_one_link_counted: corrects a later entry"),
        ("decisions.yaml", "revisit_day: 130", "revisit_day: -43", "is asked again before it was set aside"),
    ],
)
def test_a_spoilt_story_is_refused_with_file_key_and_advice(
    draft: Path, chapter: str, before: str, after: str, expected: str
) -> None:
    file = draft / "chapters" / chapter
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(StoryError) as refusal:
        load_story(draft)

    assert expected in str(refusal.value)


def test_an_unspoilt_copy_loads_from_any_folder(draft: Path, story: Story) -> None:
    assert load_story(draft) == story


def test_every_problem_is_told_at_once(draft: Path) -> None:
    (draft / "chapters" / "outcomes.yaml").unlink()
    (draft / "chapters" / "people.yaml").write_text("teams: [", encoding="utf-8")

    with pytest.raises(StoryError) as refusal:
        load_story(draft)

    first, second = refusal.value.problems
    assert first.startswith("people.yaml: is not YAML in UTF-8")
    assert second.startswith("outcomes.yaml: cannot be read")


def test_a_note_with_a_sentence_of_our_own_is_refused(draft: Path) -> None:
    note = draft / "sources" / "notes" / "booking-comments-from-the-survey.md"
    note.write_text(note.read_text(encoding="utf-8") + "\n> It was wonderful.\n", encoding="utf-8")

    with pytest.raises(StoryError, match="sessions › booking_comments › cut_from: “> It was wonderful"):
        load_story(draft)


def test_a_source_in_another_encoding_is_refused(draft: Path) -> None:
    source = draft / "sources" / "tanf-research" / "pilot-3.md"
    source.write_bytes("naïve".encode("utf-16"))

    with pytest.raises(StoryError, match=r"family_pilot_round › source: tanf-research/pilot-3\.md is not UTF-8"):
        load_story(draft)


def _licences() -> str:
    return (DEMO_FOLDER / "LICENCES.md").read_text(encoding="utf-8")


def _links(story: Story) -> Iterator[DecisionLink]:
    return (link for decision in story.decisions for link in decision.links)


def _was_accepted(decision: Decision) -> bool:
    return decision.status in {DecisionStatus.ACCEPTED, DecisionStatus.SUPERSEDED}


def _shelf(story: Story) -> list[Insight]:
    """Published, actionable, and without an answer today: model.md, Disposition."""
    answered = {
        link.insight
        for decision in story.decisions
        if _was_accepted(decision)
        for link in decision.links
        if link.type is not LinkType.CONTRADICTS
    }
    for recommendation in story.recommendations:
        if recommendation.response and recommendation.response.kind == "declined":
            answered |= set(recommendation.insights)
    return [
        insight
        for insight in story.insights
        if insight.type is InsightType.ACTIONABLE
        and insight.status is InsightStatus.PUBLISHED
        and insight.key not in answered
        and insight.no_action is None
        and (insight.parked is None or insight.parked.until_day <= 0)
    ]


def _freshness(story: Story, insight: Insight) -> FreshnessState | None:
    """None for what is not in use."""
    if insight.status is not InsightStatus.PUBLISHED:
        return None
    sessions = {session.key: session.day for session in story.sessions}
    heard = {highlight.key: sessions[highlight.session] for highlight in story.highlights}
    newest = max(heard[evidence.highlight] for evidence in insight.evidence)
    return assess_freshness(insight.kind, TODAY + timedelta(days=newest), TODAY).state
