"""Signing in at the organisation's own provider (OpenID Connect): authorization code with PKCE, state and nonce."""

from research_hub.single_sign_on.client import ProviderUnavailable
from research_hub.single_sign_on.flow import Begun, begin_at_provider, claims_from_answer, sign_out_address
from research_hub.single_sign_on.tokens import NotTrusted

__all__ = [
    "Begun",
    "NotTrusted",
    "ProviderUnavailable",
    "begin_at_provider",
    "claims_from_answer",
    "sign_out_address",
]
