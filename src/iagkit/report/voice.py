"""One language: its sentences, and the way it writes numbers.

Sentences come from gettext catalogues; the ``.po`` files themselves are read, so that no
compiled file has to be kept in step with them. English is the key of each sentence.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Collection, Mapping
from copy import copy
from datetime import datetime
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import Any, ClassVar

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_scientific

from iagkit.core.errors import UsageError
from iagkit.core.message import Message
from iagkit.core.nouns import Estimate
from iagkit.report import names

LOCALES = {"es": "es_419", "pt": "pt_BR", "en": "en"}
"""Language → locale of its dates and numbers."""
SPACED = {"es": str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})}
"""Signs of the numbers of a language in the place of its locale's: es_419 writes 12,345.6, which
half of the region reads as twelve and a bit; 12 345,6 is read rightly from Mexico to Chile."""
SPACED_FROM = 10_000
"""Spanish sets no space into four digits."""
TAGS = {"es": "es-419", "pt": "pt-BR", "en": "en"}
NAMES = {"es": "Español", "pt": "Português", "en": "English"}
DOMAIN = "iagkit"
HUGE = 1e15
"""Digits beyond those of a float say nothing, and Babel writes no more than 28."""


@lru_cache(maxsize=len(LOCALES))
def catalogue(lang: str) -> gettext.NullTranslations:
    """Read the sentences of a language; English is its own but for what a family renames.

    Raises
    ------
    UsageError
        If iagkit does not speak it.
    """
    if lang not in LOCALES:
        msg = f"expected one of the languages {', '.join(sorted(LOCALES))}; got '{lang}'"
        raise UsageError(msg)
    path = resources.files("iagkit.report") / "locale" / lang / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as lines:
        sentences = read_po(lines, locale=LOCALES[lang], domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, sentences)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Voice:
    """Says sentences and numbers in one language.

    Parameters
    ----------
    lang : {"es", "pt", "en"}
    about : str
        Family of the recipe: where the catalogue has a sentence in this context, it says that one.
    """

    timed: ClassVar[Collection[str]] = ()
    """Units of time that :meth:`amount` tells in the one a reader expects, also in verdicts."""

    def __init__(self, lang: str, *, about: str = "") -> None:
        self.lang, self.about = lang, about
        self._sentences = catalogue(lang)
        self.locale = Locale.parse(LOCALES[lang])

    def _(self, sentence: str) -> str:
        """Translate a sentence that has no gaps."""
        told = self._sentences.pgettext(self.about, sentence) if self.about else sentence
        if not sentence or told != sentence:
            return told
        return self._sentences.gettext(sentence)

    def say(self, template: str, /, **values: Any) -> str:
        """Translate a sentence and fill its gaps the way this language writes numbers."""
        return _Gaps(self).vformat(self._(template), (), values)

    def plural(self, one: str, many: str, /, n: int, **values: Any) -> str:
        """Translate a sentence about ``n`` things in the form the language has for so many."""
        return _Gaps(self).vformat(self._sentences.ngettext(one, many, n), (), {"n": n, **values})

    def tell(self, message: Message, *, unit: str = "") -> str:
        """Translate a message of the record, and its ``why``; decimals as their unit asks."""
        template, values = self._(message.template), dict(message.values)
        if values.get("n") == 1:
            alone = self._sentences.pgettext("one", message.template)
            template = template if alone == message.template else alone
        if isinstance(why := values.get("why"), str):
            values["why"] = self._(why)
        return _Gaps(self, unit=unit).vformat(template, (), values)

    def words(self, words: Mapping[str, str] | None) -> str:
        """Pick this language from a declared text, or English, or the first there is."""
        told = words or {}
        return str(told.get(self.lang) or told.get("en") or next(iter(told.values()), ""))

    def number(self, value: float, digits: int | None = None) -> str:
        """Write a count, or a decimal with a fixed number of digits; a huge one with its power."""
        if abs(value) >= HUGE:
            return self._signed(format_scientific(value, "0.000E0", locale=self.locale))
        grouped = self.lang not in SPACED or abs(value) >= SPACED_FROM
        if digits is None:
            told = format_decimal(value, locale=self.locale, group_separator=grouped)
            return self._signed(told)
        # a hair below zero would be written -0.0
        shown = value if round(value, digits) else 0.0
        pattern = _pattern(self.locale, "decimal", digits)
        return self._signed(pattern.apply(shown, self.locale, group_separator=grouped))

    def percent(self, value: float, digits: int = 1) -> str:
        """Write a share in percent."""
        return self._signed(_pattern(self.locale, "percent", digits).apply(value, self.locale))

    def _signed(self, told: str) -> str:
        """Write the decimal sign and the one between thousands as the language does."""
        return str(told).translate(SPACED.get(self.lang, {}))

    def points(self, value: float) -> str:
        """Write a difference of shares in points of a hundred."""
        return self.say("{value} points", value=self.number(100 * value, 1))

    def amount(self, value: float, unit: str) -> str:
        """Write a value in its unit: shares in percent, other numbers plainly."""
        if unit == "share":
            return self.percent(value)
        counted = names.UNITS.get(unit)
        if counted is None:
            return self.number(value, 3)
        shown = self.number(value, 0 if float(value).is_integer() else 1)
        counted = names.ONE.get(unit, counted) if shown == self.number(1) else counted
        return f"{shown}\N{NO-BREAK SPACE}{self.tell(counted)}"

    def value(self, estimate: Estimate) -> str:
        """Write the point estimate alone; its interval must stand beside it."""
        return self.amount(estimate.value, estimate.unit)

    def interval(self, estimate: Estimate) -> str:
        """Write the interval, or a dash where there is none or the number is a plain count."""
        if estimate.low is None or estimate.high is None or estimate.low == estimate.high:
            return "—"
        if estimate.unit == "share":
            return f"{self.number(100 * estimate.low, 1)}–{self.percent(estimate.high)}"
        digits = 1 if estimate.unit in names.UNITS else 3
        return f"{self.number(estimate.low, digits)}–{self.number(estimate.high, digits)}"

    def cases(self, estimate: Estimate) -> str:
        """Write how many a number rests on."""
        return self.number(estimate.n)

    def estimate(self, estimate: Estimate) -> str:
        """Write value, interval and cases in one go."""
        n = self.cases(estimate)
        if self.interval(estimate) == "—":
            return _kept(self.say("{value} (n = {n})", value=self.value(estimate), n=n))
        told = {"value": self.value(estimate), "interval": self.interval(estimate), "n": n}
        return _kept(self.say("{value} ({interval}; n = {n})", **told))

    def gap(self, estimate: Estimate) -> str:
        """Write a difference of shares in points of a hundred; other differences plainly."""
        if estimate.unit != "share":
            return self.estimate(estimate)
        value, n = self.number(100 * estimate.value, 1), self.cases(estimate)
        if estimate.low is None or estimate.high is None:
            return _kept(self.say("{value} percentage points (n = {n})", value=value, n=n))
        low, high = self.number(100 * estimate.low, 1), self.number(100 * estimate.high, 1)
        told = {"value": value, "low": low, "high": high, "n": n}
        return _kept(self.say("{value} percentage points ({low} to {high}; n = {n})", **told))

    def date(self, iso: str) -> str:
        """Write a day the way it is written in letters; what is not a day stays as it is."""
        try:
            return str(format_date(datetime.fromisoformat(iso), "long", locale=self.locale))
        except (TypeError, ValueError):
            return str(iso)


def _kept(told: str) -> str:
    """Keep ``n = 12`` on one line."""
    return told.replace("n = ", "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")


@lru_cache(maxsize=64)
def _pattern(locale: Locale, kind: str, digits: int) -> Any:
    known = locale.percent_formats if kind == "percent" else locale.decimal_formats
    pattern = copy(known[None])
    pattern.frac_prec = (digits, digits)
    return pattern


class _Gaps(Formatter):
    """Fills gaps; ``{x:.3f}`` keeps its digits, whatever the language's decimal sign."""

    def __init__(self, voice: Voice, *, unit: str = "") -> None:
        self._voice, self._unit = voice, unit

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:  # noqa: ARG002
        """Look up plain names only: a record from elsewhere reaches no attribute of anything."""
        return kwargs.get(field_name, "…"), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "—" if value is None else str(value)
        digits = int(format_spec[1:-1]) if format_spec[:1] == "." else None
        if format_spec.endswith("%"):
            return self._voice.percent(value, digits or 0)
        if format_spec.endswith("f") and self._unit:
            return self._measured(float(value), digits)
        if digits is None and isinstance(value, float) and not value.is_integer():
            return self._voice.number(value, 3)
        return self._voice.number(value, digits)

    def _measured(self, value: float, digits: int | None) -> str:
        """Write what was judged in its unit."""
        if self._unit == "share":
            return self._voice.percent(value)
        if self._unit == "points":
            return self._voice.points(value)
        if self._unit in self._voice.timed:
            return self._voice.amount(value, self._unit)
        return self._voice.number(value, digits)
