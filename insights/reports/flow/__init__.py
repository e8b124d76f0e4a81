"""The flow from studies to outcomes: which insights of each study got which answer, and what came of the decisions.

found = flow(base, period)             bands between stops, each with the rows it counts
drawn = laid_out(found)                the same as shapes, for a drawing in four columns
"""

from insights.reports.flow.building import flow
from insights.reports.flow.layout import FlowDrawing, laid_out
from insights.reports.flow.model import Band, Flow, FlowRow, Stop, Unit

__all__ = ["Band", "Flow", "FlowDrawing", "FlowRow", "Stop", "Unit", "flow", "laid_out"]
