"""Tables of survey answers and task results: what their columns mean, a dry run, and how rows are stored."""
