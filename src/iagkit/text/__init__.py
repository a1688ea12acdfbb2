"""Texts in Spanish, Portuguese and English: normal form, language, copies, personal data."""
