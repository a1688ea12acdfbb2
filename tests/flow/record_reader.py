"""Who has a published record and a linear program: written without the code that withholds."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

RATES = {
    "selection_rate": (lambda y, p: p, lambda y, p: y | ~y),
    "prevalence": (lambda y, p: y, lambda y, p: y | ~y),
    "accuracy": (lambda y, p: y == p, lambda y, p: y | ~y),
    "true_positive_rate": (lambda y, p: y & p, lambda y, p: y),
    "false_negative_rate": (lambda y, p: y & ~p, lambda y, p: y),
    "false_positive_rate": (lambda y, p: ~y & p, lambda y, p: ~y),
    "true_negative_rate": (lambda y, p: ~y & ~p, lambda y, p: ~y),
    "precision": (lambda y, p: y & p, lambda y, p: p),
    "false_discovery_rate": (lambda y, p: ~y & p, lambda y, p: p),
    "negative_predictive_value": (lambda y, p: ~y & ~p, lambda y, p: ~p),
    "false_omission_rate": (lambda y, p: y & ~p, lambda y, p: ~p),
}
SUMMARIES = (
    ".gap", ".ratio", ".detectable_gap", ".cases_needed", ".difference", ".stratified_gap",
    ".simpson", ".gap_bounds", ".gap_change", ".change", ".trend", ".season", ".spread", ".bound",
)  # fmt: skip


class Reader:
    """Knows which combinations occur, and everything that a record tells.

    ``table`` has columns of groups, ``y`` and ``p``, and as the kind needs ``s`` (score),
    ``second`` (prediction) and ``chance`` (of being selected).
    """

    def __init__(self, table, groups, *, yes=1):
        names = [c for c in (*groups, "y", "p", "s", "second", "chance", "period") if c in table]
        self.cells = table.groupby(names, observed=True).size().rename("n").reset_index()
        self.groups, self.yes = [c for c in (*groups, "period") if c in table], yes
        self.n = self.cells["n"].to_numpy(float)

    def shares(self, finding):
        """What counts and among which, as amounts of each cell; nothing if it is not known."""
        kind, _, metric = finding.check.partition(".")
        here = self.inside(finding.where)
        y, p = (self.cells[c].to_numpy() == self.yes for c in "yp")
        everybody = np.ones(len(y), bool)
        if finding.check == "fairness.group_size":
            return here, here
        if finding.check == "confusion.count":
            hit = here & self.says("y", finding.where["truth"])
            return hit & self.says("p", finding.where["prediction"]), None
        if "class" in finding.where:
            one = finding.where["class"]
            y, p = self.says("y", one), self.says("p", one)
            metric = {"recall": "true_positive_rate"}.get(metric, metric)
        if "threshold" in finding.where:
            p = self.cells["s"].to_numpy() >= float(finding.where["threshold"]) - 1e-9
        if kind == "against":
            p = self.cells["second"].to_numpy() == self.yes
        if finding.check == "calibration.reliability":
            low = float(finding.where["confidence"].split("–")[0])
            at = here & (np.minimum(np.floor(self.cells["s"] * 10 + 1e-9), 9) == round(low * 10))
            return at & y, at
        if kind == "ranking":
            chance = here * self.cells["chance"].to_numpy(float) if "chance" in self.cells else None
            return {
                "selection_rate": lambda: (chance, here),
                "recall_at_capacity": lambda: (chance * y, here & y),
                "precision_at_capacity": lambda: (chance * y, chance),
            }.get(metric, lambda: (None, here))()
        if metric == "accuracy" and kind != "against" and "class" not in finding.where:
            y, p = self.cells["y"].to_numpy() == self.cells["p"].to_numpy(), everybody
        if metric in RATES:
            hit, among = (np.asarray(part(y, p)) for part in RATES[metric])
            return here & hit, here & among
        return None, None

    def says(self, column, label):
        return (self.cells[column].astype(str) == label).to_numpy()

    def inside(self, where):
        mask = np.ones(len(self.n), bool)
        for column in set(where) & set(self.groups):
            mask &= self.says(column, where[column])
        return mask

    def equations(self, findings):
        rows, values = [np.ones(len(self.n))], [self.n.sum()]
        for finding in findings:
            told = finding.estimate
            if told is None or finding.check.endswith(SUMMARIES):
                continue
            hit, among = self.shares(finding)
            if finding.check in ("fairness.group_size", "confusion.count"):
                hit, among, told = None, hit, (1.0, told.value)
            else:
                told = (told.value, told.n)
            if among is not None and finding.check != "ranking.precision_at_capacity":
                rows.append(among.astype(float))
                values.append(told[1])
            if hit is not None and among is not None:
                rows.append(hit - told[0] * among)
                values.append(0.0)
        found = np.array(values) - np.array(rows) @ self.n
        assert np.abs(found).max() < 1e-5 * self.n.sum(), "the reader reads the record wrongly"
        return csr_array(np.array(rows)), np.array(rows) @ self.n

    def small(self, findings, k=5):
        """Small counts behind all findings, told or not: each once."""
        found = {}
        for finding in findings:
            if finding.check.endswith(SUMMARIES):
                continue
            hit, among = self.shares(finding)
            rest = None if hit is None or among is None else among - 1.0 * hit
            for row in (hit, among, rest):
                if row is not None and 1e-6 < row @ self.n < k - 1e-6:
                    found[np.asarray(row, float).tobytes()] = np.asarray(row, float)
        return list(found.values())

    def attack(self, findings, full, k=5):
        """Small counts, and how many of them a reader knows to be small."""
        rows, values = self.equations(findings)
        small = self.small(full, k)
        known = 0
        for row in small:
            found = linprog(-row, A_eq=rows, b_eq=values, method="highs")
            assert found.status in (0, 3), found.message
            known += found.status == 0 and -found.fun < k - 1e-4
        return len(small), known
