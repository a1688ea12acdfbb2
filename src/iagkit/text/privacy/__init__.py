"""Personal data: patterns and check digits of the region, names by cue, a tagger, redaction."""
