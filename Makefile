# Every target sets itself up: Python 3.11+, make and a C compiler are all a machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.runtime-stamp
DEV := $(VENV)/.dev-stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-input

.PHONY: demo setup setup-dev test lint format lock player clean

demo: $(RUN)  ## make and package the demo scenes once, serve them, print the viewers' links
	@$(BIN)/streamsrv demo $(ARGS)

setup: $(RUN)  ## the environment only

setup-dev: $(DEV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "streamsrv needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	@echo "Making the environment in $(VENV) (once, about half a minute)"
	@$(PYTHON) -m venv $(VENV)

$(RUN): $(VENV)/bin/python requirements.lock pyproject.toml
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUN) requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

lock: $(VENV)/bin/python  ## resolve the two lock files anew (needs uv on PATH)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q pyproject.toml --group build -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
