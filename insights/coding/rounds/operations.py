"""Changes to coding rounds. A coding is one coder's judgement; nothing of it is evidence until somebody adopts it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study, TextVersion
from insights.coding.models import (
    CodingRound,
    Highlight,
    LayerCoding,
    Tag,
    round_coders,
    round_sources,
    round_tags,
)
from insights.coding.operations import highlight_passage
from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.checks import required_line
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.core.text import Anchor, AnchorError, make_anchor, reanchor
from insights.people.models import Member
from insights.people.operations import require_same_area

FEWEST_CODERS = 2
_LONGEST_TITLE = 200


def start_round(
    session: Session,
    *,
    actor: Member,
    study: Study,
    title: str,
    coders: Sequence[Member],
    sources: Sequence[SourceText],
    tags: Sequence[Tag],
    blind: bool = True,
) -> CodingRound:
    """At least two coders judge the same texts, as they are worded now, with the same tags."""
    require_same_area(session, actor, study.team_id)
    name = required_line("title", title, label="a title", longest=_LONGEST_TITLE)
    if len({coder.id for coder in coders}) < FEWEST_CODERS:
        raise InvalidInput.of("coders", "Choose at least two coders: agreement needs somebody to agree with.")
    unable = [coder.name for coder in coders if not may(coder, Permission.CODE)]
    if unable:
        raise InvalidInput.of("coders", f"The role of {', '.join(unable)} does not include coding.")
    if not sources:
        raise InvalidInput.of("sources", "Choose at least one text to code.")
    if not tags:
        raise InvalidInput.of("tags", "Choose at least one tag to code with.")
    begun = CodingRound(study_id=study.id, title=name, blind=blind)
    add(session, actor, begun)
    _join(session, begun, coders, sources, tags)
    record(session, actor, "started", begun, detail={"named": sorted(coder.id for coder in coders)})
    return begun


def add_codings(
    session: Session,
    *,
    actor: Member,
    coding_round: CodingRound,
    source: SourceText,
    start: int,
    end: int,
    tags: Sequence[str],
) -> list[LayerCoding]:
    """One coding a tag on code points [start, end) of the text as it was when the round began."""
    _require_running(coding_round)
    _require_coder(session, actor, coding_round)
    version = _version(session, coding_round, source)
    chosen = _tags_of(session, coding_round, tags)
    try:
        anchor = make_anchor(version.text, start, end)
    except AnchorError as error:
        raise InvalidInput.of("passage", str(error)) from error
    known = set(
        session.scalars(
            select(LayerCoding.tag_id).where(
                LayerCoding.coding_round_id == coding_round.id,
                LayerCoding.coder_id == actor.id,
                LayerCoding.text_version_id == version.id,
                LayerCoding.start == anchor.start,
                LayerCoding.end == anchor.end,
            )
        )
    )
    codings = [
        LayerCoding(
            coding_round_id=coding_round.id,
            coder_id=actor.id,
            source_text_id=source.id,
            text_version_id=version.id,
            tag_id=tag.id,
            start=anchor.start,
            end=anchor.end,
            exact=anchor.exact,
            at=now(session),
        )
        for tag in chosen
        if tag.id not in known
    ]
    session.add_all(codings)
    record(session, actor, "coded in", coding_round, detail={"on": source.ref})
    return codings


def remove_coding(session: Session, *, actor: Member, coding_round: CodingRound, coding: LayerCoding) -> None:
    _require_running(coding_round)
    if coding.coder_id != actor.id:
        raise NotAllowed("Only the coder may take a coding away.")
    session.delete(coding)
    record(session, actor, "took a coding from", coding_round, detail={"on": f"SRC-{coding.source_text_id}"})


def end_round(session: Session, *, actor: Member, study: Study, coding_round: CodingRound) -> None:
    """Opens the layers for comparison; nobody codes from here on. Ending it twice changes nothing."""
    require_same_area(session, actor, study.team_id)
    if coding_round.ended_at is None:
        coding_round.ended_at = now(session)
        touch(session, actor, coding_round)
        record(session, actor, "ended", coding_round)


def reopen_round(session: Session, *, actor: Member, study: Study, coding_round: CodingRound) -> None:
    """Lets coding go on. A blind round that was compared is no longer blind, so its coders see one another."""
    require_same_area(session, actor, study.team_id)
    if coding_round.ended_at is not None:
        coding_round.ended_at, coding_round.blind = None, False
        touch(session, actor, coding_round)
        record(session, actor, "reopened", coding_round)


def adopt_coding(
    session: Session, *, actor: Member, study: Study, coding_round: CodingRound, coding: LayerCoding
) -> Highlight:
    """Makes a highlight of it, with its tag; it stands in the text as it is now. Adopting twice makes one."""
    require_same_area(session, actor, study.team_id)
    if coding_round.ended_at is None:
        raise RuleBroken("The round is still running. End it first, so that nobody is led by what others coded.")
    if coding.highlight_id is not None:
        return session.get_one(Highlight, coding.highlight_id)
    source = session.get_one(SourceText, coding.source_text_id)
    start, end = _place_now(session, source, coding)
    tag = session.get_one(Tag, coding.tag_id)
    highlight = highlight_passage(session, actor=actor, source=source, start=start, end=end, tags=[tag.path])
    coding.highlight_id = highlight.id
    session.flush()
    return highlight


def _join(
    session: Session, begun: CodingRound, coders: Sequence[Member], sources: Sequence[SourceText], tags: Sequence[Tag]
) -> None:
    number = begun.id
    session.execute(
        insert(round_coders),
        [{"coding_round_id": number, "member_id": each} for each in sorted({c.id for c in coders})],
    )
    texts = {source.id: source.current_version_id for source in sources}
    session.execute(
        insert(round_sources),
        [
            {"coding_round_id": number, "source_text_id": each, "text_version_id": version}
            for each, version in sorted(texts.items())
        ],
    )
    session.execute(
        insert(round_tags), [{"coding_round_id": number, "tag_id": each} for each in sorted({tag.id for tag in tags})]
    )


def _require_running(coding_round: CodingRound) -> None:
    if coding_round.ended_at is not None:
        raise RuleBroken("This round has ended, so nothing was stored. Reopen it to go on coding.")


def _require_coder(session: Session, actor: Member, coding_round: CodingRound) -> None:
    coders = select(round_coders.c.member_id).where(round_coders.c.coding_round_id == coding_round.id)
    if actor.id not in set(session.scalars(coders)):
        raise NotAllowed("Only the coders of this round code in it. Start a round of your own, or highlight as usual.")


def _version(session: Session, coding_round: CodingRound, source: SourceText) -> TextVersion:
    number = session.scalar(
        select(round_sources.c.text_version_id).where(
            round_sources.c.coding_round_id == coding_round.id, round_sources.c.source_text_id == source.id
        )
    )
    if number is None:
        raise RuleBroken(f"{source.ref} is not part of this round.")
    return session.get_one(TextVersion, number)


def _tags_of(session: Session, coding_round: CodingRound, paths: Sequence[str]) -> list[Tag]:
    """The round's tags of these paths. Raises InvalidInput naming one that is not the round's."""
    query = select(Tag).join(round_tags, round_tags.c.tag_id == Tag.id)
    of_round = {
        tag.folded_path: tag for tag in session.scalars(query.where(round_tags.c.coding_round_id == coding_round.id))
    }
    wanted = [" ".join(path.split()) for path in paths if path.strip()]
    for path in wanted:
        if path.casefold() not in of_round:
            raise InvalidInput.of("tags", f"“{path}” is not a tag of this round. Its tags were chosen when it began.")
    if not wanted:
        raise InvalidInput.of("tags", "Choose at least one of the round’s tags.")
    return [of_round[path.casefold()] for path in dict.fromkeys(wanted)]


def _place_now(session: Session, source: SourceText, coding: LayerCoding) -> tuple[int, int]:
    """Where the passage stands in the current text. Raises RuleBroken where it cannot be found again for sure."""
    if source.current_version_id == coding.text_version_id:
        return coding.start, coding.end
    old = session.get_one(TextVersion, coding.text_version_id).text
    new = session.get_one(TextVersion, source.current_version_id).text
    anchor: Anchor = make_anchor(old, coding.start, coding.end)
    found = reanchor(old, new, anchor)
    if found is None or found.how == "approximate":
        raise RuleBroken("The text was edited since, and the passage is not found again. Highlight it by hand.")
    return found.start, found.end
