"""Deals that a bulk import made: hundreds with one creation minute. When they came in, nobody knows."""

from salesqc_lib.dataset.export import Export
from salesqc_lib.warnings import Warned

LEAST, TIMES = 30, 10  # deals of one minute, and how many times as many as of a usual one


def find(export: Export) -> bool:
    """Make `imported_minutes` where there are any, and tell of them."""
    target = "AND is_target IS NOT FALSE" if "is_target" in export.have["deals"] else ""
    minutes = f"SELECT date_trunc('minute', created_at) AS minute, count(*) AS n FROM canonical.deals WHERE created_at IS NOT NULL {target} GROUP BY 1"
    usual = export.con.execute(f"SELECT median(n) FROM ({minutes}) m").fetchall()[0][0]
    if usual is None:
        return False
    export.con.execute(
        f"CREATE TEMP TABLE imported_minutes AS SELECT minute, n FROM ({minutes}) m WHERE n >= {max(LEAST, TIMES * float(usual))}"
    )
    count, deals, most = export.con.execute("SELECT count(*), sum(n), max(n) FROM imported_minutes").fetchall()[0]
    if not count:
        return False
    values = {"n": int(deals), "minutes": int(count), "largest": int(most)}
    export.warned.append(Warned("W108", dict(values), "deals", "created_at", rows=int(deals)))
    return True
