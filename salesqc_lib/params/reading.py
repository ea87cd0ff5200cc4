"""From a YAML file to `Parameters`, with errors a consultant can act on."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from salesqc_lib import locations
from salesqc_lib.errors import ParameterError, nearest
from salesqc_lib.letters import unreadable_in
from salesqc_lib.params.bounded import check_letters, check_size, text_of
from salesqc_lib.params.model import Parameters
from salesqc_lib.params.source import TableFile, TablesSource
from salesqc_lib.tables import TABLES

Key = tuple[str | int, ...]
_FORMS = {
    "client.id": "latin letters, digits, - and _ only: it names a folder",
    "client.accent": 'a colour such as "#1f6f5c"',
    "report.currency": "three letters such as RUB, EUR, USD",
}
_RENAMED = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "dict": "a block of keys",
    "tuple": "a list",
}


def project(start: Path | None = None) -> Path:
    """The folder that holds `params/`: the working folder, or the nearest one above it; the working folder where there is none.

    So a cell of `notebooks/`, where JupyterLab opens, finds the same clients as the command in the project's own folder.
    """
    here = (start or Path()).resolve()
    return next((folder for folder in (here, *here.parents) if (folder / "params").is_dir()), here)


def every_client() -> list[Path]:
    """The parameter files of the project."""
    return sorted(_shown(project() / "params").glob("*.yaml"))


def _shown(path: Path) -> Path:
    """A path as a person writes it: from the working folder, where it lies below."""
    return path.relative_to(Path().resolve()) if path.is_relative_to(Path().resolve()) else path


def find(client: str) -> Path:
    """The parameter file of `CLIENT`: a path as it is, or a name in the project's `params/`.

    Raises
    ------
    ParameterError
        There is no such file; the message lists the clients there are.
    """
    if unreadable_in(client) or len(client) > 4000:
        raise ParameterError(f"no client is called {client[:40]!r}", cure="name one in params/, or give the path of a file")
    if locations.is_remote(client):
        return _brought(client)
    path = Path(client)
    if path.suffix in (".yaml", ".yml"):
        if path.is_file():
            return path
        if not path.is_absolute() and (found := project() / path).is_file():
            return found
        raise ParameterError(f"no such parameter file: {client}", cure="check the path; relative paths start in the current folder")
    folder = _shown(project() / "params")
    if (found := folder / f"{client}.yaml").is_file():
        return found
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if not known:
        raise ParameterError(
            f"no client «{client}»: the folder {folder}/ has no parameter files",
            cure="run `salesqc demo` to see one, or give the path of a file",
        )
    raise ParameterError(f"no client «{client}» in {folder}/", cure=nearest(client, known))


def _brought(client: str) -> Path:
    if not client.endswith((".yaml", ".yml")):
        raise ParameterError(f"{client} is no parameter file", cure="name the file: s3://firm/params/client.yaml")
    path = locations.brought(client)
    if not path.is_file():
        raise ParameterError(f"there is no {client}", cure="check the address")
    return path


def load(client: str) -> Parameters:
    """Find and read the parameters of a client."""
    return read(find(client))


def read(path: Path) -> Parameters:
    """Read and validate one file.

    Raises
    ------
    ParameterError
        With every fault of the file, a line each: file, line, key, what was found, what may stand there.
    """
    place = locations.shown(path)
    data, lines = _parse(text_of(path), place)
    check_letters(data, lines, place)
    try:
        parameters = Parameters.model_validate(data)
    except ValidationError as error:
        faults = [_explain(fault, data, lines, place) for fault in error.errors()]
        raise ParameterError("\n".join(dict.fromkeys(faults))) from None
    parameters._file, parameters._lines = path, lines
    _check_tables(parameters)
    _check_targets(parameters)
    _check_extra(parameters)
    return parameters


def _parse(text: str, path: str) -> tuple[Any, dict[Key, int]]:
    try:
        loader = yaml.SafeLoader(text)
    except yaml.YAMLError as error:  # a letter that YAML does not have
        told = " ".join(str(error).split()).replace(' in "<unicode string>"', "")
        raise ParameterError(f"the YAML cannot be read: {told}", where=path, cure="delete that character") from None
    try:
        check_size(text, path)
        node = loader.get_single_node()
        lines: dict[Key, int] = {(): 1}
        if node is not None:
            _walk(node, (), lines, path)
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ParameterError(
            f"the YAML cannot be read: {error.problem}", where=f"{path}:{line}", cure="check indentation, colons and quotes near this line"
        ) from None
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError) as error:
        # PyYAML builds dates and numbers as it goes: of a day such as 2026-13-45 it says no more than this
        raise ParameterError(
            f"a value of the YAML cannot be read: {error}", where=path, cure="put dates and numbers of an unusual form in quotes"
        ) from None
    finally:
        loader.dispose()
    if not isinstance(data, dict):
        raise ParameterError(
            "the file has no keys", where=f"{path}:1", cure="it needs at least client, report and source; see params/examples/"
        )
    return data, lines


def _walk(node: yaml.Node, key: Key, lines: dict[Key, int], path: str) -> None:
    """Note the line of each key, and refuse a key that stands twice (YAML would keep the last in silence)."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise ParameterError("a key is a block", where=f"{path}:{name.start_mark.line + 1}", cure="a key is a word")
            inner = (*key, name.value)
            if inner in lines:
                raise ParameterError(
                    f"the key «{name.value}» stands twice",
                    where=f"{path}:{name.start_mark.line + 1}",
                    cure=f"the first is on line {lines[inner]}; keep one",
                )
            lines[inner] = name.start_mark.line + 1
            _walk(value, inner, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*key, index)] = value.start_mark.line + 1
            _walk(value, (*key, index), lines, path)


def _explain(fault: Any, data: Any, lines: dict[Key, int], path: str) -> str:
    key = _key_in_file(fault["loc"], data)
    line = next(lines[key[:size]] for size in range(len(key), -1, -1) if key[:size] in lines)
    name = ".".join(str(part) for part in key) or "the file"
    kind, found = fault["type"], fault["input"]
    if kind == "extra_forbidden":
        text, cure = f"unknown key «{name}»", nearest(str(key[-1]), _fields_at(key[:-1], data))
    elif kind == "missing":
        text, cure = f"the key «{name}» is missing", "it is required"
    elif kind in ("literal_error", "enum", "union_tag_invalid"):
        expected = fault["ctx"].get("expected") or fault["ctx"].get("expected_tags", "")
        if kind == "union_tag_invalid":
            name, found = f"{name}.kind", found.get("kind") if isinstance(found, dict) else found
            line = lines.get((*key, "kind"), line)
        options = [option.strip(" '") for option in expected.replace(" or ", ", ").split(",")]
        text, cure = f"{name}: «{found}» is none of {', '.join(options)}", nearest(str(found), options)
    elif kind == "union_tag_not_found":
        text, cure = f"the key «{name}.kind» is missing", "write tables or amocrm_export"
    elif found is None and "columns" in key:
        text, cure = f"the name «{key[-1]}» has no value", 'a name with a comma or a colon stands in quotes: amount: "Sum, EUR"'
    elif kind == "value_error":
        text, cure = f"{name}: {fault['ctx']['error']!s}", f"found: {_short(found)}"
    elif kind == "string_pattern_mismatch":
        text, cure = (
            f"{name}: {_short(found)} has not the form that is asked for",
            _FORMS.get(name, f"the form is {fault['ctx']['pattern']}"),
        )
    elif kind.endswith(("_type", "_parsing")):
        wanted = next((text for word, text in _RENAMED.items() if kind.startswith(word)), fault["msg"])
        text, cure = f"{name}: {_short(found)} is not {wanted}", "see params/schema.json"
    else:
        text, cure = f"{name}: {fault['msg']}", f"found: {_short(found)}"
    return f"{path}:{line}: {text}\n  → {cure}"


def _short(value: Any) -> str:
    text = f"«{value}»" if not isinstance(value, dict | list) else f"a {'block' if isinstance(value, dict) else 'list'} of {len(value)}"
    return text if len(text) <= 60 else text[:57] + "…»"


def _key_in_file(loc: Key, data: Any) -> Key:
    """The error's place without the names that pydantic adds for the branches of a union."""
    key: list[str | int] = []
    for position, part in enumerate(loc):
        if position == 1 and loc[0] == "source":
            continue  # the kind of the source
        here = data
        for step in key:
            here = here[step]
        is_inside = (isinstance(here, dict) and part in here) or (isinstance(here, list | tuple) and isinstance(part, int))
        if is_inside or (
            position == len(loc) - 1 and isinstance(here, dict) and isinstance(part, str) and part not in ("str", "ColumnRule")
        ):
            key.append(part)
    return tuple(key)


def _fields_at(key: Key, data: Any) -> list[str]:
    """The keys that may stand under `key`, read off the model."""
    model: Any = Parameters
    here = data
    for part in key:
        here = _inside(here, part)
        annotation = (
            model.model_fields[part].annotation
            if isinstance(model, type) and issubclass(model, BaseModel) and part in model.model_fields
            else model
        )
        model = _model_in(annotation, here)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [info.alias or name for name, info in model.model_fields.items()]


def _inside(here: Any, part: Any) -> Any:
    return here[part] if isinstance(here, dict | list) else {}


def _model_in(annotation: Any, here: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = [found for found in (_model_in(arg, here) for arg in get_args(annotation)) if found is not None]
    if len(models) > 1 and isinstance(here, dict):
        kind = here.get("kind")
        return next(
            (model for model in models if "kind" in model.model_fields and kind in get_args(model.model_fields["kind"].annotation)),
            TablesSource,
        )
    return models[0] if models else None


def _check_tables(parameters: Parameters) -> None:
    """Tables and columns are those of the contract."""
    source = parameters.source
    if source.kind == "amocrm_export":
        _check_columns(parameters, "deals", source.columns, "source", "columns")
        if "deals" in source.tables:
            where = parameters.where("source", "tables", "deals")
            raise ParameterError("the deals come from the export itself", where=where, cure="map its fields under source.columns")
    for table, spec in source.tables.items():
        key = ("source", "tables", table)
        if table not in TABLES:
            raise ParameterError(f"unknown table «{table}»", where=parameters.where(*key), cure=nearest(table, list(TABLES)))
        _check_columns(parameters, table, spec.columns, *key, "columns")
        if isinstance(spec, TableFile):
            _check_columns(parameters, table, spec.values, *key, "values")
            _check_columns(parameters, table, spec.may_be_empty, *key, "may_be_empty")
    if source.kind in ("tables", "spark") and not source.folder and "deals" not in source.tables:
        raise ParameterError(
            "it is not said where the deals are",
            where=parameters.where("source"),
            cure="write «folder: …», or «tables: {deals: {path: …}}»",
        )


def _check_extra(parameters: Parameters) -> None:
    """A column of the client's own has a name of its own."""
    from salesqc_lib.kpi.card import DIMENSIONS

    for name in parameters.extra:
        if name in TABLES["deals"].by_name or name in DIMENSIONS:
            raise ParameterError(
                f"extra: «{name}» is a column of ours",
                where=parameters.where("extra", name),
                cure=f"map it under columns, or call it client_{name}",
            )


def _check_columns(parameters: Parameters, table: str, columns: Iterable[str], *key: str) -> None:
    for column in columns:
        if column not in TABLES[table].by_name:
            known = list(TABLES[table].by_name)
            raise ParameterError(
                f"the table {table} has no column «{column}»", where=parameters.where(*key, column), cure=nearest(column, known)
            )


def _check_targets(parameters: Parameters) -> None:
    """A target for a KPI that does not exist would be ignored in silence: refuse it."""
    extra = parameters.targets.model_extra or {}
    if not extra:
        return
    from salesqc_lib.kpi import CATALOGUE

    for key in extra:
        if key not in CATALOGUE:
            raise ParameterError(
                f"unknown key «targets.{key}»",
                where=parameters.where("targets", key),
                cure=nearest(key, ["first_response", "never_after", *CATALOGUE]),
            )
