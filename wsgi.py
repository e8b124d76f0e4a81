"""The WSGI entry: `gunicorn wsgi:app`."""

from research_hub.app import create_app
from research_hub.config import Settings

app = create_app(Settings())
