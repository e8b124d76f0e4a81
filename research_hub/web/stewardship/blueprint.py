from __future__ import annotations

from flask import Blueprint

bp = Blueprint("stewardship", __name__)
