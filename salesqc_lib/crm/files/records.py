"""JSON as the interfaces of CRMs return it: envelopes opened, pages put together, nested records laid flat."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from salesqc_lib.crm.files.raw import create_from_texts, header_names
from salesqc_lib.crm.files.text import decoded
from salesqc_lib.crm.intake import Intake
from salesqc_lib.errors import DataError

Record = dict[str, Any]
ENVELOPES = ("_embedded", "result", "results", "data", "items", "records", "value", "response", "deals", "leads")
_HOISTED = ("_embedded", "properties")  # what stands in them belongs to the record itself
_IGNORED = ("_links",)
ROWS = "rows"  # what a list without a name is called


def record_lists(path: Path) -> tuple[dict[str, list[Record]], dict[str, list[Record]]]:
    """The lists of records in a file by their names, and those inside its records (the statuses of pipelines).

    Raises
    ------
    DataError
        It is no JSON, is cut off, has no record, or tells of an error of the interface.
    """
    found: dict[str, list[Record]] = {}
    nested: dict[str, list[Record]] = {}
    for document in _documents(path):
        for name, records in _lists(document, path):
            found.setdefault(name, []).extend(records)
    if not any(found.values()):
        raise DataError("the JSON holds no records", where=str(path), cure="check the filter and the rights of who asked the CRM")
    for records in found.values():
        for record in records:
            _collect(record, nested)
    return found, {name: records for name, records in nested.items() if name not in found}


def open_json(intake: Intake, path: Path, name: str, label: str, sheet: str | None) -> None:
    """Make the raw table `name` of a list of records: the one called `sheet`, or the longest of the file's own."""
    own, nested = record_lists(path)
    found = {**nested, **own}
    if sheet is not None and sheet not in found:
        raise DataError(f"no list «{sheet}» in the JSON", where=str(path), cure=f"its lists are {', '.join([*own, *nested])}")
    records = found[sheet] if sheet else max(own.values(), key=len)
    flat = [flattened(record) for record in records]
    keys = list(dict.fromkeys(key for record in flat for key in record))
    columns = {column: [record.get(key) for record in flat] for column, key in zip(header_names(keys), keys, strict=True)}
    create_from_texts(intake, name, label, columns, range(1, len(flat) + 1))


def _documents(path: Path) -> Iterator[Any]:
    text = decoded(path, None)[0]
    # numbers stay as they are written: an id of 19 digits is no float
    read = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=lambda _: None)
    position, end = _after_space(text, 0), len(text)
    while position < end:
        try:
            document, position = read.raw_decode(text, position)
        except json.JSONDecodeError as error:
            what = "is cut off" if error.pos >= len(text.rstrip()) - 1 else f"is damaged: {error.msg}"
            raise DataError(
                f"the JSON {what}",
                where=f"{path}:{error.lineno}",
                cure="save the whole answer of the CRM again, from its first bracket to its last",
            ) from None
        except RecursionError:
            raise DataError(
                "the JSON is nested too deeply", where=str(path), cure="give the lists of the CRM's interface as they are"
            ) from None
        yield document
        position = _after_space(text, position)


def _after_space(text: str, position: int) -> int:
    found = re.compile(r"[\s,\x1e]*").match(text, position)
    return found.end() if found else position


def _lists(document: Any, path: Path, name: str = ROWS) -> Iterator[tuple[str, list[Record]]]:
    if isinstance(document, list):
        pages = [one for one in document if isinstance(one, dict) and _envelope(one)]
        if pages and len(pages) == len(document):
            for page in pages:
                yield from _lists(page, path)
            return
        yield name, [one for one in document if isinstance(one, dict)]
    elif isinstance(document, dict):
        _refuse_errors(document, path)
        if key := _envelope(document):
            inside = document[key]
            lists = {inner: value for inner, value in inside.items() if _is_records(value)} if isinstance(inside, dict) else {}
            if lists:
                same = len({frozenset(value[0]) for value in lists.values()}) == 1  # parts of one list, as a batch returns them
                for inner, value in lists.items():
                    yield from _lists(value, path, ROWS if same and len(lists) > 1 else inner)
            elif isinstance(inside, dict) and isinstance(inside.get(key), dict):  # an envelope in an envelope
                yield from _lists(inside, path)
            else:
                yield from _lists(
                    inside, path, ROWS if key in ("result", "results", "data", "items", "records", "value", "response") else key
                )
        else:
            yield name, [document]


def _envelope(document: Record) -> str | None:
    """The key under which an answer keeps its records; None where the document is a record itself."""
    if any(key.lower() == "id" for key in document):
        return None
    for key in ENVELOPES:
        if isinstance(document.get(key), list | dict) and (
            _is_records(document[key]) or isinstance(document[key], dict) or document[key] == []
        ):
            return key
    lists = [key for key, value in document.items() if _is_records(value)]
    return lists[0] if len(lists) == 1 else None


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _refuse_errors(document: Record, path: Path) -> None:
    status = str(document.get("status", ""))
    is_error = "error" in document and document["error"] and "result" not in document and "data" not in document
    if is_error or (status[:1] in ("4", "5") and len(status) == 3 and "title" in document):
        told = document.get("error_description") or document.get("detail") or document.get("title") or document.get("error")
        raise DataError(
            f"this is an error message of the CRM's interface, no data: «{str(told)[:120]}»",
            where=str(path),
            cure="ask the CRM again with a token that may read the deals",
        )


def _collect(record: Record, nested: dict[str, list[Record]]) -> None:
    """Lists of records with an id inside a record: statuses of a pipeline, products of a deal."""
    for key, value in record.items():
        if key in _HOISTED and isinstance(value, dict):
            _collect(value, nested)
        elif _is_records(value) and all(any(inner.lower() == "id" for inner in one) for one in value):
            nested.setdefault(key, []).extend(value)


def flattened(record: Record, prefix: str = "") -> dict[str, str | None]:
    """A record as texts: nested names joined with dots, fields of one's own under their own names, lists joined with commas.

    >>> flattened({"id": "7", "_embedded": {"tags": [{"id": "1", "name": "vip"}]}, "params": {"duration": "12"}})
    {'id': '7', 'tags': 'vip', 'tags.id': '1', 'params.duration': '12'}
    """
    flat: dict[str, str | None] = {}
    for key, value in record.items():
        if key in _IGNORED:
            continue
        if key in _HOISTED and isinstance(value, dict):
            for inner, text in flattened(value, prefix).items():
                flat.setdefault(inner, text)
        elif isinstance(value, dict):
            flat |= flattened(value, f"{prefix}{key}.") if value else {f"{prefix}{key}": None}
        elif _is_records(value):
            flat |= _own_fields(value, flat) if all("values" in one for one in value) else _listed(value, prefix + key)
        elif isinstance(value, list):
            flat[prefix + key] = ", ".join(str(one) for one in value if one not in (None, "")) or None
        else:
            flat[prefix + key] = _text(value)
    return flat


def _own_fields(fields: list[Record], present: dict[str, str | None]) -> dict[str, str | None]:
    """Fields that the client added to the CRM: `[{field_name, values: [{value}]}]`."""
    own: dict[str, str | None] = {}
    for one in fields:
        name = str(one.get("field_name") or one.get("name") or one.get("field_code") or one.get("field_id") or "field")
        values = [value.get("value", value.get("enum")) if isinstance(value, dict) else value for value in one["values"] or []]
        text = ", ".join(found for value in values if (found := _text(value)))
        own[f"{name} (2)" if name in present or name in own else name] = text or None
    return own


def _listed(records: list[Record], key: str) -> dict[str, str | None]:
    """A list inside a record: its names under its own name, and the values of its first one."""
    names = [
        text
        for one in records
        if (text := _text(one.get("name") or one.get("title") or one.get("value"))) and not isinstance(one.get("value"), dict | list)
    ]
    first = {inner: text for inner, text in flattened(records[0], f"{key}.").items() if inner not in (f"{key}.name", f"{key}.title")}
    return ({key: ", ".join(names)} if names else {}) | first


def _text(value: Any) -> str | None:
    if value is None or value == "" or isinstance(value, dict | list):
        return None
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
