"""Questions on real research in public services, with files judged by hand; file names and grades only."""
