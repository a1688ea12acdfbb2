"""Documents as they lie in folders and mailboxes: read into a table, and written again redacted."""
