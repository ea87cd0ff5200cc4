"""What is given away beyond what the other sellers give: on contracts signed in the period, in joint draws."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts.measures import Window
from salesqc_lib.findings.chain import DRAWS, PEERS, Loss
from salesqc_lib.measure.peers import Tenure
from salesqc_lib.statistics import hierarchy

DISCOUNT = "discount"
LEAST = 8  # contracts of a seller
FIRM = 5.0  # so many contracts of the department are added to each product
MATTERS, LEAST_POINTS = 0.3, 0.01
FLOOR = 1e-4  # a seller who gives nothing: the logarithm needs a number
LEAST_ERROR = 0.02


@dataclass(frozen=True)
class Signed:
    """Contracts of the period with a list amount: codes of their sellers and products, list amounts, and the part of them given away."""

    names: list[str]
    seller: Any
    product: Any
    listed: Any
    depth: Any

    def shuffled(self, random: np.random.Generator) -> "Signed":
        """The same with sellers dealt out anew within each product."""
        code, order = self.seller.copy(), np.argsort(self.product, kind="stable")
        mixed = np.lexsort((random.random(len(code)), self.product))
        code[order] = self.seller[mixed]
        return replace(self, seller=code)


def signed(dataset: Dataset, window: Window, tenure: Tenure) -> Signed | None:
    """The contracts signed in a window, without those of a seller's first days; None where amounts or list amounts are not known."""
    have = set(dataset.shapes["deals"].columns)
    if not {"manager", "amount", "list_amount", "contract_at"} <= have:
        return None
    product = "product" if "product" in have else "'' AS product"
    frame = dataset.con.sql(
        f"""SELECT manager, {product}, CAST(amount AS DOUBLE) AS amount, CAST(list_amount AS DOUBLE) AS listed, contract_at_s FROM facts.deals
        WHERE contract_at_s >= {window.start.timestamp()} AND contract_at_s < {window.close.timestamp()} AND list_amount > 0 AND amount > 0
        ORDER BY manager, deal_id"""
    ).df()
    until = frame["manager"].map({name: moment.timestamp() for name in tenure.since if (moment := tenure.settled_at(name))}).astype(float)
    frame = frame[~(frame["contract_at_s"] < until)]
    if frame.empty:
        return None
    names, seller = np.unique(frame["manager"].astype(str).to_numpy(object), return_inverse=True)
    _, code = np.unique(frame["product"].astype(str).to_numpy(object), return_inverse=True)
    listed = frame["listed"].to_numpy(float)
    return Signed([str(name) for name in names], seller, code, listed, 1 - frame["amount"].to_numpy(float) / listed)


def discounts(of: Signed | None, peers: frozenset[str], draws: int = DRAWS) -> list[Loss]:
    """Every seller with the chance that the discount is larger by what matters, and the money by draw: on the money that the contracts list,
    set right for the product. Nobody loses more than was given away."""
    if of is None:
        return []
    count = len(of.names)
    given, listed = np.bincount(of.seller, of.listed * of.depth, count), np.bincount(of.seller, of.listed, count)
    whole = float(given.sum() / listed.sum())
    if not whole > 0:
        return []
    by_product = np.bincount(of.product, of.listed * of.depth) + FIRM * of.listed.mean() * whole
    usual = by_product / (np.bincount(of.product, of.listed) + FIRM * of.listed.mean())
    expected = np.bincount(of.seller, of.listed * usual[of.product], count)
    number = np.bincount(of.seller, minlength=count)
    used = [i for i in range(count) if number[i] >= LEAST and of.names[i] in peers]
    if len(used) < PEERS:
        return []
    rate = np.array([max(given[i] / expected[i] * whole, FLOOR) for i in used])
    error = np.array([max(_error(of, i, given[i] / listed[i]) / max(given[i] / listed[i], FLOOR), LEAST_ERROR) for i in used])
    drawn = hierarchy.logs(np.log(rate), error, draws=draws)
    median = hierarchy.others_median(drawn)
    chance = ((drawn / median - 1 >= MATTERS) & (drawn - median >= LEAST_POINTS)).mean(axis=0)
    own = np.array([expected[i] / whole for i in used])  # the list amounts that the own products are worth
    most = np.array([max(given[i], 0.0) for i in used])
    money = np.minimum(np.maximum(drawn - median, 0.0) * own, most)
    return [Loss(of.names[i], DISCOUNT, float(chance[place]), money[:, place]) for place, i in enumerate(used)]


def _error(of: Signed, seller: int, depth: float) -> float:
    """The standard error of a seller's depth, weighted by what the contracts list (ratio of totals, linearised)."""
    own = of.seller == seller
    listed, number = of.listed[own], int(own.sum())
    return float((number / (number - 1)) ** 0.5 * np.sqrt(((listed * (of.depth[own] - depth)) ** 2).sum()) / listed.sum())
