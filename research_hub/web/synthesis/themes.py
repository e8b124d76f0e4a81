from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.models import Study
from insights.capture.queries import get_study, list_studies
from insights.coding.queries import get_highlight, tag_names
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.decisions.thread import thread_of_theme
from insights.people.models import Member
from insights.people.queries import Choice
from insights.synthesis.boards import (
    ThemePage,
    add_quotes_to_theme,
    edit_theme,
    get_theme,
    list_themes,
    make_theme,
    set_theme_deleted,
    take_quote_from_theme,
    theme_page,
    theme_tag_names,
)
from insights.synthesis.models import Theme
from insights.synthesis.queries import Citing, insights_citing
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.forms import ThemeForm
from research_hub.web.synthesis.named import quote_ids
from research_hub.web.thread import Stage, stages
from research_hub.web.words import count, link_to


@bp.get("/themes")
@requires(Permission.READ)
def themes(ref: str = "") -> ResponseReturnValue:  # noqa: ARG001 - shown again after a restore
    session, member = reading(), current_member()
    study = get_study(session, member, request.args["study"]) if request.args.get("study") else None
    rows = list_themes(session, member, study_id=None if study is None else study.id)
    return render_template("synthesis/themes.html", rows=rows, study=study)


@bp.get("/themes.<extension>")
@requires(Permission.READ)
def export_themes(extension: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, request.args["study"]) if request.args.get("study") else None
    rows = list_themes(session, member, study_id=None if study is None else study.id)
    columns = ("Ref", "Theme", "Study", "Quotes", "Changed")
    cells = [(row.ref, row.title, row.study_ref, row.quotes, row.updated_at.date()) for row in rows]
    return as_file(extension, table_of("Themes", columns, cells))


@bp.get("/themes/new")
@requires(Permission.CODE)
def new_theme() -> ResponseReturnValue:
    session, member = reading(), current_member()
    quotes = ", ".join(request.args.getlist("quote"))
    form = ThemeForm(data={"study": request.args.get("study", ""), "quotes": quotes})
    choose(form.study, [Choice(row.ref, row.title) for row in list_studies(session, member)])
    return render_template("synthesis/theme_form.html", form=form, theme=None, tags=tag_names(session, member))


@bp.post("/themes")
@requires(Permission.CODE)
@shows_errors_on(".new_theme")
def create_theme() -> ResponseReturnValue:
    values = read_form(ThemeForm())
    with transaction() as session:
        actor = current_member()
        study = get_study(session, actor, values["study"]) if values["study"] else None
        theme = make_theme(
            session,
            actor=actor,
            title=values["title"],
            memo=values["memo"],
            study=study,
            highlight_ids=quote_ids(values["quotes"]),
        )
        if values["tags"].strip():
            tags, title, memo = values["tags"].split(","), theme.title, theme.memo
            edit_theme(session, actor=actor, theme=theme, title=title, memo=memo, tags=tags)
    flash(f"{theme.ref} is made.", "success")
    return redirect(url_for(".show_theme", ref=theme.ref), code=303)


@bp.get("/themes/<ref>")
@requires(Permission.READ)
def show_theme(ref: str, number: int = 0) -> ResponseReturnValue:  # noqa: ARG001 - shown again after an act on a quote
    session, member = reading(), current_member()
    theme = get_theme(session, member, ref)
    page = theme_page(session, member, theme)
    citing = insights_citing(session, member, [each.quote.id for each in page.quotes])
    found = {each.ref: each for citings in citing.values() for each in citings}
    study = None if theme.study_id is None else session.get(Study, theme.study_id)
    return render_template(
        "synthesis/theme.html",
        theme=theme,
        page=page,
        study=study,
        citing=citing,
        insights=list(found.values()),
        stages=_stages(member, theme, page, list(found.values()), study),
    )


@bp.get("/themes/<ref>/edit")
@requires(Permission.CODE)
def change_theme(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    theme = get_theme(session, member, ref)
    form = ThemeForm(obj=theme, data={"tags": ", ".join(theme_tag_names(session, member, theme))})
    return render_template("synthesis/theme_form.html", form=form, theme=theme, tags=tag_names(session, member))


@bp.post("/themes/<ref>")
@requires(Permission.CODE)
@shows_errors_on(".change_theme")
def update_theme(ref: str) -> ResponseReturnValue:
    values = read_form(ThemeForm())
    with transaction() as session:
        theme = get_theme(session, current_member(), ref)
        edit_theme(
            session,
            actor=current_member(),
            theme=theme,
            title=values["title"],
            memo=values["memo"],
            tags=values["tags"].split(","),
            row_version=number_or_none(values["row_version"]),
        )
    flash("Theme saved.", "success")
    return redirect(url_for(".show_theme", ref=ref), code=303)


@bp.post("/themes/<ref>/quotes")
@requires(Permission.CODE)
@shows_errors_on(".show_theme")
def add_to_theme(ref: str) -> ResponseReturnValue:
    ids = quote_ids(request.form.get("quotes", ""))
    if not ids:
        raise InvalidInput.of("quotes", "Name the quotes by their numbers: HL-12, HL-15.")
    with transaction() as session:
        theme = get_theme(session, current_member(), ref)
        number = add_quotes_to_theme(session, actor=current_member(), theme=theme, highlight_ids=ids)
    flash(f"{count(number, 'quote')} added." if number else "The theme holds them already.", "success")
    return redirect(url_for(".show_theme", ref=ref), code=303)


@bp.post("/themes/<ref>/quotes/<int:number>/take")
@requires(Permission.CODE)
@shows_errors_on(".show_theme")
def take_from_theme(ref: str, number: int) -> ResponseReturnValue:
    with transaction() as session:
        theme = get_theme(session, current_member(), ref)
        highlight, _source = get_highlight(session, current_member(), f"HL-{number}")
        take_quote_from_theme(session, actor=current_member(), theme=theme, highlight=highlight)
    say_done(f"HL-{number} taken out.", undo_href=url_for(".put_back_in_theme", ref=ref, number=number))
    return redirect(url_for(".show_theme", ref=ref), code=303)


@bp.post("/themes/<ref>/quotes/<int:number>/put-back")
@requires(Permission.CODE)
@shows_errors_on(".show_theme")
def put_back_in_theme(ref: str, number: int) -> ResponseReturnValue:
    with transaction() as session:
        theme = get_theme(session, current_member(), ref)
        add_quotes_to_theme(session, actor=current_member(), theme=theme, highlight_ids=[number])
    flash(f"HL-{number} is back in the theme.", "success")
    return redirect(url_for(".show_theme", ref=ref), code=303)


@bp.post("/themes/<ref>/delete")
@requires(Permission.CODE)
@shows_errors_on(".show_theme")
def delete_theme(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        theme = get_theme(session, current_member(), ref)
        set_theme_deleted(session, actor=current_member(), theme=theme, deleted=True)
    say_done(f"{ref} is deleted; its quotes are still there.", undo_href=url_for(".restore_theme", ref=ref))
    return redirect(url_for(".themes"), code=303)


@bp.post("/themes/<ref>/restore")
@requires(Permission.CODE)
@shows_errors_on(".themes")
def restore_theme(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        theme = get_theme(session, current_member(), ref, deleted=True)
        set_theme_deleted(session, actor=current_member(), theme=theme, deleted=False)
    flash(f"{ref} is back.", "success")
    return redirect(url_for(".show_theme", ref=ref), code=303)


def _stages(member: Member, theme: Theme, page: ThemePage, insights: list[Citing], study: Study | None) -> list[Stage]:
    """The thread of the theme's quotes; it leads to what is on this page, and to the study."""
    thread = thread_of_theme(reading(), member, theme.id)
    hrefs = {"quote": "#quotes" if page.quotes else None, "insight": "#insights" if insights else None}
    if study is not None:
        hrefs["study"] = link_to(study.ref)
    return [replace(each, href=hrefs.get(each.kind)) for each in stages(thread, here="theme", ref=theme.ref)]
