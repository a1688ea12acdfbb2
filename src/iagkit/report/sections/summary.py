"""The first page: may it be used, what it means for people, who decides, how to contest."""

from __future__ import annotations

from collections.abc import Sequence

from iagkit.core.nouns import Estimate
from iagkit.report import names, svg
from iagkit.report.blocks import Bullets, Frequencies, Heading, Section, Status, Text, Tone
from iagkit.report.story import Story

ALL_TO_PEOPLE = 0.995
"""Share of cases for people from which on the machine only suggests."""
SKILL = ("performance.", "abstention.", "calibration.", "coverage.")
"""Gates on these say how good the answers are; if only they block, suggestions still help."""


def verdict(story: Story) -> tuple[Status, str]:
    """Say in one sentence whether the system may be used."""
    voice, record = story.voice, story.record
    if record.blocked:
        return Status(tone="fail", word=voice._("Not as it is")), _forbidden(story)
    if record.unproven:
        return Status(tone="unknown", word=voice._("Not enough evidence")), _unproven(story)
    return _allowed(story)


def _forbidden(story: Story) -> str:
    voice = story.voice
    top = story.overall("performance.top_3_accuracy")
    if top and may_assist(story):
        told = voice.say(
            "It must not route requests automatically. It may assist a person with three "
            "suggestions, which hold the right destination in {k} of 100 requests.",
            k=_of_hundred(story, top),
        )
        return f"{told} {_even_that(story)}".strip()
    return voice._("It must not be used as it is: an indispensable limit was not met.")


def _unproven(story: Story) -> str:
    voice = story.voice
    told = voice._(
        "There is not enough evidence yet to let it route requests alone. Until there is, it may "
        "only suggest, and a person decides every request."
    )
    if top := story.overall("performance.top_3_accuracy"):
        told += " " + voice.say(
            "Its three suggestions hold the right destination in {k} of 100 requests.",
            k=_of_hundred(story, top),
        )
    return told


def _even_that(story: Story) -> str:
    """Say so if even the three suggestions miss their own limit."""
    about = {v.result for v in story.record.verdicts if v.check == "performance.top_3_accuracy"}
    if "fail" not in about:
        return ""
    return story.voice._("That misses the limit set for suggestions: someone must decide whether "
                         "it helps at all.")  # fmt: skip


def may_assist(story: Story) -> bool:
    """Tell whether what blocks is the quality of the answers only."""
    blocked = story.record.blocked
    return bool(blocked) and all(v.check.startswith(SKILL) for v in blocked)


def _allowed(story: Story) -> tuple[Status, str]:
    voice, rate = story.voice, story.overall("abstention.rate")
    open_points = [v for v in story.record.verdicts if v.result != "pass" and v.on_fail != "note"]
    tone: Tone = "unknown" if open_points else "pass"
    word = voice._("With conditions") if open_points else voice._("May be used")
    if rate is None:
        told = voice._("No limit forbids its use together with people.")
    elif rate.value >= ALL_TO_PEOPLE:
        told = voice._("It may be used only to suggest: a person decides every request.")
    else:
        told = voice.say(
            "It may be used, with a person reviewing {k} of 100 requests.",
            k=_of_hundred(story, rate),
        )
    if open_points:
        told += " " + _first(story, len(open_points))
    return Status(tone=tone, word=word), told


def _first(story: Story, n: int) -> str:
    if n == 1:
        return story.voice._("First, someone must decide about 1 point and answer for it.")
    return story.voice.say("First, someone must decide about {n} points and answer for them.", n=n)


def section(story: Story) -> Section:
    """Build the part about people."""
    blocks = [*_frequencies(story), *_who(story)]
    return Section(name="people", title=story.voice._("What it means for people"), blocks=blocks)


def _frequencies(story: Story) -> list[Text | Frequencies]:
    rate = story.overall("abstention.rate")
    alone = story.overall("abstention.automatic_accuracy")
    blocks: list[Text | Frequencies] = [_setting(story)]
    if story.record.unproven:
        return [*blocks, *_all_to_people(story), *_supposed(story, rate, alone)]
    if rate:
        blocks.append(_to_people(story, rate))
    if alone:
        blocks.append(_to_wrong(story, alone))
    elif found := story.record.find("abstention.automatic_accuracy"):
        blocks.append(Text(text=story.sentence(found), kind="note"))
    return blocks


def _all_to_people(story: Story) -> list[Text | Frequencies]:
    """Say why a person decides every request: a limit failed, or is not known to be met."""
    voice = story.voice
    failed = voice._("An indispensable limit was not met; so a person decides every request.")
    open_ = voice._(
        "It is not known yet whether an indispensable limit is met; so a person decides every "
        "request."
    )
    sentence = voice._("Of 100 requests, 100 go to a person.")
    kinds, words = [("person", 100)], [voice._("decided by a person")]
    return [
        Text(text=failed if story.record.blocked else open_, kind="lead"),
        _drawn(sentence, kinds, words, voice._("Who decides 100 requests")),
    ]


def _supposed(story: Story, rate: Estimate | None, alone: Estimate | None) -> list[Text]:
    """Tell, as a supposition and without a drawing, what the machine would do alone."""
    if rate is None or alone is None or rate.value >= 1:
        return []
    told = story.voice.say(
        "Only a supposition: if it were allowed to decide alone, it would decide {rest} of 100 "
        "requests, and of 100 such decisions {wrong} would go to the wrong destination{between}.",
        rest=100 - hundred(rate.value),
        wrong=100 - hundred(alone.value),
        between=_between(story, alone, turned=True),
    )
    return [Text(text=told, kind="note")]


def _setting(story: Story) -> Text:
    rate = story.overall("abstention.rate") or story.overall("performance.accuracy")
    n = rate.n if rate else 0
    told = story.voice.say(
        "Measured on {n} requests that the system had never seen. Numbers in brackets show how "
        "far chance may have moved each figure ({level} intervals).",
        n=n,
        level=story.level(),
    )
    return Text(text=told, kind="note")


def _to_people(story: Story, rate: Estimate) -> Frequencies:
    voice, k = story.voice, hundred(rate.value)
    sentence = voice.say(
        "Of 100 requests, {k} go to a person{between} and the machine decides {rest}.",
        k=k,
        between=_between(story, rate),
        rest=100 - k,
    )
    kinds = [("machine", 100 - k), ("person", k)]
    words = [voice._("decided by the machine"), voice._("decided by a person")]
    return _drawn(sentence, kinds, words, voice._("Who decides 100 requests"))


def _to_wrong(story: Story, alone: Estimate) -> Frequencies:
    voice, k = story.voice, hundred(alone.value)
    sentence = voice.say(
        "Of 100 requests that the machine decides alone, {k} go to the wrong destination{between}.",
        k=100 - k,
        between=_between(story, alone, turned=True),
    )
    kinds = [("right", k), ("wrong", 100 - k)]
    words = [voice._("right destination"), voice._("wrong destination")]
    return _drawn(sentence, kinds, words, voice._("Where 100 automatic decisions go"))


def _drawn(
    sentence: str, kinds: Sequence[tuple[str, int]], words: Sequence[str], title: str
) -> Frequencies:
    told = zip(kinds, words, strict=True)
    legend = [(svg.sample(kind), word) for (kind, count), word in told if count]
    return Frequencies(
        sentence=sentence, drawing=svg.hundred(kinds, title=title, desc=sentence), legend=legend
    )


def _of_hundred(story: Story, found: Estimate) -> str:
    """Cases of a hundred, and between which numbers chance may have moved them."""
    return f"{hundred(found.value)}{_between(story, found)}"


def _between(story: Story, estimate: Estimate, *, turned: bool = False) -> str:
    """Interval in brackets, with a leading space; ``turned`` counts the complement."""
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = hundred(estimate.low), hundred(estimate.high)
    if turned:
        low, high = 100 - high, 100 - low
    return " " + story.voice.say("(between {low} and {high})", low=low, high=high)


def _who(story: Story) -> list[Heading | Text | Bullets]:
    voice = story.voice
    blocks: list[Heading | Text | Bullets] = []
    for keys, title in (
        (names.ANNOUNCED, voice._("Who decides")),
        (names.CONTEST, voice._("How to contest a decision")),
    ):
        told = [words for _, words in story.human(keys)]
        if not told:
            told = [voice._("Not declared by the institution yet. It must be, before any use.")]
        blocks += [Heading(text=title), *(Text(text=words) for words in told)]
    return blocks


def hundred(share: float) -> int:
    """Cases of a hundred; never 0 or 100 unless the share is."""
    k = round(100 * share)
    if k == 0 and share > 0:
        return 1
    return 99 if k == 100 and share < 1 else k
