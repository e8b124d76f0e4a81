"""Two insights that say the same become one (features.md D6): what the duplicate rests on goes to the survivor.

The duplicate keeps its own evidence rows: they guard who may see its words, and its versions stay true. The survivor
gets copies. Everything that pointed at the duplicate points at the survivor. What was done is told as plain values, so
that it can be undone. Decision links belong to the next stage: insights.decisions.merging merges with them.
"""

from insights.synthesis.merging.carrying import Moves, carry_back, carry_over, refuse_merge
from insights.synthesis.merging.rows import row_back, row_of

__all__ = ["Moves", "carry_back", "carry_over", "refuse_merge", "row_back", "row_of"]
