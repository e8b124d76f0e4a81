"""Members and teams, the services and components they look after, and the people whom research hears."""
