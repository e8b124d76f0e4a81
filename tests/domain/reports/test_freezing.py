from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from domain.reports.records import Records
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.core.access import Role
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.decisions.models import LinkType
from insights.reports.days import Period
from insights.reports.freezing import (
    canonical,
    definitions_version,
    figures_of,
    freeze_report,
    freeze_what_is_due,
    frozen_reports,
    get_frozen,
    rows_of_figure,
)
from insights.reports.frozen_document import frozen_document
from insights.reports.models import FreezeRhythm, FrozenReport
from insights.synthesis.models import Insight
from research_hub.report_files import as_page, as_pdf

YEAR = Period(date(2026, 1, 1), date(2026, 6, 30))


def on(session: Session, year: int, month: int, day: int) -> None:
    set_clock(session, FixedClock(datetime(year, month, day, 12, tzinfo=UTC)))


def a_decision_on_evidence(records: Records, claim: str = "People give up") -> Insight:
    insight = records.insight(claim, rests_on=(records.highlight(records.study()),))
    records.link(insight, records.decision(), LinkType.CHANGED)
    return insight


def figure(frozen: FrozenReport, code: str) -> tuple[object, object]:
    (found,) = [each for each in figures_of(frozen).metrics if each["code"] == code]
    return found["numerator"], found["denominator"]


def test_what_happens_later_does_not_alter_it(session: Session, records: Records) -> None:
    insight = a_decision_on_evidence(records)
    frozen = freeze_report(session, actor=records.member, period=YEAR)
    before = frozen.data, as_page(frozen_document(frozen, figures_of(frozen)))

    records.link(insight, records.decision("Another"))
    records.decision("A third")
    later = freeze_report(session, actor=records.member, period=YEAR)

    assert (frozen.data, as_page(frozen_document(frozen, figures_of(frozen)))) == before
    assert figure(frozen, "T1") == (1, 1)
    assert figure(later, "T1") == (2, 3)
    assert later.sha256 != frozen.sha256


def test_the_same_facts_give_the_same_bytes_and_the_same_digest(session: Session, records: Records) -> None:
    a_decision_on_evidence(records)
    other = records.person("other", Role.APPROVER)

    one = freeze_report(session, actor=records.member, period=YEAR)
    two = freeze_report(session, actor=other, period=YEAR, note="Again")

    assert one.data == two.data
    assert one.sha256 == two.sha256 == hashlib.sha256(one.data.encode()).hexdigest()
    assert canonical(json.loads(one.data)) == one.data
    assert as_pdf(frozen_document(one, figures_of(one))) == as_pdf(frozen_document(one, figures_of(one)))


def test_a_change_of_the_stored_figures_shows(session: Session, records: Records) -> None:
    frozen = freeze_report(session, actor=records.member, period=YEAR)
    assert figures_of(frozen).is_intact

    frozen.data = frozen.data.replace('"denominator":0', '"denominator":7', 1)

    assert not figures_of(frozen).is_intact


def test_it_counts_what_every_account_may_see_whoever_froze_it(session: Session, records: Records) -> None:
    a_decision_on_evidence(records)
    secret = records.insight("Secret claim", rests_on=(records.highlight(records.study(restricted_to=records.member)),))
    records.link(secret, records.decision("On a secret"))

    frozen = freeze_report(session, actor=records.member, period=YEAR)

    assert figure(frozen, "T1") == (1, 2)
    assert frozen.refs["T4"] == ["INS-1"]


def test_a_study_restricted_later_names_nothing_to_those_who_may_not_see_it(session: Session, records: Records) -> None:
    insight = a_decision_on_evidence(records, "Told in confidence")
    stranger = records.person("stranger", Role.RESEARCHER)
    frozen = freeze_report(session, actor=records.member, period=YEAR, note="For the board")
    assert ("INS-1", "Told in confidence") in rows_of_figure(session, stranger, frozen, "T4")

    study = session.scalars(select(Study)).one()
    study.restricted = True
    session.flush()

    assert rows_of_figure(session, stranger, frozen, "T4") == []
    assert figure(frozen, "T4") == (1, 1)
    for told in (frozen.data, as_page(frozen_document(frozen, figures_of(frozen))).decode()):
        assert "Told in confidence" not in told
        assert insight.ref not in told


def test_a_month_and_a_quarter_are_frozen_once_when_they_are_over(session: Session, records: Records) -> None:
    on(session, 2026, 7, 1)
    made = freeze_what_is_due(session)
    again = freeze_what_is_due(session)
    on(session, 2026, 8, 2)
    later = freeze_what_is_due(session)

    assert [(each.key, each.starts_on, each.ends_on) for each in made] == [
        ("monthly 2026-06", date(2026, 6, 1), date(2026, 6, 30)),
        ("quarterly 2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
    ]
    assert again == []
    assert [each.key for each in later] == ["monthly 2026-07"]
    assert next(row.rhythm for row in frozen_reports(session)) is FreezeRhythm.MONTHLY
    assert records.member.name not in {row.made_by for row in frozen_reports(session)}


def test_the_quarter_before_a_new_year_is_the_last_of_the_old_one(session: Session) -> None:
    on(session, 2027, 1, 1)

    assert [each.key for each in freeze_what_is_due(session)] == ["monthly 2026-12", "quarterly 2026-Q4"]


def test_the_list_tells_who_froze_what_and_the_report_brings_its_definitions(
    session: Session, records: Records
) -> None:
    service = records.service("Screening")
    frozen = freeze_report(session, actor=records.member, period=YEAR, service_id=service.id, note="For the board")

    (row,) = frozen_reports(session)

    assert (row.ref, row.service, row.made_by, row.note) == ("FRZ-1", "Screening", "Reader", "For the board")
    assert figures_of(frozen).values["definitions_version"] == definitions_version()
    assert len(figures_of(frozen).values["definitions"]) == 12


def test_what_cannot_be_frozen_is_refused_in_words(session: Session, records: Records) -> None:
    with pytest.raises(InvalidInput, match="has not begun"):
        freeze_report(session, actor=records.member, period=Period(date(2026, 8, 1), date(2026, 8, 2)))
    with pytest.raises(InvalidInput, match="no such service"):
        freeze_report(session, actor=records.member, period=YEAR, service_id=99)
    with pytest.raises(NotFound):
        get_frozen(session, "FRZ-9")
    frozen = freeze_report(session, actor=records.member, period=YEAR)
    with pytest.raises(NotFound):
        rows_of_figure(session, records.member, frozen, "T99")
    frozen.data = frozen.data.replace('"shape":1', '"shape":2')
    with pytest.raises(RuleBroken, match="another version"):
        figures_of(frozen)
