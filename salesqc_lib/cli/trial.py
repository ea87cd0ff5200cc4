"""`salesqc trial`: a random half of some open deals, to attend to."""


def trial(client: str, kind: str, today: str | None) -> int:
    """Draw the halves, write them beside the client's data, and say what to do with them."""
    from datetime import date

    from salesqc_lib.dataset import Dataset
    from salesqc_lib.params import load
    from salesqc_lib.trial import draw

    path = draw(Dataset.read(load(client), date.fromisoformat(today) if today else None), kind)
    print(f"drawn: {path}")
    print(
        "Attend to the deals of the group «touch» for a month and leave the others as they are; then salesqc compare tells what came of it."
    )
    return 0
