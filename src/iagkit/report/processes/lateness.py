"""Which cases will be late: what is told, whether it comes, and who is looked at because of it."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.nouns import Estimate, Finding
from iagkit.report import charts
from iagkit.report.blocks import Block, Bullets, Cell, Figure, Heading, Section, Table, Text
from iagkit.report.sections import by_group
from iagkit.report.story import Story

RISK, ALARM = "process.risk.", "process.alarm."
BAND = f"{RISK}band"


def section(story: Story) -> Section | None:
    """Build the part about deadlines to come, where any could be foreseen."""
    error = story.overall(f"{RISK}error")
    if error is None:
        return None
    voice = story.voice
    blocks: list[Block] = [Text(text=_lead(story, error), kind="lead")]
    blocks.append(Bullets(items=list(_sentences(story))))
    blocks += _bands(story)
    blocks += _alarms(story)
    for check, title in (
        (f"{ALARM}missed", voice._("Late cases without an alarm, by {column}")),
        (f"{ALARM}false", voice._("Cases in time with an alarm, by {column}")),
    ):
        blocks += by_group.blocks(story, check, title=title, axis=charts.shares(story))
    blocks.append(Text(text=voice._(
        "An alarm asks a person to look at a case and to help. It must not decide it, nor leave "
        "any other case for last."
    ), kind="note"))  # fmt: skip
    return Section(
        name="risk", title=voice._("Which cases will miss their deadline?"), blocks=blocks
    )


def _lead(story: Story, error: Estimate) -> str:
    voice, gain = story.voice, story.overall(f"{RISK}difference")
    rate = story.overall(f"{RISK}error_of_rate")
    told = voice.say(
        "On every evening a chance to be late was told of open cases. Its mean squared error is "
        "{value}.", value=_squared(story, error),
    )  # fmt: skip
    if rate is None or gain is None or gain.high is None or gain.low is None:
        return told
    beside = voice.say(
        "That of the share of late cases after the same activity is {value}.",
        value=_squared(story, rate),
    )
    return f"{told} {beside} {_better(story, gain)}"


def _better(story: Story, gain: Estimate) -> str:
    voice = story.voice
    if gain.high is not None and gain.high < 0:
        return voice._("For the same cases the chance is nearer to what came than that share.")
    if gain.low is not None and gain.low > 0:
        return voice._("For the same cases the chance is further from what came than that share.")
    return voice._(
        "For the same cases it cannot be said that the chance is nearer to what came; then the "
        "share should be used."
    )


def _squared(story: Story, found: Estimate) -> str:
    """A squared error is no share of cases and is written as a number."""
    voice = story.voice
    if found.low is None or found.high is None:
        return f"{voice.number(found.value, 3)} (n = {voice.cases(found)})"
    low, high = voice.number(found.low, 3), voice.number(found.high, 3)
    return f"{voice.number(found.value, 3)} ({low}–{high}; n = {voice.cases(found)})"


def _sentences(story: Story) -> Iterator[str]:
    voice = story.voice
    auc, rate = story.overall(f"{RISK}auc"), story.overall(f"{RISK}auc_of_rate")
    if auc is not None:
        yield voice.say(
            "Of a late case and one in time, the late one has the higher chance {value} of the "
            "time; half of the time would be no better than a coin.", value=voice.estimate(auc),
        )  # fmt: skip
    if rate is not None:
        yield voice.say(
            "By the share after the same activity it is {value}.", value=voice.estimate(rate)
        )
    bias = story.overall(f"{RISK}bias")
    if bias is not None and bias.low is not None and bias.high is not None:
        size = voice.points(abs(bias.value))
        if bias.low <= 0 <= bias.high:
            yield voice._(
                "On average the chance told is neither surely too high nor surely too low; single "
                "ranges of it may be, see below."
            )
        elif bias.value > 0:
            yield voice.say("On average the chance told is {size} too high.", size=size)
        else:
            yield voice.say("On average the chance told is {size} too low.", size=size)


def _bands(story: Story) -> list[Block]:
    """What was told beside what came, in ranges of the chance."""
    voice = story.voice
    named = {
        _band(story, name): f
        for name, f in sorted(story.by(BAND, "chance").items())
        if f.estimate is not None
    }
    if not named:
        return []
    title = voice._("Of cases of which such a chance was told, the share that was late")
    drawings = charts.in_parts(
        [charts.row(story, name, f) for name, f in named.items()],
        axis=charts.shares(story), title=title, desc=charts.described(story, named),
    )  # fmt: skip
    caption = voice._(
        "A chance that is told rightly lies in its range. Evenings of the same case count as one "
        "piece of evidence."
    )
    table = charts.listed(story, title, voice._("Chance told"), named, voice._("Evenings"))
    figure = Figure(caption=caption, drawings=list(drawings), table=table)
    doubts = [doubt for name in story.by(BAND, "chance") if (doubt := _doubt(story, name))]
    return [Heading(text=title), figure, *([Bullets(items=doubts)] if doubts else [])]


def _doubt(story: Story, name: str) -> str:
    """What a share outside the range that was told means: a mistake, or too few cases."""
    voice, found = story.voice, story.by(BAND, "chance")[name].estimate
    low, high = (float(end) for end in name.split("-"))
    if found is None or low <= found.value <= high:
        return ""
    told = {"told": _band(story, name), "value": voice.estimate(found)}
    if found.low is None or found.high is None or (found.low <= high and low <= found.high):
        return voice.say(
            "Told: {told}; late: {value}. So few cases may differ that far by chance: whether this "
            "range is told rightly is not known.", **told,
        )  # fmt: skip
    return voice.say(
        "Told: {told}; late: {value}. This range is not told rightly; nobody should rely on it.",
        **told,
    )


def _band(story: Story, name: str) -> str:
    low, _, high = name.partition("-")
    voice = story.voice
    return voice.say(
        "{low} to {high}", low=voice.percent(float(low), 0), high=voice.percent(float(high), 0)
    )


def _looked_at(story: Story, a_day: float) -> str:
    voice = story.voice
    if 0 < a_day < 0.5:
        return voice.say(
            "If people look at one case every {days} days, the likeliest to be late.",
            days=voice.number(1 / a_day, 0),
        )
    return voice.say(
        "If people look at {many} cases a day, the likeliest to be late first.",
        many=voice.number(a_day, 1),
    )


def _alarms(story: Story) -> list[Block]:
    voice, capacity = story.voice, story.overall(f"{ALARM}capacity")
    if capacity is None:
        return []
    declared = (story.facts.get("lateness") or {}).get("capacity_declared")
    lead = _looked_at(story, capacity.value)
    if not declared:
        told = voice._("Nobody declared how many; a tenth of those that come was taken.")
        lead = f"{lead} {told}"
    asked = (
        (voice._("Alarms about a case that was late"), story.record.find(f"{ALARM}right")),
        (voice._("The same by the share after the activity"),
         story.record.find(f"{ALARM}right", by="rate")),
        (voice._("Days between a right alarm and the deadline"),
         story.record.find(f"{ALARM}days_ahead")),
        (voice._("Late cases without an alarm"), story.record.find(f"{ALARM}missed")),
        (voice._("Cases in time with an alarm"), story.record.find(f"{ALARM}false")),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [title, story.cell(f) if f.estimate else story.reason(f), story.n(f)]
        for title, f in asked
        if isinstance(f, Finding)
    ]
    table = Table(
        caption=voice._("Alarms, as they would have been raised"),
        headings=[voice._("Question"), voice._("Answer"), voice._("Of so many")],
        rows=rows, numeric=frozenset({1, 2}), stacked=True,
    )  # fmt: skip
    return [Heading(text=voice._("Alarms that people have time for")), Text(text=lead), table]
