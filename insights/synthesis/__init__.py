"""Insights: claims that rest on evidence, how sure they are, how fresh, and what speaks against them."""
