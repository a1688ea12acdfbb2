"""The rows: who wrote when and from where, which office was recorded, who copied whom."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from iagkit.prototypes.requests.sample.chance import Chance, Wheel
from iagkit.prototypes.requests.sample.habits import typed
from iagkit.prototypes.requests.sample.messages import Message, said, written
from iagkit.prototypes.requests.sample.offices import LOOK_ALIKE, SEASONS

TERSE_DISTRICT: Final = "Ribera Sur"
MISLABELLED_AGE: Final = "60+"

_LANG = Wheel({"es": 0.6, "pt": 0.4})
_CHANNEL = Wheel({"web": 0.34, "phone": 0.28, "app": 0.24, "counter": 0.14})
_DISTRICT = Wheel(
    {
        **{"Alto Verde": 0.15, "Barra Alta": 0.10, "Campo Lindo": 0.14},
        **{"Costa Clara": 0.11, "Monte Claro": 0.12, "Santa Aurora": 0.13},
        **{"Vista Serena": 0.11, TERSE_DISTRICT: 0.14},
    }
)
_SEX = Wheel({"f": 0.40, "m": 0.33, "x": 0.02, None: 0.25})
_AGE = Wheel({"18-29": 0.2, "30-44": 0.28, "45-59": 0.22, MISLABELLED_AGE: 0.2, None: 0.1})
_MONTHS = {office: Wheel(dict(enumerate(by, start=1))) for office, by in SEASONS.items()}
_YEARS = (2024, 2025)
_COPIES = 0.06
_EXACT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Strengths:
    """How strong the planted disparities are, and what everybody else gets.

    Parameters
    ----------
    short_texts, short_texts_elsewhere : float
        Probability that a message is a bare note, in Ribera Sur and elsewhere.
    noise : float
        Factor on the slips and the odds of sloppy habits in Ribera Sur; 1 elsewhere.
    mislabelled, mislabelled_elsewhere : float
        Probability that the recorded office is a look-alike of the right one, for people
        of 60 and more and for all others.
    """

    short_texts: float = 0.65
    short_texts_elsewhere: float = 0.05
    noise: float = 5.0
    mislabelled: float = 0.14
    mislabelled_elsewhere: float = 0.02

    def absent(self) -> "Strengths":
        """Everybody as everybody else: nothing is planted."""
        return Strengths(
            short_texts=self.short_texts_elsewhere,
            short_texts_elsewhere=self.short_texts_elsewhere,
            noise=1.0,
            mislabelled=self.mislabelled_elsewhere,
            mislabelled_elsewhere=self.mislabelled_elsewhere,
        )


@dataclass(slots=True, kw_only=True)
class Request:
    """One row, before it has a number."""

    date: date
    channel: str
    district: str
    sex: str | None
    age_band: str | None
    lang: str
    text: str
    office: str
    n_asks: int
    also: str | None


class City:
    """Two years of mail to fourteen offices, all from one stream of chance."""

    def __init__(self, chance: Chance, strengths: Strengths) -> None:
        self._chance = chance
        self._strengths = strengths

    def requests(self, rows: int) -> list[Request]:
        """Draw this many requests, by date; about 6 % repeat a neighbour's text."""
        copies = round(rows * _COPIES)
        sent = [self._first(self._chance.spin(_DISTRICT)) for _ in range(rows - copies)]
        # Few texts are passed on, some of them by several neighbours.
        passed_on = [self._chance.one(sent) for _ in range(copies * 2 // 5 or 1)]
        sent += [self._copy(*self._chance.one(passed_on)) for _ in range(copies)]
        return sorted((request for request, _ in sent), key=lambda request: request.date)

    def _first(self, district: str) -> tuple[Request, Message]:
        terse = district == TERSE_DISTRICT
        how = self._strengths
        message = written(
            self._chance,
            self._chance.spin(_LANG),
            short=how.short_texts if terse else how.short_texts_elsewhere,
        )
        text = self._typed(message.text, message.lang, district)
        office = self._right_office(message)
        return self._sent(message, text, district, office, self._day(office)), message

    def _copy(self, model: Request, message: Message) -> tuple[Request, Message]:
        chance = self._chance
        text = model.text
        if not chance.happens(_EXACT):
            joiner = said(chance, message.lang, "joiner")
            text = self._typed(f"{joiner} {message.text}", message.lang, model.district)
        day = min(model.date + timedelta(days=chance.below(21)), date(_YEARS[-1], 12, 31))
        office = self._right_office(message)
        return self._sent(message, text, model.district, office, day), message

    def _sent(self, message: Message, text: str, district: str, office: str, day: date) -> Request:
        chance = self._chance
        age_band = chance.spin(_AGE)
        return Request(
            date=day,
            channel=chance.spin(_CHANNEL),
            district=district,
            sex=chance.spin(_SEX),
            age_band=age_band,
            lang=message.lang,
            text=text,
            office=self.recorded(office, age_band),
            n_asks=message.n_asks,
            also=message.also,
        )

    def _typed(self, text: str, lang: str, district: str) -> str:
        noise = self._strengths.noise if district == TERSE_DISTRICT else 1.0
        return typed(text, lang, self._chance, noise=noise)

    def _right_office(self, message: Message) -> str:
        first = message.share == 1.0 or self._chance.happens(message.share)
        return message.office if first else message.rival

    def recorded(self, office: str, age_band: str | None) -> str:
        """File a request of the right office, sometimes under one that looks like it."""
        how = self._strengths
        old = age_band == MISLABELLED_AGE
        wrong = self._chance.happens(how.mislabelled if old else how.mislabelled_elsewhere)
        return self._chance.one(LOOK_ALIKE[office]) if wrong else office

    def _day(self, office: str) -> date:
        year = self._chance.one(_YEARS)
        month = self._chance.spin(_MONTHS[office])
        return date(year, month, 1 + self._chance.below(calendar.monthrange(year, month)[1]))
