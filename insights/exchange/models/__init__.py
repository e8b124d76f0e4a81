"""Files on their way in, what reports offer, and projects of other programs."""

from insights.exchange.models.imports import FileStatus, ImportBatch, ImportFile, MappingProfile
from insights.exchange.models.offers import Offer, OfferKind, OfferStatus
from insights.exchange.models.projects import CodingProject

__all__ = [
    "CodingProject",
    "FileStatus",
    "ImportBatch",
    "ImportFile",
    "MappingProfile",
    "Offer",
    "OfferKind",
    "OfferStatus",
]
