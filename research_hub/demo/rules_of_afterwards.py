"""What must hold in the chapter afterwards.yaml: names that point somewhere, and nothing done before its time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from research_hub.demo.names import unknown
from research_hub.demo.records import PicturePair, Story

_COLOUR = re.compile(r"[0-9a-f]{6}")


def names_in_afterwards(story: Story) -> Iterator[str]:
    members = [member.key for member in story.members]
    decisions = [decision.key for decision in story.decisions]
    insights = [insight.key for insight in story.insights]
    of_decisions = (
        *(("works", each.decision, [each.by]) for each in story.works),
        *(("pictures", each.decision, [each.by]) for each in story.pictures),
        *(("reviews", each.decision, [each.by, each.answered_by]) for each in story.reviews),
        *(("public_texts", each.decision, [each.by, each.approver]) for each in story.public_texts),
    )
    for where, decision, people in of_decisions:
        yield from unknown(f"afterwards.yaml: {where} › {decision} › decision", [decision], decisions, "decision")
        yield from unknown(f"afterwards.yaml: {where} › {decision} › by", people, members, "member")
    for look in story.second_looks:
        where = f"afterwards.yaml: second_looks › {look.insight}"
        yield from unknown(f"{where} › insight", [look.insight], insights, "insight")
        yield from unknown(f"{where} › by, owner", [look.by, look.owner], members, "member")
    for point in story.points:
        where = f"afterwards.yaml: points › {point.about}"
        yield from unknown(where, [point.about], decisions if point.kind == "decision" else insights, point.kind)
        yield from unknown(f"{where} › by", [point.by], members, "member")
    for text in story.public_texts:
        where = f"afterwards.yaml: public_texts › {text.decision} › quotes"
        yield from unknown(where, text.quotes, [each.key for each in story.highlights], "highlight")


def days_of_afterwards(story: Story) -> Iterator[str]:
    for where, days in _orders(story):
        known = [day for day in days if day is not None]
        if any(earlier > later for earlier, later in pairwise(known)) or (known and known[-1] > 0):
            yield f"afterwards.yaml: {where}: done before its time, or in days to come; move the days"
    for look in story.second_looks:
        if look.due_day < look.day or (look.looked_day is None) != (look.result is None):
            yield (
                f"afterwards.yaml: second_looks › {look.insight}: is due after it was asked, and a result comes with "
                "looked_day; correct them"
            )
    for pair in story.pictures:
        yield from _drawings(story, pair)


def _orders(story: Story) -> Iterator[tuple[str, list[int | None]]]:
    """Where the story says so, and its days in the order in which they must stand; None for what has not happened."""
    decided = {
        each.key: each.proposed_day if each.decided_day is None else each.decided_day for each in story.decisions
    }
    changed = {each.key: decided[each.key] if each.live_day is None else each.live_day for each in story.decisions}
    published = {each.key: 1 if each.published_day is None else each.published_day for each in story.insights}
    for work in story.works:
        yield f"works › {work.url}", [decided[work.decision], work.day, work.done_day]
    for pair in story.pictures:
        yield f"pictures › {pair.decision}", [changed[pair.decision], pair.day]
    for look in story.second_looks:
        yield f"second_looks › {look.insight}", [published[look.insight], look.day, look.looked_day]
    for review in story.reviews:
        yield f"reviews › {review.decision}", [decided[review.decision], review.day, review.answered_day]
    for point in story.points:
        known = decided if point.kind == "decision" else published
        yield f"points › {point.about}", [known[point.about], point.day]
    for text in story.public_texts:
        days = [decided[text.decision], text.day, text.signed_off_day, text.published_day]
        yield f"public_texts › {text.decision}", days


def _drawings(story: Story, pair: PicturePair) -> Iterator[str]:
    where = f"afterwards.yaml: pictures › {pair.decision}"
    if not next(each for each in story.decisions if each.key == pair.decision).change:
        yield f"{where}: the decision records no change; add one"
    for block in (*pair.before.blocks, *pair.after.blocks):
        inside = 0 <= block.x < pair.width and 0 <= block.y < pair.height
        if not inside or not _COLOUR.fullmatch(block.colour):
            yield f"{where}: a block begins inside the drawing and has a colour such as 005eb8; correct {block}"
