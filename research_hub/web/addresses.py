"""Addresses that leave the application: in citations, files and cards they must lead back from anywhere."""

from __future__ import annotations

from urllib.parse import urljoin

from flask import current_app, request

from research_hub.web.words import link_to


def absolute(path: str) -> str:
    """By the configured public address; without one by the host that was asked, which is one of the trusted."""
    base: str = current_app.extensions["settings"].base_url
    return urljoin(base or request.host_url, path)


def permalink(ref: str, pin: int = 0) -> str:
    """The address that stays: of an insight in that version, of everything else as it is now."""
    path = link_to(f"{ref}@{pin}" if pin else ref)
    return "" if path is None else absolute(path)
