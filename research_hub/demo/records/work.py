"""How the research was prepared and watched over: plans, hypotheses, targets and what people agreed to."""

from dataclasses import dataclass

from insights.capture.models import HypothesisVerdict
from insights.people.models import ConsentScope
from research_hub.demo.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Record):
    """The plan of a study in Markdown, written on the day it began."""

    study: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis(Record):
    """`verdict` and `rationale` come on `judged_day`, or never."""

    key: str
    study: str
    statement: str
    verdict: HypothesisVerdict | None = None
    rationale: str = ""
    judged_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Record):
    study: str
    attribute: str
    value: str
    target: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    """The same form for several people of one study. On `withdrawn_day` they take back `withdrawn_scopes`, or, where
    none is named, everything. `with_form` keeps a form beside it.
    """

    key: str
    study: str
    participants: tuple[str, ...]
    day: int
    form_version: str
    channel: str
    scopes: tuple[ConsentScope, ...]
    expires_day: int | None = None
    with_form: bool = False
    withdrawn_day: int | None = None
    withdrawn_scopes: tuple[ConsentScope, ...] = ()
