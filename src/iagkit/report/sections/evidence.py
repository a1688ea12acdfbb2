"""How good the answers are, beside what people reach and what the simplest rule reaches."""

from __future__ import annotations

from iagkit.core.nouns import Estimate, Finding
from iagkit.report import charts, svg
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Table, Text
from iagkit.report.story import Story
from iagkit.report.svg import Point

BESIDE = (
    "performance.majority_accuracy",
    "performance.accuracy",
    "abstention.automatic_accuracy",
    "performance.top_3_accuracy",
    "performance.human_agreement",
    "performance.human_ceiling",
)
AVERAGES = (
    "performance.macro_f1",
    "performance.balanced_accuracy",
    "performance.hierarchical_f1",
    "calibration.ece",
    "coverage.set_size",
)
GOAL = 0.9
"""Share of right answers that is marked in the curve, or the nearest that was asked for."""
NOTHING = 0.9
"""An interval of shares this wide says nothing."""
OF_EACH = (
    "performance.recall",
    "performance.precision",
    "performance.f1",
    "data.class_share",
)
"""What is told of each destination."""


def section(story: Story) -> Section:
    """Build the part about evidence."""
    blocks = [
        *_assisted(story),
        *_beside(story),
        *_review(story),
        *_calibration(story),
        *_shortlist(story),
        *_destinations(story),
        *_load(story),
    ]
    return Section(name="evidence", title=story.voice._("The evidence"), blocks=blocks)


def _assisted(story: Story) -> list[Block]:
    top = story.overall("performance.top_3_accuracy")
    if top is None or not any(v.check == "performance.accuracy" for v in story.record.blocked):
        return []
    voice = story.voice
    told = voice.say(
        "What can be done instead: the system shows three suggestions and a person chooses. The "
        "right destination is among the three in {value} of requests. Nothing is routed without "
        "a person, and the person may always choose another destination.",
        value=voice.estimate(top),
    )
    return [Heading(text=voice._("Proposal: assisted routing")), Text(text=told, kind="lead")]


def _beside(story: Story) -> list[Block]:
    voice = story.voice
    found = _named(story, BESIDE)
    if not found:
        return []
    title = voice._("How often it is right, beside people and beside the simplest rule")
    rows = [charts.row(story, name, f) for name, f in found.items()]
    drawings = charts.in_parts(
        rows, axis=charts.shares(story), title=title, desc=charts.described(story, found)
    )
    table = charts.listed(story, title, voice._("Measure"), found | _named(story, AVERAGES))
    return [
        Heading(text=title),
        Text(text=voice._(
            "No figure means anything alone. The simplest rule always names the commonest "
            "destination. The best that anyone could reach is known only for texts that "
            "arrived more than once: where people gave them different destinations, no system "
            "can be right each time."
        )),
        Figure(caption=_how_to_read(story), drawings=drawings, table=table),
    ]  # fmt: skip


def _named(story: Story, checks: tuple[str, ...]) -> dict[str, Finding]:
    known = [f for c in checks for f in story.record.select(c) if set(f.where) <= {"texts"}]
    return {_titled(story, f): f for f in known if not _misleading(f)}


def _misleading(finding: Finding) -> bool:
    """A ceiling of all texts counts single ones as within reach, so it is near 100 % whatever."""
    known = finding.estimate is not None
    return finding.check == "performance.human_ceiling" and known and not finding.where


def _titled(story: Story, finding: Finding) -> str:
    place = story.place(finding.where)
    return f"{story.check(finding.check)}, {place}" if place else story.check(finding.check)


def _how_to_read(story: Story) -> str:
    return story.voice.say(
        "The dot is the measured value; the line is the interval ({level}) in which the true "
        "value probably lies.",
        level=story.level(),
    )


def _review(story: Story) -> list[Block]:
    voice = story.voice
    found = story.by("abstention.accuracy_at_review", "review_share")
    if not found:
        return []
    title = voice._("What review by people buys")
    named = {story.scale(k): f for k, f in sorted(found.items(), key=lambda i: float(i[0]))}
    drawing = svg.curve(
        charts.points(found),
        x=charts.shares(story, title=voice._("share of requests reviewed by people"),
                        at=charts.FIFTHS),
        y=charts.close_up(story, found.values()),
        title=title,
        desc=charts.described(story, named),
        level=_level(story),
        here=_here(story),
    )  # fmt: skip
    caption = voice._(
        "The least certain requests go to people first. The line shows how often the machine is "
        "right in the rest; the band is the interval."
    )
    table = charts.listed(story, title, voice._("Reviewed by people"), named)
    return [
        Heading(text=title),
        Bullets(items=_bought(story)),
        Figure(caption=caption, drawings=[drawing], table=table),
    ]


def _bought(story: Story) -> list[str]:
    """What each goal costs; of the goals that cannot be reached one is enough."""
    found = story.by("abstention.review_for_accuracy", "accuracy")
    told = [_price(story, story.scale(g), f.estimate) for g, f in found.items() if f.estimate]
    never = {goal: f for goal, f in found.items() if f.estimate is None}
    if never:
        told.append(story.sentence(never[min(never, key=_from_goal)]))
    return told


def _price(story: Story, goal: str, share: Estimate) -> str:
    if share.low is not None and share.high is not None and share.high - share.low >= NOTHING:
        return story.voice.say(
            "How much people must review to be right in {goal} of the rest, these data do not "
            "tell (n = {n}).",
            goal=goal,
            n=share.n,
        )
    return story.voice.say(
        "To be right in {goal} of the rest, people must review {share} of requests.",
        goal=goal,
        share=story.voice.estimate(share),
    )


def _from_goal(coordinate: str) -> float:
    return abs((charts.middle(coordinate) or 0.0) - GOAL)


def _level(story: Story) -> tuple[float, str] | None:
    goals = story.by("abstention.review_for_accuracy", "accuracy")
    if not goals:
        return None
    goal = charts.middle(min(goals, key=_from_goal))
    return None if goal is None else (goal, story.voice.percent(goal, 0))


def _here(story: Story) -> tuple[Point, str] | None:
    rate = story.overall("abstention.rate")
    alone = story.overall("abstention.automatic_accuracy")
    if rate is None or alone is None or story.record.unproven:
        return None
    point = Point(x=rate.value, y=alone.value, low=alone.value, high=alone.value)
    return point, story.voice._("as it is set now")


def _calibration(story: Story) -> list[Block]:
    voice = story.voice
    found = story.by("calibration.reliability", "confidence")
    if not found:
        return []
    title = voice._("Is it as certain as it says?")
    named = {story.scale(k): f for k, f in found.items()}
    drawing = svg.curve(
        charts.points(found),
        x=charts.shares(story, title=voice._("certainty that the system states"), at=charts.FIFTHS),
        y=charts.shares(story, at=charts.FIFTHS),
        title=title,
        desc=charts.described(story, named),
        diagonal=True,
        joined=False,
    )
    caption = voice._(
        "Each dot is a group of requests with about the same stated certainty, and its height how "
        "often the system was right in them. On the dashed line both agree; below it the system "
        "is too sure of itself."
    )
    table = charts.listed(story, title, voice._("Stated certainty"), named)
    told = [Text(text=text) for text in _distance(story)]
    return [
        Heading(text=title), *told, Figure(caption=caption, drawings=[drawing], table=table),
    ]  # fmt: skip


def _distance(story: Story) -> list[str]:
    ece = story.overall("calibration.ece")
    if ece is None:
        return []
    return [story.voice.say(
        "On average, stated and real certainty lie {value} apart.",
        value=story.voice.gap(ece),
    )]  # fmt: skip


def _shortlist(story: Story) -> list[Block]:
    voice, held = story.voice, story.overall("coverage.conformal")
    if held is None:
        return []
    told = [_promised(story, held)]
    if size := story.overall("coverage.set_size"):
        told.append(_long(story, voice.number(size.value, 1)))
    return [Heading(text=voice._("The shortlist for the person who decides")),
            Text(text=" ".join(told))]  # fmt: skip


def _promised(story: Story, held: Estimate) -> str:
    """Tell what the shortlist is made for, unless time has ended it."""
    voice, promise = story.voice, story.record.find("drift.guarantee")
    if promise is not None and promise.estimate is None:
        return voice.say(
            "For every request the system also gives a shortlist. What was promised of it is no "
            "longer valid; it held the right destination in {value}.",
            value=voice.estimate(held),
        )
    return voice.say(
        "For every request the system also gives a shortlist, made to hold the right destination "
        "in {aim} of requests. It held it in {value}.",
        aim=voice.percent(float(story.protocol.get("coverage", 0.9)), 0),
        value=voice.estimate(held),
    )


def _long(story: Story, size: str) -> str:
    if size == story.voice.number(1, 1):
        return story.voice._("A shortlist has one destination on average.")
    return story.voice.say("A shortlist has {size} destinations on average.", size=size)


def _destinations(story: Story) -> list[Block]:
    voice = story.voice
    found = story.by("performance.recall", "class")
    if not found:
        return []
    named = {story.target(code): f for code, f in found.items()}
    rows = [charts.row(story, name, f) for name, f in named.items()]
    caption = voice._("Share of the requests of each destination that the system finds.")
    drawings = charts.in_parts(
        rows, axis=charts.shares(story), title=caption, desc=charts.described(story, named)
    )
    figure = Figure(caption=caption, drawings=drawings, table=_each(story, found))
    return [Heading(text=voice._("Each destination")), figure]


def _each(story: Story, found: dict[str, Finding]) -> Table:
    voice = story.voice
    measured = {check: story.by(check, "class") for check in OF_EACH}
    kept = {check: told for check, told in measured.items() if told}
    return Table(
        caption=voice.say(
            "What is found of each destination, and how often it is named rightly (intervals: "
            "{level})",
            level=story.level(),
        ),
        headings=[voice._("Destination"), voice._("Requests"), *map(story.check, kept)],
        rows=[
            [story.target(c), story.n(f), *(story.cell(told.get(c)) for told in kept.values())]
            for c, f in found.items()
        ],
        numeric=frozenset(range(1, 2 + len(kept))),
        wide=True,
    )


def _load(story: Story) -> list[Block]:
    voice = story.voice
    found = story.by("load.expected", "office")
    if not found:
        return []
    title = voice._("What each destination should expect")
    named = {
        story.target(c): f
        for c, f in sorted(
            found.items(), key=lambda i: -(i[1].estimate.value if i[1].estimate else 0)
        )
    }
    rows = [charts.row(story, name, f) for name, f in named.items()]
    drawings = charts.in_parts(
        rows, axis=charts.near_zero(story, named.values()), title=title,
        desc=charts.described(story, named), bars=True,
    )  # fmt: skip
    caption = voice._("Share of all requests that would be sent there, if nothing changes.")
    table = charts.listed(story, title, voice._("Destination"), named)
    return [Heading(text=title), Figure(caption=caption, drawings=drawings, table=table)]
