"""Event logs in one form: XES, OCEL, tables of events and tables of requests."""
