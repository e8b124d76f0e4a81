"""Texts to begin from: shipped ones, copies of teams, versions, and putting one into a draft (features.md M2)."""

from insights.capture.templates.beginning import PLACES, Place, begin_from_template, place_of
from insights.capture.templates.operations import (
    copy_template,
    create_template,
    save_template_version,
    set_template_retired,
)
from insights.capture.templates.queries import (
    TemplateRow,
    TemplateVersionRow,
    current_version,
    get_template,
    list_templates,
    template_body,
    template_versions,
)
from insights.capture.templates.shipped import SHIPPED, ensure_shipped_templates

__all__ = [
    "PLACES",
    "SHIPPED",
    "Place",
    "TemplateRow",
    "TemplateVersionRow",
    "begin_from_template",
    "copy_template",
    "create_template",
    "current_version",
    "ensure_shipped_templates",
    "get_template",
    "list_templates",
    "place_of",
    "save_template_version",
    "set_template_retired",
    "template_body",
    "template_versions",
]
