"""`docs/reference/lint.md`: the rules, each as its docstring has it. `python -m salesqc_lib.report.lint.page` writes it anew."""

from pathlib import Path

from salesqc_lib.report.lint.rule import WEIGHTS
from salesqc_lib.report.lint.run import GATE, rules

PAGE = Path("docs") / "reference" / "lint.md"
HEAD = """\
# What `salesqc lint` asks of a report

<!-- written by python -m salesqc_lib.report.lint.page -->

`salesqc lint output/CLIENT/PERIOD` tries {n} rules on a report: its notebook, its page, its paper, its workbook. A broken *error* blocks
the delivery; the score is the share of what was tried, by weight ({weights}); a report is fit with no error and {gate:.0f} of 100.
`--format json` says the same to a machine. A rule is set aside for a report by a comment in its notebook, with the reason:
`# salesqc: ignore T02 the client asked for bare titles`. The rules of paper need `pdfplumber`; without it they are named as not tried.
"""


def page() -> str:
    """The page."""
    weights = ", ".join(f"{name} {weight}" for name, weight in WEIGHTS.items())
    parts = [HEAD.format(n=len(rules()), weights=weights, gate=GATE)]
    for rule in rules():
        first, *rest = [line.strip() for line in str(rule.__doc__).strip().splitlines() if line.strip()]
        told = "\n".join(f"- **{line.partition(':')[0]}:**{line.partition(':')[2]}" for line in rest)
        parts.append(f"## {rule.code} · {first}\n\n*{rule.severity}*\n\n{told}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
