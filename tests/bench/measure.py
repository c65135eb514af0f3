# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers out of repeated runs: in turn, so that whatever disturbs the machine hits both sides; the median and its spread."""
import statistics


def spread(values):
    """Median and quartiles."""
    values = sorted(values)
    if len(values) < 2:
        return {"median": values[0], "q1": values[0], "q3": values[0], "runs": len(values)}
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": middle, "q1": low, "q3": high, "runs": len(values)}


def in_turn(rounds, sides, warm_up=1):
    """{name: [what its function gave, ...]}; the order is turned round each time, the first `warm_up` rounds are not kept."""
    kept = {name: [] for name in sides}
    for number in range(warm_up + rounds):
        order = list(sides) if number % 2 == 0 else list(reversed(sides))
        for name in order:
            value = sides[name]()
            if number >= warm_up:
                kept[name].append(value)
    return kept


class Case:
    """One line of the table. `sides` are spreads of one quantity; the first is ours. `target` is told in words and, where
    it is a number, judged by `reached`."""

    def __init__(self, row, what, unit, sides, target="", reached=None, notes=""):
        self.row, self.what, self.unit, self.sides = row, what, unit, sides
        self.target, self.reached, self.notes = target, reached, notes

    def ratio(self, beside):
        ours = next(iter(self.sides.values()))["median"]
        theirs = self.sides[beside]["median"]
        return ours / theirs if theirs else None

    def as_json(self):
        names = list(self.sides)
        return {"row": self.row, "what": self.what, "unit": self.unit, "ours": names[0], "sides": self.sides,
                "ratios": {name: self.ratio(name) for name in names[1:]}, "target": self.target,
                "reached": self.reached, "notes": self.notes}


def _number(value):
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _side(name, side):
    text = f"{name} {_number(side['median'])}"
    if side["q1"] != side["q3"]:
        text += f" ({_number(side['q1'])}-{_number(side['q3'])})"
    return text


def table(cases):
    """All of it as a table of Markdown: medians, quartiles in brackets."""
    lines = ["| what | unit | measured | ratio | to reach | |", "|---|---|---|---|---|---|"]
    for case in cases:
        sides = ", ".join(_side(name, side) for name, side in case.sides.items())
        ratios = ", ".join(f"{case.ratio(name):.2f}" for name in list(case.sides)[1:] if case.ratio(name) is not None)
        verdict = {True: "yes", False: "**no**", None: ""}[case.reached]
        lines.append(f"| {case.row}: {case.what} | {case.unit} | {sides} | {ratios} | {case.target} | {verdict} |")
    return "\n".join(lines)
