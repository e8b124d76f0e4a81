"""What the demonstration story is made of.

Every `day` counts from the day the story is loaded: -512 lies 512 days back, 20 lies twenty days ahead. `key` is the
name by which one part of the story points at another; it never reaches the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from research_hub.demo.records.afterwards import (
    Block,
    Drawing,
    PicturePair,
    PointLink,
    PublicText,
    Review,
    SecondLook,
    Work,
)
from research_hub.demo.records.analysis import (
    AcceptedOffer,
    Answer,
    Board,
    Cluster,
    Coding,
    CodingRound,
    Comment,
    Layer,
    Memo,
    ReportReading,
    Theme,
)
from research_hub.demo.records.base import Record
from research_hub.demo.records.decisions import (
    Change,
    Decision,
    DecisionLink,
    ImpactEntry,
    Measure,
    Option,
    Origin,
    OutcomeCheck,
    Reading,
)
from research_hub.demo.records.field import LiveLog, LogLine, Pause
from research_hub.demo.records.people import Component, Member, Service, Team
from research_hub.demo.records.research import Highlight, Participant, SessionRecord, Study, Tag
from research_hub.demo.records.sharing import (
    Collection,
    CollectionEntry,
    FollowedRecord,
    Gathered,
    RequestAnswer,
    ResearchRequest,
    SavedSearch,
    WordList,
)
from research_hub.demo.records.synthesis import (
    ClaimEdit,
    Confidence,
    Contradiction,
    Ending,
    Evidence,
    Insight,
    NoAction,
    Parking,
    Recommendation,
    Response,
)
from research_hub.demo.records.trust import (
    ConsentPaper,
    Contacted,
    FormVersion,
    Identity,
    KeptFor,
    LetIn,
    SubjectRequest,
    Thanks,
)
from research_hub.demo.records.work import Consent, Hypothesis, Plan, Target

__all__ = [
    "AcceptedOffer",
    "Answer",
    "Block",
    "Board",
    "Change",
    "ClaimEdit",
    "Cluster",
    "Coding",
    "CodingRound",
    "Collection",
    "CollectionEntry",
    "Comment",
    "Component",
    "Confidence",
    "Consent",
    "ConsentPaper",
    "Contacted",
    "Contradiction",
    "Decision",
    "DecisionLink",
    "Drawing",
    "Ending",
    "Evidence",
    "FollowedRecord",
    "FormVersion",
    "Gathered",
    "Highlight",
    "Hypothesis",
    "Identity",
    "ImpactEntry",
    "Insight",
    "KeptFor",
    "Layer",
    "LetIn",
    "LiveLog",
    "LogLine",
    "Measure",
    "Member",
    "Memo",
    "NoAction",
    "Option",
    "Origin",
    "OutcomeCheck",
    "Parking",
    "Participant",
    "Pause",
    "PicturePair",
    "Plan",
    "PointLink",
    "PublicText",
    "Reading",
    "Recommendation",
    "Record",
    "ReportReading",
    "RequestAnswer",
    "ResearchRequest",
    "Response",
    "Review",
    "SavedSearch",
    "SecondLook",
    "Service",
    "SessionRecord",
    "Story",
    "Study",
    "SubjectRequest",
    "Tag",
    "Target",
    "Team",
    "Thanks",
    "Theme",
    "WordList",
    "Work",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The whole story. `texts` maps a session's key to its source text in the form of `canonical_text`."""

    members: tuple[Member, ...]
    teams: tuple[Team, ...]
    services: tuple[Service, ...]
    components: tuple[Component, ...]
    studies: tuple[Study, ...]
    participants: tuple[Participant, ...]
    sessions: tuple[SessionRecord, ...]
    tags: tuple[Tag, ...]
    highlights: tuple[Highlight, ...]
    insights: tuple[Insight, ...]
    contradictions: tuple[Contradiction, ...]
    recommendations: tuple[Recommendation, ...]
    decisions: tuple[Decision, ...]
    measures: tuple[Measure, ...]
    checks: tuple[OutcomeCheck, ...]
    impact: tuple[ImpactEntry, ...]
    plans: tuple[Plan, ...]
    hypotheses: tuple[Hypothesis, ...]
    targets: tuple[Target, ...]
    consents: tuple[Consent, ...]
    logs: tuple[LiveLog, ...]
    readings: tuple[ReportReading, ...]
    rounds: tuple[CodingRound, ...]
    boards: tuple[Board, ...]
    memos: tuple[Memo, ...]
    comments: tuple[Comment, ...]
    works: tuple[Work, ...]
    pictures: tuple[PicturePair, ...]
    second_looks: tuple[SecondLook, ...]
    reviews: tuple[Review, ...]
    points: tuple[PointLink, ...]
    public_texts: tuple[PublicText, ...]
    word_lists: tuple[WordList, ...]
    searches: tuple[SavedSearch, ...]
    follows: tuple[FollowedRecord, ...]
    gathered: tuple[Gathered, ...]
    collections: tuple[Collection, ...]
    requests: tuple[ResearchRequest, ...]
    papers: tuple[ConsentPaper, ...]
    identities: tuple[Identity, ...]
    contacted: tuple[Contacted, ...]
    thanks: tuple[Thanks, ...]
    kept_for: tuple[KeptFor, ...]
    subject_requests: tuple[SubjectRequest, ...]
    let_in: tuple[LetIn, ...]
    texts: Mapping[str, str]
