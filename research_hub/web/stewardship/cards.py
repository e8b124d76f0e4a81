"""An insight as a card: a small page, a piece of HTML to paste, and oEmbed's description of both (features.md N6).

No page of ours can be framed by another site, ours included (docs/evidence-tray.md says why), so the card is given as a
link with words and not as a frame.
"""

from __future__ import annotations

from flask import Response, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import NotFound
from insights.stewardship.tray import GatheredRow
from insights.synthesis.queries import InsightRow, get_insight, insight_row
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.addresses import absolute, permalink
from research_hub.web.stewardship.blueprint import bp
from research_hub.web.stewardship.citations import record_of


@bp.get("/insights/<ref>/card")
@requires(Permission.READ)
def card(ref: str) -> ResponseReturnValue:
    record, row = _insight(ref)
    return render_template("stewardship/card.html", record=record, row=row, addresses=_addresses(record))


@bp.get("/insights/<ref>/card/snippet")
@requires(Permission.READ)
def card_snippet(ref: str) -> ResponseReturnValue:
    record, row = _insight(ref)
    name = f'attachment; filename="{record.ref.lower()}.html"'
    return Response(
        _snippet(record, row), content_type="text/html; charset=utf-8", headers={"Content-Disposition": name}
    )


@bp.get("/insights/<ref>/card/oembed")
@requires(Permission.READ)
def card_oembed(ref: str) -> ResponseReturnValue:
    """OEmbed 1.0, type 'rich', for programs that ask as a signed-in member."""
    record, row = _insight(ref)
    return jsonify(
        version="1.0",
        type="rich",
        title=record.text,
        author_name=record.by,
        provider_name="Research Hub",
        provider_url=absolute("/"),
        html=_snippet(record, row),
        width=480,
        height=200,
        cache_age=3600,
    )


def _insight(ref: str) -> tuple[GatheredRow, InsightRow]:
    session, member = reading(), current_member()
    if not ref.strip().upper().startswith("INS-"):
        raise NotFound(ref)
    record = record_of(ref)
    return record, insight_row(session, member, get_insight(session, member, record.ref))


def _snippet(record: GatheredRow, row: InsightRow) -> str:
    return render_template(
        "stewardship/card_snippet.html", record=record, row=row, address=permalink(record.ref, record.pin)
    )


def _addresses(record: GatheredRow) -> dict[str, str]:
    names = {"card": ".card", "snippet": ".card_snippet", "oembed": ".card_oembed"}
    return {name: absolute(url_for(endpoint, ref=record.ref)) for name, endpoint in names.items()}
