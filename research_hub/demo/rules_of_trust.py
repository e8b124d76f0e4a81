"""What must hold in the chapter trust.yaml: names that point somewhere, and days in their order."""

from __future__ import annotations

from collections.abc import Iterator

from research_hub.demo.names import unknown
from research_hub.demo.records import (
    ConsentPaper,
    Contacted,
    Identity,
    KeptFor,
    LetIn,
    Story,
    SubjectRequest,
    Thanks,
)

_OfPeople = Identity | Contacted | Thanks | SubjectRequest
_OfStudies = ConsentPaper | KeptFor | LetIn

_FREE_FOR_FICTION = ("07700 900", "020 7946 0")


def names_in_trust(story: Story) -> Iterator[str]:
    members = [each.key for each in story.members]
    studies = [each.key for each in story.studies]
    people = [each.code for each in story.participants]
    of_people: list[_OfPeople] = [*story.identities, *story.contacted, *story.thanks, *story.subject_requests]
    for told in of_people:
        yield from unknown("trust.yaml: participant", [told.participant], people, "participant")
        yield from unknown(f"trust.yaml: {told.participant} › by", [told.by], members, "member")
    of_studies: list[_OfStudies] = [*story.papers, *story.kept_for, *story.let_in]
    for plan in of_studies:
        yield from unknown("trust.yaml: study", [plan.study], studies, "study")
        yield from unknown(f"trust.yaml: {plan.study} › by", [plan.by], members, "member")
    for let_in in story.let_in:
        yield from unknown("trust.yaml: let_in › answered_by", [let_in.answered_by], members, "member")


def days_of_trust(story: Story) -> Iterator[str]:
    """Nobody is made up who could be real, and nothing is answered before it was asked."""
    for told in story.identities:
        where = f"trust.yaml: identities › {told.participant}"
        if told.email and not told.email.endswith("@example.org"):
            yield f"{where} › email: could be somebody’s; let it end in @example.org"
        if told.telephone and not told.telephone.startswith(_FREE_FOR_FICTION):
            yield f"{where} › telephone: could be somebody’s; take one from 07700 900000 to 900999"
    for request in story.subject_requests:
        if request.answered_day is not None and not request.day <= request.answered_day <= 0:
            yield f"trust.yaml: subject_requests › {request.participant} › answered_day: move it after the request"
    for paper in story.papers:
        days = [version.day for version in paper.versions]
        if days != sorted(days) or len(set(days)) < len(days):
            yield f"trust.yaml: papers › {paper.name} › versions: put the earlier day first"
