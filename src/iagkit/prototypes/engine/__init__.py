"""The text engine that the prototypes share."""
