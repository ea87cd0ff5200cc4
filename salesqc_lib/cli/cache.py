"""`salesqc cache`: what is kept of prepared data, and how to be rid of it."""

from datetime import datetime

from salesqc_lib.dataset import kept


def cache(*, clear: bool, client: str | None) -> int:
    """Print what is kept, or remove it (of one client, or all)."""
    place = kept.folder()
    if clear and client is None and place is not None:
        for left in place.glob("*.duckdb"):  # of a command that was killed in between
            if not left.with_suffix(".json").exists():
                left.unlink(missing_ok=True)
    found = [entry for entry in kept.entries() if client is None or entry.client == client]
    if not found:
        of_whom = f" of {client}" if client else ""
        print(f"nothing{of_whom} is kept in {place}" if place else "nothing is kept here: there is no data/ beside params/")
        return 0
    for entry in found:
        used = datetime.fromtimestamp(entry.used).astimezone().strftime("%Y-%m-%d %H:%M")
        print(f"{entry.client}: {entry.bytes / 1e6:,.1f} MB, used {used}: {entry.data}")
        if clear:
            entry.remove()
    total = sum(entry.bytes for entry in found) / 1e6
    print(f"{total:,.1f} MB {'removed' if clear else 'in all; --clear removes it, and the next reading makes it anew'}")
    return 0
