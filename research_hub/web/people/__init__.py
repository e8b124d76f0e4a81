"""Settings: members, teams, services, components, and who may do what."""

from research_hub.web.people import components, members, overview, permissions, services, teams
from research_hub.web.people.blueprint import bp

__all__ = ["bp", "components", "members", "overview", "permissions", "services", "teams"]
