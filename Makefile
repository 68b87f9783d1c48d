SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8080
FEEDS ?=

.PHONY: help
help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Settings: PORT=8080 (Airflow's), FEEDS=<folder of messages> (demo), PYTHON=python3.12, VENV=.venv"

$(VENV)/.installed: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3,11) <= sys.version_info[:2] <= (3,13) else "Bindery needs Python 3.11 to 3.13, and $(PYTHON) is " + sys.version.split()[0] + ". Say which: make PYTHON=python3.12 ...")'
	@if command -v uv >/dev/null 2>&1; then \
	  echo "Installing with uv into $(VENV)" && uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(VENV) && \
	  VIRTUAL_ENV=$(abspath $(VENV)) uv pip sync --quiet requirements-dev.lock && \
	  VIRTUAL_ENV=$(abspath $(VENV)) uv pip install --quiet --no-deps --editable . ; \
	else \
	  echo "Installing with pip into $(VENV) (about 3 minutes; with uv 10 seconds)" && $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-dev.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . ; \
	fi
	@touch $@

.PHONY: setup
setup: $(VENV)/.installed ## Install everything into .venv (uv where present, pip where not)

.PHONY: demo
demo: setup ## Run the whole road on sample suppliers; FEEDS=<folder> on your own messages
	@$(BIN)/python -m bindery.local demo --port $(PORT) $(if $(FEEDS),--feeds "$(FEEDS)")

.PHONY: up
up: setup ## Start the same Airflow and leave it running
	@$(BIN)/python -m bindery.local up --port $(PORT) $(if $(FEEDS),--feeds "$(FEEDS)")

.PHONY: down
down: setup ## Stop it
	@$(BIN)/python -m bindery.local down

.PHONY: backfill
backfill: setup ## Run past days of a feed again: FEED=northwind FROM=2026-03-01 TO=2026-03-03
	@$(BIN)/python -m bindery.local backfill "$(FEED)" "$(FROM)" "$(TO)"

.PHONY: lint
lint: setup ## Code style, SQL subset, formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=plugins $(BIN)/python -m bindery.warehouse.subset

.PHONY: types
types: setup ## Static types
	$(BIN)/mypy

.PHONY: test-fast
test-fast: setup ## The tests that take about a minute together
	$(BIN)/pytest -q -n 2 -m "not slow and not airflow and not integration"

.PHONY: test
test: lint types ## Everything that checks the project
	$(BIN)/pytest -q -n 2 -m "not airflow and not integration"
	$(BIN)/pytest -q -m "airflow or integration"

.PHONY: bench
bench: setup ## Measure; BENCH=<name> and SIZE=<number> choose, STATEMENTS=1 tells of each SQL statement
	@BENCH_REUSE=$(REUSE) $(BIN)/python -m tests.bench $(if $(BENCH),--only "$(BENCH)") $(if $(SIZE),--size $(SIZE)) $(if $(STATEMENTS),--statements)

.PHONY: score
score: setup ## Precision and recall of works and recordings on the labelled set
	@$(BIN)/python -m tests.works

.PHONY: docs
docs: setup ## Write the generated pages of docs/ again
	@$(BIN)/python -m bindery.quality.rules
	@$(BIN)/python -m bindery.onix.dialects

.PHONY: lock
lock: ## Resolve requirements again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header requirements.txt --constraints requirements.lock --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header requirements-dev.txt --constraints requirements.lock --output-file requirements-dev.lock
