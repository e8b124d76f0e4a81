"""Storing what was understood of a coding project: all of it in the caller's transaction, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.capture.operations import create_study
from insights.coding.models import Memo
from insights.core.activity import record, touch
from insights.core.checks import clean
from insights.core.clock import now
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.text import canonical_text
from insights.exchange.models import CodingProject
from insights.exchange.qda.incoming import Choices, Incoming, KeepsFiles
from insights.exchange.qda.packages import Package
from insights.exchange.qda.participant_storing import store_cases
from insights.exchange.qda.rows import Identities, add_many, chunks
from insights.exchange.qda.side_file import Side
from insights.exchange.qda.side_storing import store_insights, store_sessions, store_tag_details, store_theme_quotes
from insights.exchange.qda.tag_storing import StoredTags, store_codes
from insights.exchange.qda.text_storing import StoredTexts, store_texts
from insights.exchange.qda.understood import Understood
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.models import Theme, theme_tags

SEPARATORS = ("", "::", ".", "/", ">", "\\")
_LONGEST_MEMO = 1_000_000


def store_project(
    session: Session,
    *,
    actor: Member,
    project: CodingProject,
    understood: Understood,
    study: Study | None,
    files: KeepsFiles,
    package: Package | None,
    choices: Choices,
) -> Study | None:
    """Stores it in the study, or in a new one of the project's name. Raises RuleBroken where it was stored already.

    The study is None for a codebook that went to the organisation.
    """
    if project.stored_at is not None:
        raise RuleBroken(f"{project.ref} is in already; nothing was stored twice.")
    if choices.separator not in SEPARATORS:
        raise InvalidInput.of("separator", "Choose what parts the names of codes from the list.")
    if understood.format != "codebook" or not choices.to_organisation:
        study = study or _new_study(session, actor, understood)
        require_same_area(session, actor, study.team_id)
    side, identities = Side(understood.side), Identities(session)
    if study is None:
        codes = _store_codes(session, actor, understood, choices, identities)
        counts, problems, names = {"codes": len(codes.ids)}, [*understood.problems, *codes.problems], codes.names
    else:
        incoming = Incoming(session, actor, study, understood, side, identities, files, package, choices)
        storing = _Storing(incoming)
        storing.store()
        counts, problems, names = storing.counts, [*understood.problems, *incoming.problems], storing.names
    project.study_id = None if study is None else study.id
    project.stored_at = now(session)
    project.kept = _kept(understood, side, names, identities.renamed)
    project.report = {**project.report, "problems": [asdict(each) for each in problems], "stored": counts}
    touch(session, actor, project)
    record(session, actor, "imported", project, touches=[] if study is None else [study.ref], detail=counts)
    return study


def _store_codes(
    session: Session, actor: Member, understood: Understood, choices: Choices, identities: Identities
) -> StoredTags:
    return store_codes(
        session,
        actor=actor,
        study=None,
        codes=understood.codes,
        separator=choices.separator,
        identities=identities,
    )


def _new_study(session: Session, actor: Member, understood: Understood) -> Study:
    """Where the package is our own, the study is as it was, but for who sees it and where it stands."""
    side = Side(understood.side).one("study")
    study = create_study(
        session,
        actor=actor,
        title=(understood.name or "Imported project")[:500],
        question=understood.description[:20_000],
        methods=[str(method) for method in side.get("methods", []) if isinstance(method, str)],
        restricted=bool(side.get("restricted", False)),
    )
    identities = Identities(session)
    if guid := side.get("uuid"):
        study.uuid = identities.choose(Study, [str(guid)])[0]
        study.created_at = understood.created or study.created_at
    session.flush()
    return study


class _Storing:
    """One import. `counts` says how many of each kind were stored."""

    def __init__(self, incoming: Incoming) -> None:
        self.incoming, self.study, self.session = incoming, incoming.study, incoming.session
        self.understood, self.side, self.identities = incoming.understood, incoming.side, incoming.identities
        self.counts: dict[str, int] = {}
        self.names: dict[str, tuple[str, str]] = {}

    def store(self) -> None:
        codes = store_codes(
            self.session,
            actor=self.incoming.actor,
            study=self.study,
            codes=self.understood.codes,
            separator=self.incoming.choices.separator,
            identities=self.identities,
            organisation=self._codes_of_organisation(),
        )
        self.incoming.problems.extend(codes.problems)
        self.names = codes.names
        store_tag_details(self.session, self.side, codes.ids)
        people = store_cases(self.incoming)
        sessions = store_sessions(self.incoming, people)
        texts = store_texts(self.incoming, tags=codes.ids, participants=people, sessions=sessions)
        themes = self._store_sets(codes.ids)
        store_theme_quotes(self.session, self.side, themes, texts.highlights)
        written = store_insights(self.incoming, texts.highlights)
        memos = self._store_memos(codes.ids, texts, sessions, but=frozenset(written))
        self.counts = {
            "texts": len(texts.sources),
            "highlights": len(texts.highlights),
            "codings": texts.codings,
            "codes": len(codes.ids),
            "participants": len(people),
            "sessions": len(sessions),
            "themes": len(themes),
            "memos": memos,
            "insights": len(written),
        }

    def _store_sets(self, tags: Mapping[str, int]) -> dict[str, int]:
        sets = self.understood.sets
        uuids = self.identities.choose(Theme, [each.guid for each in sets])
        rows = [
            {
                "uuid": uuid,
                "title": " ".join(clean(each.name).split())[:500] or "Set without a name",
                "memo": clean(each.description),
                "study_id": self.study.id,
                "team_id": self.study.team_id,
            }
            for each, uuid in zip(sets, uuids, strict=True)
        ]
        ids = add_many(self.session, self.incoming.actor, Theme, rows)
        themes: dict[str, int] = {}
        pairs = []
        for each, theme_id in zip(sets, ids, strict=True):
            themes.setdefault(each.guid, theme_id)
            members = {tags[code] for code in each.codes if code in tags}
            pairs += [{"theme_id": theme_id, "tag_id": tag_id} for tag_id in sorted(members)]
        if pairs:
            self.session.execute(insert(theme_tags), pairs)
        return themes

    def _store_memos(
        self, tags: Mapping[str, int], texts: StoredTexts, sessions: Mapping[str, int], *, but: frozenset[str]
    ) -> int:
        """Nobody here wrote them, so nobody here is named for them."""
        memos = [memo for memo in self.understood.memos if memo.guid not in but]
        refs = {"tag": ("TAG", tags), "highlight": ("HL", texts.highlights), "source": ("SRC", texts.sources)}
        refs["session"] = ("SES", sessions)
        moved = self.side.subjects_of_memos()
        uuids = self.identities.choose(Memo, [memo.guid for memo in memos])
        rows = []
        for memo, uuid in zip(memos, uuids, strict=True):
            kind, guid = moved.get(memo.guid, memo.subject)
            prefix, ids = refs.get(kind, ("STU", {}))
            subject = f"{prefix}-{ids[guid]}" if guid in ids else self.study.ref
            rows.append(
                {
                    "uuid": uuid,
                    "subject_ref": subject,
                    "study_id": self.study.id,
                    "title": " ".join(clean(memo.title).split())[:200],
                    "text": canonical_text(memo.text)[:_LONGEST_MEMO] or memo.title or "(empty)",
                    "created": memo.created,
                }
            )
        ids_of_memos = add_many(self.session, None, Memo, rows)
        for some in chunks([f"MMO-{memo_id}" for memo_id in ids_of_memos]):
            record(self.session, self.incoming.actor, "imported", self.study, touches=some)
        return len(ids_of_memos)

    def _codes_of_organisation(self) -> frozenset[str]:
        """Our own packages say which codebook a tag was in; what a restricted study coded stays within it."""
        if self.study.restricted:
            return frozenset()
        return frozenset(line["uuid"] for line in self.side.all("tag") if line.get("scope") == "organisation")


def _kept(
    understood: Understood, side: Side, names: Mapping[str, tuple[str, str]], renamed: Mapping[str, str]
) -> dict[str, Any]:
    """What an export gives back, with the UUIDs that things have here."""
    passages = [passage for text in understood.texts for passage in text.passages]
    kept = {
        **understood.kept,
        "code_names": {uuid: list(both) for uuid, both in names.items()},
        "titles": {each.guid: each.title for each in passages if each.title},
        "coders": {each.guid: dict(each.other_coders) for each in passages if each.other_coders},
        "users": {user.guid: user.name for user in understood.users},
        "variables": {
            variable.name: {"type": variable.type, "guid": variable.guid, "description": variable.description}
            for variable in understood.variables
        },
        "case_sources": _case_sources(understood, side),
        "objects": side.kept_objects(),
    }
    told: dict[str, Any] = _renamed({name: value for name, value in kept.items() if value}, renamed)
    return told


def _case_sources(understood: Understood, side: Side) -> dict[str, list[str]]:
    """Texts of a case that no session tells of."""
    of_sessions = {line["uuid"] for line in side.all("source") if line.get("session")}
    told = {case.guid: [guid for guid in case.sources if guid not in of_sessions] for case in understood.cases}
    return {guid: sources for guid, sources in told.items() if sources}


_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _renamed(value: Any, renamed: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """The same with every GUID replaced that stands for another one here."""
    if not renamed:
        return value
    if isinstance(value, str):
        return _GUID.sub(lambda found: renamed.get(found[0], found[0]), value)
    if isinstance(value, Mapping):
        return {_renamed(key, renamed): _renamed(each, renamed) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(each, renamed) for each in value]
    return value
