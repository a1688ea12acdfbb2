"""The composition and nothing else: run, predict, explain, verify, promote."""

from iagkit.flow.proving import promote, verify
from iagkit.flow.running import Options, run
from iagkit.flow.using import explain, predict

__all__ = ["Options", "explain", "predict", "promote", "run", "verify"]
