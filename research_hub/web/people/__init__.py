"""Settings: members, teams, services, components, and who may do what."""

from research_hub.web.people import components, contacts, identities, members, overview, permissions, services, teams
from research_hub.web.people.blueprint import bp

__all__ = ["bp", "components", "contacts", "identities", "members", "overview", "permissions", "services", "teams"]
