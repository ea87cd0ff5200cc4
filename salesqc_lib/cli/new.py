"""`salesqc new`: the folder of a consultancy, with all that its clients' reports need."""

import shutil
from pathlib import Path

from salesqc_lib.errors import InputError
from salesqc_lib.params.consultancy import FILE
from salesqc_lib.shipped import shipped

_TOML = """# The consultancy's own settings. Hosts stand here and nowhere else: a client's parameter file names a connection, and no more.
# A secret stays in the environment; here is only the name of the variable that holds it.
#
# [connections.crm]
# kind = "postgresql"                                # or sqlite, whose url is the path of a file
# url = "postgresql://reader@host.example:5432/crm"
# password_env = "CRM_PASSWORD"
"""
_IGNORED = """# clients' data and what is made of them
data/
output/
# the key of pseudonyms: keep a copy in a safe place
.salesqc/
.ipynb_checkpoints/
"""
_README = """# Audits

    salesqc init acme data/acme/*          # looks at the files, writes params/acme.yaml
    salesqc check acme                     # totals, what is doubtful, what can be measured
    salesqc render acme --period last-quarter

| folder | what |
|---|---|
| params | a parameter file for each client |
| notebooks | the templates: open them in JupyterLab, change a copy |
| data | what the clients sent |
| output | the reports; `index.html` lists them |
"""


def new(folder: Path) -> int:
    """Lay out a folder. What is there already is left as it is, and told.

    Raises
    ------
    InputError
        There is a file of that name.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file", cure="name a folder that is to be made")
    made, kept = [], []
    for name in ("params", "notebooks", "data", "output"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    texts = {FILE: _TOML, ".gitignore": _IGNORED, "README.md": _README}
    copies = {f"notebooks/{file.name}": file for file in sorted(shipped("notebooks").glob("*.ipynb"))}
    copies["params/schema.json"] = shipped("params") / "schema.json"
    for name in (*texts, *copies):
        target = folder / name
        if target.exists():
            kept.append(name)
        elif name in texts:
            target.write_text(texts[name], encoding="utf-8")
            made.append(name)
        else:
            shutil.copyfile(copies[name], target)
            made.append(name)
    print(f"{folder}: {', '.join(made) if made else 'nothing is new'}" + (f"; left as they are: {', '.join(kept)}" if kept else ""))
    print(f"Next: cd {folder}; salesqc init CLIENT FILE…")
    return 0
