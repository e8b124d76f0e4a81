"""What must hold in the chapter sharing.yaml: names that point somewhere, and nothing shared before it is there."""

from __future__ import annotations

from collections.abc import Iterator

from research_hub.demo.names import unknown
from research_hub.demo.records import CollectionEntry, FollowedRecord, Gathered, ResearchRequest, Story


def names_in_sharing(story: Story) -> Iterator[str]:
    members = [member.key for member in story.members]
    for where, by in (
        *(("word_lists", each.by) for each in story.word_lists),
        *((f"searches › {each.name}", each.by) for each in story.searches),
        *((f"follows › {each.about}", each.by) for each in story.follows),
        *((f"gathered › {each.about}", each.by) for each in story.gathered),
        *((f"collections › {each.key}", each.by) for each in story.collections),
    ):
        yield from unknown(f"sharing.yaml: {where} › by", [by], members, "member")
    for _day, where, subject in _subjects(story):
        yield from unknown(f"{where} › about", [subject.about], _days(story, subject.kind), subject.kind)
    for request in story.requests:
        yield from _names_in_request(story, request, members)


def days_of_sharing(story: Story) -> Iterator[str]:
    for day, where, subject in _subjects(story):
        known = _days(story, subject.kind)[subject.about]
        if known is None or not known <= day <= 0:
            yield f"{where} › day: “{subject.about}” was not there yet, or it lies in days to come; move the day"
    for request in story.requests:
        answer = request.answer
        if answer is not None and not request.day <= answer.day <= 0:
            where = f"sharing.yaml: requests › {request.key}"
            yield f"{where} › answer: lies before the request or in days to come; move the day"


def _subjects(story: Story) -> Iterator[tuple[int, str, FollowedRecord | Gathered | CollectionEntry]]:
    """Every record that is followed, gathered or collected, with the day and where the story says so."""
    for follow in story.follows:
        yield follow.day, f"sharing.yaml: follows › {follow.about}", follow
    for gathered in story.gathered:
        yield gathered.day, f"sharing.yaml: gathered › {gathered.about}", gathered
    for collection in story.collections:
        for entry in collection.entries:
            yield collection.day, f"sharing.yaml: collections › {collection.key} › {entry.about}", entry


def _days(story: Story, kind: str) -> dict[str, int | None]:
    """By key the day from which on colleagues can know of it; None for what was never published."""
    match kind:
        case "insight":
            return {insight.key: insight.published_day for insight in story.insights}
        case "decision":
            return {decision.key: decision.proposed_day for decision in story.decisions}
        case _:
            heard = {session.key: session.day for session in story.sessions}
            return {highlight.key: heard.get(highlight.session) for highlight in story.highlights}


def _names_in_request(story: Story, request: ResearchRequest, members: list[str]) -> Iterator[str]:
    where, answer = f"sharing.yaml: requests › {request.key}", request.answer
    people = [request.by, *request.backed_by, answer.by if answer else None]
    yield from unknown(f"{where} › by, backed_by", people, members, "member")
    yield from unknown(f"{where} › service", [request.service], [each.key for each in story.services], "service")
    if answer is not None:
        studies, insights = [each.key for each in story.studies], [each.key for each in story.insights]
        yield from unknown(f"{where} › answer › study", [answer.study], studies, "study")
        yield from unknown(f"{where} › answer › insight", [answer.insight], insights, "insight")
