"""Coding rounds: independent layers of several coders, and how far they agree."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.inside import is_inside
from insights.capture.models import SourceText, Study, TextVersion
from insights.capture.queries import get_source, get_study, list_sources, utterances_and_pages
from insights.coding.models import CodingRound, LayerCoding, Tag, TagStatus
from insights.coding.queries import Mark, list_tags
from insights.coding.rounds import (
    CodingRow,
    RoundPage,
    Unit,
    add_codings,
    adopt_coding,
    codings_on,
    compare,
    end_round,
    get_round,
    list_rounds,
    remove_coding,
    reopen_round,
    round_page,
    start_round,
    text_in_round,
)
from insights.core.access import Permission
from insights.core.base import number_of
from insights.core.errors import NotAllowed, NotFound
from insights.people.models import Member
from insights.people.queries import member_choices
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.coding.highlights import chosen_passage
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import number_or_none
from research_hub.web.messages import say_done
from research_hub.web.reader import Line, lines_of, said_in_place
from research_hub.web.reader.bare import bare_lines


@bp.get("/studies/<ref>/rounds")
@requires(Permission.READ)
def rounds(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    return render_template(
        "coding/rounds.html", study=study, rounds=list_rounds(reading(), current_member(), study_id=study.id)
    )


@bp.get("/studies/<ref>/rounds/new")
@requires(Permission.CODE)
def new_round(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    return render_template(
        "coding/round_form.html",
        study=study,
        sources=list_sources(session, member, study_id=study.id, limit=500),
        members=member_choices(session),
        tags=[tag for tag in list_tags(session, member) if tag.status == TagStatus.ACTIVE],
        sent=request.form,
    )


@bp.post("/studies/<ref>/rounds")
@requires(Permission.CODE)
@shows_errors_on(".new_round")
def create_round(ref: str) -> ResponseReturnValue:
    sent = request.form
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        begun = start_round(
            session,
            actor=current_member(),
            study=study,
            title=sent.get("title", ""),
            blind="blind" in sent,
            coders=_members(session, sent.getlist("coders")),
            sources=_sources(session, study, sent.getlist("sources")),
            tags=_tags(session, current_member(), sent.getlist("tags")),
        )
    flash("The round has begun. Each coder opens it and codes on their own.", "success")
    return redirect(url_for(".show_round", ref=begun.ref), code=303)


@bp.get("/rounds/<ref>")
@requires(Permission.READ)
def show_round(ref: str, **_act: object) -> ResponseReturnValue:
    """Shown again after a refusal too, whatever the act was about."""
    session, member = reading(), current_member()
    coding_round, study = get_round(session, member, ref)
    page = round_page(session, member, coding_round)
    return render_template(
        "coding/round.html",
        coding_round=coding_round,
        study=study,
        page=page,
        codes=member.id in {number for number, _name in page.coders} and coding_round.ended_at is None,
        **_comparison(session, coding_round, page),
    )


@bp.get("/rounds/<ref>.<extension>")
@requires(Permission.READ)
def export_agreement(ref: str, extension: str) -> ResponseReturnValue:
    """Every pair of coders, on the unit that the page shows."""
    session, member = reading(), current_member()
    coding_round, _study = get_round(session, member, ref)
    page = round_page(session, member, coding_round)
    unit = _unit()
    rows = [
        (
            *(first[1], second[1], row.tag or "all tags", row.text_ref or "all texts", unit.value),
            *(row.agreement.both, row.agreement.only_first, row.agreement.only_second, row.agreement.neither),
            *(row.agreement.observed, row.agreement.expected, row.agreement.kappa),
        )
        for first, second in combinations(page.coders, 2)
        for row in compare(session, coding_round, page, first_id=first[0], second_id=second[0], unit=unit)
    ]
    columns = (
        *("First coder", "Second coder", "Tag", "Text", "Unit", "Both", "Only first", "Only second", "Neither"),
        *("Observed agreement", "Expected by chance", "Cohen's kappa"),
    )
    return as_file(extension, table_of(f"Agreement {coding_round.ref}", columns, rows))


@bp.post("/rounds/<ref>/end")
@requires(Permission.CODE)
@shows_errors_on(".show_round")
def finish_round(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        coding_round, study = get_round(session, current_member(), ref)
        end_round(session, actor=current_member(), study=study, coding_round=coding_round)
    say_done("The round has ended; its layers are open.", undo_href=url_for(".resume_round", ref=ref))
    return redirect(url_for(".show_round", ref=ref), code=303)


@bp.post("/rounds/<ref>/reopen")
@requires(Permission.CODE)
@shows_errors_on(".show_round")
def resume_round(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        coding_round, study = get_round(session, current_member(), ref)
        reopen_round(session, actor=current_member(), study=study, coding_round=coding_round)
    flash("The round goes on. Its layers have been open, so it is no longer blind.", "success")
    return redirect(url_for(".show_round", ref=ref), code=303)


@bp.get("/rounds/<ref>/sources/<source_ref>")
@requires(Permission.READ)
def code_text(ref: str, source_ref: str) -> ResponseReturnValue:
    """The text as the round holds it, with the codings that the member may see."""
    session, member = reading(), current_member()
    coding_round, study = get_round(session, member, ref)
    source, version = text_in_round(session, coding_round, source_ref)
    # The wording of a round may be older than what was masked since.
    if not is_inside(session, member, study.id):
        raise NotAllowed("The texts of a round are read by the people of its study alone.")
    page = round_page(session, member, coding_round)
    tag_id = number_or_none(request.args.get("tag"))
    codings = codings_on(session, member, coding_round, source_id=source.id, tag_id=tag_id)
    return render_template(
        "coding/round_text.html",
        coding_round=coding_round,
        study=study,
        source=source,
        page=page,
        codings=codings,
        lines=_lines(session, version, codings),
        chosen_tag=next((path for number, path, _definition in page.tags if number == tag_id), ""),
        codes=member.id in {number for number, _name in page.coders} and coding_round.ended_at is None,
    )


@bp.post("/rounds/<ref>/sources/<source_ref>")
@requires(Permission.CODE)
@shows_errors_on(".code_text")
def add_to_layer(ref: str, source_ref: str) -> ResponseReturnValue:
    with transaction() as session:
        coding_round, _study = get_round(session, current_member(), ref)
        source, version = text_in_round(session, coding_round, source_ref)
        start, end = chosen_passage(version.text)
        made = add_codings(
            session,
            actor=current_member(),
            coding_round=coding_round,
            source=source,
            start=start,
            end=end,
            tags=request.form.get("tags", "").split(","),
        )
    told = "Coded." if made else "You coded this passage so already."
    if said_in_place() and made:
        return _in_place(coding_round, source, version, made, told)
    flash(told, "success")
    return redirect(url_for(".code_text", ref=ref, source_ref=source_ref), code=303)


@bp.post("/rounds/<ref>/codings/<int:coding_id>/remove")
@requires(Permission.CODE)
@shows_errors_on(".show_round")
def take_from_layer(ref: str, coding_id: int) -> ResponseReturnValue:
    with transaction() as session:
        coding_round, _study = get_round(session, current_member(), ref)
        coding = _coding(session, coding_round, coding_id)
        remove_coding(session, actor=current_member(), coding_round=coding_round, coding=coding)
        source_ref = f"SRC-{coding.source_text_id}"
    flash("The coding is taken away.", "success")
    return redirect(url_for(".code_text", ref=ref, source_ref=source_ref), code=303)


@bp.post("/rounds/<ref>/codings/<int:coding_id>/adopt")
@requires(Permission.CODE)
@shows_errors_on(".show_round")
def adopt(ref: str, coding_id: int) -> ResponseReturnValue:
    with transaction() as session:
        coding_round, study = get_round(session, current_member(), ref)
        coding = _coding(session, coding_round, coding_id)
        highlight = adopt_coding(session, actor=current_member(), study=study, coding_round=coding_round, coding=coding)
        source_ref = f"SRC-{coding.source_text_id}"
    say_done(f"Kept as {highlight.ref}.", undo_href=url_for(".drop", ref=highlight.ref))
    return redirect(url_for(".code_text", ref=ref, source_ref=source_ref, tag=coding.tag_id), code=303)


def _in_place(
    coding_round: CodingRound, source: SourceText, version: TextVersion, made: Sequence[LayerCoding], told: str
) -> ResponseReturnValue:
    """What reader.js puts in place: the lines that the new codings touch, and the way back from the last of them."""
    session, first = reading(), made[0]
    codings = codings_on(session, current_member(), coding_round, source_id=source.id)
    lines = [line for line in _lines(session, version, codings) if line.start < first.end]
    touched = [line for line, following in zip(lines, [*lines[1:], None], strict=True) if _reaches(first, following)]
    return jsonify(
        ref=f"HL-{first.id}",
        told=told,
        lines=render_template("coding/round_lines.html", lines=touched),
        undo={"href": url_for(".take_from_layer", ref=coding_round.ref, coding_id=made[-1].id), "fields": {}},
    )


def _reaches(coding: LayerCoding, following: Line | None) -> bool:
    """Whether the coding reaches into the line before `following`."""
    return following is None or following.start > coding.start


def _comparison(session: Session, coding_round: CodingRound, page: RoundPage) -> dict[str, object]:
    """What the page needs to show two coders side by side; nothing while a blind round runs."""
    pairs = list(combinations(page.coders, 2))
    chosen = request.args.get("pair", "")
    first, second = next((pair for pair in pairs if f"{pair[0][0]}-{pair[1][0]}" == chosen), pairs[0])
    unit = _unit()
    closed = coding_round.blind and coding_round.ended_at is None
    rows = [] if closed else compare(session, coding_round, page, first_id=first[0], second_id=second[0], unit=unit)
    return {"pairs": pairs, "first": first, "second": second, "unit": unit.value, "units": list(Unit), "rows": rows}


def _unit() -> Unit:
    return Unit.CHARACTER if request.args.get("unit") == Unit.CHARACTER else Unit.PARAGRAPH


def _lines(session: Session, version: TextVersion, codings: Sequence[CodingRow]) -> list[Line]:
    bare = bare_lines(version.text, *utterances_and_pages(session, version.id))
    marks = [
        Mark(
            id=each.id,
            ref=f"L{each.id}",
            exact=each.exact,
            start=each.start,
            end=each.end,
            status="active",
            text_version_id=version.id,
            observation=each.coder,
            polarity=None,
            severity=None,
            participant="",
            tags=(each.tag,),
        )
        for each in codings
    ]
    return lines_of(bare, marks)


def _coding(session: Session, coding_round: CodingRound, coding_id: int) -> LayerCoding:
    """Raises NotFound for a coding of another round, and for one that the member may not see."""
    coding = session.get(LayerCoding, coding_id)
    if coding is None or coding.coding_round_id != coding_round.id:
        raise NotFound(f"coding {coding_id}")
    seen = codings_on(session, current_member(), coding_round, source_id=coding.source_text_id)
    if coding_id not in {each.id for each in seen}:
        raise NotFound(f"coding {coding_id}")
    return coding


def _members(session: Session, numbers: Sequence[str]) -> list[Member]:
    ids = [number for number in map(number_or_none, numbers) if number is not None]
    return list(session.scalars(select(Member).where(Member.id.in_(ids), Member.is_active).order_by(Member.id)))


def _sources(session: Session, study: Study, refs: Sequence[str]) -> list[SourceText]:
    """Texts of the study; what lies elsewhere is not there."""
    found = [get_source(session, current_member(), ref)[0] for ref in refs]
    return [source for source in found if source.study_id == study.id]


def _tags(session: Session, member: Member, refs: Sequence[str]) -> list[Tag]:
    shown = {row.id for row in list_tags(session, member)}
    ids = [number for ref in refs if (number := number_of(ref, Tag.PREFIX)) in shown]
    return list(session.scalars(select(Tag).where(Tag.id.in_(ids), Tag.status == TagStatus.ACTIVE)))
