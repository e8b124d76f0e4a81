from __future__ import annotations

from flask import Blueprint

bp = Blueprint("openness", __name__)
