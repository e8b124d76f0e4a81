"""Understands one file from standard input in a process of its own: `python -m insights.exchange.qda NAME`."""

from __future__ import annotations

import sys

from insights.exchange.documents.child import answer
from insights.exchange.qda.reading import understand
from insights.exchange.qda.understood import to_json

if __name__ == "__main__":
    answer(lambda content: to_json(understand(sys.argv[1], content)))
