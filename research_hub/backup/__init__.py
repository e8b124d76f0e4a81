"""One file that holds everything but the index, the secret and the keys, and the way back from it."""

from research_hub.backup.archive import BackupRefused, Manifest
from research_hub.backup.restoring import Restored, restore_backup
from research_hub.backup.writing import Written, write_backup

__all__ = ["BackupRefused", "Manifest", "Restored", "Written", "restore_backup", "write_backup"]
