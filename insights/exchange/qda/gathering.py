"""Gathering a study for other programs: only what the member may see, and nobody's identity."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import (
    Recording,
    ResearchSession,
    SessionStatus,
    SourceText,
    Study,
    TextVersion,
    Utterance,
    session_participants,
)
from insights.coding.models import Highlight, HighlightStatus, Memo, Tag, highlight_tags
from insights.coding.uses import hindrances, in_short
from insights.exchange.models import CodingProject
from insights.exchange.qda.attributes import facts_of, variable_of
from insights.exchange.qda.insight_lines import InsightLines
from insights.exchange.qda.kept import Coders, Kept
from insights.exchange.qda.model import (
    Case,
    Code,
    CodeSet,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    SyncPoint,
    TextPart,
    Value,
    Variable,
)
from insights.exchange.qda.outgoing import HeldFile, Outgoing
from insights.exchange.qda.side_lines import DOCUMENTS, original_entry, side_lines
from insights.people.models import Member, Participant
from insights.people.participants.gate import Use
from insights.synthesis.models import Theme, theme_highlights, theme_tags

_LONGEST_NAME = 100
_GONE = (SessionStatus.WITHDRAWN, SessionStatus.PURGED)
_USER_ATTRIBUTES = re.compile(r'(creatingUser|modifyingUser)="([0-9a-f-]{36})"')


def gather_project(session: Session, *, member: Member, study: Study, origin: str, with_names: bool) -> Outgoing:
    """The study as a project. Callers have checked that the member may see it.

    Coders are 'Coder 1', 'Coder 2', ... unless `with_names`.
    """
    return Gathered(session, member, study, origin, with_names=with_names).outgoing()


class Gathered:
    def __init__(self, session: Session, member: Member, study: Study, origin: str, *, with_names: bool) -> None:
        self.session, self.member, self.study, self.origin = session, member, study, origin
        projects = session.scalars(
            select(CodingProject)
            .where(CodingProject.study_id == study.id, CodingProject.stored_at.is_not(None))
            .order_by(CodingProject.id)
        ).all()
        self.packages = tuple(project.sha256 for project in projects)
        self.kept = Kept(projects)
        self.parts = self.kept.mapping("parts")
        members = {row.id: row.name for row in session.execute(select(Member.id, Member.name))}
        self.coders = Coders(study, members, with_names=with_names)
        self._read_texts()
        self._read_coding()
        self._read_people()

    def outgoing(self) -> Outgoing:
        self.insights = InsightLines(self.session, self.member, self.highlights, self.kept.mapping("objects"))
        memos = self._memos()
        sources = [self._source(source) for source in self.sources]
        sources += [self._recording(recording) for recording in self.recordings]
        kept_sources = [Source(guid="", element="", xml=self._with_users(xml)) for xml in self.kept.list("sources")]
        codes = self._codes()
        self.tags_in_order = [self.tag_of[code.guid] for root in codes for code in root.walk()]
        variables, cases = self._variables_and_cases()
        project = Project(
            name=self.study.title,
            origin=self.origin,
            created=self.study.created_at,
            description="\n\n".join(filter(None, (self.study.question, *self.left_out))),
            users=(),
            codes=codes,
            variables=variables,
            cases=cases,
            sources=(*sources, *kept_sources),
            all_notes=(*memos, *(Note(guid="", xml=self._with_users(xml)) for xml in self.kept.list("notes"))),
            notes=tuple(self.notes_on.get(self.study.ref, ())),
            links=tuple(self.kept.list("links")),
            sets=self._sets(),
            graphs=tuple(self.kept.list("graphs")),
        )
        # Coders are known only when everything that names one was written.
        users = self.coders.users()
        return Outgoing(
            project=Project(**{**{name: getattr(project, name) for name in project.__slots__}, "users": users}),
            texts=[(f"{source.uuid}.txt", self.versions[source.id].text) for source in self.sources],
            files=self._files(),
            packages=self.packages,
            side=[*side_lines(self), *self.insights.lines()],
            counts={
                "texts": len(self.sources),
                "highlights": len(self.highlights),
                "codes": len(self.tags),
                "participants": len(self.people),
                "themes": len(self.themes),
                "memos": len(memos),
            },
            remarks=self.remarks,
        )

    def _read_texts(self) -> None:
        held = select(ResearchSession).where(
            ResearchSession.study_id == self.study.id,
            ResearchSession.deleted_at.is_(None),
            ResearchSession.status.not_in(_GONE),
        )
        self.sessions = {each.id: each for each in self.session.scalars(held.order_by(ResearchSession.id))}
        rows = self.session.execute(
            select(SourceText, TextVersion)
            .join(TextVersion, TextVersion.id == SourceText.current_version_id)
            .where(SourceText.study_id == self.study.id, SourceText.deleted_at.is_(None))
            .order_by(SourceText.id)
        ).all()
        found = [
            row for row in rows if row[0].research_session_id is None or row[0].research_session_id in self.sessions
        ]
        found = self._agreed(found)
        self.sources = [source for source, _ in found]
        self.versions = {source.id: version for source, version in found}
        ids = list(self.versions)
        self.recordings = self.session.scalars(
            select(Recording)
            .where(Recording.source_text_id.in_(ids), Recording.deleted_at.is_(None))
            .order_by(Recording.id)
        ).all()
        self.recordings = self._agreed_recordings(self.recordings)
        self.utterances: dict[int, list[Utterance]] = defaultdict(list)
        versions = {version.id: source_id for source_id, version in self.versions.items()}
        for each in self.session.scalars(
            select(Utterance).where(Utterance.text_version_id.in_(list(versions))).order_by(Utterance.id)
        ):
            self.utterances[versions[each.text_version_id]].append(each)

    def _agreed(self, rows: Sequence[Any]) -> list[Any]:
        """Without texts of sessions in which somebody was heard who does not take part any more."""
        kept, whys = [], Counter[str]()
        for row in rows:
            in_the_way = hindrances(self.session, row[0], Use.WORK)
            if in_the_way:
                whys[in_short(in_the_way)] += 1
            else:
                kept.append(row)
        self.left_out = [
            f"{number} {'text' if number == 1 else 'texts'} left out: {why}" for why, number in whys.items()
        ]
        return kept

    def _agreed_recordings(self, recordings: Sequence[Recording]) -> Sequence[Recording]:
        kept = []
        for each in recordings:
            in_the_way = hindrances(self.session, each, Use.PLAY)
            if in_the_way:
                self.left_out.append(f"1 recording left out: {in_short(in_the_way)}")
            else:
                kept.append(each)
        return kept

    def _read_coding(self) -> None:
        found = self.session.scalars(
            select(Highlight)
            .where(
                Highlight.study_id == self.study.id,
                Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)),
            )
            .order_by(Highlight.source_text_id, Highlight.id)
        ).all()
        current = {source_id: version.id for source_id, version in self.versions.items()}
        self.highlights = {
            each.id: each
            for each in found
            if each.status is HighlightStatus.ACTIVE and current.get(each.source_text_id) == each.text_version_id
        }
        lost = sum(each.status is HighlightStatus.ORPHANED and each.source_text_id in current for each in found)
        self.remarks = self.left_out + (
            [f"{lost} quotes lost their place in an edited text and stay behind. Place them anew."] if lost else []
        )
        self.by_source: dict[int, list[Highlight]] = defaultdict(list)
        for each in self.highlights.values():
            self.by_source[each.source_text_id].append(each)
        self.themes = self.session.scalars(
            select(Theme).where(Theme.study_id == self.study.id, Theme.deleted_at.is_(None)).order_by(Theme.id)
        ).all()
        themes = [theme.id for theme in self.themes]
        self.theme_quotes = self._pairs(theme_highlights.c.theme_id, theme_highlights.c.highlight_id, themes)
        self.theme_tags = self._pairs(theme_tags.c.theme_id, theme_tags.c.tag_id, themes)
        self._read_tags()

    def _read_tags(self) -> None:
        """All of the study's own, and of the organisation's those that are used, with what they lie within."""
        rows = self.session.execute(
            select(highlight_tags.c.highlight_id, highlight_tags.c.tag_id)
            .join(Highlight, Highlight.id == highlight_tags.c.highlight_id)
            .where(Highlight.study_id == self.study.id)
            .order_by(highlight_tags.c.highlight_id, highlight_tags.c.tag_id)
        ).all()
        self.codings: dict[int, list[int]] = defaultdict(list)
        for highlight_id, tag_id in rows:
            if highlight_id in self.highlights:
                self.codings[highlight_id].append(tag_id)
        used = {tag_id for tags in self.codings.values() for tag_id in tags}
        used |= {tag_id for tags in self.theme_tags.values() for tag_id in tags}
        seen = select(Tag).where((Tag.study_id == self.study.id) | Tag.study_id.is_(None))
        known = {tag.id: tag for tag in self.session.scalars(seen.order_by(Tag.position, Tag.id))}
        wanted = {tag.id for tag in known.values() if tag.study_id is not None} | (used & known.keys())
        for tag_id in list(wanted):
            above = known[tag_id].parent_id
            while above is not None and above in known and above not in wanted:
                wanted.add(above)
                above = known[above].parent_id
        self.tags = {tag_id: tag for tag_id, tag in known.items() if tag_id in wanted}

    def _read_people(self) -> None:
        self.people = {
            each.id: each
            for each in self.session.scalars(
                select(Participant)
                .where(
                    Participant.study_id == self.study.id,
                    Participant.withdrawn_at.is_(None),
                    Participant.removed_at.is_(None),
                    Participant.merged_into_id.is_(None),
                )
                .order_by(Participant.id)
            )
        }
        self.heard = self._pairs(
            session_participants.c.research_session_id, session_participants.c.participant_id, list(self.sessions)
        )

    def _pairs(self, left: Any, right: Any, ids: Sequence[int]) -> dict[int, list[int]]:  # noqa: ANN401 - columns
        found: dict[int, list[int]] = defaultdict(list)
        for one, other in self.session.execute(select(left, right).where(left.in_(ids)).order_by(left, right)):
            found[one].append(other)
        return found

    def _source(self, source: SourceText) -> Source:
        suffix = PurePosixPath(source.original_name).suffix.casefold()
        selections = tuple(self._selection(each) for each in self.by_source[source.id])
        notes = tuple(self.notes_on.get(source.ref, ()))
        parts = tuple(map(self._with_users, self.parts.get(source.uuid, ())))
        path = f"{source.uuid}.txt"
        if suffix == ".pdf" and source.sha256:
            text = TextPart(
                self._derived(source.uuid, "representation"),
                self._title(source),
                plain_path=path,
                selections=selections,
            )
            return Source(
                source.uuid,
                "PDFSource",
                self._title(source),
                f"{source.uuid}.pdf",
                (text,),
                notes=notes,
                parts=parts,
                created=source.created_at,
            )
        text = TextPart(
            source.uuid,
            self._title(source),
            plain_path=path,
            selections=selections,
            notes=notes,
            parts=parts,
            created=source.created_at,
        )
        rich = f"{source.uuid}{suffix}" if suffix in DOCUMENTS and source.sha256 else ""
        return Source(source.uuid, "TextSource", self._title(source), rich, (text,), created=source.created_at)

    def _title(self, source: SourceText) -> str:
        """Other programs need a name for every text; the side file tells that it has none here."""
        held = self.sessions.get(source.research_session_id or 0)
        return source.title or (held and (held.title or f"Session of {held.held_on.isoformat()}")) or "Text"

    def _recording(self, recording: Recording) -> Source:
        source = next(each for each in self.sources if each.id == recording.source_text_id)
        points = tuple(
            SyncPoint(self._derived(source.uuid, f"point {each.number}"), each.start, each.start_ms)
            for each in self.utterances[source.id]
            if each.start_ms is not None
        )
        transcript = TextPart(
            self._derived(source.uuid, "transcript"),
            self._title(source),
            plain_path=f"{source.uuid}.txt",
            sync_points=points,
        )
        return Source(
            recording.uuid,
            "VideoSource" if recording.media_type.startswith("video/") else "AudioSource",
            recording.original_name or self._title(source),
            self._recording_path(recording),
            (transcript,),
            parts=tuple(map(self._with_users, self.parts.get(recording.uuid, ()))),
        )

    def _recording_path(self, recording: Recording) -> str:
        return f"{recording.uuid}{PurePosixPath(recording.original_name).suffix.casefold()}"

    def _by_uuid(self, tag_ids: Iterable[int]) -> list[int]:
        """In an order that another installation has too."""
        return sorted(tag_ids, key=lambda tag_id: self.tags[tag_id].uuid)

    def _selection(self, highlight: Highlight) -> Selection:
        words = " ".join(highlight.exact.split())
        name = words if len(words) <= _LONGEST_NAME else f"{words[:_LONGEST_NAME]}…"
        user = self.coders.of_highlight(highlight)
        others = self.kept_coders.get(highlight.uuid, {})
        return Selection(
            guid=highlight.uuid,
            start=highlight.start,
            end=highlight.end,
            name=self.titles.get(highlight.uuid, name),
            description=highlight.observation,
            codings=tuple(
                Coding(
                    guid=self._derived(highlight.uuid, self.tags[tag_id].uuid),
                    code=self.tags[tag_id].uuid,
                    user=self.coders.named(self.kept_users.get(others.get(self.tags[tag_id].uuid, ""), "")) or user,
                )
                for tag_id in self._by_uuid(self.codings[highlight.id])
                if tag_id in self.tags
            ),
            notes=(*self.notes_on.get(highlight.ref, ()), *self.insights.notes_on(highlight)),
            user=user,
            created=highlight.created_at,
        )

    def _codes(self) -> tuple[Code, ...]:
        self.tag_of = {tag.uuid: tag for tag in self.tags.values()}
        names = self.kept.mapping("code_names")
        uncodable = set(self.kept.list("uncodable"))
        children: dict[int | None, list[Tag]] = defaultdict(list)
        for tag in self.tags.values():
            children[tag.parent_id if tag.parent_id in self.tags else None].append(tag)

        def code(tag: Tag) -> Code:
            before, after = names.get(tag.uuid, ("", ""))
            return Code(
                guid=tag.uuid,
                name=before if before and after == tag.name else tag.name,
                description=tag.definition,
                colour=tag.colour if re.fullmatch("#[0-9a-fA-F]{6}", tag.colour) else "",
                codable=tag.uuid not in uncodable,
                children=tuple(code(each) for each in children[tag.id]),
                notes=tuple(self.notes_on.get(tag.ref, ())),
            )

        return tuple(code(tag) for tag in children[None])

    def _variables_and_cases(self) -> tuple[tuple[Variable, ...], tuple[Case, ...]]:
        facts = {each.id: facts_of(each) for each in self.people.values()}
        declared = self.kept.mapping("variables")
        names = sorted({name for values in facts.values() for name in values} | declared.keys())
        variables = {name: variable_of(self.study, name, declared.get(name, {}), facts.values()) for name in names}
        return tuple(variables.values()), tuple(
            self._case(each, facts[each.id], variables) for each in self.people.values()
        )

    def _case(self, person: Participant, facts: Mapping[str, str], variables: Mapping[str, Variable]) -> Case:
        """Texts that are theirs; passages where the text does not tell who speaks."""
        texts = [source for source in self.sources if person.id in self.heard_in(source)]
        alone = {source.id for source in texts if self.heard_in(source) == [person.id]}
        told = self.kept.mapping("case_sources").get(person.uuid, [])
        values: list[tuple[str, Value]] = [(variables[name].guid, value) for name, value in sorted(facts.items())]
        return Case(
            guid=person.uuid,
            name=person.code,
            values=tuple(values),
            sources=tuple(dict.fromkeys([*(source.uuid for source in texts), *told])),
            selections=tuple(
                each.uuid
                for each in self.highlights.values()
                if each.participant_id == person.id
                and each.source_text_id not in alone
                and self._uuid_of(each.source_text_id) not in told
            ),
            parts=tuple(self.parts.get(person.uuid, ())),
        )

    def _uuid_of(self, source_id: int) -> str:
        return next((source.uuid for source in self.sources if source.id == source_id), "")

    def heard_in(self, source: SourceText) -> list[int]:
        return [each for each in self.heard.get(source.research_session_id or 0, []) if each in self.people]

    def _sets(self) -> tuple[CodeSet, ...]:
        return tuple(
            CodeSet(
                guid=theme.uuid,
                name=theme.title,
                description=theme.memo,
                codes=tuple(self.tags[tag_id].uuid for tag_id in self.theme_tags[theme.id] if tag_id in self.tags),
                parts=tuple(self.parts.get(theme.uuid, ())),
            )
            for theme in self.themes
        )

    def _memos(self) -> tuple[Note, ...]:
        """Memos and insights as notes; `notes_on` says which stand on which record."""
        self.titles = self.kept.mapping("titles")
        self.kept_coders, self.kept_users = self.kept.mapping("coders"), self.kept.mapping("users")
        refs = {
            self.study.ref,
            *(source.ref for source in self.sources),
            *(tag.ref for tag in self.tags.values()),
            *(each.ref for each in self.highlights.values()),
            *(each.ref for each in self.sessions.values()),
        }
        query = select(Memo).where(Memo.study_id == self.study.id, Memo.deleted_at.is_(None)).order_by(Memo.id)
        self.memos = [memo for memo in self.session.scalars(query) if memo.subject_ref in refs]
        self.notes_on: dict[str, list[str]] = defaultdict(list)
        notes = []
        for memo in self.memos:
            self.notes_on[memo.subject_ref].append(memo.uuid)
            parts = tuple(self.parts.get(memo.uuid, ())) if memo.row_version == 1 else ()
            notes.append(Note(memo.uuid, memo.title, memo.text, parts=parts, created=memo.created_at))
        return (*notes, *self.insights.notes())

    def _files(self) -> list[HeldFile]:
        originals = [HeldFile(original_entry(each), each.sha256) for each in self.sources if each.sha256]
        media = [HeldFile(f"sources/{self._recording_path(each)}", each.sha256) for each in self.recordings]
        return [*originals, *media]

    def _with_users(self, xml: str) -> str:
        """What was kept names users by the GUIDs they had; each is the coder of that name now."""

        def renamed(found: re.Match[str]) -> str:
            guid = self.coders.named(self.kept_users.get(found[2], ""))
            return f'{found[1]}="{guid}"' if guid else ""

        return _USER_ATTRIBUTES.sub(renamed, xml)

    @staticmethod
    def _derived(guid: str, name: str) -> str:
        return str(uuid5(UUID(guid), name))
