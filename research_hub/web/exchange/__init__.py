"""Files in and out, and what reports offer."""

from research_hub.web.exchange import findings, imports, projects, projects_out
from research_hub.web.exchange.blueprint import bp

__all__ = ["bp", "findings", "imports", "projects", "projects_out"]
