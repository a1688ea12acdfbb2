"""The composition and nothing else: run, audit, mitigate, predict, verify, publish and more."""

from iagkit.flow.audited import Audit
from iagkit.flow.auditing import audit
from iagkit.flow.declaring import Options
from iagkit.flow.mitigating import Mitigation, mitigate
from iagkit.flow.proving import inspect, promote, record_in, verify
from iagkit.flow.publishing import Published, publish
from iagkit.flow.running import run
from iagkit.flow.using import explain, predict

__all__ = [
    "Audit",
    "Mitigation",
    "Options",
    "Published",
    "audit",
    "explain",
    "inspect",
    "mitigate",
    "predict",
    "promote",
    "publish",
    "record_in",
    "run",
    "verify",
]
