"""What a heading announces: findings, recommendations, something that holds neither, or nothing in particular."""

from __future__ import annotations

import re
from enum import Enum, auto


class Part(Enum):
    FINDINGS = auto()
    RECOMMENDATIONS = auto()
    NEITHER = auto()
    UNTOLD = auto()


_RECOMMENDATIONS = re.compile(
    r"recommend|next steps?\b|what(?:’s|'s| is| comes)? next|suggest(?:ed|ions)|action items|proposed changes"
    r"|opportunit|what we(?:’ll| will| plan| should)|changes? we (?:will|could|should)|future (?:work|considerations)"
    r"|further (?:work|considerations|research)|iteration ideas",
    re.IGNORECASE,
)
_FINDINGS = re.compile(
    r"\b(?:findings|results?|learn(?:ed|t|ings?)|takeaways?|key insights?|insights?|observations?|themes?"
    r"|what we (?:found|heard|saw|observed)|pain[ -]?points?|usability issues|what (?:did(?:n['’]t| not) )?work(?:ed)?"
    r"|what went (?:well|wrong)|feedback|challenges|lessons|highlights from|conclusions?|outcomes? of (?:the )?testing"
    r"|user needs we found)\b",
    re.IGNORECASE,
)
# Asked before findings: "what we wanted to learn" tells no finding.
_NEITHER = re.compile(
    r"wanted to (?:learn|know|find)|hope to|want to (?:learn|know|find|understand)|goals?\b|aims?\b|objectives?"
    r"|hypothes|background|introduction|overview of|context\b|method|approach"
    r"|participants?\b(?! (?:want|need|said|found|did|were|felt))|who we |user types|recruit|what we (?:tested|did)"
    r"|how we (?:tested|did)|what did we do|script|guide|protocol|questions?\b"
    r"|agenda|appendix|contents|consent form|test assets?|resources|further reading|links\b|timeline|schedule|team\b"
    r"|definition of done|user task|metrics|acceptance criteria|scope\b|problem statement|share this|screenshots",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"research[ -_]?plan|study[ -_]?guide|interview[ -_]?guide|discussion[ -_]?guide|\bscript\b|protocol|template"
    r"|user[ -_]?types|questions",
    re.IGNORECASE,
)


def part_of(heading: str) -> Part:
    """What stands under a heading of these words, as far as the words tell."""
    if _RECOMMENDATIONS.search(heading):
        return Part.RECOMMENDATIONS
    if _NEITHER.search(heading) and not re.search(r"findings|results", heading, re.IGNORECASE):
        return Part.NEITHER
    return Part.FINDINGS if _FINDINGS.search(heading) else Part.UNTOLD


def part_of_title(title: str) -> Part:
    """What a whole document of that title or file name holds: a plan or a script holds no findings at all."""
    words = title.replace("_", " ").replace("-", " ")
    if _PLAN.search(words):
        return Part.NEITHER
    return (
        Part.FINDINGS
        if re.search(r"\b(?:results?|findings?|synthes[ei]s|learn(?:ed|t))", words, re.IGNORECASE)
        else Part.UNTOLD
    )
