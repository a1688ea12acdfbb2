"""Measures of processes: how a log is, where its time goes, and who waits."""
