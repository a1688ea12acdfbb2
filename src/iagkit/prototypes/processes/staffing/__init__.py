"""How many people, when, in which shifts and in which order: proposed from a log, then tried."""
