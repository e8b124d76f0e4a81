from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from insights.capture.operations import discard_draft, save_draft
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from research_hub.db import transaction
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp


@bp.post("/drafts/<form_key>")
@requires(Permission.READ)
def keep_draft(form_key: str) -> ResponseReturnValue:
    """Keeps what is being typed: `{"fields": {name: text or list of texts}}` as JSON."""
    fields = _fields(request.get_json(silent=True))
    with transaction() as session:
        draft = save_draft(session, member=current_member(), form_key=form_key, fields=fields)
    return jsonify(saved_at=draft.saved_at.isoformat())


@bp.post("/drafts/<form_key>/discard")
@requires(Permission.READ)
def drop_draft(form_key: str) -> ResponseReturnValue:
    with transaction() as session:
        discard_draft(session, member=current_member(), form_key=form_key)
    return jsonify(discarded=True)


def _fields(sent: object) -> dict[str, str]:
    fields = sent.get("fields") if isinstance(sent, dict) else None
    if not isinstance(fields, dict):
        raise InvalidInput("A draft is a JSON object with the form's fields.")
    return {
        str(name): ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in fields.items()
    }
