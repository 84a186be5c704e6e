"""Reads a run directory with programs that know nothing of walras.

    python read_back.py DIR...

Every Parquet file is read by pyarrow, pandas, polars and DuckDB, which must
agree; then the accounts of the market are kept again from the tables, and the
manifest is held against the files. The first thing that is wrong ends the
program with a message and status 1.
"""

import hashlib
import json
import math
import pathlib
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROUNDING = 1e-12  # of sums of a few hundred terms, relative to their size
READERS = 4


def check(ok, message):
    if not ok:
        raise SystemExit(f"read_back: {message}")


def close(a, b, scale, message, tolerance=ROUNDING):
    """Two arrays agree to rounding, relative to the size of their terms."""
    difference = np.abs(np.asarray(a, dtype=float) - np.asarray(b, dtype=float))
    worst = float(np.max(difference, initial=0.0))
    check(worst <= tolerance * max(scale, 1e-300), f"{message}: off by {worst:g} of {scale:g}")


# Every reader describes a file in the same terms: rows, columns in order, and
# per column the nulls and the sum (of lengths, for texts).


def with_pyarrow(file):
    table = pq.read_table(file)
    columns = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
            column = pc.utf8_length(column.cast(pa.string()))
        if pa.types.is_floating(column.type):
            check(not pc.any(pc.is_nan(column)).as_py(), f"{file}: NaN in {name}")
        columns[name] = (column.null_count, pc.sum(column).as_py() or 0)
    return table.num_rows, columns


def with_pandas(file):
    frame = pd.read_parquet(file)
    columns = {}
    for name in frame.columns:
        column = frame[name]
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
            column = column.astype("string").str.len()
        columns[name] = (int(column.isna().sum()), column.sum())
    return len(frame), columns


def with_polars(file):
    frame = pl.read_parquet(file)
    columns = {}
    for name in frame.columns:
        column = frame[name]
        if not (column.dtype.is_numeric() or column.dtype == pl.Boolean):
            column = column.cast(pl.String).str.len_chars()
        if column.dtype.is_float():
            check(not column.is_nan().any(), f"{file}: NaN in {name}")
        columns[name] = (column.null_count(), column.sum())
    return frame.height, columns


def with_duckdb(file):
    source = duckdb.read_parquet(str(file))
    columns = {}
    for name, kind in zip(source.columns, source.types):
        quoted = '"' + name.replace('"', '""') + '"'
        value = f"length({quoted})" if str(kind) == "VARCHAR" else f"{quoted}::DOUBLE"
        rows, known, total = source.aggregate(f"count(*), count({quoted}), sum({value})").fetchall()[0]
        columns[name] = (rows - known, total or 0)
    return source.count("*").fetchall()[0][0], columns


def readers_agree(file):
    """Rows of a file, after four readers found the same in it."""
    found = [read(file) for read in (with_pyarrow, with_pandas, with_polars, with_duckdb)]
    check(len(found) == READERS, "a reader is missing")
    rows, columns = found[0]
    sizes = pq.read_table(file)
    for other_rows, other in found[1:]:
        check(other_rows == rows, f"{file}: {other_rows} rows, not {rows}")
        check(list(other) == list(columns), f"{file}: columns {list(other)}, not {list(columns)}")
        for name, (nulls, total) in columns.items():
            check(other[name][0] == nulls, f"{file}: {other[name][0]} nulls in {name}, not {nulls}")
            size = abs(total)
            if pa.types.is_floating(sizes[name].type):
                size = pc.sum(pc.abs(sizes[name])).as_py() or 0
            close(other[name][1], total, size, f"{file}: sum of {name}", tolerance=1e-11)
    return rows


def digest(data):
    return hashlib.sha256(data).hexdigest()


def manifest_matches(directory):
    """The manifest, after its files were found as it says."""
    text = (directory / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    check(manifest["status"] == "complete", "the run is not complete")
    # The scenario stands on a line of its own, as it enters the digest.
    start = '  "scenario": '
    scenario = next(line for line in text.splitlines() if line.startswith(start))[len(start) :].rstrip(",")
    lines = []
    for entry in manifest["files"]:
        data = (directory / entry["name"]).read_bytes()
        check(len(data) == entry["bytes"], f"{entry['name']}: {len(data)} bytes, the manifest says {entry['bytes']}")
        check(digest(data) == entry["sha256"], f"{entry['name']}: the checksum is not the manifest's")
        lines.append(f"{entry['name']} {entry['sha256']}\n")
    lines.sort(key=lambda line: line.encode())
    check(digest(("".join(lines) + scenario + "\n").encode()) == manifest["digest"], "the digest is not that of the files")
    present = {path.name for path in directory.iterdir()} - {"report.html", "plots"}  # which only show results
    expected = {entry["name"] for entry in manifest["files"]} | {"manifest.json"}
    check(present == expected, f"files {sorted(present)}, expected {sorted(expected)}")
    manifest["scenario_sha256"] = digest(scenario.encode())
    return manifest


def units_of(scenario):
    """The unit of each column that has one."""
    units = scenario.get("units", {})
    money, asset = units.get("money", ""), units.get("asset", "")
    price = f"{money}/{asset}" if money and asset else ""
    named = {"t": units.get("time", ""), "price": price, "fundamental": price, "inventory": asset, "trade": asset, "volume": asset}
    return named | dict.fromkeys(["cash", "payoff", "terminal_value", "welfare"], money)


def metadata_matches(file, manifest):
    scenario = manifest["scenario"]
    found = {key.decode(): value.decode() for key, value in (pq.read_schema(file).metadata or {}).items()}
    wanted = {
        "walras.version": manifest["walras"],
        "walras.scenario": scenario["name"],
        "walras.title": scenario["title"],
        "walras.scenario_sha256": manifest["scenario_sha256"],
        "walras.seed": str(manifest["seed"]),
    }
    units = units_of(scenario)
    for column in pq.read_schema(file).names:
        if units.get(column):
            wanted["unit." + column] = units[column]
    for key, value in wanted.items():
        check(found.get(key) == value, f"{file}: metadata {key} is {found.get(key)!r}, not {value!r}")
    extra = {key for key in found if key.startswith("unit.")} - set(wanted)
    check(not extra, f"{file}: unexpected {extra}")


class Market:
    """What the accounts need: one entry a member, in the order of the agents."""

    def __init__(self, manifest):
        scenario, policy = manifest["scenario"], manifest["policy"]
        members = [a for a in scenario["agents"] for _ in range(a["count"])]
        self.names = [
            a["name"] if a["count"] == 1 else f"{a['name']}[{i + 1}]" for a in scenario["agents"] for i in range(a["count"])
        ]
        self.initial = np.array([a["inventory"] for a in members])
        self.volatility = np.array([a["volatility"] for a in members])
        self.step, self.rho = policy["step"], policy["discount"]
        self.h = (1 - self.rho) / scenario["discount_rate"]
        self.cost = np.array([a["holding_cost"] for a in members])
        self.price, self.flows = np.array(policy["P"]), np.array(policy["Q"])
        self.ticks = round(scenario["clock"]["horizon"] / scenario["clock"]["step"])
        self.paths, self.recorded = scenario["monte_carlo"]["paths"], scenario["record"]["paths"]
        self.antithetic = "antithetic" in scenario["monte_carlo"].get("variance_reduction", [])
        check(scenario["record"]["every"] == 1, "the accounts can only be kept with record.every 1")
        check(abs(self.rho - math.exp(-scenario["discount_rate"] * self.step)) < 1e-15, "the discount factor is not e^(-r step)")


def sorted_by(frame, m, columns):
    """Rows are sorted, each exactly once, agents in the order of the scenario."""
    keys = [frame[c].map({name: i for i, name in enumerate(m.names)}) if c == "agent" else frame[c] for c in columns]
    check(not any(k.isna().any() for k in keys), "an agent that is not in the scenario")
    index = pd.MultiIndex.from_arrays(keys)
    check(index.is_monotonic_increasing and index.is_unique, f"rows are not sorted by {columns}")


def keep_accounts(directory, m):
    """Recomputes every column of agents and market, path by path and step by
    step. Returns payoff and volume at the end of each recorded path."""
    agents, market = pd.read_parquet(directory / "agents.parquet"), pd.read_parquet(directory / "market.parquet")
    sorted_by(agents, m, ["path", "step", "agent"])
    sorted_by(market, m, ["path", "step"])
    shape = (m.recorded, m.ticks + 1, len(m.names))
    check(len(agents) == math.prod(shape) and len(market) == math.prod(shape[:2]), "rows are missing")
    inventory, trade, cash, payoff = (agents[c].to_numpy().reshape(shape) for c in ["inventory", "trade", "cash", "payoff"])
    price = market["price"].to_numpy().reshape(shape[:2])
    time = np.arange(m.ticks + 1) * m.step
    close(market["t"].to_numpy().reshape(shape[:2]), np.broadcast_to(time, shape[:2]), time[-1], "t is not step × Δ", 1e-15)
    close(agents["t"].to_numpy().reshape(shape), np.broadcast_to(time[:, None], shape), time[-1], "t is not step × Δ", 1e-15)

    # At the horizon there is no auction; at every other step there is one.
    check(np.isnan(trade[:, -1]).all() and np.isnan(price[:, -1]).all(), "a trade at the horizon")
    check(not np.isnan(trade[:, :-1]).any() and not np.isnan(price[:, :-1]).any(), "an auction is missing")
    p, q, x = price[:, :-1], trade[:, :-1], inventory[:, :-1]
    volume, size = np.abs(q).sum(axis=1), np.abs(p[:, :, None] * q)
    close(q.sum(axis=2), 0, np.abs(q).max(), "what is sold is not bought")
    close(p, x @ m.price, np.abs(x).max() * np.abs(m.price).sum(), "the price is not P·X")
    close(q, x @ m.flows.T, np.abs(x).max() * np.abs(m.flows).sum(), "the trade is not Q·X")

    # Settlement: cash to date, undiscounted; payoff to date, discounted.
    flow = p[:, :, None] * q
    close(cash[:, :-1], np.cumsum(flow, axis=1), size.sum(axis=1).max(), "cash is not the sum of price × trade")
    close(cash[:, -1], cash[:, -2], np.abs(cash).max(), "cash at the horizon")
    rho = m.rho ** np.arange(m.ticks)[:, None]
    cost = m.cost * m.h / 2 * (x - q) ** 2
    close(payoff[:, :-1], np.cumsum(rho * (flow - cost), axis=1), (size + cost).sum(axis=1).max(), "payoff to date")
    close(payoff[:, -1], payoff[:, -2], np.abs(payoff).max(), "payoff at the horizon")

    # Inventories begin where the scenario says, and change by trades and shocks.
    close(inventory[:, 0], np.broadcast_to(m.initial, shape[::2]), 1, "initial inventories", 0)
    shocks_match(inventory[:, 1:] - (x - q), m)
    return payoff[:, -1], volume


def shocks_match(shocks, m):
    """Shocks have mean zero and the scenario's variance, within five standard
    errors of so many draws."""
    pairs = shocks.reshape(-1, 2, *shocks.shape[1:]) if m.antithetic else None
    if pairs is not None:
        close(pairs.sum(axis=1), 0, 100 * np.abs(shocks).max(), "antithetic shocks do not cancel", 1e-13)
        shocks = pairs[:, 0]
    draws = shocks.shape[0] * shocks.shape[1]
    for i, name in enumerate(m.names):
        variance = m.volatility[i] ** 2 * m.step
        if variance == 0:
            close(shocks[:, :, i], 0, 10, f"shocks of {name}")
            continue
        z = shocks[:, :, i].mean() / math.sqrt(variance / draws)
        check(abs(z) < 5, f"shocks of {name}: mean {z:.1f} standard errors from 0")
        z = ((shocks[:, :, i] ** 2).mean() / variance - 1) / math.sqrt(2 / draws)
        check(abs(z) < 5, f"shocks of {name}: variance {z:.1f} standard errors from the scenario's")


def outcomes_match(directory, m, payoff, volume, statistics):
    outcomes = pd.read_parquet(directory / "outcomes.parquet")
    sorted_by(outcomes, m, ["path", "agent"])
    check(len(outcomes) == m.paths * len(m.names), "outcomes are missing")
    value = {c: outcomes[c].to_numpy().reshape(m.paths, -1) for c in ["payoff", "terminal_value", "welfare", "volume"]}
    close(value["welfare"], value["payoff"] + value["terminal_value"], 1, "welfare is not payoff + terminal_value", 0)
    close(value["payoff"][: m.recorded], payoff, 1, "payoffs of recorded paths", 0)
    close(value["volume"][: m.recorded], volume, volume.max(), "volume is not Σ|trade|")
    for name, column in value.items():
        rows = statistics[statistics["statistic"] == name].set_index("agent")
        check(list(rows.index) == m.names, f"statistics of {name}")
        # A mirrored pair is one observation.
        seen = column.reshape(-1, 2, column.shape[1]).mean(axis=1) if m.antithetic else column
        size = np.abs(column).max()
        close(rows["estimate"], seen.mean(axis=0), size, f"the mean of {name} is not the estimate")
        check((rows["n"] == len(seen)).all(), f"n of {name}")
        error = seen.std(axis=0, ddof=1) / math.sqrt(len(seen))
        close(rows["std_error"], error, size, f"the standard error of {name}", 1e-10)


def verdict_matches(directory, statistics):
    """Every z is (estimate − analytic)/std_error, and every check has passed."""
    checks = pd.read_parquet(directory / "checks.parquet").rename(columns={"check": "statistic"})
    check(len(checks) > 100 and checks["passed"].all(), f"checks failed:\n{checks[~checks['passed']]}")
    for table in (statistics, checks):
        judged = table[table["z"].notna()]
        check(len(judged) > 100, "hardly anything has been judged")
        z = (judged["estimate"] - judged["analytic"]) / judged["std_error"]
        close(judged["z"], z, 1 + z.abs().max(), "z is not (estimate − analytic)/std_error", 1e-14)
    m = int(checks["z"].notna().sum())
    tail = math.erfc(float(checks["z"].abs().max()) / math.sqrt(2))
    check(tail >= 1e-4 / m, f"the largest |z| of {m} is more than a verdict allows")
    key = ["statistic", "agent", "agent2", "t"]
    same = checks[checks["z"].notna()].merge(statistics, on=key + ["estimate", "std_error", "analytic", "z"])
    check(len(same) == m, "a check is not one of the statistics")


def read_back(directory):
    manifest = manifest_matches(directory)
    for entry in manifest["files"]:
        file = directory / entry["name"]
        check(readers_agree(file) == entry["rows"], f"{file}: not {entry['rows']} rows, as the manifest says")
        metadata_matches(file, manifest)
    market = Market(manifest)
    payoff, volume = keep_accounts(directory, market)
    statistics = pd.read_parquet(directory / "statistics.parquet")
    outcomes_match(directory, market, payoff, volume, statistics)
    verdict_matches(directory, statistics)
    rows = sum(entry["rows"] for entry in manifest["files"])
    print(f"{directory.name}: {len(manifest['files'])} files, {rows:,} rows, read by {READERS} readers; accounts and digest agree")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    for name in sys.argv[1:]:
        read_back(pathlib.Path(name))
