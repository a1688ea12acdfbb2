"""Exact reasons for a decision, only those that may be shown, and the letter that tells them."""
