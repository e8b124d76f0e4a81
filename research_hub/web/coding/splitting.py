"""One tag becomes several: each of its quotes is shown, to be given to one of the new tags."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.coding.codebook.merging import MOST_PARTS, split_tag
from insights.coding.codebook.queries import get_latest_act, read_tag, tag_to_change
from insights.coding.queries import highlights_by_ids, list_highlights
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.coding.acts import say_coded
from research_hub.web.coding.blueprint import bp
from research_hub.web.coding.codebook_forms import PART_NUMBERS, SplitForm
from research_hub.web.forms import number_or_none

MOST_QUOTES = 300


@bp.get("/tags/<ref>/split")
@requires(Permission.CODE)
def split_form(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    page = read_tag(session, member, ref)
    names = request.form.getlist("names")
    return render_template(
        "coding/codebook_split.html",
        form=SplitForm(),
        tag=page.row,
        page=page,
        quotes=list_highlights(session, member, tag_id=page.row.id, limit=MOST_QUOTES),
        names=[*names, *[""] * (MOST_PARTS - len(names))],
        numbers=PART_NUMBERS,
        chosen=request.form,
    )


@bp.post("/tags/<ref>/split")
@requires(Permission.CODE)
@shows_errors_on(".split_form")
def split(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        member = current_member()
        tag = tag_to_change(session, member, ref)
        chosen = _chosen()
        seen = {row.id for row in highlights_by_ids(session, member, sorted(chosen))}
        parts = _parts({quote: number for quote, number in chosen.items() if quote in seen})
        made = split_tag(session, actor=member, tag=tag, parts=parts, retire=bool(request.form.get("retire")))
        act = get_latest_act(session, member)
    say_coded(f"“{tag.path}” split into {' and '.join(f'“{each.path}”' for each in made)}.", act)
    return redirect(url_for(".show_tag", ref=tag.ref), code=303)


def _chosen() -> dict[int, int]:
    """By id of the highlight the number of the new tag it was given to; quotes that stay are not there."""
    found = {}
    for name, value in request.form.items():
        quote, number = number_or_none(name.removeprefix("quote-")), number_or_none(value)
        if name.startswith("quote-") and quote is not None and number in PART_NUMBERS:
            found[quote] = number
    return found


def _parts(chosen: dict[int, int]) -> dict[str, list[int]]:
    names = [" ".join(name.split()) for name in request.form.getlist("names")[:MOST_PARTS]]
    unnamed = sorted({number for number in chosen.values() if number > len(names) or not names[number - 1]})
    if unnamed:
        raise InvalidInput.of("names", f"Enter the name of new tag {unnamed[0]}: quotes were given to it.")
    if not chosen:
        raise InvalidInput.of("names", "Give at least one quote to one of the new tags.")
    if len(set(names) - {""}) != len([name for name in names if name]):
        raise InvalidInput.of("names", "Two of the new tags have the same name. Give each its own.")
    return {
        name: [quote for quote, number in chosen.items() if number == place]
        for place, name in enumerate(names, start=1)
        if name
    }
