"""What a leader reads: metrics, shelf, matrix, gaps and the trace of a record, all computed from one evidence base.

    base = load_evidence_base(session, member, service_id=None, team_id=None)     insights.reports.evidence_base
    scorecard(base, Period(start, end), MetricSettings(), known_on=None)          insights.reports.metrics
    metric_help("T1")                                                             insights.reports.metrics
    shelf(base, on=None, service_id=None, owner_id=None)                          insights.reports.shelf
    matrix(base, MatrixFilters(...), on=None).page(0, 50, 0, 20)                  insights.reports.matrix
    gaps(base, on=None)                                                           insights.reports.gaps
    trace(session, member, "DEC-17", depth=None)                                  insights.reports.trace
    grounds_by_quarter(base, period=None), compare_services(base, period)         insights.reports.trends
    titled(base, metric.rows)                                                     insights.reports.titles

Each answer has `as_json()` and `as_table()`; the latter gives a list of `Table` (insights.reports.table) that
insights.exchange.tables writes as CSV or XLSX. Reports know nothing of the web and change nothing.
"""
