"""The JSON Schema of a parameter file, for editors: `params/schema.json`. A test holds the stored file to the model."""

import json
from pathlib import Path

from salesqc_lib.params.model import Parameters

FILE = Path("params/schema.json")


def schema_text() -> str:
    """The schema as it is stored."""
    return json.dumps(Parameters.model_json_schema(by_alias=True), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the stored file anew."""
    FILE.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
