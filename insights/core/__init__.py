"""What every stage stands on: the mapped base, ids, clock, errors, text, access and the activity record."""
