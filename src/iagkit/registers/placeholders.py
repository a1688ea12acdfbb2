"""Words that stand where an answer should: they are no answer, in a declaration either."""

from __future__ import annotations

import re
from typing import Any, Final

_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_WHOLE: Final = re.compile(
    r"(?:n\s*/?\s*a|n\.\s*a\.?|todo|tbd|tba|tbc|x{2,}|\?+|-+|\.+|…|pending|"
    r"not (?:stated|known|available|applicable)|no aplica|não se aplica|nao se aplica|"
    r"por (?:definir|completar)|a (?:definir|completar|preencher)|pendiente|pendente|"
    r"s\s*/\s*[di]|n\s*/\s*d|sin dato|sem dados?)[.!]?",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    r"\b(?:TODO:|TBD\b|FIXME\b|XXX+\b)|(?i:lorem ipsum|to be (?:completed|defined|confirmed)|"
    r"por completar|a completar|a preencher|\((?:write|escriba|escreva)[^)]*\b"
    r"(?:here|aquí|aqui)[^)]*\)|<(?:insert|name|nombre|nome)[^>]*>|\[(?:insert|fill)[^\]]*\])"
)


def is_placeholder(content: Any) -> bool:
    """Tell whether a text, or any text of a list, says nothing yet.

    Examples
    --------
    >>> is_placeholder("TODO"), is_placeholder("The registry (write phone and e-mail here).")
    (True, True)
    >>> is_placeholder("Every teacher and all of their pupils")
    False
    """
    if isinstance(content, list | tuple):
        return any(is_placeholder(one) for one in content)
    if not isinstance(content, str):
        return False
    told = _UNSEEN.sub("", content).strip()
    return not told or _WHOLE.fullmatch(told) is not None or _INSIDE.search(told) is not None
