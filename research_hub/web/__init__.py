"""Pages, one package a family, named as the domain's stages."""

from __future__ import annotations

from flask import Blueprint

from research_hub import health
from research_hub.web import (
    account,
    capture,
    coding,
    decisions,
    exchange,
    home,
    openness,
    people,
    public,
    reports,
    search,
    stewardship,
    synthesis,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.bp,
    account.bp,
    capture.bp,
    coding.bp,
    synthesis.bp,
    decisions.bp,
    people.bp,
    reports.bp,
    search.bp,
    openness.bp,
    public.bp,
    stewardship.bp,
    exchange.bp,
    health.bp,
)
