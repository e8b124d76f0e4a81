"""What must hold in a story, apart from the order of days: names that point somewhere, and quotes that were said."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from insights.core.text import canonical_text
from research_hub.demo.names import unknown
from research_hub.demo.order import problems_of_order
from research_hub.demo.records import Story
from research_hub.demo.rules_of_afterwards import days_of_afterwards, names_in_afterwards
from research_hub.demo.rules_of_analysis import names_in_analysis, words_and_days_of_analysis
from research_hub.demo.rules_of_sharing import days_of_sharing, names_in_sharing
from research_hub.demo.rules_of_trust import days_of_trust, names_in_trust

_CODE = re.compile(r"P-[0-9A-Z]{4}")


def problems_of(story: Story, sources: Path) -> list[str]:
    """Every problem of the story, one line each: file, key, what to do. An empty list means that it can be told."""
    references = [
        *_repeated(story),
        *_people(story),
        *_research(story),
        *_work(story),
        *_synthesis(story),
        *_decisions(story),
        *names_in_analysis(story),
        *names_in_sharing(story),
        *names_in_afterwards(story),
        *names_in_trust(story),
    ]
    if references:
        return references
    return [
        *_misquoted(story),
        *_miscut(story, sources),
        *_leaked(story),
        *problems_of_order(story),
        *words_and_days_of_analysis(story, sources),
        *days_of_sharing(story),
        *days_of_afterwards(story),
        *days_of_trust(story),
    ]


def _repeated(story: Story) -> Iterator[str]:
    lists = {
        "people.yaml: teams": [team.key for team in story.teams],
        "people.yaml: members": [member.key for member in story.members],
        "people.yaml: services": [service.key for service in story.services],
        "people.yaml: components": [component.key for component in story.components],
        "studies.yaml: studies": [study.key for study in story.studies],
        "studies.yaml: participants": [participant.code for participant in story.participants],
        "studies.yaml: sessions": [session.key for session in story.sessions],
        "coding.yaml: tags": [tag.path for tag in story.tags],
        "coding.yaml: highlights": [highlight.key for highlight in story.highlights],
        "insights.yaml: insights": [insight.key for insight in story.insights],
        "insights.yaml: contradictions": [contradiction.key for contradiction in story.contradictions],
        "insights.yaml: recommendations": [recommendation.key for recommendation in story.recommendations],
        "decisions.yaml: decisions": [decision.key for decision in story.decisions],
        "outcomes.yaml: measures": [measure.key for measure in story.measures],
        "outcomes.yaml: checks": [check.key for check in story.checks],
        "outcomes.yaml: impact": [entry.key for entry in story.impact],
        "work.yaml: plans": [plan.study for plan in story.plans],
        "work.yaml: hypotheses": [hypothesis.key for hypothesis in story.hypotheses],
        "work.yaml: consents": [consent.key for consent in story.consents],
        "field.yaml: logs": [log.key for log in story.logs],
        "analysis.yaml: rounds": [each.key for each in story.rounds],
        "analysis.yaml: boards": [board.key for board in story.boards],
        "analysis.yaml: memos": [memo.key for memo in story.memos],
        "analysis.yaml: comments": [comment.key for comment in story.comments],
        "sharing.yaml: collections": [collection.key for collection in story.collections],
        "sharing.yaml: requests": [request.key for request in story.requests],
    }
    for where, keys in lists.items():
        for key, count in Counter(keys).items():
            if count > 1:
                yield f"{where} › {key}: is used {count} times; give each its own key"


def _people(story: Story) -> Iterator[str]:
    teams = [team.key for team in story.teams]
    members = [member.key for member in story.members]
    services = [service.key for service in story.services]
    for member in story.members:
        where = f"people.yaml: members › {member.key}"
        yield from unknown(f"{where} › team", [member.team], teams, "team")
        if not member.email.endswith("@example.org"):
            yield f"{where} › email: must end with @example.org; nobody real may be written to"
    for service in story.services:
        where = f"people.yaml: services › {service.key}"
        yield from unknown(f"{where} › team", [service.team], teams, "team")
        yield from unknown(f"{where} › responsible_owner", [service.responsible_owner], members, "member")
    for component in story.components:
        yield from unknown(f"people.yaml: components › {component.key}", component.services, services, "service")
    for participant in story.participants:
        where = f"studies.yaml: participants › {participant.code} › study"
        yield from unknown(where, [participant.study], [study.key for study in story.studies], "study")
        if not _CODE.fullmatch(participant.code):
            yield f"studies.yaml: participants › {participant.code}: is no pseudonym; write one such as P-7K3Q"


def _research(story: Story) -> Iterator[str]:
    members = [member.key for member in story.members]
    owners = {participant.code: participant.study for participant in story.participants}
    tags = [tag.path for tag in story.tags]
    sessions = {session.key: session for session in story.sessions}
    for study in story.studies:
        where = f"studies.yaml: studies › {study.key}"
        yield from unknown(f"{where} › service", [study.service], [one.key for one in story.services], "service")
        yield from unknown(f"{where} › lead, named_members", [study.lead, *study.named_members], members, "member")
    for session in story.sessions:
        where = f"studies.yaml: sessions › {session.key}"
        yield from unknown(f"{where} › study", [session.study], [study.key for study in story.studies], "study")
        yield from unknown(
            f"{where} › moderator, observers", [session.moderator, *session.observers], members, "member"
        )
        codes = [code for code, study in owners.items() if study == session.study]
        yield from unknown(f"{where} › participants", session.participants, codes, "participant of the study")
    for tag in story.tags:
        parents = tag.path.split("/")[:-1]
        if len(parents) > 1:
            yield f"coding.yaml: tags › {tag.path}: has more than two levels; leave one out"
        yield from unknown(f"coding.yaml: tags › {tag.path}", parents, tags, "tag")
    for highlight in story.highlights:
        where = f"coding.yaml: highlights › {highlight.key}"
        yield from unknown(f"{where} › session", [highlight.session], sessions, "session")
        yield from unknown(f"{where} › tags", highlight.tags, tags, "tag")
        present = sessions[highlight.session].participants if highlight.session in sessions else owners
        yield from unknown(f"{where} › participant", [highlight.participant], present, "participant of that session")


def _work(story: Story) -> Iterator[str]:
    studies = [study.key for study in story.studies]
    for where, name in (
        *((f"work.yaml: plans › {plan.study}", plan.study) for plan in story.plans),
        *((f"work.yaml: hypotheses › {each.key}", each.study) for each in story.hypotheses),
        *((f"work.yaml: targets › {each.value}", each.study) for each in story.targets),
    ):
        yield from unknown(f"{where} › study", [name], studies, "study")
    for consent in story.consents:
        where = f"work.yaml: consents › {consent.key}"
        codes = [participant.code for participant in story.participants if participant.study == consent.study]
        yield from unknown(f"{where} › study", [consent.study], studies, "study")
        yield from unknown(f"{where} › participants", consent.participants, codes, "participant of the study")


def _synthesis(story: Story) -> Iterator[str]:
    members = [member.key for member in story.members]
    services = [service.key for service in story.services]
    components = [component.key for component in story.components]
    highlights = [highlight.key for highlight in story.highlights]
    insights = [insight.key for insight in story.insights]
    for insight in story.insights:
        where = f"insights.yaml: insights › {insight.key}"
        acts = (*insight.edits, *(act for act in (insight.parked, insight.no_action, insight.ended) if act))
        yield from unknown(f"{where} › service", [insight.service], services, "service")
        yield from unknown(f"{where} › components", insight.components, components, "component")
        people = [insight.author, insight.owner, insight.reviewer, *(act.by for act in acts)]
        yield from unknown(f"{where} › author, owner, reviewer, by", people, members, "member")
        yield from unknown(f"{where} › evidence", [one.highlight for one in insight.evidence], highlights, "highlight")
        successor = insight.ended.superseded_by if insight.ended else None
        yield from unknown(f"{where} › ended › superseded_by", [successor], insights, "insight")
    for contradiction in story.contradictions:
        where = f"insights.yaml: contradictions › {contradiction.key}"
        yield from unknown(f"{where} › insights", contradiction.insights, insights, "insight")
        people = [contradiction.opened_by, contradiction.settled_by]
        yield from unknown(f"{where} › opened_by, settled_by", people, members, "member")
    yield from _unanswered(story)
    for recommendation in story.recommendations:
        where = f"insights.yaml: recommendations › {recommendation.key}"
        people = [recommendation.addressee, recommendation.response.by if recommendation.response else None]
        yield from unknown(f"{where} › insights", recommendation.insights, insights, "insight")
        yield from unknown(f"{where} › addressee, by", people, members, "member")


def _unanswered(story: Story) -> Iterator[str]:
    """Evidence that contradicts opens a contradiction by itself, so the story has to say what came of it."""
    told = {(key, highlight) for one in story.contradictions for key in one.insights for highlight in one.highlights}
    for insight in story.insights:
        for evidence in insight.evidence:
            if evidence.relation == "contradicts" and (insight.key, evidence.highlight) not in told:
                yield (
                    f"insights.yaml: insights › {insight.key} › evidence: “{evidence.highlight}” contradicts and no "
                    "contradiction names both; add one or let it qualify"
                )


def _decisions(story: Story) -> Iterator[str]:
    members = [member.key for member in story.members]
    insights = [insight.key for insight in story.insights]
    decisions = [decision.key for decision in story.decisions]
    for decision in story.decisions:
        where = f"decisions.yaml: decisions › {decision.key}"
        yield from unknown(f"{where} › service", [decision.service], [one.key for one in story.services], "service")
        yield from unknown(
            f"{where} › component", [decision.component], [one.key for one in story.components], "component"
        )
        yield from unknown(f"{where} › superseded_by", [decision.superseded_by], decisions, "decision")
        yield from unknown(f"{where} › links", [link.insight for link in decision.links], insights, "insight")
        yield from unknown(f"{where} › links › by", [link.by for link in decision.links], members, "member")
    for measure in story.measures:
        yield from unknown(f"outcomes.yaml: measures › {measure.key}", [measure.decision], decisions, "decision")
    for check in story.checks:
        where = f"outcomes.yaml: checks › {check.key}"
        yield from unknown(where, [check.decision], decisions, "decision")
        yield from unknown(f"{where} › measure", [check.measure], [one.key for one in story.measures], "measure")
        yield from unknown(f"{where} › by", [check.by], members, "member")
    for entry in story.impact:
        where = f"outcomes.yaml: impact › {entry.key}"
        yield from unknown(where, [entry.decision], decisions, "decision")
        yield from unknown(f"{where} › attested_by", [entry.attested_by], members, "member")
        yield from unknown(f"{where} › corrects", [entry.corrects], [one.key for one in story.impact], "entry")


def _misquoted(story: Story) -> Iterator[str]:
    for highlight in story.highlights:
        where = f"coding.yaml: highlights › {highlight.key} › exact"
        times = story.texts[highlight.session].count(highlight.exact) if highlight.exact.strip() else 0
        if times == 0:
            yield f"{where}: does not stand word for word in the source of “{highlight.session}”; copy it from there"
        if times > 1:
            yield f"{where}: stands {times} times in the source of “{highlight.session}”; take more of the passage"


def _miscut(story: Story, sources: Path) -> Iterator[str]:
    for session in story.sessions:
        if session.cut_from is None:
            continue
        where = f"studies.yaml: sessions › {session.key} › cut_from"
        try:
            whole = canonical_text((sources / session.cut_from).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            yield f"{where}: {session.cut_from} cannot be read; correct the path below sources/"
            continue
        for paragraph in story.texts[session.key].split("\n\n"):
            if paragraph.strip("\n") not in whole:
                yield f"{where}: “{paragraph[:40]}…” does not stand in {session.cut_from}; copy whole paragraphs only"


def _leaked(story: Story) -> Iterator[str]:
    """An insight of a restricted study must not be named where people outside the study read."""
    restricted = {study.key for study in story.studies if study.sensitivity == "restricted"}
    hidden = {session.key for session in story.sessions if session.study in restricted}
    secret = {highlight.key for highlight in story.highlights if highlight.session in hidden}
    closed = {one.key for one in story.insights if any(evidence.highlight in secret for evidence in one.evidence)}
    for decision in story.decisions:
        for link in decision.links:
            if link.insight in closed:
                yield (
                    f"decisions.yaml: decisions › {decision.key} › links: “{link.insight}” rests on a restricted "
                    "study; remove the link"
                )
    for recommendation in story.recommendations:
        if closed & set(recommendation.insights):
            yield (
                f"insights.yaml: recommendations › {recommendation.key}: rests on a restricted study; "
                "name other insights"
            )
