"""Writes the software bill of materials: every package that is installed with the hub, as CycloneDX 1.6 in JSON.

    python tools/sbom.py sbom.json

The packages of constraints.txt that are not installed here (extras, other systems) are added by name and version. What
is vendored for browsers is added from research_hub/static/vendor.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)", re.MULTILINE)
VENDORED = re.compile(r"^(?P<name>.+)-(?P<version>\d+(?:\.\d+)+)$")


def main(target: Path) -> None:
    """Raises CalledProcessError where the environment cannot be read."""
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "environment",
        "--output-reproducible",
        "--of",
        "JSON",
        sys.executable,
    ]
    made: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    components: list[dict[str, Any]] = made.setdefault("components", [])
    known = {tidy(each["name"]) for each in components}
    components += [_package(name, version) for name, version in pinned() if tidy(name) not in known]
    components += vendored()
    made["metadata"]["component"] = {"type": "application", "name": "research-hub", "bom-ref": "research-hub"}
    target.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", "utf-8")
    sys.stdout.write(f"{target}: {len(components)} components\n")


def tidy(name: str) -> str:
    """As PEP 503 compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> list[tuple[str, str]]:
    return PINNED.findall((ROOT / "constraints.txt").read_text("utf-8"))


def vendored() -> list[dict[str, Any]]:
    """What browsers get that pip does not know."""
    folders = sorted((ROOT / "research_hub" / "static" / "vendor").iterdir())
    found = [match for folder in folders if folder.is_dir() and (match := VENDORED.match(folder.name))]
    return [
        {
            "type": "library",
            "name": each["name"],
            "version": each["version"],
            "bom-ref": f"vendored-{each['name']}-{each['version']}",
            "purl": f"pkg:npm/{each['name']}@{each['version']}",
        }
        for each in found
    ]


def _package(name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{tidy(name)}@{version}"
    return {"type": "library", "name": name, "version": version, "bom-ref": purl, "purl": purl}


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "sbom.json"))
