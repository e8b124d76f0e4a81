"""Decisions by MADR 4, the insights they rest on, what they changed and what came of it."""
