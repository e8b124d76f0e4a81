"""Research Hub's web application: parse, call, answer."""

__version__ = "0.1.0"
