"""What is given away beyond what the other sellers give: on contracts signed in the period, in joint draws."""

from typing import Any

import numpy as np

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts.measures import Window
from salesqc_lib.findings.chain import DRAWS, PEERS, Loss
from salesqc_lib.statistics import hierarchy

DISCOUNT = "discount"
LEAST = 8  # contracts of a seller
MATTERS, LEAST_POINTS = 0.3, 0.01
FLOOR = 1e-4  # a seller who gives nothing: the logarithm needs a number
LEAST_ERROR = 0.02


def discounts(dataset: Dataset, window: Window, peers: frozenset[str]) -> list[Loss]:
    """Every seller with the chance that the discount is larger by what matters, and the money by draw; nothing without list amounts."""
    have = set(dataset.shapes["deals"].columns)
    if not {"manager", "amount", "list_amount", "contract_at"} <= have:
        return []
    frame = dataset.con.sql(
        f"""SELECT manager, CAST(amount AS DOUBLE) AS amount, CAST(list_amount AS DOUBLE) AS listed FROM facts.deals
        WHERE contract_at_s >= {window.start.timestamp()} AND contract_at_s < {window.close.timestamp()} AND list_amount > 0 AND amount > 0
        ORDER BY manager, deal_id"""
    ).df()
    parts = {str(name): own for name, own in frame.groupby("manager") if len(own) >= LEAST and str(name) in peers}
    if len(parts) < PEERS:
        return []
    names = sorted(parts)
    depth = {name: (1 - own["amount"] / own["listed"]).to_numpy() for name, own in parts.items()}
    mean = np.array([max(float(depth[name].mean()), FLOOR) for name in names])
    error = np.array(
        [max(float(depth[name].std(ddof=1)) / m / len(depth[name]) ** 0.5, LEAST_ERROR) for name, m in zip(names, mean, strict=True)]
    )
    drawn = hierarchy.logs(np.log(mean), error, draws=DRAWS)
    median = hierarchy.others_median(drawn)
    chance = ((drawn / median - 1 >= MATTERS) & (drawn - median >= LEAST_POINTS)).mean(axis=0)
    listed: dict[str, Any] = {name: float(own["listed"].sum()) for name, own in parts.items()}
    return [
        Loss(name, DISCOUNT, float(chance[i]), np.maximum(drawn[:, i] - median[:, i], 0.0) * listed[name]) for i, name in enumerate(names)
    ]
