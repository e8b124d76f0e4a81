from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.coding.queries import get_highlight, highlights_by_ids
from insights.core.access import Permission
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.text import plain_words
from insights.decisions.disposition import Disposition, disposition_of
from insights.decisions.dispositions import decisions_on, dispositions
from insights.decisions.thread import thread_of_insight
from insights.people.models import Component, Member, Service
from insights.people.queries import component_choices, member_choices, service_choices
from insights.synthesis.access import UNPUBLISHED
from insights.synthesis.boards import get_theme, quotes_in_theme
from insights.synthesis.models import Concern, ConfidenceLevel, Theme
from insights.synthesis.operations import (
    ConfidenceJudgement,
    assess_confidence,
    attach_highlight,
    edit_insight,
    publish_insight,
    write_insight,
)
from insights.synthesis.queries import (
    InsightFilter,
    InsightRow,
    RecommendationFilter,
    components_of,
    contradictions_of,
    evidence_of,
    get_insight,
    get_insight_with_merged,
    kept_back_of,
    latest_confidence,
    list_insights,
    list_recommendations,
    versions_of,
)
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.differences import word_differences
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.forms import InsightForm
from research_hub.web.synthesis.similar import candidate_ids, most_alike, similar_insights
from research_hub.web.thread import stages

PAGE = 30
COLUMNS = (
    *("Ref", "Claim", "Type", "Kind", "Status", "Version", "Confidence", "People", "Studies", "Freshness"),
    *("Contradicted", "What it became", "Service", "Team", "Owner", "Published"),
)


@bp.get("/insights")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    session, member = reading(), current_member()
    rows = list_insights(
        session, member, _filter(), before_id=number_or_none(request.args.get("before")), limit=PAGE + 1
    )
    return render_template(
        "synthesis/insights.html",
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        became=dispositions(session, [row.id for row in rows]),
        services=service_choices(session),
        chosen=request.args,
    )


@bp.get("/insights.<extension>")
@requires(Permission.READ)
def export_insights(extension: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    rows = list_insights(session, member, _filter(), limit=None)
    became = dispositions(session, [row.id for row in rows])
    return as_file(extension, table_of("Insights", COLUMNS, [_exported(row, became[row.id]) for row in rows]))


@bp.get("/insights/new")
@requires(Permission.EDIT_INSIGHTS)
def new() -> ResponseReturnValue:
    theme = get_theme(reading(), current_member(), request.args["theme"]) if request.args.get("theme") else None
    quoted = request.args.getlist("quote") if theme is None else _quotes_of(theme)
    begun = {} if theme is None else {"claim": theme.title, "body": theme.memo}
    form = InsightForm(data={"quotes": ", ".join(quoted), "service_id": _service_heard_in(quoted), **begun})
    _choices(form)
    # What was refused, or came with a claim, is shown beside what says the same: also where no script asks for it.
    alike = similar_insights(form.claim.data or "") if getattr(g, "problem", None) or theme is not None else []
    return render_template(
        "synthesis/insight_form.html", form=form, insight=None, quotes=_quotes_named(form), similar=alike
    )


@bp.post("/insights")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".new")
def create() -> ResponseReturnValue:
    """Saves a draft, or publishes at once when the form was sent by its Publish button."""
    values = read_form(_unchecked(InsightForm()))
    publishes = request.form.get("then") == "publish"
    if publishes and not request.form.get("similar_seen") and similar_insights(values["claim"]):
        raise RuleBroken("We know something like this already: look below. If yours says something new, publish again.")
    with transaction() as session:
        actor = current_member()
        insight = write_insight(session, actor=actor, **_details(session, values))
        for ref in filter(None, (part.strip() for part in values["quotes"].split(","))):
            highlight, _source = get_highlight(session, actor, ref)
            attach_highlight(session, actor=actor, insight=insight, highlight=highlight)
        if values["confidence"]:
            assess_confidence(session, actor=actor, insight=insight, judgement=_judged(values))
        if publishes:
            publish_insight(session, actor=actor, insight=insight, may_stand=values["may_stand"])
    flash(f"{insight.ref} {'published' if insight.published_at else 'saved as a draft'}.", "success")
    return redirect(url_for(".show", ref=insight.ref), code=303)


@bp.get("/insights/<ref>")
@requires(Permission.READ)
def show(ref: str, link_id: int = 0) -> ResponseReturnValue:  # noqa: ARG001 - shown again after an action on a link
    session, member = reading(), current_member()
    insight, merged = get_insight_with_merged(session, member, ref)
    pinned = number_or_none(ref.partition("@")[2])
    if pinned is not None:
        return redirect(url_for(".versions", ref=insight.ref, _anchor=f"v{pinned}"), code=303)
    if insight.merged_into_id is not None:
        flash(f"{insight.ref} was merged into INS-{insight.merged_into_id}, which you see here.", "message")
        return redirect(url_for(".show", ref=f"INS-{insight.merged_into_id}"), code=303)
    unpublished = insight.status in UNPUBLISHED
    thread = thread_of_insight(session, member, insight.id)
    # A draft is held against what we know; what it is held against is read together with it.
    against = candidate_ids(session, member, insight.claim) if unpublished else []
    listed = list_insights(session, member, InsightFilter(ids=[insight.id, *against]), limit=None)
    row = next(each for each in listed if each.id == insight.id)
    evidence = evidence_of(session, member, insight)
    return render_template(
        "synthesis/insight.html",
        insight=insight,
        row=row,
        evidence=evidence,
        kept_back=kept_back_of(row.strength, evidence),
        confidence=latest_confidence(session, insight),
        contradictions=contradictions_of(session, member, [insight.id]),
        decisions=[] if unpublished else decisions_on(session, member, insight, contradicted=row.contradicted),
        became=disposition_of(today(session), links=())
        if unpublished
        else dispositions(session, [insight.id])[insight.id],
        recommendations=list_recommendations(session, member, RecommendationFilter(insight_id=insight.id)),
        similar=most_alike(insight.claim, [each for each in listed if each is not row]),
        merged=merged,
        stages=stages(thread, here="insight", ref=insight.ref, note=f"version {insight.version}"),
    )


@bp.get("/insights/<ref>/versions")
@requires(Permission.READ)
def versions(ref: str) -> ResponseReturnValue:
    """Every version with what changed in each field (features.md D7)."""
    session = reading()
    insight = get_insight(session, current_member(), ref)
    found = versions_of(session, insight)
    older = [version for version, _ in found[1:]] + [None]
    changes = [
        (version, name, [] if before is None else _changed_fields(before, version))
        for (version, name), before in zip(found, older, strict=True)
    ]
    return render_template("synthesis/versions.html", insight=insight, changes=changes)


@bp.get("/insights/<ref>/edit")
@requires(Permission.EDIT_INSIGHTS)
def edit(ref: str) -> ResponseReturnValue:
    session = reading()
    insight = get_insight(session, current_member(), ref)
    form = InsightForm(obj=insight, data={"components": [str(each.id) for each in components_of(session, insight)]})
    _choices(form)
    return render_template("synthesis/insight_form.html", form=form, insight=insight, quotes=[])


@bp.post("/insights/<ref>")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".edit")
def update(ref: str) -> ResponseReturnValue:
    values = read_form(_unchecked(InsightForm()))
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        edit_insight(
            session,
            actor=current_member(),
            insight=insight,
            note=values["version_note"],
            row_version=number_or_none(values["row_version"]),
            may_stand=values["may_stand"],
            **_details(session, values),
        )
    flash(f"Saved as version {insight.version}.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


def _exported(row: InsightRow, became: Disposition) -> tuple[Value, ...]:
    published = row.published_at.date() if row.published_at else None
    known = (row.ref, row.claim, row.type, row.kind, row.status, row.version, row.confidence)
    strength = (row.strength.people, row.strength.studies, row.freshness.state.value, row.contradicted)
    return (*known, *strength, became.state.value, row.service, row.team, row.owner, published)


def _filter() -> InsightFilter:
    return InsightFilter(
        service_id=number_or_none(request.args.get("service")),
        status=request.args.get("status", ""),
        type=request.args.get("type", ""),
        owner_id=current_member().id if request.args.get("mine") else None,
    )


def _choices(form: InsightForm) -> None:
    session = reading()
    choose(form.service_id, service_choices(session))
    choose(form.components, component_choices(session), optional=False)
    choose(form.owner_id, member_choices(session))


def _unchecked(form: InsightForm) -> InsightForm:
    """Selects of records are checked when the records are loaded; the form needs no list of them to be read."""
    for field in (form.service_id, form.components, form.owner_id):
        field.choices = []
    return form


def _details(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    owner_id, service_id = number_or_none(values["owner_id"]), number_or_none(values["service_id"])
    numbers = [number for number in map(number_or_none, values["components"] or []) if number]
    components = [session.get(Component, number) for number in numbers]
    return {
        "claim": values["claim"],
        "body": values["body"],
        "type_": values["type"],
        "kind": values["kind"],
        "service": None if service_id is None else session.get(Service, service_id),
        "components": [each for each in components if each is not None],
        "owner": None if owner_id is None else session.get(Member, owner_id),
        "review_by": values["review_by"],
    }


def _judged(values: Mapping[str, Any]) -> ConfidenceJudgement:
    if values["confidence"] not in list(ConfidenceLevel):
        raise InvalidInput.of("confidence", "Choose a level of confidence.")
    none = Concern.NO_OR_VERY_MINOR
    return ConfidenceJudgement(none, none, none, none, ConfidenceLevel(values["confidence"]), values["justification"])


def _quotes_named(form: InsightForm) -> list[tuple[str, str]]:
    """The quotes of the form's evidence field, as (ref, words), so that one sees what the claim will rest on."""
    wanted = form.quotes.data if getattr(g, "problem", None) is None else request.form.get("quotes", "")
    ids = [number_of(part, "HL") for part in (wanted or "").split(",")]
    rows = highlights_by_ids(reading(), current_member(), [number for number in ids if number])
    return [(row.ref, plain_words(row.exact)) for row in rows]


def _quotes_of(theme: Theme) -> list[str]:
    return [row.ref for row in quotes_in_theme(reading(), current_member(), theme)]


def _service_heard_in(refs: list[str]) -> str:
    """The service of the first quote's study, as the form's first guess."""
    session = reading()
    if not refs:
        return ""
    highlight, _source = get_highlight(session, current_member(), refs[0])
    study = session.get(Study, highlight.study_id)
    return "" if study is None or study.service_id is None else str(study.service_id)


def _changed_fields(before: Any, after: Any) -> list[tuple[str, list[tuple[str, str]]]]:  # noqa: ANN401 - two versions
    fields = []
    for name in ("claim", "body", "type", "kind", "confidence"):
        old, new = str(getattr(before, name) or ""), str(getattr(after, name) or "")
        if old != new:
            fields.append((name, word_differences(old, new)))
    if before.evidence != after.evidence:
        old, new = (", ".join(f"{ref} {relation}" for ref, relation in each.evidence) for each in (before, after))
        fields.append(("evidence", word_differences(old, new)))
    return fields
