"""A pack: one section a point, with what is linked to it, quotes that consent lets leave, people in groups, and gaps.

The words of records are masked by the rules of the scan for personal data, and by the codes and names that the records
know: nobody looks at each line of a file before it is sent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.coding.personal_data import KnownName, mask_all
from insights.coding.personal_data.known import names_in
from insights.coding.quote_consent import quote_consents
from insights.core.clock import today
from insights.core.text import plain_words
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.people.participants.gate import Use
from insights.people.queries import Choice
from insights.reports.inclusion import FEW, NOT_TOLD, Coverage, coverage
from insights.reports.pack.gaps import Shown, gaps_of
from insights.reports.pack.gathering import (
    CheckFact,
    EvidenceFacts,
    QuoteFact,
    ServiceFacts,
    gather_evidence,
    gather_service,
    staff_names,
)
from insights.reports.pack.shapes import Pack, PackDecision, PackInsight, PackSection
from insights.reports.pack.standards import Point, Standard
from insights.reports.pack.suggesting import suggest
from insights.synthesis.models import Insight

QUOTES_SHOWN = 6
_TOKEN = re.compile(r"\w+")
_VERDICTS = {
    "improved": "it improved",
    "no_change": "nothing changed",
    "worsened": "it got worse",
    "inconclusive": "inconclusive",
    "not_measured": "not measured",
}


def build_pack(
    session: Session, member: Member, *, standard: Standard, service: Choice, phase: str, suggested: bool = True
) -> Pack:
    """With `suggested` what the rules find stands beside what was linked by hand, and is marked as such."""
    service_id = int(service.value)
    facts = gather_service(session, member, service_id, standard.code)
    evidence = gather_evidence(session, member, service_id)
    known = [KnownName(code, "code") for code in evidence.codes]
    known += [KnownName(name) for row in staff_names(session) for text in row for name in names_in(text)]
    maker = _Maker(facts, evidence, _allowed(session, evidence), _by_first_word(known), _by_insight(evidence))
    sections = tuple(maker.section(point, phase, suggested=suggested) for point in standard.points)
    return Pack(standard, maker.told(service.label), phase, today(session), sections)


def _by_first_word(known: Sequence[KnownName]) -> Mapping[str, Sequence[KnownName]]:
    found: dict[str, list[KnownName]] = defaultdict(list)
    for each in known:
        tokens = _TOKEN.findall(each.word.casefold())
        found[tokens[0] if tokens else ""].append(each)
    return found


def _by_insight(evidence: EvidenceFacts) -> Mapping[int, Sequence[QuoteFact]]:
    found: dict[int, list[QuoteFact]] = defaultdict(list)
    for each in evidence.quotes:
        found[each.insight_id].append(each)
    return found


def _allowed(session: Session, evidence: EvidenceFacts) -> frozenset[int]:
    asked = sorted({each.highlight_id for each in evidence.quotes})
    found = quote_consents(session, asked, Use.SHARE)
    return frozenset(number for number, consent in found.items() if consent.allowed)


@dataclass(frozen=True, slots=True)
class _Maker:
    facts: ServiceFacts
    evidence: EvidenceFacts
    allowed: frozenset[int]
    known: Mapping[str, Sequence[KnownName]]
    quotes_of: Mapping[int, Sequence[QuoteFact]]

    def told(self, text: str) -> str:
        words = plain_words(text)
        # Of thousands of names only those are looked for whose first word is there.
        near = {name for token in set(_TOKEN.findall(words.casefold())) for name in self.known.get(token, ())}
        return mask_all(words, sorted(near, key=lambda each: (-len(each.word), each.word, each.kind_of_hit)))

    def section(self, point: Point, phase: str, *, suggested: bool) -> PackSection:
        notes = {
            ref_of(link.decision_id, link.insight_id): link.note
            for link in self.facts.links
            if link.point == point.number
        }
        refs = dict.fromkeys(notes, True)
        if suggested:
            refs |= {each.ref: False for each in suggest(point, self.facts, notes)}
        decisions = [each for each in self.facts.decisions if each.ref in refs]
        insights = self._insights(decisions, refs)
        quotes = [quote for each in insights for quote in self.quotes_of.get(each.id, ())]
        allowed = {each.highlight_id: each for each in quotes if each.highlight_id in self.allowed}
        people = {number: self.evidence.heard[number] for each in quotes for number in sorted(each.people)}
        heard = coverage([people[number] for number in sorted(people)], careful=True)
        shown = tuple(self._decision(each, notes.get(each.ref, ""), by_hand=refs[each.ref]) for each in decisions)
        made = tuple(self._insight(each, by_hand=refs.get(each.ref, False)) for each in insights)
        held_back = len({each.highlight_id for each in quotes}) - len(allowed)
        has_access = _has_access_need(heard)
        return PackSection(
            point,
            point.prompts_in(phase),
            shown,
            made,
            tuple((self.told(each.words), f"INS-{each.insight_id}") for each in list(allowed.values())[:QUOTES_SHOWN]),
            held_back,
            _heard_in_words(heard.total),
            heard.attributes,
            tuple(gaps_of(point, Shown(shown, tuple(insights), held_back, bool(notes), has_access))),
        )

    def _insights(self, decisions: Sequence[Decision], refs: Mapping[str, bool]) -> list[Insight]:
        under = [number for each in decisions for number in self.facts.insights_of.get(each.id, ())]
        named = [each.id for each in self.facts.insights.values() if each.ref in refs]
        return [self.facts.insights[number] for number in dict.fromkeys([*named, *under])]

    def _insight(self, insight: Insight, *, by_hand: bool) -> PackInsight:
        quotes = self.quotes_of.get(insight.id, ())
        people = len({number for each in quotes for number in each.people})
        studies = len({each.study_id for each in quotes})
        confidence = "" if insight.confidence is None else insight.confidence.value.replace("_", " ")
        return PackInsight(
            insight.ref, self.told(insight.claim), confidence, _rests_on(people, studies, len(quotes)), by_hand
        )

    def _decision(self, decision: Decision, note: str, *, by_hand: bool) -> PackDecision:
        return PackDecision(
            ref=decision.ref,
            title=self.told(decision.title),
            status=decision.status.value,
            decided_on=decision.decided_on,
            outcome=self.told(decision.outcome),
            rests_on=tuple(f"INS-{number}" for number in self.facts.insights_of.get(decision.id, ())),
            basis="" if decision.basis is None else decision.basis.value.replace("_", " "),
            changes=tuple(
                (self.told(each.before), self.told(each.after)) for each in self.facts.changes.get(decision.id, ())
            ),
            outcomes=tuple(self.told(_outcome(each)) for each in self.facts.checks.get(decision.id, ())),
            note=self.told(note),
            by_hand=by_hand,
        )


def ref_of(decision_id: int | None, insight_id: int | None) -> str:
    return f"INS-{insight_id}" if decision_id is None else f"DEC-{decision_id}"


def _rests_on(people: int, studies: int, quotes: int) -> str:
    """In words, with numbers of people below three held back."""
    where = f"in {studies} {'study' if studies == 1 else 'studies'}"
    if people >= FEW:
        return f"{people} people {where}"
    if people:
        return f"<{FEW} people {where}"
    return f"{quotes} {'quote' if quotes == 1 else 'quotes'} {where}" if quotes else "no quote"


def _heard_in_words(total: int) -> str:
    if not total:
        return "Nobody is named among the evidence."
    return f"<{FEW} people were heard." if total < FEW else f"{total} people were heard."


def _outcome(fact: CheckFact) -> str:
    unit = f" {fact.unit}" if fact.unit else ""
    values = [f"{value:g}{unit}" for value in (fact.baseline, fact.value) if value is not None]
    figures = f" ({fact.measure}: {' to '.join(values)})" if fact.measure and values else ""
    return f"{fact.on.isoformat()}: {_VERDICTS.get(fact.verdict, fact.verdict)}{figures}."


def _has_access_need(heard: Coverage) -> bool:
    needs = (line for each in heard.attributes if each.key == "access_need" for line in each.lines)
    return any(line.value not in {"none", NOT_TOLD} for line in needs)
