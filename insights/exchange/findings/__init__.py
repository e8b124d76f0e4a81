"""What a report already says: found, offered, and kept only where somebody says yes."""

from insights.exchange.findings.finder import MOST_OFFERS, find_offers
from insights.exchange.findings.found import Found

__all__ = ["MOST_OFFERS", "Found", "find_offers"]
