"""What is made of quotes before there is an insight: offers answered, rounds coded, boards sorted, memos written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import select

from insights.capture.models import SourceText, TextVersion
from insights.coding.memos import write_memo
from insights.coding.models import Tag
from insights.coding.rounds import add_codings, end_round, start_round
from insights.core.base import Record as StoredRecord
from insights.core.errors import RuleBroken
from insights.exchange.findings.operations import accept_as_insight, accept_as_quote, dismiss_offer, look_for_findings
from insights.exchange.models import Offer
from insights.synthesis.boards import (
    SeenCard,
    board_page,
    cluster_cards,
    create_board,
    edit_theme,
    get_cluster,
    put_quotes,
    theme_from_cluster,
)
from research_hub.demo import records
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_analysis(stage: Stage) -> Iterator[Act]:
    story = stage.story
    for reading in story.readings:
        yield Act(reading.day, Part.ANALYSIS, partial(_read, stage, reading))
    for coding_round in story.rounds:
        yield Act(coding_round.day, Part.ANALYSIS, partial(_begin_round, stage, coding_round))
        for layer in coding_round.layers:
            yield Act(layer.day, Part.ANALYSIS, partial(_code, stage, coding_round, layer))
        if coding_round.ended_day is not None:
            yield Act(coding_round.ended_day, Part.ANALYSIS, partial(_end_round, stage, coding_round))
    for board in story.boards:
        yield Act(board.day, Part.ANALYSIS, partial(_sort, stage, board))
    for memo in story.memos:
        yield Act(memo.day, Part.ANALYSIS, partial(_write, stage, memo))


def _read(stage: Stage, reading: records.ReportReading) -> None:
    """What is neither accepted nor dismissed waits for an answer."""
    source, actor = stage.told.sources[reading.session], stage.told.members[reading.by]
    study = stage.told.studies[next(one.study for one in stage.story.sessions if one.key == reading.session)]
    look_for_findings(stage.session, actor=actor, source=source, study=study)
    for accepted in reading.accepted:
        offer = _offer(stage, source, accepted.begins)
        if accepted.claim:
            accept_as_insight(
                stage.session, actor=actor, offer=offer, study=study, claim=accepted.claim, tags=accepted.tags
            )
        else:
            accept_as_quote(stage.session, actor=actor, offer=offer, study=study, tags=accepted.tags)
    for begins in reading.dismissed:
        dismiss_offer(stage.session, actor=actor, offer=_offer(stage, source, begins), study=study)


def _offer(stage: Stage, source: SourceText, begins: str) -> Offer:
    found = [
        offer
        for offer in stage.session.scalars(select(Offer).where(Offer.source_text_id == source.id))
        if offer.exact.startswith(begins)
    ]
    if len(found) != 1:
        raise RuleBroken(
            f"{len(found)} passages found in “{source.title}” begin with “{begins}”; correct analysis.yaml."
        )
    return found[0]


def _begin_round(stage: Stage, coding_round: records.CodingRound) -> None:
    told = stage.told
    told.rounds[coding_round.key] = start_round(
        stage.session,
        actor=told.members[coding_round.by],
        study=told.studies[coding_round.study],
        title=coding_round.title,
        coders=[told.members[key] for key in coding_round.coders],
        sources=[told.sources[key] for key in coding_round.sessions],
        tags=_tags(stage, coding_round.tags),
    )


def _code(stage: Stage, coding_round: records.CodingRound, layer: records.Layer) -> None:
    for coding in layer.codings:
        source = stage.told.sources[coding.session]
        start = stage.session.get_one(TextVersion, source.current_version_id).text.index(coding.exact)
        add_codings(
            stage.session,
            actor=stage.told.members[layer.by],
            coding_round=stage.told.rounds[coding_round.key],
            source=source,
            start=start,
            end=start + len(coding.exact),
            tags=coding.tags,
        )


def _end_round(stage: Stage, coding_round: records.CodingRound) -> None:
    told = stage.told
    study, actor = told.studies[coding_round.study], told.members[coding_round.by]
    end_round(stage.session, actor=actor, study=study, coding_round=told.rounds[coding_round.key])


def _sort(stage: Stage, board: records.Board) -> None:
    told, actor = stage.told, stage.told.members[board.by]
    made = create_board(stage.session, actor=actor, title=board.title, study=told.studies[board.study])
    quotes = [told.highlights[key].id for key in board.highlights]
    put_quotes(stage.session, actor=actor, board=made, highlight_ids=quotes)
    cards = {card.quote.id: card.id for card in board_page(stage.session, actor, made).tray.cards}
    for cluster in board.clusters:
        chosen = [SeenCard(cards[told.highlights[key].id], None) for key in cluster.highlights]
        moved = cluster_cards(stage.session, actor=actor, board=made, cards=chosen, title=cluster.title)
        if cluster.theme is None:
            continue
        stored = get_cluster(stage.session, made, moved.cluster_id or 0)
        theme = theme_from_cluster(stage.session, actor=actor, board=made, cluster=stored)
        memo, tags = cluster.theme.memo, cluster.theme.tags
        edit_theme(stage.session, actor=actor, theme=theme, title=cluster.title, memo=memo, tags=tags)


def _write(stage: Stage, memo: records.Memo) -> None:
    actor = stage.told.members[memo.by]
    write_memo(stage.session, actor=actor, about=_subject(stage, memo).ref, title=memo.title, text=memo.text)


def _subject(stage: Stage, memo: records.Memo) -> StoredRecord:
    told = stage.told
    match memo.kind:
        case "highlight":
            return told.highlights[memo.about]
        case "session":
            return told.sources[memo.about]
        case "study":
            return told.studies[memo.about]
        case "tag":
            return _tags(stage, [memo.about])[0]


def _tags(stage: Stage, paths: Sequence[str]) -> list[Tag]:
    """The organisation's own, in the order of the paths."""
    found = stage.session.scalars(select(Tag).where(Tag.path.in_(paths), Tag.study_id.is_(None)))
    by_path = {tag.path: tag for tag in found}
    return [by_path[path] for path in paths]
