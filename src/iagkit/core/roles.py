"""Roles of columns, in the words of reports and registers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from iagkit.core.message import Message, say

ROLES: Final[Mapping[str, Message]] = {
    "text": say("text that is read"),
    "target": say("label to learn"),
    "group": say("group that is compared"),
    "time": say("date"),
    "id": say("number of the case"),
    "split": say("division into training and test"),
    "office": say("office the request was addressed to"),
    "language": say("language"),
    "input": say("further input"),
    "ignore": say("not used"),
    "activity": say("what was done"),
    "start": say("when it was begun"),
    "resource": say("who did it"),
    "opened": say("when the case came"),
    "closed": say("when the case was closed"),
    "due": say("deadline"),
    "status": say("whether the case is open"),
}
