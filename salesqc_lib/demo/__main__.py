"""`python -m salesqc_lib.demo`: write the demo exports alone, without rendering."""

from pathlib import Path

from salesqc_lib.demo import make_exports

make_exports(Path("data/demo"))
