"""What people keep, follow, gather, share and ask for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from insights.coding.synonyms import add_starting_groups
from insights.core.base import Record
from insights.openness.questions import report_missing
from insights.openness.requests import answer_request, ask_for_research, set_backing
from insights.stewardship.following import follow_record, save_search
from insights.stewardship.tray import Entry, create_collection, note_in_tray, put_in_tray
from research_hub.demo import records
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_sharing(stage: Stage) -> Iterator[Act]:
    story = stage.story
    for words in story.word_lists:
        yield Act(words.day, Part.TALK, partial(_begin_word_list, stage, words))
    for search in story.searches:
        yield Act(search.day, Part.TALK, partial(_save, stage, search))
    for follow in story.follows:
        yield Act(follow.day, Part.TALK, partial(_follow, stage, follow))
    for gathered in story.gathered:
        yield Act(gathered.day, Part.TALK, partial(_gather, stage, gathered))
    for collection in story.collections:
        yield Act(collection.day, Part.TALK, partial(_share, stage, collection))
    for request in story.requests:
        yield Act(request.day, Part.TALK, partial(_ask, stage, request))
        if request.answer is not None:
            yield Act(request.answer.day, Part.CLOSING, partial(_answer, stage, request, request.answer))


def _begin_word_list(stage: Stage, words: records.WordList) -> None:
    add_starting_groups(stage.session, actor=stage.told.members[words.by])


def _save(stage: Stage, search: records.SavedSearch) -> None:
    """What it finds is not known while the story is told: the worker’s first look learns it, and calls none new."""
    actor = stage.told.members[search.by]
    save_search(stage.session, actor=actor, name=search.name, question=search.question, matches=None, mail=search.mail)


def _follow(stage: Stage, follow: records.FollowedRecord) -> None:
    subject, actor = _subject(stage, follow.kind, follow.about), stage.told.members[follow.by]
    follow_record(stage.session, actor=actor, subject_ref=subject.ref, mail=follow.mail)


def _gather(stage: Stage, gathered: records.Gathered) -> None:
    subject, actor = _subject(stage, gathered.kind, gathered.about), stage.told.members[gathered.by]
    put_in_tray(stage.session, actor=actor, ref=subject.ref)
    if gathered.note:
        note_in_tray(stage.session, actor=actor, ref=subject.ref, note=gathered.note)


def _share(stage: Stage, collection: records.Collection) -> None:
    entries = [Entry(_subject(stage, each.kind, each.about).ref, each.note) for each in collection.entries]
    create_collection(
        stage.session,
        actor=stage.told.members[collection.by],
        title=collection.title,
        introduction=collection.introduction,
        entries=entries,
    )


def _ask(stage: Stage, request: records.ResearchRequest) -> None:
    told = stage.told
    missing = report_missing(stage.session, words=request.missing) if request.missing else None
    asked = told.requests[request.key] = ask_for_research(
        stage.session,
        actor=told.members[request.by],
        title=request.title,
        why=request.why,
        service=told.services[request.service],
        question=missing,
    )
    for key in request.backed_by:
        set_backing(stage.session, actor=told.members[key], request=asked, backs=True)


def _answer(stage: Stage, request: records.ResearchRequest, answer: records.RequestAnswer) -> None:
    told = stage.told
    answer_request(
        stage.session,
        actor=told.members[answer.by],
        request=told.requests[request.key],
        status=answer.status,
        study=None if answer.study is None else told.studies[answer.study],
        insight=None if answer.insight is None else told.insights[answer.insight],
        reason=answer.reason,
    )


def _subject(stage: Stage, kind: str, key: str) -> Record:
    told = stage.told
    match kind:
        case "insight":
            return told.insights[key]
        case "decision":
            return told.decisions[key]
        case _:
            return told.highlights[key]
