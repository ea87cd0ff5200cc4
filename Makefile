# `make demo` and `make test` need python3, make and git, and nothing else.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test test-all lint lint-reports audit bench golden pictures lock lab clean
.DEFAULT_GOAL := demo

demo: .venv/run  ## install into .venv and render the demo reports
	$(BIN)/salesqc demo

test: .venv/test  ## all tests: unit tests in parallel, then the notebooks
	$(BIN)/python -m pytest -n auto
	$(BIN)/python -m salesqc_lib.demo
	$(BIN)/python -m pytest --nbval-lax --nbval-current-env notebooks -p no:cacheprovider

test-all: .venv/test  ## the same with the whole zoo, in both file formats, many more random breaks, and every attack
	SALESQC_ALL=1 $(BIN)/python -m pytest -n auto

lint-reports: .venv/test  ## reports on the whole zoo and on twenty simulated firms in both languages, by the rules of `salesqc lint`
	SALESQC_ALL=1 $(BIN)/python -m pytest -n auto tests/report/test_lint_corpus.py

golden: .venv/test  ## store the notebooks' figures, the schema and the KPI reference anew, after a meant change
	$(BIN)/python -m salesqc_lib.demo
	$(BIN)/python -m tests.golden
	$(BIN)/python -m salesqc_lib.params.schema
	$(BIN)/python -m salesqc_lib.show.reference
	$(BIN)/python -m salesqc_lib.report.lint.page
	$(BIN)/python -m tests.how_to

pictures: .venv/test  ## the pictures of the README (needs Chromium)
	$(BIN)/salesqc demo
	$(BIN)/salesqc render olkha --period 2026-Q3 --template dashboard
	$(BIN)/salesqc render olkha --period 2026-Q3 --template manager
	$(BIN)/python docs/pictures.py

lint: .venv/test  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

audit: .venv/test  ## known faults of the locked packages, where a data base of them can be reached
	@$(PIP) install pip-audit && \
	for part in run test lab; do echo "locks/$$part.txt"; \
	  $(BIN)/pip-audit --disable-pip --require-hashes -r locks/$$part.txt > .audit 2>&1; code=$$?; \
	  if [ $$code -le 1 ] && ! grep -qiE "connection|resolve|timed out|unreachable|max retries|could not be audited" .audit; then cat .audit; [ $$code = 0 ] || bad=1; \
	  else echo "not looked through: no data base of known faults can be reached from here"; fi; done; rm -f .audit; exit $${bad:-0}

bench: .venv/run  ## where the time of one audit goes
	$(BIN)/python benchmarks/steps.py

lab: .venv-lab/lab  ## JupyterLab, in an environment of its own: its imports would slow every report down
	.venv-lab/bin/jupyter lab notebooks

lock: .venv/test  ## choose versions anew: names, versions and hashes, no addresses
	$(PIP) install uv
	for part in run test lab; do \
	  extra=$$([ $$part = run ] || echo "--extra $$part"); \
	  $(BIN)/uv pip compile pyproject.toml $$extra --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --upgrade -q -o locks/$$part.txt; done

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: locks/run.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r locks/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

.venv/test: locks/test.txt .venv/run
	$(PIP) install --require-hashes -r locks/test.txt
	touch $@

.venv-lab/lab: locks/lab.txt pyproject.toml
	$(PYTHON) -m venv .venv-lab
	.venv-lab/bin/python -m pip --quiet install --require-hashes -r locks/lab.txt
	.venv-lab/bin/python -m pip --quiet install --no-deps --no-build-isolation -e .
	touch $@

clean:  ## forget environments and reports, keep the clients' parameters and data
	rm -rf .venv .venv-lab output/* data/demo
