"""Checks of an ID token (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError

from research_hub.single_sign_on.provider import Provider

# Signatures by a key pair alone: neither 'none' nor a secret that somebody else may share.
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA")
_LEEWAY: Final = 60
"""Seconds by which two clocks may differ."""
_LONGEST_SUBJECT: Final = 255


class NotTrusted(Exception):
    """What came back is not the provider's answer to what was asked in this browser."""


@dataclass(frozen=True, slots=True)
class Expected:
    """`proved_since` is where a fresh proof is asked for: the moment since which the person must have given it."""

    audience: str
    nonce: str
    at: datetime
    proved_since: datetime | None = None


def checked_claims(provider: Provider, token: str, expected: Expected) -> Mapping[str, Any]:
    """Raises NotTrusted, saying what was wrong; or ProviderUnavailable where no keys can be had."""
    try:
        header = jws.extract_compact(token.encode()).headers()
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise NotTrusted("The token is signed in a way that is not taken.")
        keys = provider.keys(naming=kid if isinstance(kid, str) else None)
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, UnicodeError, KeyError, TypeError) as error:
        raise NotTrusted(f"The token's signature does not hold ({type(error).__name__}).") from error
    _check_origin(claims, provider.issuer, expected)
    _check_times(claims, expected)
    return claims


def _check_origin(claims: Mapping[str, Any], issuer: str, expected: Expected) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != issuer:
        raise NotTrusted("The token is another issuer's.")
    if expected.audience not in audiences:
        raise NotTrusted("The token is for another site.")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != expected.audience:
        raise NotTrusted("The token was made for another site.")
    if claims.get("nonce") != expected.nonce:
        raise NotTrusted("The token answers another question.")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise NotTrusted("The token says nobody.")


def _check_times(claims: Mapping[str, Any], expected: Expected) -> None:
    moment = expected.at.timestamp()
    ends, made = claims.get("exp"), claims.get("iat")
    if not isinstance(ends, int | float) or ends + _LEEWAY < moment:
        raise NotTrusted("The token is too old.")
    if not isinstance(made, int | float) or made - _LEEWAY > moment:
        raise NotTrusted("The token is of the future.")
    if expected.proved_since is not None:
        proved = claims.get("auth_time")
        if not isinstance(proved, int | float) or proved + _LEEWAY < expected.proved_since.timestamp():
            raise NotTrusted("The provider did not ask again who you are.")
