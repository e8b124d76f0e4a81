// Loaded on every page. Each module enhances what it finds and leaves the rest alone.
