"""`salesqc lint`: look a report over before it is handed to a client."""

import json
from pathlib import Path


def look_over(folder: Path, *, as_json: bool) -> int:
    """Print what the rules found. 0 where the report is fit to be handed over, 1 where an error blocks it or the score is too low.

    Raises
    ------
    InputError
        The folder holds no audit.
    """
    from salesqc_lib.report.lint import lint
    from salesqc_lib.report.lint.run import GATE, title

    result = lint(folder)
    if as_json:
        print(json.dumps(result.facts(), ensure_ascii=False, indent=1))
        return 0 if result.is_fit else 1
    for rule in result.tried:
        for fault in result.faults.get(rule.code, []):
            print(f"{rule.code} {rule.severity}: {fault.where}: {fault.found}")
        if rule.code in result.faults:
            print(f"   → {title(rule)}")
    for code, why in result.untried.items():
        print(f"{code} not tried: {why}")
    for code, why in result.suppressed.items():
        print(f"{code} set aside: {why}")
    print(
        f"{folder}: {result.score:.1f} of 100 ({len(result.tried)} rules tried, {len(result.faults)} broken, gate {GATE:.0f} and no error)"
    )
    return 0 if result.is_fit else 1
