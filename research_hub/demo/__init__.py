"""The demonstration story: research, decisions and outcomes over eighteen months, as plain data."""
