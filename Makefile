# Andock. `make help` lists what there is.
# Needs Python 3.11 or newer (with venv) and make; everything else goes into .venv.

# The first Python here that is new enough; another one by PYTHON=/path/to/python.
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run init env dev test check unit test-more docs kill prove compare bench lock format clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: env ## Start everything on this machine, with invented data; Ctrl-C ends it
	@exec $(BIN)/python -m andock_demo --end-with-parent

init: env ## Make the first company and its admin, without the demo
	@$(BIN)/andock init

env: ## Create or refresh .venv for running
	@$(require_python)
	@$(PYTHON) requirements/environment.py run

dev: ## Create or refresh .venv for running, tests and tools
	@$(require_python)
	@$(PYTHON) requirements/environment.py dev

test: check unit ## Linters, types, import rules, and all tests but the heavy ones

check: dev ## Linters, types and import rules alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

unit: dev ## The tests alone
	@$(BIN)/python tests/support/ensure_browser.py
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not more"

test-more: dev ## The heavy tests (up to half an hour)
	@$(BIN)/python tests/support/ensure_browser.py
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m more

docs: dev ## The docs site, in build/docs; a warning or a broken link fails
	@$(BIN)/python -m sphinx -W --keep-going -q -c docs/_site -d build/docs-cache . build/docs
	@echo "build/docs/index.html"

kill: dev ## kill -9 of real workers in real runs, KILLS=200 per database (up to half an hour)
	@$(BIN)/python -m tests.kill

prove: dev ## Many invented schedules through the sync core: SEEDS=100000 SQL_SEEDS=2000
	@$(BIN)/python -m tests.sync.prove

compare: dev ## The same schedules through vdirsyncer and a naive loop: SEEDS=2000
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --upgrade \
		--target build/compare -r requirements/compare.txt
	@PYTHONPATH=build/compare $(BIN)/python -m bench.compare

bench: dev ## Measure: samples here, rows in bench/results.json; one alone by ONLY=name
	@$(BIN)/python -m bench $(if $(ONLY),"$(ONLY)")

lock: dev ## Lock the newest versions that requirements/*.in admit
	$(BIN)/uv pip compile $(LOCK) requirements/run.in -o requirements/run.txt
	$(BIN)/uv pip compile $(LOCK) -c requirements/run.txt requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile $(LOCK) requirements/clients.in -o requirements/clients.txt
	$(BIN)/uv pip compile $(LOCK) -c requirements/run.txt -c requirements/dev.txt \
		requirements/compare.in -o requirements/compare.txt
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

format: dev ## Sort imports and format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove .venv, fetched clients and caches; the data folder stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

define require_python
if [ -z "$(PYTHON)" ]; then \
	echo "Andock needs Python 3.11 or newer, and none was found. Install one, or name it:"; \
	echo "  make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; fi
endef
