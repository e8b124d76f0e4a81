"""Flask's extensions, made once and joined to the application in app.py."""

from __future__ import annotations

from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

compress = Compress()
csrf = CSRFProtect()
migrate = Migrate(render_as_batch=True, compare_type=True)
