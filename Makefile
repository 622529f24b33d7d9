# Wijkportaal's workshop. `make` alone says what there is.
# Uses uv when it is there, else python3 -m venv and pip. Another Python: make demo PYTHON=/path/to/python3.13

PORT ?= 8000
ARGS ?=
export PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test lint format proof bench requirements messages test-django61 clean
.PHONY: environment-run environment-dev port

help:  ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*  ## /\1|/p' Makefile | while IFS='|' read -r name words; do printf '  make %-16s %s\n' "$$name" "$$words"; done

demo: environment-run  ## the portal with a demo municipality, on 127.0.0.1:8000 (PORT=8001 for another port)
	@$(BIN)/python scripts/demo.py serve $(PORT)

demo-reset: environment-run  ## throw away what was made in the demo, and make it anew
	@$(BIN)/python scripts/demo.py reset $(PORT)

test: environment-dev  ## the tests, on SQLite, PostgreSQL and in a browser (ARGS="tests/proposals -k support")
	@$(BIN)/python scripts/test.py $(ARGS)

lint: environment-dev  ## everything that a machine can say about the code without running the tests
	@$(BIN)/python scripts/lint.py

format: environment-dev  ## let ruff lay out the Python code
	@$(BIN)/ruff check --fix --quiet .; $(BIN)/ruff format .

proof: environment-dev  ## the longer runs: races many times over, generated requests by the thousand
	@PROOF=1 $(BIN)/python scripts/test.py --fsync $(or $(ARGS),-m "race or proof")

bench: environment-run  ## measure pages beside a bare Django view (ARGS="--proposals 1000")
	@$(BIN)/python benchmarks/pages.py $(ARGS)

messages: environment-dev  ## collect the texts from the sources into locale/ and compile them (needs gettext)
	@$(BIN)/python scripts/check_messages.py --update

requirements:  ## compile the requirements files anew from pyproject.toml (needs uv)
	@scripts/requirements $(ARGS)

test-django61:  ## the tests on Django 6.1 and Python 3.13, where that Python is found
	@scripts/test-django61 $(ARGS)

clean:  ## remove environments, caches and the demo; databases of your own in var/ stay
	@rm -rf .venv .venv-django61 var/demo var/demo.lock .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment-run: port
	@scripts/environment $(VENV) requirements.txt

environment-dev:
	@scripts/environment $(VENV) requirements-dev.txt

# Before anything is installed: a taken port should not cost anyone a minute.
port:
ifneq ($(filter demo,$(MAKECMDGOALS)),)
	@python="$$(scripts/find-python)" && "$$python" scripts/demo.py port $(PORT)
endif
