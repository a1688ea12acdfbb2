"""The composition and nothing else: run, audit, mitigate, predict, explain, verify, promote."""

from iagkit.flow.audited import Audit
from iagkit.flow.auditing import audit
from iagkit.flow.declaring import Options
from iagkit.flow.mitigating import Mitigation, mitigate
from iagkit.flow.proving import promote, verify
from iagkit.flow.running import run
from iagkit.flow.using import explain, predict

__all__ = [
    "Audit",
    "Mitigation",
    "Options",
    "audit",
    "explain",
    "mitigate",
    "predict",
    "promote",
    "run",
    "verify",
]
