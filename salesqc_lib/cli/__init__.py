"""The command `salesqc`. Imports are lazy: help and usage errors must not pay for pandas."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from salesqc_lib.cli.days import day
from salesqc_lib.errors import InputError
from salesqc_lib.version import VERSION


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the value is the exit code: 0 all well, 1 something failed, 2 wrong usage or parameters."""
    given = _parser().parse_args(arguments)
    from salesqc_lib.ending import end_on_request

    try:
        end_on_request()
        if getattr(given, "allow_spark", False):
            os.environ["SALESQC_ALLOW_SPARK"] = "1"  # the kernels of the reports look for it
        _open_locations(given)
        return int(given.run(given))
    except InputError as error:
        print(f"salesqc: {error.text}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has seen enough, as `| head` does
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - so that the exit has somewhere to flush to
        return 0
    except KeyboardInterrupt as request:
        print("salesqc: interrupted; the last good reports are untouched", file=sys.stderr)
        return 143 if "SIGTERM" in str(request) else 130


def _open_locations(given: argparse.Namespace) -> None:
    """What the operator has written on the command line may be read and written."""
    typed = [*(getattr(given, "clients", None) or []), getattr(given, "client", None), getattr(given, "output", None)]
    from salesqc_lib.locations import open_for

    open_for([text for text in typed if isinstance(text, str)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="salesqc",
        description="Sales-department audits from CRM data.",
        epilog="CLIENT is a name in params/ or the path of a parameter file.",
    )
    parser.add_argument("--version", action="version", version=f"salesqc {VERSION}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    new = commands.add_parser("new", help="lay out a consultancy's folder: params, notebooks, data, output, salesqc.toml")
    new.add_argument("folder", metavar="FOLDER", type=Path)
    new.set_defaults(run=_new)

    demo = commands.add_parser("demo", help="make the demo clients' exports and render their reports")
    _rendering(demo)
    demo.set_defaults(run=_demo)

    init = commands.add_parser("init", help="look at a client's files and write params/CLIENT.yaml")
    init.add_argument("client", metavar="CLIENT", help="latin letters, digits, - and _")
    init.add_argument("files", metavar="FILE", nargs="+", help="files, folders, patterns with *: whatever the client sent")
    init.add_argument("--yes", action="store_true", help="ask nothing: take the best guess and list the doubts")
    init.add_argument("--language", choices=("ru", "en"), help="of the report and of the remarks (default: that of the data)")
    init.add_argument("--name", default="", help="the client's name as the report writes it")
    init.set_defaults(run=_init)

    check = commands.add_parser("check", help="read a client's data: totals, what is doubtful in them, and what can be measured")
    check.add_argument("client", metavar="CLIENT", nargs="?")
    check.add_argument("--all", action="store_true", help="every client in params/; exit code 1 where one cannot be read")
    check.add_argument("--period", help="2026-10, 2026-Q3, last-month … (default: the month before the export)")
    check.add_argument("--format", choices=("text", "json"), default="text")
    _today(check)
    check.set_defaults(run=_check)

    render = commands.add_parser("render", help="render reports: clients × periods")
    render.add_argument("clients", metavar="CLIENT", nargs="*")
    render.add_argument("--period", required=True, help="one, or several with commas: 2026-Q2,2026-Q3")
    render.add_argument("--all", action="store_true", help="every client in params/")
    render.add_argument("--force", action="store_true", help="make the unchanged ones too")
    render.add_argument("--why", action="store_true", help="say of each report what has changed since it was made")
    render.add_argument("--verify", action="store_true", help="compare files by content, whatever their times say")
    render.add_argument("--fail-fast", action="store_true", help="begin no more reports once one has failed")
    render.add_argument("--retries", type=int, choices=range(10), default=0, metavar="N", help="try again a report whose process died")
    render.add_argument(
        "--executor", choices=("local", "dask"), default="local", help="who makes the reports: this machine, or a Dask cluster"
    )
    render.add_argument("--scheduler", default="", metavar="ADDRESS", help="of the cluster: tcp://host:8786")
    render.add_argument("--template", default="audit", help="audit, dashboard, manager, portfolio: notebooks in notebooks/, or their paths")
    render.add_argument(
        "--set", nargs="*", default=[], metavar="NAME=VALUE", help="further parameters of the template: manager='Anna Smith'"
    )
    _rendering(render)
    render.set_defaults(run=_render)

    compare = commands.add_parser("compare", help="the delta report: what changed between two periods, and what came of the advice")
    compare.add_argument("client", metavar="CLIENT")
    compare.add_argument("before", metavar="P1", help="the earlier period")
    compare.add_argument("after", metavar="P2", help="the later one")
    compare.add_argument("--worklist", type=Path, metavar="FILE", help="the list of deals as it was filled in: deals.csv, or an XLSX of it")
    _rendering(compare)
    compare.set_defaults(run=_compare)

    trial = commands.add_parser("trial", help="draw a random half of some open deals; compare tells what came of attending to it")
    trial.add_argument("client", metavar="CLIENT")
    trial.add_argument("kind", metavar="KIND", help="idle: open deals that nobody has touched for long")
    _today(trial)
    trial.set_defaults(run=_trial)

    measure = commands.add_parser("measure", help="print the measurements alone")
    measure.add_argument("client", metavar="CLIENT")
    measure.add_argument("--period", required=True)
    measure.add_argument("--kpi", nargs="*", default=[], metavar="ID", help="KPIs or groups; all without it")
    measure.add_argument("--by", nargs="*", metavar="DIM", help="breakdowns; those of the catalogue without it")
    measure.add_argument("--format", choices=("table", "csv", "json", "parquet"), default="table")
    _today(measure)
    measure.set_defaults(run=_measure)

    linting = commands.add_parser("lint", help="look a report over by the rules of docs/reference/lint.md before it is handed over")
    linting.add_argument("report", type=Path, metavar="REPORT", help="the folder of a report: output/CLIENT/PERIOD")
    linting.add_argument("--format", choices=("text", "json"), default="text")
    linting.set_defaults(run=_lint)

    forgetting = commands.add_parser("forget", help="remove every report of a client and what runs left; says what goes")
    forgetting.add_argument("client", metavar="CLIENT")
    forgetting.add_argument("--output", default="output", metavar="DIR")
    forgetting.add_argument("--data", action="store_true", help="what lies in data/CLIENT/ too")
    forgetting.add_argument("--dry-run", action="store_true", help="remove nothing, say what would go")
    forgetting.set_defaults(run=_forget)

    cache = commands.add_parser("cache", help="list the prepared data that are kept in data/.cache/, or remove them")
    cache.add_argument("client", metavar="CLIENT", nargs="?", help="the client's id; all without it")
    cache.add_argument("--clear", action="store_true", help="remove them")
    cache.set_defaults(run=_cache)

    kpis = commands.add_parser("kpis", help="print the catalogue")
    kpis.add_argument("--format", choices=("table", "csv"), default="table")
    kpis.set_defaults(run=_kpis)
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"«{text}» is no whole number: write 1, 2 …")
    return int(text)


def _languages(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(text.split(",")))
    if set(found) - {"ru", "en"}:
        raise argparse.ArgumentTypeError(f"«{text}» is no language: write ru, en, or ru,en")
    return found


def _today(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--today", metavar="DATE", help="the day that last-month and the like count back from")
    parser.add_argument("--allow-spark", action="store_true", help="let parameter files name Spark masters and addresses of tables")


def _rendering(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", default="output", metavar="DIR", help="a folder, or an address: s3://firm/reports")
    parser.add_argument("--format", help="html,pdf,xlsx (default: the client's)")
    parser.add_argument("--language", type=_languages, help="ru, en, or both: the second goes to PERIOD.en (default: the client's)")
    parser.add_argument("--timeout", type=_positive, metavar="S", help="seconds that one report may take (default: 3600)")
    parser.add_argument("--shared", action="store_true", help="let other users of this machine read the reports")
    parser.add_argument(
        "--jobs", type=_positive, default=0, metavar="N", help="reports made at the same time (default: 1; of a cluster, all it can)"
    )
    parser.add_argument("--log-format", choices=("text", "json"), default="text")
    _today(parser)


def _demo(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.reports import demo

    return demo(given)


def _render(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.reports import render

    return render(given)


def _compare(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.reports import compare

    return compare(given)


def _trial(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.trial import trial

    return trial(given.client, given.kind, day(given.today))


def _new(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.new import new

    return new(given.folder)


def _init(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.init import init

    return init(given.client, given.files, take_guesses=given.yes, language=given.language, name=given.name)


def _check(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.check import check

    clients = [given.client] if given.client else []
    if given.all:
        from salesqc_lib.params import every_client

        clients += [str(path) for path in every_client()]
    if not clients:
        raise InputError("no client to check", cure="name one, or say --all for every client in params/")
    if len(clients) == 1:
        return check(clients[0], given.period, day(given.today), as_json=given.format == "json")
    codes = []
    for client in clients:  # one that cannot be read stops nobody
        if given.format == "text":
            print(f"\n== {client}")
        try:
            codes.append(check(client, given.period, day(given.today), as_json=given.format == "json"))
        except InputError as error:
            print(f"salesqc: {error.text}", file=sys.stderr)
            codes.append(error.exit_code)
    return 1 if any(codes) else 0


def _lint(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.lint import look_over

    return look_over(given.report, as_json=given.format == "json")


def _forget(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.forget import forget
    from salesqc_lib.locations import is_remote

    if is_remote(str(given.output)):
        raise InputError("reports at an address are removed by the store's own tools", cure="name a folder of this machine")
    return forget(given.client, Path(given.output), with_data=given.data, only_say=given.dry_run)


def _cache(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.cache import cache

    return cache(clear=given.clear, client=given.client)


def _measure(given: argparse.Namespace) -> int:
    from salesqc_lib.lists import without_formulas
    from salesqc_lib.report.audit import Audit

    audit = Audit(given.client, given.period, today=day(given.today))
    measured = audit.measure(*given.kpi, by=given.by)
    frame = measured.frame
    if len(given.kpi) == 1 and given.kpi[0] in measured.tables:
        frame = measured.tables[given.kpi[0]]  # a KPI that is a table is its rows
    if given.format == "parquet" and sys.stdout.isatty():
        raise InputError("Parquet is no text for a terminal", cure="write it to a file: salesqc measure … --format parquet > kpis.parquet")
    if given.format == "parquet":
        frame.to_parquet(sys.stdout.buffer, index=False)
    elif given.format == "json":
        print(frame.to_json(orient="records", force_ascii=False, date_format="iso", indent=1))
    elif given.format == "csv":
        without_formulas(frame).to_csv(sys.stdout, index=False, float_format="%.10g", lineterminator="\n")
    else:
        columns = ["kpi", "by", "segment", "value", "unit", "n", "low", "high", "previous", "verdict", "reason"]
        parts = [frame[columns] if "kpi" in frame else frame]
        if given.kpi and "kpi" in frame:
            parts += [table.assign(kpi=kpi) for kpi, table in measured.tables.items()]
        for part in parts:
            if len(part):
                print(part.to_string(index=False, na_rep="—", float_format=lambda value: f"{value:.6g}"))
    return 0


def _kpis(given: argparse.Namespace) -> int:
    from salesqc_lib.cli.kpis import kpis

    return kpis(as_csv=given.format == "csv")
