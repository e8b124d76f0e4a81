"""Decision files in the database and out again: every real one, rings, copies and what is not understood."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from factories import make_member
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText
from insights.capture.operations import create_study, log_research_session
from insights.coding.operations import highlight_passage
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.base import Base
from insights.core.keys import Keys, set_keys
from insights.decisions.models import Basis, Decision, DecisionStatus, LinkType
from insights.decisions.operations import (
    DecisionText,
    accept_decision,
    draft_decision,
    link_insight,
    supersede_decision,
)
from insights.exchange.decision_export import as_madr
from insights.exchange.decision_files import DecisionDocument, read_decision_file, read_decision_tree
from insights.exchange.decision_import import DecisionImport, import_decisions
from insights.people.models import Member
from insights.synthesis.models import Concern, ConfidenceLevel, Insight
from insights.synthesis.operations import (
    ConfidenceJudgement,
    assess_confidence,
    attach_external_source,
    attach_highlight,
    publish_insight,
    write_insight,
)
from research_hub.db import prepare_engine

REAL_DECISIONS = Path(__file__).parents[3].parent / "shared" / "data" / "decisions"
WORD = re.compile(r"\w+")
NYGARD = """# 7. Use plain words

Date: 2023-05-04

## Status

Accepted

## Context

People stumble over codes.

## Decision

We write words.

## Consequences

Someone has to write them.

## Reviews

Ann read it.
"""


@pytest.fixture
def member(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "adr").mkdir()
    return tmp_path / "adr"


def write(folder: Path, name: str, *, status: str = "accepted", front: str = "", more: str = "") -> None:
    title = name.removesuffix(".md").split("-", 1)[1].capitalize()
    text = (
        f"---\nstatus: {status}\ndate: 2024-02-03\n{front}---\n\n# {title}\n\n## Context and Problem Statement\n\n"
        f"Why?\n\n## Decision Outcome\n\nSo.\n{more}"
    )
    (folder / name).write_text(text, encoding="utf-8")


def by_name(session: Session) -> dict[str, Decision]:
    return {decision.source_name: decision for decision in session.scalars(select(Decision))}


def count_entries(session: Session) -> int:
    return session.scalar(select(func.count(ActivityEntry.id))) or 0


# The real files


@dataclasses.dataclass(frozen=True)
class RealImport:
    session: Session
    member: Member
    told: DecisionImport
    documents: dict[str, DecisionDocument]


@pytest.fixture(scope="module")
def real() -> Iterator[RealImport]:
    """Imported once; the tests only read, or import again what is known."""
    if not REAL_DECISIONS.is_dir():
        pytest.skip("the real decisions are not beside this checkout")
    engine = create_engine("sqlite://")
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        set_keys(session, Keys.made())
        member = make_member(session)
        told = import_decisions(session, actor=member, root=REAL_DECISIONS)
        readings = read_decision_tree(REAL_DECISIONS)
        documents = {one.name: one for one in readings if isinstance(one, DecisionDocument)}
        yield RealImport(session, member, told, documents)
    engine.dispose()


def test_every_real_decision_comes_in_and_every_file_is_accounted_for(real: RealImport) -> None:
    told = real.told

    assert len(told.imported) == real.session.scalar(select(func.count(Decision.id))) == 183
    assert (len(told.known), len(told.not_decisions), told.unreadable) == (0, 32, ())
    assert len(told.lines) == sum(path.is_file() for path in REAL_DECISIONS.rglob("*"))
    assert Counter(one.status for one in told.imported) == {
        DecisionStatus.ACCEPTED: 160,
        DecisionStatus.PROPOSED: 13,
        DecisionStatus.DRAFT: 8,
        DecisionStatus.SUPERSEDED: 2,
    }
    assert told.headline.startswith("183 imported (28 without a date), 0 known already, 32 not decisions, 0 not read")


def test_each_real_decision_has_the_title_and_the_day_of_its_file(real: RealImport) -> None:
    stored = {name: (one.title, one.decided_on) for name, one in by_name(real.session).items()}

    assert stored == {name: (one.title, one.decided_on) for name, one in real.documents.items()}


def test_a_second_import_of_all_stores_nothing(real: RealImport) -> None:
    entries = count_entries(real.session)

    second = import_decisions(real.session, actor=real.member, root=REAL_DECISIONS)

    assert second.imported == ()
    assert [one.ref for one in second.known] == [one.ref for one in real.told.imported]
    assert count_entries(real.session) == entries


def test_the_real_ones_that_took_the_place_of_others_are_linked_on_both_sides(real: RealImport) -> None:
    decisions = list(by_name(real.session).values())

    names = {one.id: one.source_name.rsplit("/", 1)[-1] for one in decisions}
    assert {(names[one.superseded_by_id], names[one.id]) for one in decisions if one.superseded_by_id} == {
        ("0020-user-models-revisited-plus-whois.md", "0012-user-models.md"),
        ("2025-05-09-revisiting-soap-proxy.md", "2025-03-24-migrate-existing-api-consumers.md"),
    }
    assert (len(real.told.superseded), len(real.told.problems)) == (2, 2)


def test_every_real_decision_goes_out_as_it_came_in(real: RealImport) -> None:
    stored = by_name(real.session)

    again = {name: read_again(name, as_madr(real.session, one, real.member)) for name, one in stored.items()}

    changed = [name for name in again if what_must_survive(again[name]) != what_must_survive(real.documents[name])]
    assert len(again) == 183
    assert changed == []


def test_no_word_of_a_real_decision_is_lost_on_the_way_out(real: RealImport) -> None:
    for name, decision in by_name(real.session).items():
        kept = Counter(WORD.findall(as_madr(real.session, decision, real.member)))

        assert not Counter(WORD.findall("\n".join(texts_of(real.documents[name])))) - kept, name


# One file


def test_a_past_decision_keeps_its_status_and_day_and_needs_no_grounds(
    session: Session, member: Member, folder: Path
) -> None:
    (folder / "0007-words.md").write_text(NYGARD, encoding="utf-8")

    told = import_decisions(session, actor=member, root=folder)

    decision = session.scalars(select(Decision)).one()
    assert (decision.status, decision.decided_on) == (DecisionStatus.ACCEPTED, date(2023, 5, 4))
    assert (decision.legacy, decision.basis, decision.source_name) == (True, None, "0007-words.md")
    assert decision.other_sections == [["Reviews", "Ann read it."]]
    assert told.lines[0].split(" | ") == [
        "0007-words.md: read as DEC-1 “Use plain words”, accepted, 2023-05-04",
        "not understood: the section “Reviews” is kept under its own heading (line 21)",
    ]


def test_the_record_says_that_it_was_imported(session: Session, member: Member, folder: Path) -> None:
    (folder / "0007-words.md").write_text(NYGARD, encoding="utf-8")

    import_decisions(session, actor=member, root=folder)

    entry = session.scalars(select(ActivityEntry).where(ActivityEntry.subject_ref == "DEC-1")).one()
    assert (entry.verb, entry.detail["source"]) == ("imported", "0007-words.md")


@pytest.mark.parametrize("status", ["draft", "proposed"])
def test_what_is_still_open_waits_for_its_grounds_like_any_other(
    session: Session, member: Member, folder: Path, status: str
) -> None:
    write(folder, "0001-words.md", status=status)

    import_decisions(session, actor=member, root=folder)

    decision = session.scalars(select(Decision)).one()
    assert (decision.status.value, decision.legacy, decision.owner_id) == (status, False, member.id)


def test_a_file_without_a_status_is_taken_as_accepted_and_says_so(
    session: Session, member: Member, folder: Path
) -> None:
    (folder / "words.md").write_text(NYGARD.replace("## Status\n\nAccepted\n\n", ""), encoding="utf-8")

    told = import_decisions(session, actor=member, root=folder)

    assert told.imported[0].status is DecisionStatus.ACCEPTED
    assert "guessed: no status in the file" in told.lines[0]


def test_a_status_that_nobody_knows_is_taken_as_proposed_and_given_back(
    session: Session, member: Member, folder: Path
) -> None:
    write(folder, "0001-words.md", status="cooking")

    told = import_decisions(session, actor=member, root=folder)

    decision = session.scalars(select(Decision)).one()
    assert told.imported[0].status is DecisionStatus.PROPOSED
    assert "status: cooking" in as_madr(session, decision, member)


def test_a_title_too_long_for_a_title_is_kept_whole_in_a_section(
    session: Session, member: Member, folder: Path
) -> None:
    long = "We decided " + "and decided again " * 40
    (folder / "long.md").write_text(NYGARD.replace("Use plain words", long), encoding="utf-8")

    told = import_decisions(session, actor=member, root=folder)

    decision = session.scalars(select(Decision)).one()
    assert len(decision.title) == 500
    assert decision.other_sections[-1] == ["Title as written", long.strip()]
    assert "the title is cut short" in told.lines[0]


def test_a_copy_under_another_name_comes_in_once(session: Session, member: Member, folder: Path) -> None:
    write(folder, "0001-words.md")
    (folder / "0002-copy.md").write_bytes((folder / "0001-words.md").read_bytes())

    told = import_decisions(session, actor=member, root=folder)

    assert [one.name for one in told.known] == ["0002-copy.md"]
    assert told.lines[1] == "0002-copy.md: known already as DEC-1"


def test_a_file_that_was_changed_since_comes_in_beside_what_it_was(
    session: Session, member: Member, folder: Path
) -> None:
    write(folder, "0001-words.md", status="proposed")
    import_decisions(session, actor=member, root=folder)
    write(folder, "0001-words.md", status="accepted")

    told = import_decisions(session, actor=member, root=folder)

    assert [one.ref for one in told.imported] == ["DEC-2"]
    assert "guessed: another file of this name was imported before, as DEC-1" in told.lines[0]


def test_progress_counts_the_files(session: Session, member: Member, folder: Path) -> None:
    write(folder, "0001-words.md")
    write(folder, "0002-more.md")
    seen: list[tuple[int, int]] = []

    import_decisions(session, actor=member, root=folder, progress=lambda done, total: seen.append((done, total)))

    assert seen == [(1, 2), (2, 2)]


# What takes the place of what


def test_a_successor_is_recorded_on_both_sides_whichever_file_says_so(
    session: Session, member: Member, folder: Path
) -> None:
    write(folder, "0001-first.md")
    write(folder, "0002-second.md", front="supersedes: 0001-first.md\n")

    told = import_decisions(session, actor=member, root=folder)

    old, new = by_name(session)["0001-first.md"], by_name(session)["0002-second.md"]
    assert (old.status, old.superseded_by_id, old.ended_on) == (DecisionStatus.SUPERSEDED, new.id, new.decided_on)
    assert told.superseded == ("DEC-2 (0002-second.md) took the place of DEC-1 (0001-first.md)",)
    assert "superseded by 0002-second.md" in as_madr(session, old, member)


def test_a_ring_is_reported_and_not_stored(session: Session, member: Member, folder: Path) -> None:
    write(folder, "0001-a.md", status="superseded by 0002-b.md")
    write(folder, "0002-b.md", status="superseded by 0001-a.md")

    told = import_decisions(session, actor=member, root=folder)

    assert len(told.imported) == 2
    assert any("ring" in problem for problem in told.problems)
    assert [one.superseded_by_id for one in session.scalars(select(Decision))] == [None, None]


def test_a_decision_that_supersedes_itself_is_reported_and_not_stored(
    session: Session, member: Member, folder: Path
) -> None:
    write(folder, "0001-a.md", status="superseded by 0001-a.md")

    told = import_decisions(session, actor=member, root=folder)

    assert "means itself" in told.problems[0]
    assert session.scalars(select(Decision)).one().superseded_by_id is None


def test_a_ring_with_what_was_recorded_by_hand_is_refused(session: Session, member: Member, folder: Path) -> None:
    write(folder, "0001-first.md")
    write(folder, "0002-second.md", status="proposed", front="supersedes: 0001-first.md\n")
    import_decisions(session, actor=member, root=folder)
    first, second = by_name(session)["0001-first.md"], by_name(session)["0002-second.md"]
    supersede_decision(session, actor=member, old=second, new=first)

    told = import_decisions(session, actor=member, root=folder)

    assert "that would be a ring" in told.problems[0]
    assert first.superseded_by_id is None


def test_a_proposal_does_not_put_an_accepted_decision_out_of_force(
    session: Session, member: Member, folder: Path
) -> None:
    write(folder, "0001-first.md")
    write(folder, "0002-second.md", status="proposed", front="supersedes: 0001-first.md\n")

    told = import_decisions(session, actor=member, root=folder)

    assert by_name(session)["0001-first.md"].status is DecisionStatus.ACCEPTED
    assert told.problems == (
        "0002-second.md names 0001-first.md, but is proposed itself: 0001-first.md stays as it is.",
    )


# What goes wrong


def test_a_bad_file_is_named_and_the_others_come_in(session: Session, member: Member, folder: Path) -> None:
    (folder / "0000-binary.md").write_bytes(b"\x00\x01")
    (folder / "0001-huge.md").write_text(NYGARD + "x " * 150_000, encoding="utf-8")
    write(folder, "0002-words.md")
    before = count_entries(session)

    told = import_decisions(session, actor=member, root=folder)

    assert [one.name for one in told.unreadable] == ["0000-binary.md", "0001-huge.md"]
    assert "200,000 is the most" in told.unreadable[1].why
    assert [one.name for one in told.imported] == ["0002-words.md"]
    assert count_entries(session) == before + 1


def test_a_folder_that_is_not_there_is_refused(session: Session, member: Member, folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        import_decisions(session, actor=member, root=folder / "nowhere")


# Out again


def test_unknown_headings_and_front_matter_are_given_back(session: Session, member: Member, folder: Path) -> None:
    write(folder, "0001-words.md", front="tags: [a, b]\nowner:\n  team: x\n", more="\n## Reviews\n\nAnn read it.\n")
    import_decisions(session, actor=member, root=folder)

    exported = as_madr(session, session.scalars(select(Decision)).one(), member)

    assert "tags:\n- a\n- b\nowner:\n  team: x\n" in exported
    assert "## Reviews\n\nAnn read it.\n" in exported


def test_a_decision_of_ours_names_its_evidence_and_its_basis(session: Session, member: Member) -> None:
    insight = published_insight(session, member)
    decision = draft_decision(session, actor=member, text=DecisionText(title="Write words", outcome="We write words."))
    link_insight(
        session, actor=member, decision=decision, insight=insight, type_=LinkType.CHANGED, rationale="They said so."
    )
    accept_decision(session, actor=member, decision=decision, basis=Basis.SECURITY, basis_reason="An audit asked.")

    document = read_again("DEC-1.md", as_madr(session, decision, member))

    assert (document.title, document.status, document.decided_on) == ("Write words", "accepted", decision.decided_on)
    assert document.front_matter["x-evidence"] == [
        {"id": insight.ref, "version": 1, "relation": "changed", "fingerprint": insight.fingerprint}
    ]
    assert (document.front_matter["x-basis"], document.front_matter["x-basis-reason"]) == (
        "security",
        "An audit asked.",
    )


def test_succession_among_our_own_decisions_comes_back_from_their_export(
    session: Session, member: Member, folder: Path
) -> None:
    old, new = (
        draft_decision(session, actor=member, text=DecisionText(title=title, outcome="So.")) for title in ("Old", "New")
    )
    for decision in (old, new):
        accept_decision(session, actor=member, decision=decision, basis=Basis.COST, basis_reason="It is cheaper.")
    supersede_decision(session, actor=member, old=old, new=new)
    for decision in (old, new):
        (folder / f"{decision.ref}.md").write_text(as_madr(session, decision, member), encoding="utf-8")

    told = import_decisions(session, actor=member, root=folder)

    assert [(one.title, one.status) for one in told.imported] == [
        ("Old", DecisionStatus.SUPERSEDED),
        ("New", DecisionStatus.ACCEPTED),
    ]
    assert told.superseded == ("DEC-4 (DEC-2.md) took the place of DEC-3 (DEC-1.md)",)
    assert told.problems == ()


def test_headings_that_people_write_into_a_text_stay_within_it(session: Session, member: Member) -> None:
    text = DecisionText(
        title="Write words", context="Before\n\n# Big\n\n## Consequences for us\n\nNone.", outcome="So."
    )
    decision = draft_decision(session, actor=member, text=text)

    document = read_again("DEC-1.md", as_madr(session, decision, member))

    assert document.context == "Before\n\n### Big\n\n#### Consequences for us\n\nNone."
    assert (document.title, document.outcome, document.other_sections) == ("Write words", "So.", ())


def test_an_insight_out_of_a_members_sight_is_not_named_in_their_export(session: Session, member: Member) -> None:
    insight = published_insight(session, member)
    study = create_study(session, actor=member, title="Hidden", restricted=True)
    held = log_research_session(session, actor=member, study=study, held_on=date(2025, 1, 2), notes="It says so.")
    source = session.scalars(select(SourceText).where(SourceText.research_session_id == held.id)).one()
    highlight = highlight_passage(session, actor=member, source=source, start=0, end=2)
    attach_highlight(session, actor=member, insight=insight, highlight=highlight)
    decision = draft_decision(session, actor=member, text=DecisionText(title="Write words"))
    link_insight(session, actor=member, decision=decision, insight=insight, type_=LinkType.CHANGED, rationale="So.")
    other = make_member(session, role=Role.READER)

    assert insight.ref in as_madr(session, decision, member)
    assert insight.ref not in as_madr(session, decision, other)


def test_a_decision_accepted_here_no_longer_speaks_of_its_files_status(
    session: Session, member: Member, folder: Path
) -> None:
    write(folder, "0001-words.md", status="in review")
    import_decisions(session, actor=member, root=folder)
    decision = session.scalars(select(Decision)).one()

    accept_decision(session, actor=member, decision=decision, basis=Basis.COST, basis_reason="It is cheaper.")

    exported = as_madr(session, decision, member)
    assert "status: accepted" in exported
    assert "in review" not in exported


def published_insight(session: Session, member: Member) -> Insight:
    insight = write_insight(session, actor=member, claim="Codes stop people.")
    attach_external_source(session, actor=member, insight=insight, title="A report")
    judgement = ConfidenceJudgement(Concern.MINOR, Concern.MINOR, Concern.MINOR, Concern.MINOR, ConfidenceLevel.HIGH)
    assess_confidence(session, actor=member, insight=insight, judgement=judgement)
    publish_insight(session, actor=member, insight=insight)
    return insight


def texts_of(document: DecisionDocument) -> list[str]:
    texts = [document.context, document.drivers, document.outcome, document.consequences, document.confirmation]
    texts += [document.more_information]
    texts += [words for option in document.options for words in (option.title, option.body)]
    return texts + [words for section in document.other_sections for words in section]


def read_again(name: str, text: str) -> DecisionDocument:
    document = read_decision_file(name.replace(".rst", ".md"), text.encode())
    assert isinstance(document, DecisionDocument)
    return document


def what_must_survive(document: DecisionDocument) -> DecisionDocument:
    return dataclasses.replace(document, name="", sha256="", notes=())
