"""Processes: from an event log to a change worth adopting, with its proof."""
