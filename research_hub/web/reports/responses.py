"""The leadership response register, open to everybody with an account (features.md I5)."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.reports.documents import responses_report
from insights.reports.response_register import ANSWER_WITHIN, ResponseRegister, response_register
from research_hub.security import requires
from research_hub.web.exports import as_report
from research_hub.web.forms import number_or_none
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import read_choice


@bp.get("/reports/responses")
@requires(Permission.READ)
def responses() -> ResponseReturnValue:
    choice = read_choice()
    register = response_register(choice.base)
    addressees = sorted({(row.addressee, row.addressee_id) for row in register.rows if row.addressee_id is not None})
    return render_template(
        "reports/responses.html",
        choice=choice,
        register=register.of(addressee_id=number_or_none(request.args.get("addressee"))),
        shown=_chosen(register),
        addressees=[(number, name) for name, number in addressees],
        addressee=request.args.get("addressee", ""),
        chosen_state=request.args.get("state", ""),
        address=_address(),
        within=ANSWER_WITHIN,
    )


@bp.get("/reports/responses.<extension>")
@requires(Permission.READ)
def export_responses(extension: str) -> ResponseReturnValue:
    choice = read_choice()
    return as_report(extension, responses_report(_chosen(response_register(choice.base)), choice.scope))


def _chosen(register: ResponseRegister) -> ResponseRegister:
    return register.of(state=request.args.get("state", ""), addressee_id=number_or_none(request.args.get("addressee")))


def _address() -> dict[str, str]:
    return {name: request.args[name] for name in ("service", "addressee", "state") if request.args.get(name)}
