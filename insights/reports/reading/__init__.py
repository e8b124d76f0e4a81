"""One statement a function: rows of the database as facts for reports."""
