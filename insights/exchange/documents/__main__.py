"""Reads one file from standard input in a process of its own: `python -m insights.exchange.documents NAME`."""

from __future__ import annotations

import sys

from insights.exchange.documents.child import answer
from insights.exchange.documents.json_form import document_to_json
from insights.exchange.documents.reader import read_document

if __name__ == "__main__":
    answer(lambda content: document_to_json(read_document(sys.argv[1], content)))
