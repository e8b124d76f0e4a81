"""Coding projects of other programs: REFI-QDA packages and codebooks, and Taguette's files, in and out."""
