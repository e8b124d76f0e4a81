"""Reports as files for people: one HTML page that opens offline, and a tagged PDF.

as_page(report) -> bytes          UTF-8, with its own style sheet and drawings, no script and no address
as_pdf(report) -> bytes           PDF/UA-1 where every character can be set, else tagged all the same

The same report gives the same bytes.
"""

from research_hub.report_files.page import as_page
from research_hub.report_files.pdf import as_pdf

__all__ = ["as_page", "as_pdf"]
