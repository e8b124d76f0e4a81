"""What a person decides about a file before it is stored, begun from what was understood of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from insights.capture.models import Method, SourceKind
from insights.core.checks import LONGEST_LINE
from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadDocument, SpeakerSeen
from insights.people.participants import personal_hint

LONGEST_CODE = 20
_GENERAL = re.compile(
    r"(?:(?:unknown )?speaker|participant|interviewee|respondent|person|user|customer|guest|p)[ _-]*\d*", re.IGNORECASE
)
_CODE_IN_NAME = re.compile(r"(?:P|PARTICIPANT)[ _-]?0*(\d{1,3})", re.IGNORECASE)


class Becomes(StrEnum):
    """What a file is stored as."""

    SESSION = "session"
    EXISTING = "existing"
    SOURCE = "source"


class SpeakerRole(StrEnum):
    MODERATOR = "moderator"
    PARTICIPANT = "participant"
    AS_WRITTEN = "as_written"


@dataclass(frozen=True, slots=True)
class SpeakerChoice:
    """Who a label of the file is. A participant without a code gets one drawn at random when the file is stored."""

    label: str
    role: SpeakerRole
    code: str = ""


@dataclass(frozen=True, slots=True)
class FileChoices:
    """`session_ref` names the session that the text is added to; `participants` are codes beside the speakers'.

    `looked_at` says that a person has decided, and not our guess alone.
    """

    title: str
    dated_on: date | None
    date_precision: str
    kind: SourceKind
    becomes: Becomes
    session_ref: str = ""
    method: str = Method.INTERVIEW.value
    moderator: str = ""
    participants: tuple[str, ...] = ()
    participant_count: int | None = None
    speakers: tuple[SpeakerChoice, ...] = ()
    looked_at: bool = False

    @property
    def lacks_day(self) -> bool:
        """A session needs the day on which it was held."""
        return self.becomes is Becomes.SESSION and (self.dated_on is None or self.date_precision != "day")

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"dated_on": None if self.dated_on is None else self.dated_on.isoformat()}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> FileChoices:
        return cls(
            title=plain["title"],
            dated_on=date.fromisoformat(plain["dated_on"]) if plain["dated_on"] else None,
            date_precision=plain["date_precision"],
            kind=SourceKind(plain["kind"]),
            becomes=Becomes(plain["becomes"]),
            session_ref=plain["session_ref"],
            method=plain["method"],
            moderator=plain["moderator"],
            participants=tuple(plain["participants"]),
            participant_count=plain["participant_count"],
            speakers=tuple(
                SpeakerChoice(each["label"], SpeakerRole(each["role"]), each["code"]) for each in plain["speakers"]
            ),
            looked_at=plain["looked_at"],
        )


def suggested_choices(document: ReadDocument) -> FileChoices:
    """What would be stored if nobody put anything right. A report stands for itself; what was heard is a session."""
    speakers = tuple(_suggested(each, document) for each in document.speakers)
    spoken = {each.code for each in speakers}
    moderators = [each.label for each in speakers if each.role is SpeakerRole.MODERATOR]
    kind = SourceKind(document.kind)
    becomes = Becomes.SOURCE if kind is SourceKind.DOCUMENT else Becomes.SESSION
    return FileChoices(
        title=document.title,
        dated_on=document.dated_on,
        date_precision=document.date_precision,
        kind=kind,
        becomes=becomes,
        moderator=", ".join(moderators)[:200],
        # A report names people whom it heard; they are counted, and took part in none of our sessions.
        participants=() if becomes is Becomes.SOURCE else tuple(c for c in document.participants if c not in spoken),
        participant_count=document.participant_count,
        speakers=speakers,
    )


def with_speakers(choices: FileChoices, said: Sequence[SpeakerChoice]) -> FileChoices:
    """The choices with what was said of some labels; a moderator named so moderates. Labels that do not occur are left.

    The case of labels does not matter.
    """
    wanted = {each.label.casefold(): each for each in said}
    speakers = tuple(
        replace(wanted[each.label.casefold()], label=each.label) if each.label.casefold() in wanted else each
        for each in choices.speakers
    )
    moderators = [each.label for each in speakers if each.role is SpeakerRole.MODERATOR]
    return replace(choices, speakers=speakers, moderator=", ".join(moderators)[:200])


def check_choices(choices: FileChoices) -> None:
    """Raises InvalidInput by field for what cannot be taken; `code_2` is the third speaker's code."""
    problems: dict[str, str] = {}
    for number, speaker in enumerate(choices.speakers):
        if speaker.role is SpeakerRole.PARTICIPANT and (problem := _wrong_with(speaker.code)):
            problems[f"code_{number}"] = problem
    wrong = [f"{code}: {problem}" for code in choices.participants if (problem := _wrong_with(code))]
    if wrong:
        problems["participants"] = " ".join(wrong)
    if len(choices.title) > LONGEST_LINE:
        problems["title"] = f"The title must be {LONGEST_LINE} characters or fewer."
    if choices.method and choices.method not in {term.value for term in Method}:
        problems["method"] = "Choose a method from the list."
    if problems:
        raise InvalidInput("Something has to be put right before this can be kept.", problems)


def wanted_before_storing(choices: FileChoices, known_sessions: Collection[str] | None = None) -> tuple[str, ...]:
    """What has to be said before the file can be stored, each as a sentence; nothing when it is ready."""
    wants = []
    if choices.lacks_day:
        more = "; the file tells no more than its month or year" if choices.dated_on else ""
        wants.append(f"Say on which day the session was held{more}.")
    if choices.becomes is Becomes.SOURCE and not choices.title.strip():
        wants.append("Give it a title.")
    if choices.becomes is Becomes.EXISTING and not choices.session_ref:
        wants.append("Choose the session that it belongs to.")
    elif (
        choices.becomes is Becomes.EXISTING and known_sessions is not None and choices.session_ref not in known_sessions
    ):
        wants.append("Choose another session: the one that was chosen is gone.")
    return tuple(wants)


def is_general(label: str) -> bool:
    """Whether a label says what somebody is and not who: 'Participant' is another person in every file."""
    return _GENERAL.fullmatch(label.strip()) is not None


def _wrong_with(code: str) -> str:
    if len(code) > LONGEST_CODE:
        return f"A code has {LONGEST_CODE} characters at most."
    # Codes are in capitals, and names are looked for as people write them.
    hint = personal_hint(code) or personal_hint(code.title())
    return f"This looks like {hint}. A code never tells who somebody is; use one like P3." if hint else ""


def _suggested(speaker: SpeakerSeen, document: ReadDocument) -> SpeakerChoice:
    if speaker.code:
        return SpeakerChoice(speaker.label, SpeakerRole.PARTICIPANT, speaker.code)
    if speaker.guess == SpeakerRole.MODERATOR:
        return SpeakerChoice(speaker.label, SpeakerRole.MODERATOR)
    if speaker.guess != SpeakerRole.PARTICIPANT:
        return SpeakerChoice(speaker.label, SpeakerRole.AS_WRITTEN)
    alone = sum(each.guess == SpeakerRole.PARTICIPANT for each in document.speakers) == 1
    return SpeakerChoice(speaker.label, SpeakerRole.PARTICIPANT, _code_in_name(document.name) if alone else "")


def _code_in_name(name: str) -> str:
    """'P3' for P3.pdf: who 'Participant' is stands in the file's name where each has a file of their own."""
    found = _CODE_IN_NAME.fullmatch(PurePosixPath(name.replace("\\", "/")).stem.strip())
    return f"P{found[1]}" if found else ""
