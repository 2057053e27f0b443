# Two commands do everything on a machine with Python 3.11 or newer:
#   make run     set up, run the pipeline on LANDING, show what it made
#   make test    set up, run the tests
PYTHON  ?= python3
LANDING ?= samples/reports
HOME_DIR ?= $(or $(GAO_HOME),data)
PORT    ?= 3000
VENV    := .venv
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: run ui test lint accuracy benchmark samples lock clean

run: $(VENV)/.run
	$(BIN)/gao run --landing "$(LANDING)" --home "$(HOME_DIR)"

ui: $(VENV)/.run
	$(BIN)/gao ui --landing "$(LANDING)" --home "$(HOME_DIR)" --port $(PORT)

test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto $(PYTEST_ARGS)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/dagster definitions validate

accuracy: $(VENV)/.test
	$(BIN)/python benchmarks/accuracy.py

benchmark: $(VENV)/.test
	$(BIN)/python benchmarks/throughput.py

samples: $(VENV)/.test
	$(BIN)/gao samples samples

lock:
	uv pip compile $(LOCK) pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile $(LOCK) -c requirements/run.txt --all-extras pyproject.toml requirements/build.in -o requirements/test.txt

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-annotate --no-header

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, e.g. make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements/run.txt pyproject.toml
	@echo "Installing what the pipeline needs (once) …"
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt
	@echo "Installing what the tests need (once) …"
	$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
