"""All the given research and transcripts: every word of every file is in its text, and reading takes little memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from domain.exchange.documents.outcomes import read_or_refused

from insights.core.text import canonical_text, decode_text, split_front_matter
from insights.exchange.documents import document_from_json, document_to_json, read_document

ROOT = Path(__file__).parents[4]
DATA = ROOT.parent / "shared" / "data"
TEXTS = sorted(path for ending in ("md", "txt", "rst") for path in DATA.glob(f"**/*.{ending}"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the given data lie beside the checkout, not in it")
MOST_MEGABYTES = 300

# The peak of the child alone: getrusage would tell that of the process which started it where that is higher.
READ_ALL = """
import json, re, sys
from pathlib import Path
from insights.core.errors import InvalidInput
from insights.exchange.documents import read_document
peaks = {}
for name in sys.argv[1:]:
    try:
        read_document(name, Path(name).read_bytes())
    except InvalidInput:
        pass
    status = Path("/proc/self/status").read_text()
    peaks[name] = int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) // 1024
print(json.dumps(peaks))
"""


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


@pytest.mark.parametrize("folder", sorted({path.relative_to(DATA).parts[0] for path in TEXTS}))
def test_every_word_of_every_given_text_is_in_what_was_read(folder: str) -> None:
    refused = 0
    for path in (path for path in TEXTS if path.relative_to(DATA).parts[0] == folder):
        whole = canonical_text(decode_text(path.read_bytes()).text.replace("\f", "\n"))
        read, refusal = read_or_refused(path.name, path.read_bytes())
        if read is None:
            refused += 1
            assert "no words below its front matter" in refusal, path
            assert not words(split_front_matter(whole).body), path
            continue
        front = split_front_matter(whole).front_matter if read.front_matter else ""
        assert not words(whole) - words(read.text) - words(front or ""), path
        assert read.text in whole, path
        assert document_from_json(document_to_json(read)) == read, path
    assert refused < 40


def test_the_longest_given_line_keeps_its_56_000_characters() -> None:
    path = max(DATA.glob("transcripts/otel/**/*.md"), key=lambda path: max(map(len, path.read_bytes().split(b"\n"))))

    read = read_document(path.name, path.read_bytes())

    assert max(map(len, read.text.split("\n"))) > 56_000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak memory of a process")
def test_reading_any_given_file_takes_less_than_300_megabytes() -> None:
    files = [str(path) for path in sorted(DATA.rglob("*")) if path.is_file()]

    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, *files], cwd=ROOT, capture_output=True, text=True, check=True, timeout=300
    )

    peaks = json.loads(done.stdout)
    assert len(peaks) == len(files) > 600
    assert max(peaks.values()) < MOST_MEGABYTES
