"""Signing in and out, and what people may change about their own account."""

from research_hub.web.account import own_account, signing_in
from research_hub.web.account.blueprint import bp

__all__ = ["bp", "own_account", "signing_in"]
