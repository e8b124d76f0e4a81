"""The record of who did what, and later withdrawal, retention and subject access."""
