"""How a speaker is written before a turn, and which of the words before a colon are speakers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from insights.exchange.documents.reading import ReadUtterance
from insights.exchange.documents.times import TIME

# Number of a paragraph (MAXQDA), time in front, >> of live captions, bold marks, the name, a time behind it, the colon.
_LABEL = re.compile(
    r"(?P<before>[ \t]*(?P<bullet>[-*+•][ \t]+)?(?:\d{1,5}[ \t]+)?"
    rf"(?:[\[(]?(?P<time_before>{TIME})[\])]?[ \t]*[-–]?[ \t]*)?(?:>>+[ \t]*)?)"
    r"(?P<mark>\*\*|__|\*|_)?\[?"
    r"(?P<name>[^\W_](?:[^:：*\n<>|\[\]`_#/\\\"“”?!;]|(?<=\w)_(?=\w)){0,58}?)"
    rf"(?:[ \t]*[\[(]?(?P<time_inside>{TIME})[\])]?)?"
    r"\]?(?:[:：](?P<mark_behind>\*\*|__|\*|_)?|(?P<mark_before_colon>\*\*|__|\*|_)[ \t]?[:：])"
    rf"(?=\s|\Z|(?<=：))[ \t]*(?P<time_behind>[\[(]?{TIME}[\])]?(?=[ \t]*(?:\n|\Z)))?"
)


_LONGEST = 200


def label_at(text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
    """The label that begins at `start`: a name before a colon with the marks and times around it; see `_LABEL`."""
    last = len(text) if end is None else end
    return _LABEL.match(text, start, min(last, start + _LONGEST))


@dataclass(frozen=True, slots=True)
class SpokenLabels:
    """The labels that count in a file."""

    names: frozenset[str]

    def of(self, paragraph: str) -> str:
        """The label that this paragraph begins with, or an empty text."""
        found = label_at(paragraph)
        name = found["name"].strip() if found else ""
        return name if name in self.names else ""


def spoken_labels(paragraphs: Sequence[str]) -> SpokenLabels:
    """Of captions: what stands before a colon at the beginning of two cues or more, or names a role."""
    counts = Counter(found["name"].strip() for text in paragraphs if (found := label_at(text)))
    return SpokenLabels(
        frozenset(
            name
            for name, count in counts.items()
            if may_be_a_name(name) and (count >= _FEWEST_CUES or role_of(name) or participant_code(name))
        )
    )


def written_label(text: str, utterance: ReadUtterance) -> tuple[int, int] | None:
    """Code points [start, end) of the label in front of the turn, without its marks, times and colon.

    Where the full name stands with its initials, as in “Adam Jonas (AJ)”, all of it is the label.
    """
    if not utterance.speaker:
        return None
    if text.startswith(f"{utterance.speaker}:", utterance.start):
        return utterance.start, utterance.start + len(utterance.speaker)
    found = label_at(text, utterance.start, utterance.end)
    if found and short_name(found["name"].strip()) == utterance.speaker:
        name = found["name"].rstrip()
        return found.start("name"), found.start("name") + len(name)
    place = text.find(utterance.speaker, utterance.start, utterance.end)
    return (place, place + len(utterance.speaker)) if place >= 0 else None


def short_name(name: str) -> str:
    """“AJ” of “Adam Jonas (AJ)”, so that the first turn belongs to those that follow; other names as they are."""
    found = _WITH_INITIALS.fullmatch(name)
    return found[1] if found else name


def participant_code(label: str) -> str:
    """'P3' for P3, p-03, P 3 and Participant 3; empty for every other label."""
    found = _CODE.fullmatch(label.strip())
    return f"P{int(found[1])}" if found else ""


def role_of(label: str) -> str:
    """'moderator' or 'participant' where the label is a role's name in one of the languages we meet, else ''."""
    plain = re.sub(r"[\s\d_.#-]+$", "", label).casefold()
    if plain in _MODERATORS:
        return "moderator"
    return "participant" if plain in _PARTICIPANTS else ""


def may_be_a_name(label: str) -> bool:
    """Few words, none of which begins a sentence or names the part of a report."""
    words = label.split()
    if not words or len(words) > _MOST_WORDS or label.casefold().rstrip("s") in _NO_NAMES:
        return False
    if label.casefold() in _NO_NAMES or words[0].casefold() in _FIRST_WORDS_OF_SENTENCES:
        return False
    return not label[0].isdigit()


_FEWEST_CUES = 2
_MOST_WORDS = 5
_WITH_INITIALS = re.compile(r"[^()]{2,}\(([A-Z]{1,4}\d?)\)")
_CODE = re.compile(r"(?:participant|part\.?|p)[\s_.-]*0*(\d{1,3})", re.IGNORECASE)
_MODERATORS = frozenset(
    (
        "moderator", "interviewer", "facilitator", "host", "researcher", "interrogator", "mod", "int", "i", "q",
        "question", "questioner", "ask", "问", "問", "主持人", "moderador", "moderadora", "entrevistador",
        "entrevistadora", "pergunta", "pregunta", "interviewerin", "moderatorin", "moderatrice", "modérateur",
        "enquêteur", "holwr", "cyfwelydd",
    )
)  # fmt: skip
_PARTICIPANTS = frozenset(
    (
        "participant", "respondent", "interviewee", "user", "guest", "applicant", "claimant", "customer",
        "patient", "citizen", "res", "resp", "part", "p", "r", "a", "answer", "response", "responder", "答",
        "受访者", "嘉宾", "participante", "entrevistado", "entrevistada", "respuesta", "resposta", "teilnehmer",
        "teilnehmerin", "befragter", "befragte", "participant·e", "cyfranogwr",
    )
)  # fmt: skip
_NO_NAMES = frozenset(
    (
        "action", "actions", "advantage", "agenda", "aim", "author", "background", "caveat", "chosen", "con",
        "conclusion", "cons", "consequence", "context", "cost", "date", "decider", "decision", "description",
        "design mandate", "detail", "duration", "evidence", "example", "exception", "favorite", "finding", "goal",
        "heading", "hint text", "http", "https", "hypothesis", "idea", "impact", "important", "insight", "intro",
        "introduction", "issue", "kind", "key quote", "language", "last modified", "limitation", "link", "list",
        "location", "method", "metadata", "name", "next step", "note", "objective", "observation", "opportunity",
        "outcome", "owner", "part", "pro", "problem", "project impact", "pros", "purpose", "quote", "reason",
        "recommendation", "related documentation", "result", "risk", "scenario", "slide", "source", "spec", "status",
        "step", "sub-task", "suggested action", "summary", "supporting documentation", "table of content", "tag",
        "task", "test", "text", "time", "timeline", "tip", "title", "to", "todo", "topic", "transcript", "type", "url",
        "user impact", "user need", "version", "video", "warning", "week", "why", "year",
    )
)  # fmt: skip
_FIRST_WORDS_OF_SENTENCES = frozenset(
    (
        "a", "an", "and", "as", "at", "because", "but", "by", "for", "from", "here", "how", "if", "in", "it",
        "its", "it’s", "it's", "key", "let", "let’s", "my", "now", "of", "on", "option", "or", "our", "please",
        "see", "so", "some", "step", "the", "there", "these", "they", "this", "those", "to", "two", "we",
        "what", "when", "where", "which", "while", "who", "why", "with", "you", "your", "project", "supporting",
        "related", "suggested", "example",
    )
)  # fmt: skip
