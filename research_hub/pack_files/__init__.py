"""An evidence pack as it leaves: a Word document, a page that opens offline, and a ZIP with its manifest."""

from research_hub.pack_files.archive import as_archive
from research_hub.pack_files.page import as_page
from research_hub.pack_files.word import as_word

__all__ = ["as_archive", "as_page", "as_word"]
