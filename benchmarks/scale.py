"""A million deals and twenty million activities: the catalogue by DuckDB beside the same KPIs in straightforward pandas, in one run.

    python benchmarks/scale.py [--deals 1000000] [--activities 20000000] [--folder FOLDER]

Writes the data as Parquet (once), then runs each side in a process of its own and prints time and peak memory. Both sides start from the
files: reading, linking and preparing count. The pandas side is what an analyst would write: read what is needed, derive columns, group by.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

PERIOD, MONTHS = "2026-10", 24
BY = ("manager", "channel", "product", "month")
PARAMETERS = """\
client: {{id: scale, name: Scale, accent: "#1f6f5c"}}
report: {{language: en, currency: EUR, timezone: UTC}}
source: {{kind: tables, folder: "{folder}", as_of: 2026-11-01T00:00:00}}
assumptions: {{gross_margin: 0.3}}
"""


def make(folder: Path, deals: int, activities: int) -> None:
    """Two years of a large company, by DuckDB's own generator; the same rows every time."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(config={"memory_limit": "3GB", "threads": 2, "temp_directory": str(folder / "spill")})
    con.execute("SET TimeZone = 'UTC'")
    con.execute(f"""
        COPY (
            WITH ids AS (SELECT i, hash(i) AS h, hash(i, 'b') AS g, hash(i, 'c') AS k FROM range({deals}) t(i)),
            made AS (SELECT i, h, g, k, TIMESTAMPTZ '2024-11-01 00:00:00+00' + to_seconds((h % (730 * 86400))::BIGINT) AS created_at FROM ids),
            walked AS (
                SELECT *, CASE WHEN g % 100 < 55 THEN created_at + to_seconds((k % 172800)::BIGINT) END AS qualified_at,
                    CASE WHEN g % 100 < 40 THEN created_at + to_seconds((172800 + k % 259200)::BIGINT) END AS set_at,
                    CASE WHEN g % 100 < 33 THEN created_at + to_seconds((432000 + k % 432000)::BIGINT) END AS held_at,
                    CASE WHEN g % 100 < 20 THEN created_at + to_seconds((864000 + k % 864000)::BIGINT) END AS signed_at,
                    created_at + to_seconds((259200 + k % 1728000)::BIGINT) AS given_up_at FROM made)
            SELECT 'd' || i AS deal_id, created_at, 'Seller ' || lpad((k % 60)::VARCHAR, 2, '0') AS manager, 'Channel ' || (h // 7 % 8)::VARCHAR AS channel,
                'Product ' || (g // 11 % 12)::VARCHAR AS product, 'c' || (h % {deals * 9 // 10})::VARCHAR AS customer_id,
                CASE WHEN g % 100 < 33 THEN 100 + (k % 100000) / 10.0 END AS amount, 1 + (k % 10 < 3)::INT AS items,
                CASE WHEN signed_at < TIMESTAMPTZ '2026-11-01' THEN 'won' WHEN g % 100 >= 20 AND g % 100 < 90 AND given_up_at < TIMESTAMPTZ '2026-11-01' THEN 'lost' ELSE 'open' END AS outcome,
                CASE WHEN signed_at < TIMESTAMPTZ '2026-11-01' THEN signed_at WHEN g % 100 >= 20 AND g % 100 < 90 AND given_up_at < TIMESTAMPTZ '2026-11-01' THEN given_up_at END AS closed_at,
                CASE WHEN g % 100 >= 20 THEN 'Reason ' || (k % 7)::VARCHAR END AS loss_reason, qualified_at, set_at AS key_event_set_at, held_at AS key_event_held_at,
                signed_at AS contract_at
            FROM walked ORDER BY i
        ) TO '{folder}/deals.parquet' (FORMAT parquet)""")
    con.execute(f"""
        COPY (
            WITH ids AS (SELECT i, hash(i, 'x') AS h, hash(i, 'y') AS g, hash(i, 'z') AS k FROM range({activities}) t(i)),
            of_deal AS (SELECT *, (h % {deals})::BIGINT AS d FROM ids)
            SELECT 'a' || i AS activity_id, CASE WHEN g % 10 < 8 THEN 'call' WHEN g % 10 < 9 THEN 'email' ELSE 'meeting' END AS kind,
                TIMESTAMPTZ '2024-11-01 00:00:00+00' + to_seconds((hash(d) % (730 * 86400) + k % (20 * 86400))::BIGINT) AS "at", 'd' || d AS deal_id,
                'Seller ' || lpad((hash(d, 'c') % 60)::VARCHAR, 2, '0') AS manager, CASE WHEN g % 10 = 9 THEN NULL WHEN g % 7 < 5 THEN 'out' ELSE 'in' END AS direction,
                CASE WHEN g % 10 < 8 THEN (k % 400)::DOUBLE END AS duration_s,
                CASE WHEN g % 10 >= 8 THEN NULL WHEN k % 400 >= 30 THEN 'conversation' WHEN g % 7 < 5 THEN 'no_answer' ELSE 'missed' END AS result
            FROM of_deal ORDER BY i
        ) TO '{folder}/activities.parquet' (FORMAT parquet)""")
    days = "SELECT ('2024-11-01'::DATE + d::INT)::VARCHAR AS date, 'Channel ' || c AS channel, 500.0 + 10 * c AS amount FROM range(730) a(d), range(8) b(c)"
    con.execute(f"COPY ({days}) TO '{folder}/spend.parquet' (FORMAT parquet)")
    plans = "SELECT (DATE '2024-11-01' + to_months(m::INT))::DATE AS month, 'revenue' AS metric, 90000.0 AS target, 'Seller ' || lpad(s::VARCHAR, 2, '0') AS manager FROM range(24) a(m), range(60) b(s)"
    con.execute(f"COPY ({plans}) TO '{folder}/plans.parquet' (FORMAT parquet)")
    (folder / "scale.yaml").write_text(PARAMETERS.format(folder=folder.resolve()), encoding="utf-8")


def ours(folder: Path) -> dict[str, float]:
    """The whole catalogue, as `salesqc measure` does it."""
    from salesqc_lib.dataset import Dataset
    from salesqc_lib.kpi import CATALOGUE
    from salesqc_lib.measure import measure
    from salesqc_lib.params import read
    from salesqc_lib.period import Period

    started = time.perf_counter()
    dataset = Dataset.read(read(folder / "scale.yaml"))
    prepared = time.perf_counter()
    found = measure(dataset, Period.parse(PERIOD), list(CATALOGUE), by=list(BY))
    print(
        f"  read and prepare {prepared - started:.1f} s, measure {time.perf_counter() - prepared:.1f} s, {len(found.frame)} rows",
        file=sys.stderr,
    )
    total = found.frame[(found.frame["by"] == "") & found.frame["value"].notna()]
    return {row["kpi"]: row["value"] for row in total.to_dict("records")}


def pandas_way(folder: Path) -> dict[str, float]:
    """The same KPIs that these tables allow, as an analyst would write them in pandas: see scale_pandas.py."""
    from scale_pandas import measure_all

    return measure_all(folder, PERIOD)


def run(side: str, folder: Path) -> dict[str, object]:
    """One side in a process of its own: seconds, peak memory, values."""
    done = subprocess.run([sys.executable, __file__, "--side", side, "--folder", str(folder)], capture_output=True, text=True, check=False)
    print(done.stderr.strip()[-1500:])
    if done.returncode:
        return {"seconds": float("nan"), "peak_gb": float("nan"), "values": {}}
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--activities", type=int, default=20_000_000)
    parser.add_argument("--folder", type=Path, default=Path("output/scale"))
    parser.add_argument("--side", choices=["ours", "pandas"])
    given = parser.parse_args()
    if given.side:
        started = time.perf_counter()
        values = (ours if given.side == "ours" else pandas_way)(given.folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(json.dumps({"seconds": time.perf_counter() - started, "peak_gb": peak, "values": values}))
        return
    if not (given.folder / "scale.yaml").exists():
        make(given.folder, given.deals, given.activities)
    found = {side: run(side, given.folder) for side in ("ours", "pandas")}
    for side, result in found.items():
        print(f"{side:<8} {result['seconds']:8.1f} s  {result['peak_gb']:6.2f} GB  {len(result['values'])} figures")
    both = set(found["ours"]["values"]) & set(found["pandas"]["values"])
    apart = {
        kpi: (found["ours"]["values"][kpi], found["pandas"]["values"][kpi])
        for kpi in sorted(both)
        if abs(found["ours"]["values"][kpi] - found["pandas"]["values"][kpi]) > 1e-6 * max(1.0, abs(found["pandas"]["values"][kpi]))
    }
    print(f"compared {len(both)} figures; apart: {apart or 'none'}")


if __name__ == "__main__":
    main()
