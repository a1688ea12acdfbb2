"""Questions about a run; frozen, pure, found by registered name."""
