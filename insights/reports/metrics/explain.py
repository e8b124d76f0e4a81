"""What each figure means, how it is computed and how it can mislead, for the help beside it."""

from __future__ import annotations

from dataclasses import dataclass

from insights.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class MetricHelp:
    code: str
    title: str
    meaning: str
    formula: str
    misleads: str

    def as_json(self) -> dict[str, str]:
        return {
            "code": self.code,
            "title": self.title,
            "meaning": self.meaning,
            "formula": self.formula,
            "misleads": self.misleads,
        }


def metric_help(code: str) -> MetricHelp:
    """Plain English for a code such as 'T1', in any case.

    Raises:
        NotFound: when no figure has that code.
    """
    found = _HELP.get(code.strip().upper())
    if found is None:
        raise NotFound(code)
    return found


_ENTRIES = (
    MetricHelp(
        code="T1",
        title="Evidence-backed decision rate",
        meaning=(
            "How many of the decisions accepted in the period rest on research. The rest declared another basis, "
            "such as law or cost, or are older records that say neither."
        ),
        formula=(
            "Decisions accepted in the period with at least one counted link, divided by all decisions accepted "
            "in it. A link counts when it says changed, informed or confirmed, when its insight was published on "
            "or before the day of acceptance, and when it was made no later than 14 days after. Later links are "
            "kept as retrospective and shown apart. The three parts always sum to 100%."
        ),
        misleads=(
            "It rises when weak links are allowed. Read it beside T2 and the share of links to insights of low "
            "confidence. A declared basis is no failing: some decisions are rightly made on law or security."
        ),
    ),
    MetricHelp(
        code="T2",
        title="Changed-by-research share",
        meaning="Where decisions rest on research, how often the research changed what was going to be done.",
        formula=(
            "Decisions accepted in the period with at least one counted link of type changed, divided by those "
            "with any counted link."
        ),
        misleads=(
            "Near 0% research is cited after minds were made up. Near 100% may mean that only surprises are "
            "recorded, and that findings which confirm a plan are not."
        ),
    ),
    MetricHelp(
        code="T3",
        title="Insight uptake",
        meaning=(
            "Does research get an answer. It looks at actionable insights old enough to have had their full 90 days."
        ),
        formula=(
            "Of actionable insights first published between 90 days before the start and 90 days before the end "
            "of the period, those that were acted on or declined with a reason within 90 days of publication. "
            "Acted on is also shown alone. Imported back-catalogue insights are left out."
        ),
        misleads=(
            "A decline with a reason counts as success: the aim is an answer, not obedience. So read the acted-on "
            "share too. Answers given after 90 days do not count, however good."
        ),
    ),
    MetricHelp(
        code="T4",
        title="Decision time",
        meaning=(
            "How many days pass from the publication of an insight to the first decision that rests on it (first "
            "curve), and to any answer at all (second curve)."
        ),
        formula=(
            "Kaplan-Meier estimate over all actionable insights published up to the report day. Open and parked "
            "ones stay in as waiting until that day; answered otherwise, retired or superseded ones leave on the "
            "day it happened. The median is the first day on which half have been decided; the 75th centile the "
            "first on which three quarters have. 'Not reached' means that the curve stays above that line."
        ),
        misleads=(
            "The right end of the curve rests on few insights: look at the number at risk. Quick is not the same "
            "as good."
        ),
    ),
    MetricHelp(
        code="T5",
        title="Shelf count and shelf rate",
        meaning="Published actionable insights that nobody has answered for more than 90 days.",
        formula=(
            "Count: those that are open, or parked to a date that has passed, and older than 90 days on the "
            "report day. Rate: that count divided by all published actionable insights older than 90 days that "
            "are neither retired nor superseded. Age runs from the first publication."
        ),
        misleads=(
            "It falls when insights are marked informative, for only actionable ones wait for an answer: the "
            "share of new insights marked informative is printed beside it."
        ),
    ),
    MetricHelp(
        code="T6",
        title="Leadership response rate",
        meaning="Do those whom a recommendation is addressed to answer it.",
        formula=(
            "Of recommendations issued between 30 days before the start and 30 days before the end of the period, "
            "those accepted, declined or deferred within 30 days of issue. By the role of the addressee, with the "
            "reasons of those declined. One taken back before an answer was due is left out."
        ),
        misleads=(
            "A decline with a reason counts as success: the aim is an answer, not obedience. A recommendation "
            "addressed to nobody can hardly be answered, and still counts."
        ),
    ),
    MetricHelp(
        code="T7",
        title="Stale-reliance rate",
        meaning="How many decisions in force rest on evidence that has expired, all of it.",
        formula=(
            "Decisions in force with evidence whose every supporting insight is stale, retired or superseded, "
            "divided by all decisions in force with evidence. Stale is an insight whose newest evidence is older "
            "than two half-lives of its kind, or a usability finding whose component changed since."
        ),
        misleads=(
            "Half-lives are opinion: see the setting beside each insight. A decision may well be right on old "
            "evidence; the figure asks for a look, not for a change."
        ),
    ),
    MetricHelp(
        code="T8",
        title="Trace integrity",
        meaning="Whether the links under decisions that are in force can still be trusted as they stand.",
        formula=(
            "Links in the state current, divided by all links of decisions in force on the report day. Outdated: "
            "the insight changed since it was read. Challenged: something open speaks against it. Unsupported: it "
            "was retired, superseded or withdrawn. Deep coverage is the share of insights under such decisions "
            "where a decision is live and its outcome has been measured."
        ),
        misleads="A link is current because nothing under it changed, not because it was a good link to begin with.",
    ),
    MetricHelp(
        code="T9",
        title="Outcome check completion and verdicts",
        meaning="Whether anybody looked afterwards, and what they found.",
        formula=(
            "Checks recorded with a verdict other than not measured, divided by the checks that fell due in the "
            "period; then how the recorded ones divide into improved, no change, worsened and inconclusive."
        ),
        misleads=(
            "A verdict shows contribution, not causation. Never add benefits up across decisions. Checks that "
            "nobody planned are not missed here: see the list of outcomes without reading."
        ),
    ),
    MetricHelp(
        code="T10",
        title="Loop closure",
        meaning="Are the people who took part told what came of it, and can the public read what was done.",
        formula=(
            "Of participants who may be contacted again and whose session is cited by a decision accepted between "
            "30 days before the start and 30 days before the end of the period, those told within 30 days. Beside "
            "it: of the decisions accepted in the period for a service, those with a published “We did”."
        ),
        misleads=(
            "Being told is the least that is owed; it does not say that what was told was understood. Who was told "
            "comes from each study’s follow-up page, by e-mail that was sent or a day that was entered. Whoever took "
            "consent to be contacted again back and was not told is not counted; without anybody the figure is n/a."
        ),
    ),
    MetricHelp(
        code="T11",
        title="Inclusion coverage",
        meaning="Whose voice is missing behind the decisions that rest on evidence.",
        formula=(
            "For each required group: decisions accepted in the period on evidence where at least one person of "
            "the group is heard in the quotes behind it, divided by all decisions accepted in it on evidence. The "
            "lowest group comes first. Where one or two people stand behind a number it reads “<3 people”."
        ),
        misleads=(
            "It knows what studies recorded of their participants and no more. One person heard is enough to "
            "count, and one person is no group."
        ),
    ),
    MetricHelp(
        code="T12",
        title="Reuse rate",
        meaning="Whether evidence is used again, or filed and forgotten.",
        formula=(
            "Of the counted links made in the period, those to an insight that rests on studies of other teams "
            "alone, or that was published more than 90 days before it was linked. Beside it: the share of searches "
            "that found nothing, and the accounts of people who are not researchers that were used."
        ),
        misleads=(
            "High reuse may mean that too little is researched anew: read it with stale reliance. An account that "
            "was used is not a page that was read."
        ),
    ),
)
_HELP = {entry.code: entry for entry in _ENTRIES}
CODES: tuple[str, ...] = tuple(_HELP)
