"""What setuptools cannot be told in pyproject.toml: `notebooks/` and the demo's parameters stand beside the package and go into the wheel."""

from setuptools import find_packages, setup

SHIPPED = {"salesqc_lib.shipped.notebooks": "notebooks", "salesqc_lib.shipped.params": "params"}

setup(
    packages=[*find_packages(include=["salesqc_lib*"]), *SHIPPED],
    package_dir=SHIPPED,
    package_data={
        "salesqc_lib": ["py.typed", "show/fonts/*", "show/fonts/fallback/*", "report/templates/**/*"],
        "salesqc_lib.shipped.notebooks": ["*.ipynb"],
        "salesqc_lib.shipped.params": ["*.yaml", "schema.json"],
    },
)
