"""What anybody may read without an account: published entries, and feeds of them. Off until it is switched on."""

from research_hub.web.public import feeds, pages
from research_hub.web.public.blueprint import bp

__all__ = ["bp", "feeds", "pages"]
