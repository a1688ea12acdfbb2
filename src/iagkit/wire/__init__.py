"""The border: files, declarations and data sets become nouns."""
