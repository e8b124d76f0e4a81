"""The half of a reading that runs in the child process: limits first, then bytes in, then JSON out.

The other half is `research_hub.sandbox`. The answer is `{"value": ...}`, or `{"problem": ...}` with words for people.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

from insights.core.errors import InvalidInput

# Address space and processor time of one reading; what it writes is its answer alone.
MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 30
ANSWER_BYTES = 250_000_000
OPEN_FILES = 64


def answer(read: Callable[[bytes], Any]) -> None:
    """Limit this process, read standard input, and write what `read` makes of it. Never raises; never returns late."""
    output = _own_output()
    _limit()
    try:
        reply = {"value": read(sys.stdin.buffer.read())}
        written = json.dumps(reply, ensure_ascii=True)
    except InvalidInput as error:
        written = json.dumps({"problem": error.message})
    except MemoryError:
        written = json.dumps({"ran_out": "memory"})
    except RecursionError:
        written = json.dumps({"ran_out": "depth"})
    except Exception as error:  # noqa: BLE001 - whatever a library raises on a damaged file, the batch goes on
        written = json.dumps({"failed": type(error).__name__})
    with os.fdopen(output, "w", encoding="ascii") as stream:
        stream.write(written)


def _own_output() -> int:
    """Standard output for the answer alone: what libraries print goes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return own


def _limit() -> None:
    """Set from inside, before the first byte of the file is read: code that runs between fork and exec is not safe
    in a server with threads.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ANSWER_BYTES, ANSWER_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
