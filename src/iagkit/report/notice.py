"""The public notice of a system: one page for the people it concerns, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from iagkit.core.nouns import Estimate, Finding
from iagkit.core.record import Record
from iagkit.report import audit, processes
from iagkit.report.audit import summary as audited
from iagkit.report.audit.reading import read
from iagkit.report.audit.voice import AuditVoice
from iagkit.report.blocks import Block, Bullets, Page, Pairs, Section, Status, Text
from iagkit.report.sections import summary
from iagkit.report.sections.summary import hundred
from iagkit.report.story import OVERALL, Story
from iagkit.report.voice import Voice

FILE = "notice"
Said = Mapping[str, str]
"""What the institution says of the system: ``title``, ``purpose``, ``not_for``, ``reviewer``,
``appeal``, ``deadline``, ``contact``, ``org``, ``url``, ``legal``; absent if it says nothing."""
MOST = 5
"""Sentences of an audit or a log that a notice tells."""


def notice_page(record: Record, said: Said, lang: str, *, file: str = FILE) -> Page:
    """Compose the notice of a system.

    Parameters
    ----------
    record : Record
    said : mapping of str to str
        What the institution says, in this language; what is a placeholder is left out before.
    lang : {"es", "pt", "en"}
    file : str
        Name of the page before its language.

    Returns
    -------
    Page
    """
    told = _Told(record, said, lang)
    voice, status = Voice(lang), told.status
    parts = (
        ("does", voice._("What it does"), told.does()),
        ("decides", voice._("Who decides in the end"), told.decides()),
        ("works", told.heading, told.works()),
        ("whom", voice._("For whom it works better or worse"), told.whom()),
        ("contest", voice._("If you do not agree"), told.contest()),
        ("ask", voice._("Whom to ask"), told.ask()),
        ("proof", voice._("How anybody can check this"), told.proof()),
    )
    sections = [Section(name=n, title=t, blocks=list(blocks)) for n, t, blocks in parts]
    org = said.get("org")
    kicker = voice.say("Public notice · {org}", org=org) if org else voice._("Public notice")
    return Page(
        lang=lang, title=said.get("title") or told.name, kicker=kicker, purpose="",
        verdict=status[0], sentence=status[1], file=file,
        sections=[one for one in sections if one.blocks],
        closing=voice._("This notice is information. It is not legal advice."),
    )  # fmt: skip


def texts(page: Page, leave: Sequence[str] = ()) -> list[str]:
    """Paragraphs and items of a notice, without those that others wrote.

    Parameters
    ----------
    page : Page
    leave : sequence of str
        Texts to leave out.
    """
    told = [page.sentence]
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, Text):
                told.append(block.text)
            elif isinstance(block, Bullets):
                told += block.items
    return [one for one in told if one not in leave]


class _Told:
    """A record, what the institution says, and one language."""

    def __init__(self, record: Record, said: Said, lang: str) -> None:
        self.record, self.said, self.voice = record, said, Voice(lang)
        self.audit, self.log = audit.is_audit(record), processes.is_process(record)
        self.name = str(record.prototype.get("name") or "")
        self.lines: list[str] = []
        self.story = Story.of(record, lang)
        self.status: tuple[Status, str]
        if self.audit:
            story = read(record, AuditVoice(lang))
            self.name = audit.title(story) or self.name
            self.status, self.lines = audited.verdict(story), audited.lines(story)[:MOST]
        elif self.log:
            self.story = processes.story_of(record, lang)
            self.status = processes.verdict(self.story)
            self.lines = list(processes.brief(self.story))[:MOST]
        else:
            self.status = summary.verdict(self.story)

    @property
    def heading(self) -> str:
        """What the part with the numbers is about: a log tells of an office, not of a model."""
        voice = self.voice
        return voice._("What the office's log tells") if self.log else voice._("How well it works")

    def does(self) -> Iterator[Block]:
        """What it is for, and what it must not be used for."""
        _ = self.voice._
        unsaid = _("The institution has not said yet what the system is for.")
        yield Text(text=self.said.get("purpose") or unsaid, kind="lead")
        if n := self.record.run.get("classes"):
            yield Text(
                text=self.voice.say(
                    "For each case it picks one of {n} answers. It also says how sure it is.", n=n
                )
            )
        if told := self.said.get("not_for"):
            yield Text(text=self.voice.say("It must not be used for this: {what}", what=told))

    def decides(self) -> Iterator[Block]:
        """Who decides, out of a hundred cases."""
        yield Text(text=self._decider(), kind="lead")
        told = self.said.get("reviewer")
        unsaid = self.voice._("The institution has not said yet who that person is.")
        if told or not (self.audit or self.log):
            yield Text(text=told or unsaid)
        if told := self.said.get("legal"):
            yield Text(text=self.voice.say("The law it rests on: {law}", law=told))

    def _decider(self) -> str:
        voice, rate = self.voice, self.story.overall("abstention.rate")
        if self.log:
            return voice._("It decides no case. It counts how long cases take and why.")
        if self.audit:
            return voice._(
                "This page is about a test of answers that were given before. The test does not "
                "tell who decides. Ask the institution."
            )
        if rate is None and not self.record.unproven:
            return voice._("We do not know how many cases a person decides.")
        if rate is None or self.record.unproven or rate.value >= summary.ALL_TO_PEOPLE:
            return voice._("A person decides every case. The computer only suggests.")
        return voice.say(
            "Of 100 cases, a person decides {k}{between}. The computer sorts the others alone.",
            k=hundred(rate.value), between=self._between(rate),
        )  # fmt: skip

    def works(self) -> Iterator[Block]:
        """How many answers are right, and on what that rests."""
        voice, story = self.voice, self.story
        data = voice.words(self.record.dataset.get("title"))
        if data:
            yield Text(text=voice.say("The cases that were looked at: {data}.", data=data))
        if self.audit or self.log:
            unknown = voice._("We do not know how well it works.")
            yield Bullets(items=self.lines) if self.lines else Text(text=unknown)
            return
        right = story.overall("performance.accuracy")
        if right is None:
            yield Text(text=voice._("We do not know how often it is right."))
            return
        yield Text(text=voice.say(
            "We tested it on {n} cases it had not seen. Of 100 answers, {k} were right{between}.",
            n=right.n, k=hundred(right.value), between=self._between(right)))  # fmt: skip
        alone = story.overall("abstention.automatic_accuracy")
        if alone is not None and not self.record.unproven:
            yield Text(text=voice.say(
                "Of 100 cases it sorts alone, {k} go wrong{between}.",
                k=100 - hundred(alone.value), between=self._between(alone, turned=True),
            ))  # fmt: skip
        yield Text(text=voice._(
            "The numbers in brackets show the room for chance. A new test could give any number "
            "between them."), kind="note")  # fmt: skip

    def whom(self) -> Iterator[Block]:
        """The group with the fewest and the one with the most right answers, by column."""
        if self.audit or (self.log and any(f.check.endswith(".gap") and f.estimate
                                           for f in self.record.findings)):  # fmt: skip
            return  # told in the part before
        voice = self.voice
        gaps = [f for f in self.record.select("fairness.accuracy.gap")
                if OVERALL in f.where.values() and len(f.where) == 1]  # fmt: skip
        if told := [self._column(gap) for gap in gaps]:
            yield Bullets(items=told)
            return
        yield Text(text=voice._(
            "We do not know whether it works as well for some people as for others. Nobody told "
            "the test which groups to compare."))  # fmt: skip

    def _column(self, gap: Finding) -> str:
        voice, column = self.voice, next(iter(gap.where))
        label = self.story.called(column)
        found = {
            f.where[column]: f.estimate for f in self.record.select("fairness.accuracy")
            if set(f.where) == {column} and f.check == "fairness.accuracy" and f.estimate
        }  # fmt: skip
        ends = gap.between or ()
        if gap.estimate is None or len(ends) != 2 or not set(ends) <= set(found):
            return voice.say("{column}: we do not know. There are too few cases.", column=label)
        low, high = sorted(ends, key=lambda name: found[name].value)
        larger = voice._("Chance does not explain this gap.")
        chance = voice._("Chance may explain this gap.")
        return voice.say(
            "{column}: {low} right of 100 for “{worst}” ({n_low} cases), {high} of 100 for "
            "“{best}” ({n_high} cases). The gap is {gap}. {chance}",
            column=label, low=f"{hundred(found[low].value)}{self._between(found[low])}",
            high=f"{hundred(found[high].value)}{self._between(found[high])}",
            worst=self.story.group(low), best=self.story.group(high), n_low=found[low].n,
            n_high=found[high].n, gap=self._points(gap.estimate),
            chance=larger if (gap.estimate.low or 0) > 0 else chance,
        )  # fmt: skip

    def _points(self, gap: Estimate) -> str:
        return f"{self.voice.number(hundred(gap.value))}{self._between(gap)}"

    def _between(self, found: Estimate, *, turned: bool = False) -> str:
        if found.low is None or found.high is None:
            return ""
        low, high = hundred(found.low), hundred(found.high)
        if turned:
            low, high = 100 - high, 100 - low
        return " " + self.voice.say("(between {low} and {high})", low=low, high=high)

    def contest(self) -> Iterator[Block]:
        """How to contest, and how long an answer may take."""
        unsaid = self.voice._(
            "The institution has not said yet how to contest. It must say so before it uses the "
            "system."
        )
        yield Text(text=self.said.get("appeal") or unsaid)
        if told := self.said.get("deadline"):
            yield Text(text=told)

    def ask(self) -> Iterator[Block]:
        """Names and places."""
        voice, said = self.voice, self.said
        pairs = [
            (voice._("Institution"), said.get("org")),
            (voice._("Contact"), said.get("contact")),
            (voice._("On the web"), said.get("url")),
        ]
        known = [(name, told) for name, told in pairs if told]
        if not said.get("contact"):
            yield Text(text=voice._("The institution has not said yet whom to ask."))
        if known:
            yield Pairs(items=known)

    def proof(self) -> Iterator[Block]:
        """What the numbers rest on."""
        voice, record = self.voice, self.record
        yield Text(
            text=voice._(
                "The numbers come from a sealed record. If somebody changes it, the seal breaks."
            )
        )
        day = str(record.about.get("sealed_at") or record.about.get("at") or "")
        yield Pairs(items=[
            (voice._("Sealed on"), voice.date(day) if day else voice._("not known")),
            (voice._("Digest"), record.digest),
            (voice._("To check it"), "iagkit verify record.json"),
        ])  # fmt: skip
