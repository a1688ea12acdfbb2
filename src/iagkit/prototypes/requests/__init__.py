"""Citizen requests: text in, the right office or a person out."""
