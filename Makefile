# make demo: two shops in an emulated AWS, judged.   make test: everything that must hold before a change goes in.
# A machine needs Python 3.11 or newer, git and make. PYTHON=python3.12 chooses another interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INPUTS := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: demo test check infra checkov terraform e2e bench clean help

help: ## Show this list.
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | column -t -s @ 2>/dev/null \
	    || sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1  \2/p' $(MAKEFILE_LIST)

demo: $(VENV)/demo.stamp ## Audit two shops in an emulated AWS; no account, no credentials.
	@$(BIN)/tierproof demo

test: $(VENV)/test.stamp check ## Run every check and every test.
	@echo "== pytest"
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -rs

check: $(VENV)/test.stamp ## Lint, format, types and import contracts; no tests.
	@echo "== ruff"
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/ruff format --quiet --check . || { echo "not formatted: run $(BIN)/ruff format ."; exit 1; }
	@echo "== mypy"
	@$(BIN)/mypy --no-error-summary
	@MYPYPATH=policies/crossguard $(BIN)/mypy --no-error-summary --explicit-package-bases policies/crossguard/tierproof_pack
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-cache >$(VENV)/contracts.log || { cat $(VENV)/contracts.log; exit 1; }

infra: $(VENV)/made.stamp ## Install what the Pulumi program in infra/ needs, for `pulumi up`.
	@$(PIP) install -c constraints.txt -r infra/requirements.txt

checkov: $(VENV)/test.stamp .venv-checkov/made.stamp ## Our checks in a real checkov, and checkov beside us.
	@TIERPROOF_CHECKOV=.venv-checkov/bin/checkov $(BIN)/python -m pytest tests/policies

terraform: $(VENV)/test.stamp ## Tests against a real Terraform: TF_PLUGIN_MIRROR names a mirror of its AWS provider.
	@$(BIN)/python -m pytest -m terraform

e2e: $(VENV)/test.stamp ## Our own program brought up by a real Pulumi: it, its Python host and AWS plugin on PATH.
	@$(BIN)/mypy --no-error-summary --config-file infra/mypy.ini infra
	@TIERPROOF_E2E=1 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m pulumi -rs

bench: $(VENV)/test.stamp ## Measure against the limits: start-up, an audit of 100 shops, growth, a pull request.
	@$(BIN)/python benchmarks/startup.py
	@$(BIN)/python benchmarks/live.py
	@$(BIN)/python benchmarks/reachability.py
	@$(BIN)/python benchmarks/pull_request.py
	@$(BIN)/python benchmarks/large_plan.py
	@$(BIN)/python benchmarks/pulumi_program.py
	@$(BIN)/python benchmarks/crossguard.py

clean: ## Remove the environment and everything that was built or cached.
	rm -rf $(VENV) .venv-checkov build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find checker tests benchmarks policies -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	@echo "== creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/demo.stamp: $(VENV)/made.stamp $(INPUTS)
	@echo "== installing tierproof and its emulated AWS"
	@$(PIP) install -c constraints.txt -e '.[demo]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/made.stamp $(INPUTS)
	@echo "== installing tierproof and its tests"
	@$(PIP) install -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/demo.stamp

.venv-checkov/made.stamp: policies/checkov/constraints.txt
	@echo "== installing checkov into an environment of its own"
	@$(PYTHON) -m venv .venv-checkov
	@.venv-checkov/bin/python -m pip --disable-pip-version-check --quiet install --compile -c policies/checkov/constraints.txt checkov
	@touch $@
