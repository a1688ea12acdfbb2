"""Language, copies, several requests, personal data: what a text is before a model reads it."""
