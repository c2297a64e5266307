# Every target is a plain list of commands that can be pasted into a shell. `make help` lists the targets.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test matrix check fix dashboard bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.runtime ## .venv with both distributions in it

setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "AgentOps needs Python 3.11 or newer with venv: apt install python3 python3-venv, or make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt sdk/pyproject.toml server/pyproject.toml $(wildcard sdk/native/*) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e sdk -e server
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

demo: setup ## a real agent program, its session in the page; Ctrl-C ends it
	@$(BIN)/python examples/demo.py

test: setup-dev ## every test: units, real storage, old clients, a real browser
	$(BIN)/python tests/provision.py
	$(BIN)/python -m pytest

matrix: setup-dev ## run every library and framework that is captured, and write docs/reference/matrix.md
	$(BIN)/python -m tests.frameworks.matrix

check: setup-dev ## linters, types, import contracts, the committed bundle
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python dashboard/build.py --check

fix: setup-dev ## format, and apply what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

dashboard: setup-dev ## build the page into the server package
	$(BIN)/python dashboard/build.py

bench: setup-dev ## the figures of the README, measured on this machine
	$(BIN)/python -m benchmarks

lock: setup-dev ## compile requirements/*.txt anew (needs uv in .venv: pip install uv)
	$(BIN)/python requirements/lock.py

clean: ## remove what the targets made
	rm -rf .venv .venvs .tools .data dashboard/node_modules sdk/build sdk/src/agentops/_native.*.so
