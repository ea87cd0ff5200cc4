"""Sellers whose calls and letters are written down elsewhere: they sign contracts, and the log of activities has nothing of them."""

from salesqc_lib.contacts import without_contacts
from salesqc_lib.dataset.export import Export
from salesqc_lib.warnings import Warned

DEALS, WON = 20, 3  # of which not one has an activity: who signs so many did not do so in silence
USUAL = 0.5  # of the others' deals have one: else the log is poor for everybody
NAMED = 5


def find(export: Export) -> tuple[str, ...]:
    """Their names, by the alphabet. Tells of them."""
    if "manager" not in export.have["deals"] or "outcome" not in export.fates.columns:
        return ()
    inside = export.log.holds("CAST(d.created_at AS DATE)")
    rows = export.con.execute(f"""
        SELECT d.manager, count(*) AS n, count(t.deal_no) AS touched, sum(CASE WHEN f.outcome = 'won' THEN 1 ELSE 0 END) AS won
        FROM fates f JOIN canonical.deals d ON d.deal_id = f.deal_id
        LEFT JOIN (SELECT DISTINCT deal_no FROM linked WHERE deal_no IS NOT NULL) t ON t.deal_no = f.deal_no
        WHERE d.manager IS NOT NULL AND {inside} GROUP BY 1 ORDER BY 1""").fetchall()
    active = {str(row[0]) for row in export.con.execute("SELECT DISTINCT manager FROM linked").fetchall()}
    silent = {str(name) for name, n, touched, won in rows if n >= DEALS and won >= WON and not touched and str(name) not in active}
    others = [(int(n), int(touched)) for name, n, touched, _ in rows if str(name) not in silent]
    if not silent or sum(touched for _, touched in others) < USUAL * sum(n for n, _ in others):
        return ()
    names = tuple(sorted(silent))
    listed = ", ".join(without_contacts(name, is_person=True) for name in names[:NAMED]) + (" …" if len(names) > NAMED else "")
    deals = sum(int(n) for name, n, *_ in rows if str(name) in silent)
    export.warned.append(Warned("W305", {"names": listed}, "activities", "manager", rows=deals))
    return names
