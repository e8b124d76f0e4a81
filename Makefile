# The front door. `make` alone lists what there is.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
HUB := $(BIN)/research-hub
STAMP := $(VENV)/.installed
TESTS ?= tests
SHORT ?=
ONLY ?=

export RESEARCH_HUB_DATA ?= $(CURDIR)/instance
export HOST ?= 127.0.0.1
export PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help install run demo test check lint prove load sbom bench clean

help: ## List the targets
	@echo "Research Hub. make <target>:"
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "Settings: PYTHON (a Python from 3.11 on), HOST, PORT, RESEARCH_HUB_DATA (the data folder)."

install: $(STAMP) ## Make the virtual environment with everything in it

$(STAMP): setup.cfg setup.py constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Research Hub needs Python 3.11 or newer; $(PYTHON) is not. Say which: make PYTHON=/path/to/python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "The virtual environment could not be made. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

run: install ## Set up with demonstration data and serve on http://127.0.0.1:8000
	@$(HUB) init
	@$(HUB) demo load --if-empty
	@exec $(HUB) serve

demo: install ## Load the demonstration data into an empty data folder
	@$(HUB) init
	@$(HUB) demo load

test: install ## Run every test (TESTS=path for some of them)
	@$(BIN)/python -c 'import xdist' 2>/dev/null && parallel="-n 2" || parallel=""; \
		$(BIN)/python -m pytest $$parallel $(TESTS)

check: lint test ## Everything that CI runs: style, types, import contracts, templates, tests

lint: install ## The checks that need no test run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

prove: install ## Show every line of the trust goals at full size (hours); SHORT=1 in minutes; writes docs/assurance.md
	$(BIN)/python tests/prove.py $(if $(SHORT),--short) $(if $(ONLY),--only "$(ONLY)")

load: install ## 200 people with think time against SQLite and PostgreSQL (SHORT=1 to try it out)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m benchmarks.load $(if $(SHORT),--short)

sbom: install ## Write sbom.json: every package that is installed with it, with version and licence (CycloneDX)
	$(BIN)/python tools/sbom.py sbom.json

bench: install ## Measure speed and memory beside what else one would pick
	$(BIN)/python -m benchmarks.run

clean: ## Remove the virtual environment and caches; the data folder stays
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
