"""Loads the demonstration story and proves it consistent. Nothing here touches a database."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from insights.core.text import canonical_text
from research_hub.demo import records
from research_hub.demo.reading import StoryError, read_chapter
from research_hub.demo.records import Decision, Origin, Record, SessionRecord, Story
from research_hub.demo.rules import problems_of

DEMO_FOLDER = Path(__file__).parent
"""The folder that holds `chapters/` (the story) and `sources/` (what people said, as their authors wrote it down)."""

_CHAPTERS: Mapping[str, Mapping[str, type[Record]]] = {
    "people.yaml": {
        "teams": records.Team,
        "members": records.Member,
        "services": records.Service,
        "components": records.Component,
    },
    "studies.yaml": {
        "studies": records.Study,
        "participants": records.Participant,
        "sessions": records.SessionRecord,
    },
    "coding.yaml": {"tags": records.Tag, "highlights": records.Highlight},
    "insights.yaml": {
        "insights": records.Insight,
        "contradictions": records.Contradiction,
        "recommendations": records.Recommendation,
    },
    "decisions.yaml": {"decisions": records.Decision},
    "outcomes.yaml": {
        "measures": records.Measure,
        "checks": records.OutcomeCheck,
        "impact": records.ImpactEntry,
    },
    "work.yaml": {
        "plans": records.Plan,
        "hypotheses": records.Hypothesis,
        "targets": records.Target,
        "consents": records.Consent,
    },
    "field.yaml": {"logs": records.LiveLog},
    "analysis.yaml": {
        "readings": records.ReportReading,
        "rounds": records.CodingRound,
        "boards": records.Board,
        "memos": records.Memo,
        "comments": records.Comment,
    },
    "afterwards.yaml": {
        "works": records.Work,
        "pictures": records.PicturePair,
        "second_looks": records.SecondLook,
        "reviews": records.Review,
        "points": records.PointLink,
        "public_texts": records.PublicText,
    },
    "sharing.yaml": {
        "word_lists": records.WordList,
        "searches": records.SavedSearch,
        "follows": records.FollowedRecord,
        "gathered": records.Gathered,
        "collections": records.Collection,
        "requests": records.ResearchRequest,
    },
    "trust.yaml": {
        "papers": records.ConsentPaper,
        "identities": records.Identity,
        "contacted": records.Contacted,
        "thanks": records.Thanks,
        "kept_for": records.KeptFor,
        "subject_requests": records.SubjectRequest,
        "let_in": records.LetIn,
    },
}


def load_story(path: Path = DEMO_FOLDER) -> Story:
    """The story below `path`, checked.

    Raises:
        StoryError: something is missing, misspelt, contradictory or not verbatim; it lists every problem found.
    """
    lists: dict[str, Any] = {}
    problems: list[str] = []
    for chapter, kinds in _CHAPTERS.items():
        try:
            lists |= read_chapter(path / "chapters" / chapter, kinds)
        except StoryError as error:
            problems += error.problems
    if problems:
        raise StoryError(problems)
    story = Story(**lists, texts=_read_texts(path / "sources", lists["sessions"]))
    if problems := problems_of(story, path / "sources"):
        raise StoryError(problems)
    return story


_ORIGIN_NOTES: Mapping[Origin, str] = {
    "illustration": "Written for this demonstration. It follows from the quotes; nobody decided it in this form.",
    "adapted": "Adapted for this demonstration from a real decision record, whose words it keeps:",
}


def origin_note(decision: Decision) -> str:
    """One sentence for readers of the decision that says what is real about it."""
    return " ".join(filter(None, [_ORIGIN_NOTES[decision.origin], decision.adapted_from]))


def _read_texts(sources: Path, sessions: tuple[SessionRecord, ...]) -> dict[str, str]:
    texts: dict[str, str] = {}
    problems: list[str] = []
    for session in sessions:
        where = f"studies.yaml: sessions › {session.key} › source: {session.source}"
        try:
            texts[session.key] = canonical_text((sources / session.source).read_text(encoding="utf-8"))
        except OSError as error:
            problems.append(f"{where} cannot be read ({error.strerror}); correct the path below sources/")
        except UnicodeDecodeError:
            problems.append(f"{where} is not UTF-8; replace the file")
    if problems:
        raise StoryError(problems)
    return texts
