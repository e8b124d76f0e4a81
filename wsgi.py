"""The WSGI entry: `gunicorn wsgi:app`."""

from research_hub.app import create_served_app

app = create_served_app()
