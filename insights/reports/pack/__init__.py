"""Evidence for a service assessment, point by point of a standard, as it may leave the house (features.md I3).

readiness(...)                     what is linked and what is suggested, point by point
build_pack(...) -> Pack            one section a point; `research_hub.pack_files` writes it
link_to_point(...)                 says by hand what is evidence for a point
"""

from insights.reports.pack.links import get_standard_link, link_to_point, set_link_removed
from insights.reports.pack.pack import build_pack
from insights.reports.pack.readiness import PointReadiness, Readiness, readiness
from insights.reports.pack.shapes import Pack
from insights.reports.pack.standards import PHASES, Standard, read_standard, standard_of, standards

__all__ = [
    "PHASES",
    "Pack",
    "PointReadiness",
    "Readiness",
    "Standard",
    "build_pack",
    "get_standard_link",
    "link_to_point",
    "read_standard",
    "readiness",
    "set_link_removed",
    "standard_of",
    "standards",
]
