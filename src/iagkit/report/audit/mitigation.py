"""Ways to narrow a gap side by side: what each costs, and who gains and who loses by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding
from iagkit.report.audit import drawings, panels
from iagkit.report.audit.drawings import Trade
from iagkit.report.audit.reading import TOGETHER, AuditStory
from iagkit.report.blocks import Block, Bullets, Cell, Figure, Heading, Section, Stack, Table, Text
from iagkit.report.sections.summary import hundred
from iagkit.report.story import OVERALL

METHODS = {
    "baseline": say("The estimator as it is"),
    "threshold_optimizer": say("Thresholds by group, some drawn by lot (ThresholdOptimizer)"),
    "exponentiated_gradient": say("Learnt again under a constraint (ExponentiatedGradient)"),
    "reweighing": say("Learnt again with other weights (reweighing)"),
    "group_thresholds": say("One threshold a group, without lots"),
}
WITH_PRICE = ("mitigation.accuracy", "mitigation.balanced_accuracy")
RATES = ("selection_rate", "true_positive_rate", "false_positive_rate")
Place = tuple[tuple[str, str], ...]


def section(story: AuditStory) -> Section | None:
    """Build the part about mitigation."""
    methods = _methods(story)
    if not methods:
        return None
    voice = story.voice
    blocks: list[Block] = [Text(text=voice._(
        "Several ways to decide are judged on the same people, whom none of them had seen. None is "
        "chosen here: who is answerable must weigh what each costs, and whom."
    ))]  # fmt: skip
    blocks += _tradeoff(story, methods)
    blocks += _limits(story)
    blocks += _people(story, methods)
    blocks += _rates(story, methods)
    blocks += _law(story, methods)
    return Section(name="mitigation", title=voice._("Ways to narrow the gap"), blocks=blocks)


def sentence(story: AuditStory) -> str:
    """Say in one sentence that ways to decide were compared."""
    methods = _methods(story)
    if not methods:
        return ""
    return story.voice.say(
        "{n} ways to decide were compared on people that none of them had seen; none is chosen "
        "here.",
        n=len(methods),
    )


def lines(story: AuditStory) -> list[str]:
    """Say what each way to decide gives, in decisions of a hundred and points of gap."""
    told = []
    for method in _methods(story):
        right = _estimate(story, "mitigation.accuracy", {"method": method})
        if right is None:
            continue
        text = story.voice.say(
            "{method}: {k} of 100 decisions are right", method=name(story, method),
            k=hundred(right.value),
        )  # fmt: skip
        told.append("; ".join([text, *_left(story, method)]) + ".")
    return told


def _left(story: AuditStory, method: str) -> Iterator[str]:
    for place in _places(story, "mitigation.gap"):
        gap = _estimate(story, "mitigation.gap", {"method": method, **dict(place)})
        if gap is not None:
            yield story.voice.say(
                "gap by {columns}: {value}", columns=_named(place), value=story.voice.gap(gap)
            )


def _methods(story: AuditStory) -> list[str]:
    met = (f.where.get("method") for f in story.of_kind("mitigation."))
    return list(dict.fromkeys(m for m in met if m))


def name(story: AuditStory, method: str) -> str:
    """Name of a way to decide."""
    known = METHODS.get(method)
    return story.voice.tell(known) if known else method.replace("_", " ")


def _places(story: AuditStory, check: str) -> list[Place]:
    """Columns whose gap was measured, alone or together."""
    found = (f.where for f in story.by_check.get(check, ()))
    rest = (tuple((k, v) for k, v in sorted(w.items()) if k not in ("method", "limit"))
            for w in found)  # fmt: skip
    return list(dict.fromkeys(rest))


def _named(place: Place) -> str:
    return " × ".join(k for k, _ in place)


def _tradeoff(story: AuditStory, methods: Sequence[str]) -> list[Block]:
    voice = story.voice
    places = _places(story, "mitigation.gap")
    drawn = [d for place in places if (d := _drawing(story, methods, place))]
    if not drawn:
        return [_table(story, methods, places)]
    numbered = ", ".join(f"{i}: {name(story, m)}" for i, m in enumerate(methods, 1))
    caption = voice.say(
        "Across: how many decisions are right; up: how large the gap between groups stays. "
        "Crosses are intervals, the ring marks the estimator as it is. Right and low is better. "
        "{numbered}.",
        numbered=numbered,
    )
    return [
        Heading(text=voice._("Right decisions against the gap")),
        Figure(
            caption=caption, drawings=drawn, table=_table(story, methods, places),
            beside=len(drawn) > 1,
        ),
    ]  # fmt: skip


def _drawing(story: AuditStory, methods: Sequence[str], place: Place) -> str:
    voice = story.voice
    pairs = {
        str(i): (right, gap)
        for i, m in enumerate(methods, 1)
        if (right := _estimate(story, "mitigation.accuracy", {"method": m}))
        and (gap := _estimate(story, "mitigation.gap", {"method": m, **dict(place)}))
    }
    title = voice.say("Gap by {columns} (points)", columns=_named(place))
    return _scatter(story, pairs, title, ring=True)


def _estimate(story: AuditStory, check: str, where: Mapping[str, str]) -> Estimate | None:
    found = story.at(check, where)
    return found.estimate if found else None


def _scatter(
    story: AuditStory,
    pairs: Mapping[str, tuple[Estimate, Estimate]],
    title: str,
    *,
    ring: bool = False,
) -> str:
    if not pairs:
        return ""
    voice = story.voice
    x = panels.around(story, [a for a, _ in pairs.values()], title=voice._("Right decisions"))
    y = panels.around(story, [b for _, b in pairs.values()], title=title, zero=True)
    points = [
        _trade(mark, *pair, first=ring and i == 0) for i, (mark, pair) in enumerate(pairs.items())
    ]
    desc = voice._("All values are in the table that follows.")
    return drawings.trades(points, x=x, y=y, title=title, desc=desc)


def _trade(mark: str, x: Estimate, y: Estimate, *, first: bool) -> Trade:
    x_low, x_high = _ends(x)
    y_low, y_high = _ends(y)
    return Trade(
        x=x.value, y=y.value, x_low=x_low, x_high=x_high, y_low=y_low, y_high=y_high, mark=mark,
        first=first,
    )  # fmt: skip


def _ends(e: Estimate) -> tuple[float, float]:
    if e.low is None or e.high is None:
        return e.value, e.value
    return e.low, e.high


def _table(story: AuditStory, methods: Sequence[str], places: Sequence[Place]) -> Table:
    voice = story.voice
    headings = [
        voice._("Way to decide"), voice._("Right decisions"), voice._("Balanced accuracy"),
        voice._("Change of right decisions"),
        *(voice.say("Gap by {columns} (points)", columns=_named(p)) for p in places),
    ]  # fmt: skip
    rows = []
    for i, m in enumerate(methods, 1):
        of = {"method": m}
        rows.append([
            f"{i}. {name(story, m)}",
            *(story.short(story.at(check, of)) for check in WITH_PRICE),
            _apart(story, story.at("mitigation.accuracy_change", of)),
            *(_apart(story, story.at("mitigation.gap", {**of, **dict(p)})) for p in places),
        ])  # fmt: skip
    return Table(
        caption=voice._("What each way to decide costs; differences in percentage points"),
        headings=headings, rows=rows, numeric=frozenset(range(1, len(headings))), wide=True,
    )  # fmt: skip


def _apart(story: AuditStory, finding: Finding | None) -> Cell:
    if finding is None:
        return "—"
    return story.apart(finding.estimate) if finding.estimate else story.voice._("not known")


def _limits(story: AuditStory) -> list[Block]:
    """What stricter and looser limits on the gap would have given."""
    right, gap = "mitigation.tradeoff.accuracy", "mitigation.tradeoff.gap"
    found = [f for f in story.by_check.get(right, ()) if "limit" in f.where]
    if not found:
        return []
    voice = story.voice
    story.tell([*found, *story.by_check.get(gap, ())])
    of = {f.where["limit"]: f for f in story.by_check.get(gap, ())}
    pairs = {
        story.scale(f.where["limit"]): (f.estimate, g.estimate)
        for f in found
        if f.estimate and (g := of.get(f.where["limit"])) and g.estimate
    }
    caption = voice._(
        "Thresholds by group under stricter and looser limits; beside each point stands the limit "
        "that was set for the gap among other people."
    )
    rows: list[list[Cell]] = [
        [story.scale(f.where["limit"]), story.short(f), _apart(story, of.get(f.where["limit"]))]
        for f in found
    ]
    table = Table(
        caption=caption,
        headings=[voice._("Limit"), voice._("Right decisions"), voice._("Gap (points)")],
        rows=rows, numeric=frozenset({1, 2}),
    )  # fmt: skip
    drawn = _scatter(story, pairs, voice._("Gap (points)"))
    return [
        Heading(text=voice._("What a stricter limit would cost")),
        Figure(caption=caption, drawings=[drawn] if drawn else [], table=table),
    ]


def _people(story: AuditStory, methods: Sequence[str]) -> list[Block]:
    """Who is decided otherwise than before, in numbers."""
    voice = story.voice
    blocks: list[Block] = []
    for place in _groups(story):
        rows = [row for m in methods for row in _moved(story, m, place)]
        if not rows:
            continue
        caption = (
            voice.say("People decided otherwise than before, by {column}", column=" × ".join(place))
            if place
            else voice._("People decided otherwise than before")
        )
        headings = [voice._("Way to decide"), voice._("Group"), voice._("Newly granted"),
                    voice._("Newly refused"), voice._("Decided by lot")]  # fmt: skip
        blocks.append(Table(caption=caption, headings=headings, rows=rows,
                            numeric=frozenset({2, 3, 4}), wide=True))  # fmt: skip
    if not blocks:
        return []
    return [Heading(text=voice._("Who gains and who loses")), *blocks, *_withheld(story)]


def _withheld(story: AuditStory) -> list[Block]:
    why = {
        story.sentence(f)
        for f in story.of_kind("mitigation.")
        if f.because and f.check.startswith(("mitigation.gains", "mitigation.losses"))
    }
    return [Text(text=text, kind="note") for text in sorted(why)]


def _rates(story: AuditStory, methods: Sequence[str]) -> list[Block]:
    """Rates of each group under each way to decide, and their gaps."""
    blocks: list[Block] = []
    for place in ((), *_columns(story)):
        table = _rate_table(story, methods, place)
        if table.rows:
            blocks.append(Figure(caption=table.caption, drawings=[], table=table))
    return blocks


def _columns(story: AuditStory) -> list[tuple[str, ...]]:
    found = (f.where for rate in RATES for f in story.by_check.get(f"mitigation.{rate}", ()))
    keys = (tuple(sorted(k for k in w if k not in ("method", "limit"))) for w in found)
    return sorted({k for k in keys if k}, key=lambda k: (len(k), k))


def _rate_table(story: AuditStory, methods: Sequence[str], columns: tuple[str, ...]) -> Table:
    voice, wanted = story.voice, {"method", *columns}
    rows: dict[tuple[str, str], dict[str, Finding]] = {}
    for rate in RATES:
        for suffix in ("", ".gap"):
            for f in story.by_check.get(f"mitigation.{rate}{suffix}", ()):
                if set(f.where) == wanted:
                    group = TOGETHER.join(_group(story, f.where[c]) for c in columns)
                    rows.setdefault((f.where["method"], group), {})[rate] = f
                    story.tell([f])
    ordered = sorted(rows.items(), key=lambda item: methods.index(item[0][0]))
    caption = (
        voice.say("Rates by {column} under each way to decide", column=" × ".join(columns))
        if columns
        else voice._("Rates of all people under each way to decide")
    )
    return Table(
        caption=caption,
        headings=[voice._("Way to decide"), voice._("Group"), *map(story.metric, RATES)],
        rows=[
            [name(story, m), group or voice._("All people"),
             *(_rate(story, found.get(rate)) for rate in RATES)]
            for (m, group), found in ordered
        ],
        numeric=frozenset({2, 3, 4}), wide=True,
    )  # fmt: skip


def _group(story: AuditStory, value: str) -> str:
    if value == OVERALL:
        return story.voice._("Gap (points)")
    return story.group(value)


def _rate(story: AuditStory, finding: Finding | None) -> Cell:
    if finding is not None and finding.check.endswith(".gap"):
        return _apart(story, finding)
    return story.short(finding)


def _groups(story: AuditStory) -> list[tuple[str, ...]]:
    checks = ("mitigation.gains", "mitigation.losses")
    found = (f.where for c in checks for f in story.by_check.get(c, ()))
    keys = (tuple(sorted(k for k in w if k != "method")) for w in found)
    return sorted(set(keys), key=lambda k: (len(k), k))


def _moved(story: AuditStory, method: str, columns: tuple[str, ...]) -> list[list[Cell]]:
    wanted = {"method", *columns}
    at = [
        dict(f.where)
        for f in story.by_check.get("mitigation.gains", ())
        if f.where.get("method") == method and set(f.where) == wanted
    ]
    return [
        [
            name(story, method),
            TOGETHER.join(story.group(w[c]) for c in columns) or story.voice._("All people"),
            _count(story, w, "mitigation.gains"),
            _count(story, w, "mitigation.losses"),
            _plain(story, story.at("mitigation.by_draw", w)),
        ]
        for w in at
        if OVERALL not in w.values() and _any(story, w)
    ]


def _any(story: AuditStory, where: Mapping[str, str]) -> bool:
    """Leave out rows in which nobody's decision changed, such as those of the first way."""
    checks = ("mitigation.gains", "mitigation.losses", "mitigation.by_draw")
    right = ("mitigation.gains.right", "mitigation.losses.right")
    found = [story.at(c, where) for c in (*checks, *right)]
    return any(f is not None and (f.estimate is None or f.estimate.value > 0) for f in found)


def _count(story: AuditStory, where: Mapping[str, str], check: str) -> Cell:
    right = story.at(f"{check}.right", where)
    main = _plain(story, story.at(check, where))
    if right is None or right.estimate is None:
        return main
    told = story.voice.say("rightly: {n}", n=story.voice.number(right.estimate.value))
    return Stack(main=main, small=told)


def _plain(story: AuditStory, finding: Finding | None) -> str:
    if finding is None:
        return "—"
    if finding.estimate is None:
        return story.voice._("withheld")
    if finding.estimate.unit == "share":
        return story.voice.percent(finding.estimate.value)
    return story.voice.number(finding.estimate.value)


def _law(story: AuditStory, methods: Sequence[str]) -> list[Block]:
    voice = story.voice
    told = [
        f"{name(story, m)}: {story.reason(f)}"
        for m in methods
        if (f := story.at("mitigation.uses_group", {"method": m})) and f.because
    ]
    if not told:
        return []
    heading = voice._("Must the group of a person be known to decide?")
    return [Heading(text=heading), Bullets(items=told)]
