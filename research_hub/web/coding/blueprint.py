from __future__ import annotations

from flask import Blueprint

bp = Blueprint("coding", __name__)
