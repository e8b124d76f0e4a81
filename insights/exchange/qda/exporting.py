"""Taking a study or a codebook away, with an entry in the audit trail that says who took what."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.inside import is_inside
from insights.capture.models import Study
from insights.coding.models import Tag
from insights.coding.queries import list_tags
from insights.core.activity import record
from insights.core.errors import InvalidInput, NotAllowed
from insights.exchange.qda.gathering import gather_project
from insights.exchange.qda.model import Code
from insights.exchange.qda.outgoing import Outgoing
from insights.exchange.qda.xml_writing import write_codebook_xml
from insights.people.models import Member, Team


def project_of_study(session: Session, *, actor: Member, study: Study, origin: str, with_names: bool) -> Outgoing:
    """Callers have checked that the actor may see the study. Raises NotAllowed for whoever is outside it."""
    if not is_inside(session, actor, study.id):
        raise NotAllowed("A study’s texts are taken away by its own people alone. Ask whoever leads it.")
    outgoing = gather_project(session, member=actor, study=study, origin=origin, with_names=with_names)
    detail = {"as": "REFI-QDA project", "coders named": with_names, **outgoing.counts}
    record(session, actor, "exported", study, detail=detail)
    return outgoing


def codebook_of_study(session: Session, *, actor: Member, study: Study, origin: str) -> bytes:
    """The study's tags and those of the organisation that it uses. Raises InvalidInput where there are none."""
    project = gather_project(session, member=actor, study=study, origin=origin, with_names=False).project
    if not project.codes:
        raise InvalidInput(f"{study.ref} has no tags yet, so there is no codebook to take away.")
    record(session, actor, "exported", study, detail={"as": "REFI-QDA codebook"})
    return write_codebook_xml(project.codes, project.sets, origin)


def codebook_of_organisation(session: Session, *, actor: Member, origin: str) -> bytes:
    """The organisation's tags as far as the member may see them. Raises InvalidInput where there are none."""
    ids = [row.id for row in list_tags(session, actor) if row.study_id is None]
    tags = {
        tag.id: tag for tag in session.scalars(select(Tag).where(Tag.study_id.is_(None)).order_by(Tag.position, Tag.id))
    }
    children: dict[int | None, list[Tag]] = defaultdict(list)
    for tag_id in [each for each in tags if each in set(ids)]:
        parent_id = tags[tag_id].parent_id
        children[parent_id if parent_id in tags else None].append(tags[tag_id])
    codes = _codes(children, None)
    if not codes:
        raise InvalidInput("The organisation’s codebook has no tags yet, so there is nothing to take away.")
    team = session.get_one(Team, actor.team_id)
    record(session, actor, "exported the codebook for", team, detail={"as": "REFI-QDA codebook"})
    return write_codebook_xml(codes, (), origin)


def file_name_of(study: Study, extension: str) -> str:
    """'stu-12-results-letters.qdpx': plain letters, for every file system."""
    plain = unicodedata.normalize("NFKD", study.title).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:60].strip("-")
    return f"{'-'.join(filter(None, (study.ref.lower(), words)))}.{extension}"


def _codes(children: dict[int | None, list[Tag]], parent_id: int | None) -> tuple[Code, ...]:
    return tuple(
        Code(tag.uuid, tag.name, tag.definition, tag.colour, children=_codes(children, tag.id))
        for tag in children[parent_id]
    )
