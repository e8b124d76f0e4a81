"""Insights against decisions, both ways, with every link and its state (features.md G4, beyond.md 3).

    matrix(base, filters=None, on=None) -> Matrix
    matrix(...).page(first_row=0, rows=50, first_column=0, columns=20) -> MatrixPage

Only cells with links are kept, so 2,000 insights by 500 decisions stay small; a page is a window cut out of them.
"""

from insights.reports.matrix.build import matrix
from insights.reports.matrix.grid import (
    LINK_TYPE_WORDS,
    Cell,
    CellLink,
    Matrix,
    MatrixColumn,
    MatrixFilters,
    MatrixPage,
    MatrixRow,
)

__all__ = [
    "LINK_TYPE_WORDS",
    "Cell",
    "CellLink",
    "Matrix",
    "MatrixColumn",
    "MatrixFilters",
    "MatrixPage",
    "MatrixRow",
    "matrix",
]
