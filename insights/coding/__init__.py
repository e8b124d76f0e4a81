"""Highlights on texts, and the tags that name what they are about."""
