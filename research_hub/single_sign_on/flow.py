"""Going to the provider, and coming back with a code."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge

from insights.people.accounts.federation import Claims
from research_hub.config import Settings
from research_hub.single_sign_on.provider import Provider
from research_hub.single_sign_on.tokens import Expected, NotTrusted, checked_claims


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what to keep (on the server) to compare the answer with."""

    address: str
    kept: dict[str, Any]


def begin_at_provider(provider: Provider, settings: Settings, *, back: str, proves_again: bool = False) -> Begun:
    """`back` is our own whole address. Raises ProviderUnavailable."""
    kept = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "again": proves_again,
    }
    asked = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": back,
        "scope": settings.oidc_scopes,
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": create_s256_code_challenge(kept["verifier"]),
        "code_challenge_method": "S256",
    }
    if proves_again:
        asked |= {"prompt": "login", "max_age": "0"}
    address = provider.endpoints().authorization
    return Begun(f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", kept)


def claims_from_answer(
    provider: Provider,
    settings: Settings,
    *,
    answer: Mapping[str, str],
    kept: Mapping[str, Any],
    back: str,
    begun_at: datetime,
    at: datetime,
) -> Claims:
    """Whom the provider means. Raises NotTrusted or ProviderUnavailable."""
    if not hmac.compare_digest(answer.get("state", "").encode(), str(kept["state"]).encode()):
        raise NotTrusted("The answer belongs to another browser.")
    endpoints = provider.endpoints()
    said = answer.get("iss")
    if (said is not None or endpoints.says_issuer) and said != provider.issuer:
        raise NotTrusted("The answer is another issuer's.")
    if "error" in answer or not answer.get("code"):
        raise NotTrusted("The provider let nobody in.")
    token = _token_for_code(provider, settings, answer["code"], str(kept["verifier"]), back)
    expected = Expected(
        audience=settings.oidc_client_id,
        nonce=str(kept["nonce"]),
        at=at,
        proved_since=begun_at if kept["again"] else None,
    )
    return _as_claims(provider.issuer, checked_claims(provider, token, expected), settings.oidc_groups_claim)


def sign_out_address(provider: Provider, settings: Settings, *, back: str) -> str:
    """Where one signs out at the provider too; '' where it has no such page. Raises ProviderUnavailable."""
    address = provider.endpoints().end_session
    if not address:
        return ""
    asked = urlencode({"client_id": settings.oidc_client_id, "post_logout_redirect_uri": back})
    return f"{address}{'&' if '?' in address else '?'}{asked}"


def _token_for_code(provider: Provider, settings: Settings, code: str, verifier: str, back: str) -> str:
    endpoints = provider.endpoints()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    secret = "" if settings.oidc_client_secret is None else settings.oidc_client_secret.get_secret_value()
    auth = (settings.oidc_client_id, secret) if secret and endpoints.secret_in_header else None
    if auth is None:
        form["client_id"] = settings.oidc_client_id
        if secret:
            form["client_secret"] = secret
    token = provider.client.post_form(endpoints.token, form, auth).get("id_token")
    if not isinstance(token, str):
        raise NotTrusted("The provider gave no token that says who this is.")
    return token


def _as_claims(issuer: str, said: Mapping[str, Any], groups_claim: str) -> Claims:
    groups = said.get(groups_claim, [])
    return Claims(
        issuer=issuer,
        subject=said["sub"],
        email=str(said.get("email") or "").strip().lower(),
        # The word "false" is true to Python: only the value itself counts.
        email_verified=said.get("email_verified") is True,
        name=str(said.get("name") or said.get("preferred_username") or ""),
        groups=tuple(each for each in groups if isinstance(each, str)) if isinstance(groups, list) else (),
    )
