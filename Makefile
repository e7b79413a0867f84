# Everything a person does with Answerable before it is a package on a server. `make` alone prints what there is.
#
# Needed: make, and Python 3.11 to 3.13 with venv and pip. The rest goes into .venv, nothing outside this folder.
# Three locks with hashes: requirements-setup.lock (what setting up itself needs), requirements.lock (what runs), and
# requirements-dev.lock (what runs, is tested and is checked with). Stamps in .venv say what has been done already.

PYTHON ?= python3
PORT ?= 8000

BIN := .venv/bin
UV := $(BIN)/uv --quiet
# Compiled by Babel while setting up, because gettext's msgfmt is on few laptops.
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard answerable/locale/*/LC_MESSAGES/django.po))
COMPILE := $(UV) pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links
INSTALL_ITSELF := $(UV) pip install --offline --no-deps --no-build-isolation --editable .

# uv brings certificates of its own; where the machine has a store, its owner's choice counts.
export UV_SYSTEM_CERTS := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem),true,false)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport VIRTUAL_ENV PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help setup run test chaos check bench bench-long read-score pictures messages lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: .venv/.runs $(CATALOGUES) ## set up, migrate, play the demonstration and serve it on PORT (8000) until Ctrl-C
	@exec $(BIN)/answerable run --demo --port $(PORT)

setup: .venv/.checks $(CATALOGUES) ## set up all that running, testing and checking need

test: setup ## run every test: on SQLite, on PostgreSQL where it is found, journeys, browser
	@$(BIN)/python -m tests.run

chaos: setup ## kill, fill, lock and garble for MINUTES (5), on both databases; SEED repeats a run
	@$(BIN)/python -m tests.chaos --minutes $(or $(MINUTES),5) $(if $(SEED),--seed $(SEED))

check: setup ## format, lint, types, imports, templates, structure, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet answerable
	$(BIN)/python -m pytest -q tests/structure

bench: setup ## measure speed and size, printed as ratios
	$(BIN)/python -m bench

bench-long: setup ## whether mail comes in as fast after 100,000 messages as at first, in as little memory (many minutes)
	@$(BIN)/python -m bench.flat 100000

read-score: setup ## how much of the letters in tests/corpus is read right
	$(BIN)/python -m tests.importers.score

pictures: setup ## make the pictures of the README
	$(BIN)/python -m tests.pictures

messages: setup ## collect the strings to translate into the .po files (needs gettext)
	$(BIN)/python -m django makemessages --settings answerable.conf.settings --locale fa --no-obsolete --add-location file \
	  --ignore 'tests/*' --ignore 'bench/*' --ignore 'docs/*' --ignore 'var/*'

lock: .venv/.made ## make the locks again from pyproject.toml, with today's versions
	$(COMPILE) --upgrade --group setup --output-file requirements-setup.lock
	$(COMPILE) --upgrade pyproject.toml --output-file requirements.lock
	$(COMPILE) --upgrade pyproject.toml --group setup --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove what the targets above made; your data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist *.egg-info $(CATALOGUES)
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.made: requirements-setup.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo 'Answerable needs Python 3.11, 3.12 or 3.13, and "$(PYTHON)" is not one of them.' >&2; \
	  echo 'Install one, or name it: make $(MAKECMDGOALS) PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo 'This Python comes without venv and pip. On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@echo 'Setting up .venv (once; under a minute)'
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-setup.lock
	@touch $@

.venv/.runs: .venv/.made requirements.lock pyproject.toml
	@$(UV) pip install --require-hashes --requirement requirements.lock
	@$(INSTALL_ITSELF)
	@touch $@

.venv/.checks: .venv/.runs requirements-dev.lock
	@$(UV) pip sync --require-hashes requirements-dev.lock
	@$(INSTALL_ITSELF)
	@touch $@

%.mo: %.po .venv/.made
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
