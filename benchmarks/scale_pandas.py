"""The catalogue in straightforward pandas: read what is needed, derive columns, group by. What an analyst would write in a notebook.

Only KPIs that the files of `scale.py` allow; where a KPI of ours carries an interval, this side carries none: it does less work.
"""

from pathlib import Path

import pandas as pd

AS_OF = pd.Timestamp("2026-11-01", tz="UTC")
BY = ("manager", "channel", "product")
STEPS = ("qualified_at", "key_event_set_at", "key_event_held_at", "contract_at")


def measure_all(folder: Path, period: str) -> dict[str, float]:
    """Totals of every KPI for the month, after computing each by manager, channel, product and month as well."""
    deals = pd.read_parquet(folder / "deals.parquet")
    activities = pd.read_parquet(
        folder / "activities.parquet", columns=["kind", "at", "deal_id", "manager", "direction", "duration_s", "result"]
    )
    spend, plans = pd.read_parquet(folder / "spend.parquet"), pd.read_parquet(folder / "plans.parquet")
    start = pd.Timestamp(period, tz="UTC")
    end = start + pd.offsets.MonthBegin(1)
    # with the ids as text and whole tables merged, this side did not fit into 24 GB
    activities["deal"] = pd.Index(deals["deal_id"]).get_indexer(activities.pop("deal_id"))
    for name in ("kind", "manager", "direction", "result"):
        activities[name] = activities[name].astype("category")
    customer = deals["customer_id"].astype("category").cat.codes
    activities["customer"] = customer.to_numpy()[activities["deal"]]
    for name in ("channel", "product"):
        activities[name] = deals[name].astype("category").array[activities["deal"].to_numpy()]
    is_call = activities["kind"] == "call"
    activities["talked"] = is_call & (activities["result"] == "conversation") & (activities["duration_s"] >= 30)
    activities["attempt"] = (activities["direction"] == "out") | (activities["kind"] == "meeting")
    activities["contact"] = activities["attempt"] & (~is_call | activities["talked"])
    past = activities[activities["at"] <= AS_OF]
    del activities
    tries = past.loc[past["attempt"], ["deal", "at", "contact"]]
    tries = tries[tries["at"].to_numpy() >= deals["created_at"].to_numpy()[tries["deal"]]]
    deals["first_contact_at"] = tries[tries["contact"]].groupby("deal")["at"].min().reindex(deals.index)
    deals["first_attempt_at"] = tries.groupby("deal")["at"].min().reindex(deals.index)
    again = tries[tries["at"].to_numpy() > deals["first_attempt_at"].to_numpy()[tries["deal"]]]
    deals["second_attempt_at"] = again.groupby("deal")["at"].min().reindex(deals.index)
    upto = deals["contract_at"].fillna(deals["closed_at"]).fillna(AS_OF).to_numpy()
    made = past.loc[past["contact"], ["deal", "at"]]
    deals["touches"] = made[made["at"].to_numpy() <= upto[made["deal"]]].groupby("deal").size().reindex(deals.index).fillna(0)
    del tries, again, made
    found: dict[str, float] = {}

    def share(kpi: str, frame: pd.DataFrame, clock: str, hit: pd.Series, by: tuple[str, ...] = BY) -> None:
        part = frame[[clock, *by]].assign(hit=hit.astype(float))
        inside = part[(part[clock] >= start) & (part[clock] < end)]
        for name in by:
            inside.groupby(name)["hit"].agg(["sum", "count"])
        part.groupby(part[clock].dt.strftime("%Y-%m"))["hit"].agg(["sum", "count"])
        found[kpi] = float(inside["hit"].mean())

    def count(kpi: str, frame: pd.DataFrame, clock: str, value: str | None = None, by: tuple[str, ...] = BY, how: str = "sum") -> None:
        part = frame[[clock, *by]].assign(value=frame[value] if value else 1.0)
        inside = part[(part[clock] >= start) & (part[clock] < end)]
        for name in by:
            inside.groupby(name)["value"].agg(how)
        part.groupby(part[clock].dt.strftime("%Y-%m"))["value"].agg(how)
        found[kpi] = float(inside["value"].agg(how))

    for kpi, clock in zip(
        ("leads", "qualified_leads", "key_events_set", "key_events_held", "contracts"), ("created_at", *STEPS), strict=True
    ):
        happened = deals[deals[clock] <= AS_OF]
        count(kpi, happened, clock)
        spent = spend[pd.to_datetime(spend["date"], utc=True).between(start, end, inclusive="left")]
        by_channel = happened[(happened[clock] >= start) & (happened[clock] < end)].groupby("channel").size()
        spent.groupby("channel")["amount"].sum() / by_channel
        found[
            "cost_per_"
            + {
                "leads": "lead",
                "qualified_leads": "qualified_lead",
                "key_events_set": "key_event_set",
                "key_events_held": "key_event_held",
                "contracts": "contract",
            }[kpi]
        ] = float(spent["amount"].sum() / by_channel.sum())
    for kpi, clock, step in (
        ("qualification_rate", "created_at", "qualified_at"), ("lead_to_key_event_set", "created_at", "key_event_set_at"), ("qualified_to_key_event_set", "qualified_at", "key_event_set_at"),
        ("key_event_held_rate", "key_event_set_at", "key_event_held_at"), ("lead_to_contract", "created_at", "contract_at"), ("key_event_to_contract", "key_event_held_at", "contract_at"),
    ):  # fmt: skip
        share(kpi, deals[deals[clock] <= AS_OF], clock, deals[step] <= AS_OF)
    signed = deals[deals["contract_at"] <= AS_OF]
    count("revenue", signed, "contract_at", "amount")
    count("average_deal", signed, "contract_at", "amount", how="mean")
    count("average_deal_median", signed, "contract_at", "amount", how="median")
    share("cross_sell_rate", signed, "contract_at", signed["items"] > 1)
    plan = plans[(pd.to_datetime(plans["month"], utc=True) >= start) & (pd.to_datetime(plans["month"], utc=True) < end)]
    plan.groupby("manager")["target"].sum()
    found["plan_attainment"] = found["revenue"] / float(plan["target"].sum())
    closed = deals[deals["outcome"] != "open"]
    opportunities = closed[closed["qualified_at"] <= AS_OF]
    share("win_rate", opportunities, "closed_at", opportunities["outcome"] == "won")
    share("refusal_rate", closed, "closed_at", closed["outcome"] == "lost")
    lost = closed[closed["outcome"] == "lost"]
    share("reason_missing", lost, "closed_at", lost["loss_reason"].isna())
    month = lost[(lost["closed_at"] >= start) & (lost["closed_at"] < end)]
    month.groupby("loss_reason").size().sort_values()
    answered = deals["first_contact_at"] - deals["created_at"]
    ripe = deals["created_at"] <= AS_OF - pd.Timedelta(hours=1)
    share("answered_within_1h", deals[ripe], "created_at", answered <= pd.Timedelta(hours=1))
    old = deals["created_at"] < AS_OF - pd.Timedelta(hours=24)
    share("never_answered", deals[old], "created_at", deals["first_contact_at"].isna())
    wins = signed[signed["touches"] >= 1]
    share("wins_from_5th_touch", wins, "contract_at", wins["touches"] >= 5)
    signed.groupby(pd.cut(signed["touches"], [-1, 0, 1, 2, 3, 4, 12, 1e9]), observed=True).size()
    count("touches_per_deal", closed, "closed_at", "touches", how="mean")
    silent = deals["first_contact_at"].isna() & (deals["outcome"] == "open") & (AS_OF - deals["first_attempt_at"] >= pd.Timedelta(days=30))
    refused = deals[deals["first_attempt_at"].notna() & ((deals["outcome"] == "lost") | silent)]
    share("one_and_done", refused, "created_at", refused["second_attempt_at"].isna())
    fields = deals[["manager", "channel", "product", "customer_id"]].notna().mean(axis=1)
    count("fields_filled", deals.assign(filled=fields), "created_at", "filled", how="mean")
    ordered = deals.sort_values(["customer_id", "created_at", "deal_id"])
    before = (
        ordered["closed_at"]
        .fillna(pd.Timestamp("2200-01-01", tz="UTC"))
        .groupby(ordered["customer_id"])
        .cummax()
        .groupby(ordered["customer_id"])
        .shift()
    )
    share("duplicates", ordered, "created_at", before > ordered["created_at"])
    first_buy = signed.groupby("customer_id")["contract_at"].min()
    new = first_buy[(first_buy >= start) & (first_buy < end)]
    found["cac"] = float(spend[pd.to_datetime(spend["date"], utc=True).between(start, end, inclusive="left")]["amount"].sum() / len(new))
    calls = past[past["kind"] == "call"]
    count("calls", calls, "at")
    count("meetings", past[past["kind"] == "meeting"], "at")
    count("emails", past[(past["kind"] == "email") & (past["direction"] == "out")], "at")
    outgoing = calls[calls["direction"] == "out"]
    share("conversation_rate", outgoing, "at", outgoing["talked"])
    talks = calls[calls["talked"]]
    count("talk_time", talks, "at", "duration_s", how="mean")
    inbound = calls[(calls["direction"] == "in") & calls["result"].notna()]
    missed = inbound["result"] == "missed"
    share("missed_calls", inbound, "at", missed)
    asked = inbound.loc[missed, ["at", "customer"]].sort_values("at")
    calls_out = outgoing[["at", "customer"]].sort_values("at").assign(back=lambda frame: frame["at"])
    back = pd.merge_asof(asked, calls_out, on="at", by="customer", direction="forward", tolerance=pd.Timedelta(hours=1))
    ripe_calls = back["at"] <= AS_OF - pd.Timedelta(hours=1)
    inside = back[(back["at"] >= start) & (back["at"] < end) & ripe_calls]
    found["missed_calls_called_back"] = float(inside["back"].notna().mean())
    reached = (
        past[past["talked"] | (past["kind"] == "meeting") | ((past["direction"] == "in") & (past["kind"] != "call"))]
        .groupby("customer")["at"]
        .min()
    )
    cold = outgoing.loc[outgoing["at"] <= outgoing["customer"].map(reached).fillna(AS_OF), ["at", "customer", "talked"]].reset_index(
        drop=True
    )
    talked = cold[cold["talked"]].reset_index(names="call")
    moments = pd.concat([pd.DataFrame({"customer": customer, "opened_at": deals[step]}) for step in ("qualified_at", "key_event_set_at")])
    opened = talked.merge(moments.dropna(), on="customer")
    hit = (
        (opened["opened_at"] >= opened["at"])
        & (opened["opened_at"] <= AS_OF)
        & (opened["opened_at"] - opened["at"] <= pd.Timedelta(days=14))
    )
    cold["opened"] = cold.index.isin(opened.loc[hit, "call"])
    inside_cold = cold[(cold["at"] >= start) & (cold["at"] < end) & (cold["at"] <= AS_OF - pd.Timedelta(days=14))]
    found["contacts_per_1000_calls"] = 1000 * float(inside_cold["opened"].mean())
    close = min(end, AS_OF)
    is_open = (
        (deals["created_at"] <= close)
        & (deals["closed_at"].isna() | (deals["closed_at"] > close))
        & ((deals["outcome"] == "open") | deals["closed_at"].notna())
    )
    latest = past[past["at"] <= close].groupby("deal")["at"].max().reindex(deals.index)
    last = pd.concat([deals["created_at"], latest], axis=1).max(axis=1)
    found["idle_deals"] = float((close - last[is_open] >= pd.Timedelta(days=30)).mean())
    for name in BY:
        (close - last[is_open] >= pd.Timedelta(days=30)).groupby(deals.loc[is_open, name]).mean()
    return found
