"""Research Hub's domain: the chain from research session to outcome. No web, no search engine."""
