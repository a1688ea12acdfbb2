"""Arrays in, estimates out: no file, no limit, no opinion."""
