"""The command line: `research-hub`. Exit codes: 0 done, 1 refused or failed, 2 misused. See docs/command-line.md."""

from __future__ import annotations

import click

from research_hub import __version__
from research_hub.cli.application import Commands
from research_hub.cli.auditing import audit
from research_hub.cli.coding_projects import export_files
from research_hub.cli.demonstration import demo
from research_hub.cli.examining import doctor
from research_hub.cli.filing import stored_files
from research_hub.cli.importing import import_files
from research_hub.cli.importing_documents import documents
from research_hub.cli.indexing import index
from research_hub.cli.installing import init, upgrade
from research_hub.cli.keeping import backup, restore
from research_hub.cli.keys import keys
from research_hub.cli.members import member
from research_hub.cli.read_only import read_only
from research_hub.cli.reporting import report
from research_hub.cli.searching import search
from research_hub.cli.serving import serve, worker
from research_hub.cli.vault import vault


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="research-hub")
def main() -> None:
    """Research Hub links every insight to the design decision it changed.

    The data folder is RESEARCH_HUB_DATA, by default instance/ where the command is run.
    """


_COMMANDS = (
    init,
    upgrade,
    serve,
    worker,
    doctor,
    member,
    demo,
    import_files,
    export_files,
    search,
    report,
    index,
    stored_files,
    vault,
    backup,
    restore,
    audit,
    read_only,
    keys,
)
import_files.add_command(documents)
for _command in _COMMANDS:
    main.add_command(_command)
