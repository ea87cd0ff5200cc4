"""How good the verdicts and the money are: simulated firms with what real ones have, audited as a whole.

    .venv/bin/python benchmarks/detection.py --set development [--firms 20] [--jobs 2] [--scenario NAME …]
    .venv/bin/python benchmarks/detection.py --set held-out

Prints, by scenario: false findings (the true gap is under 20 %), coverage of sellers' rates, the headline of faultless firms and of the
negative control; then recall by strength, falls of the department, coverage and bias of the money. Every figure has its Monte-Carlo
error. Methods are tuned on the development seeds; the held-out ones are run once.
"""

import argparse
import json
import tempfile
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from firms import AS_OF, CLEAN, NAMES, firm, write
from truth import truth

SEEDS = {"development": 0, "held-out": 700_000}
TRUE_GAP = 0.2
HEAD = f"""\
client: {{{{id: firm, name: Firm}}}}
report: {{{{language: en, currency: EUR, timezone: Europe/Moscow}}}}
source: {{{{kind: tables, folder: data, as_of: {AS_OF}T00:00:00}}}}
calendar: {{{{country: RU, hours: "09:00-19:00", days: [mon, tue, wed, thu, fri, sat, sun]}}}}
"""
NO_LOWER = {"never_answered", "one_and_done", "first_response_time", "discount_depth"}


def audited(task: tuple[str, int]) -> dict[str, Any]:
    """One firm: what is true, what was found, what it was said to cost."""
    warnings.simplefilter("ignore")
    from salesqc_lib.dataset import Dataset
    from salesqc_lib.findings import find
    from salesqc_lib.measure import measure
    from salesqc_lib.params import read
    from salesqc_lib.period import Period

    scenario, seed = task
    made = firm(scenario, seed)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data").mkdir()
        true = truth(made, write(made, Path(folder) / "data"))
        (Path(folder) / "firm.yaml").write_text(HEAD.replace("{{", "{").replace("}}", "}"), encoding="utf-8")
        dataset = Dataset.read(read(Path(folder) / "firm.yaml"))
        period = Period.parse(made.period)
        measured = measure(dataset, period)
        findings = find(dataset, period, measured)
    places = {(fault["by"], fault["segment"]) for fault in true["faults"]}
    said = [
        {
            "kpi": one.kpi, "by": one.by, "segment": one.segment, "rule": one.rule, "grade": one.grade, "gap": one.gap,
            "true_gap": true_gap(true["values"], one.kpi, one.by, one.segment), "is_planted": one.place in places or _holds(one, places),
            "money": one.money.base if one.money.is_known and not one.money.is_apart else 0.0,
        }
        for one in findings.faults if one.rule in ("peers", "past")
    ]  # fmt: skip
    total, likely = findings.money, findings.likely_money
    faults = []
    found_truth = 0.0
    for fault in true["faults"]:
        named = [
            one
            for one in findings.faults
            if one.place == (fault["by"], fault["segment"]) and {one.kpi, *one.consequences} & NAMES[fault["fault"]] and one.rule == "peers"
        ]
        best = next((one for one in named if one.grade == "certain"), named[0] if named else None)
        valued = next((one for one in named if one.money.is_known), None)
        row = {
            **fault,
            "certain": any(one.grade == "certain" for one in named),
            "found": best is not None,
            "low": np.nan,
            "base": np.nan,
            "high": np.nan,
        }
        if valued is not None:
            row |= {"low": valued.money.low, "base": valued.money.base, "high": valued.money.high}
            if not valued.money.is_apart:
                found_truth += fault["loss"]
        faults.append(row)
    parts = [one.money for one in findings.faults if one.money.is_known and not one.money.is_apart]
    together = type(total).total(parts)
    return {
        "scenario": scenario, "seed": seed, "said": said, "faults": faults, "revenue": true["revenue"], "fall": made.fall,
        "headline": total.base if total.is_known else 0.0, "likely": likely.base if likely.is_known else 0.0, "control": findings.control,
        "total": (together.low, together.base, together.high) if together.is_known else None, "found_truth": found_truth,
        "covered": coverage(measured, true["values"], made), "idle": sum(one.money.base for one in findings.faults if one.kpi == "idle_deals" and one.money.is_known),
        "speed": sum(one.money.base for one in findings.faults if "speed" in one.stages and one.money.is_known),
        "compared": findings.looked_at,
    }  # fmt: skip


def true_gap(values: Any, kpi: str, by: str, segment: str) -> float:
    """How much worse a segment truly is than the median of the others, as a part of it; 0 where all are alike by design."""
    own = values.get(by, {}).get(segment, {})
    if kpi not in own:
        return 0.0
    others = float(np.median([one[kpi] for name, one in values[by].items() if name != segment]))
    if others <= 0:
        return 0.0 if own[kpi] <= 0 else 9.0
    return own[kpi] / others - 1 if kpi in NO_LOWER else 1 - own[kpi] / others


def _holds(one: Any, places: set[tuple[str, str]]) -> bool:
    """A team holds its seller."""
    return one.by == "team" and any(by == "manager" and int(name[1:]) % 3 == int(one.segment[1:]) for by, name in places)


def coverage(measured: Any, values: Any, made: Any) -> list[dict[str, Any]]:
    """Of sellers' rates and projections: whether the interval holds the truth."""
    found = []
    compared = measured.compared
    for kpi in ("lead_to_contract", "key_event_to_contract", "qualification_rate"):
        own = compared[(compared["kpi"] == kpi) & (compared["by"] == "manager") & compared["low"].notna()]
        found += [
            {"what": "rate", "is_in": low <= values["manager"][name][kpi] <= high}
            for name, low, high in own[["segment", "low", "high"]].itertuples(index=False)
        ]
    frame = measured.frame
    own = frame[(frame["kpi"] == "lead_to_contract_projected") & (frame["by"] == "manager") & frame["low"].notna()]
    for name, low, high in own[["segment", "low", "high"]].itertuples(index=False):
        if name in values["manager"]:
            is_new = made.joined[int(name[1:])] > 0
            if is_new and made.learns:
                continue  # who still learns sells less than the truth here, which is that of a seller who has learnt
            found.append(
                {
                    "what": "projected, new" if is_new else "projected",
                    "is_in": low <= values["manager"][name]["lead_to_contract_projected"] <= high,
                }
            )
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--set", choices=list(SEEDS), default="development")
    parser.add_argument("--firms", type=int, default=20, help="faultless firms of each scenario; with faults, four times as many")
    parser.add_argument("--scenario", nargs="*", default=[*CLEAN, "fall", "faults"])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="write the results of each firm to this file, as JSON lines")
    given = parser.parse_args()
    tasks = [
        (name, SEEDS[given.set] + i)
        for name in given.scenario
        for i in range(given.firms * (4 if name == "faults" else 2 if name == "fall" else 1))
    ]
    begun = perf_counter()
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(audited, tasks, chunksize=2))
    if given.keep:
        Path(given.keep).write_text("\n".join(json.dumps(one, default=_plain) for one in results), encoding="utf-8")
    print(f"{given.set}: {len(results)} firms in {perf_counter() - begun:.0f} s")
    report(results)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def report(results: list[dict[str, Any]]) -> None:
    """Everything that the acceptance speaks of."""
    faultless(results)
    falls([one for one in results if one["scenario"] == "fall"])
    planted([one for one in results if one["scenario"] == "faults"])


def is_false(said: dict[str, Any]) -> bool:
    """A finding whose true gap is under a fifth, on a segment without a planted fault; a fall where nothing fell."""
    return not said["is_planted"] and (said["rule"] == "past" or said["true_gap"] < TRUE_GAP)


def faultless(results: list[dict[str, Any]]) -> None:
    rows = []
    for scenario in dict.fromkeys(one["scenario"] for one in results if one["scenario"] not in ("fall", "faults")):
        own = [one for one in results if one["scenario"] == scenario]
        certain = [sum(is_false(said) and said["grade"] == "certain" and said["rule"] == "peers" for said in one["said"]) for one in own]
        likely = [sum(is_false(said) and said["rule"] == "peers" for said in one["said"]) for one in own]
        true = [sum(not is_false(said) and said["grade"] == "certain" for said in one["said"]) for one in own]
        past = [any(said["rule"] == "past" and said["grade"] == "certain" for said in one["said"]) for one in own]
        head, both = ([one[name] / one["revenue"] for one in own] for name in ("headline", "likely"))
        rows.append(
            {
                "scenario": scenario, "firms": len(own), "false certain": np.mean(certain), "with likely": np.mean(likely), "true certain": np.mean(true),
                "firms with a false fall": np.mean(past), "headline %": 100 * np.mean(head), "se": 100 * np.std(head) / len(own) ** 0.5,
                "likely %": 100 * np.mean(both), "control %": 100 * np.mean([one["control"] / one["revenue"] for one in own]),
                "speed %": 100 * np.mean([one["speed"] / one["revenue"] for one in own]), "idle": np.mean([one["idle"] for one in own]),
            }
        )  # fmt: skip
    if rows:
        print("\nfaultless firms\n" + pd.DataFrame(rows).round(3).to_string(index=False))
        wrong = pd.Series(
            [
                f"{said['rule']}:{said['grade']}:{said['kpi']}:{said['by']}"
                for one in results
                if one["scenario"] not in ("fall", "faults")
                for said in one["said"]
                if is_false(said)
            ]
        )
        print("\nfalse findings by figure\n" + (wrong.value_counts().head(25).to_string() if len(wrong) else "none"))
    held = pd.DataFrame([{**row, "scenario": one["scenario"]} for one in results for row in one["covered"]])
    if len(held):
        table = held.groupby("what")["is_in"].agg(["mean", "count"])
        table["se"] = (table["mean"] * (1 - table["mean"]) / table["count"]) ** 0.5
        print("\nintervals of 95 % of sellers hold the truth\n" + table.round(3).to_string())


def falls(results: list[dict[str, Any]]) -> None:
    for size in sorted({one["fall"] for one in results}):
        own = [one for one in results if one["fall"] == size]
        for grade in ("certain", "likely"):
            kinds = ("certain",) if grade == "certain" else ("certain", "likely")
            hit = [
                any(
                    said["rule"] == "past"
                    and said["kpi"] in ("lead_to_contract", "key_event_to_contract", "win_rate")
                    and said["grade"] in kinds
                    for said in one["said"]
                )
                for one in own
            ]
            print(
                f"fall of closing ×{size}: {grade} {np.mean(hit):.2f} ± {(np.mean(hit) * (1 - np.mean(hit)) / len(hit)) ** 0.5:.2f} of {len(own)}"
            )


def planted(results: list[dict[str, Any]]) -> None:
    faults = pd.DataFrame([fault for one in results for fault in one["faults"]])
    if not len(faults):
        return
    print("\nrecall\n" + faults.groupby("grade")[["certain", "found"]].agg(["mean", "count"]).round(3).to_string())
    print(faults.groupby(["fault", "grade"])[["certain", "found"]].agg(["mean", "count"]).round(2).to_string())
    wrong = [sum(is_false(said) and said["grade"] == "certain" for said in one["said"]) for one in results]
    print(f"false certain findings a firm: {np.mean(wrong):.3f}")
    valued = faults[faults["low"].notna()]
    held = (valued["low"] <= valued["loss"]) & (valued["loss"] <= valued["high"])
    print(
        f"\nmoney of a finding holds the true loss: {held.mean():.3f} ± {(held.mean() * (1 - held.mean()) / len(held)) ** 0.5:.3f} of {len(held)}; base/true {valued['base'].sum() / valued['loss'].sum():.2f}"
    )
    by_kind = (
        pd.DataFrame({"fault": valued["fault"], "held": held, "base": valued["base"], "loss": valued["loss"]})
        .groupby("fault")
        .agg({"held": ["mean", "count"], "base": "sum", "loss": "sum"})
    )
    print(by_kind.round(2).to_string())
    totals = [(one["total"], one["found_truth"]) for one in results if one["total"] and one["found_truth"] > 0]
    inside = np.array([low <= loss <= high for (low, _, high), loss in totals])
    ratio = sum(base for (_, base, _), _ in totals) / sum(loss for _, loss in totals)
    print(
        f"total holds the loss of what was found: {inside.mean():.3f} ± {(inside.mean() * (1 - inside.mean()) / len(inside)) ** 0.5:.3f} of {len(inside)}; base/true {ratio:.2f}"
    )


if __name__ == "__main__":
    main()
