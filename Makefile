# Launchloop on a fresh machine: needs Python 3.11 or newer, and nothing else.
# PYTHON=, UV= and CHROMIUM= choose which ones are used; see .ci/.

ENVIRONMENT := .venv
RUN := $(ENVIRONMENT)/bin
STAMP := $(ENVIRONMENT)/.complete

.DEFAULT_GOAL := help
.PHONY: help demo test lint types architecture tests benchmark format lock upgrade clean

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

demo: $(STAMP)  ## Install, refresh the sample workspace, open the dashboard
	$(RUN)/launchloop demo

test: lint types architecture tests  ## Install, then run every check and every test

lint: $(STAMP)  ## Style of Python and SQL
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/sqlfluff lint --disable-progress-bar pipelines

types: $(STAMP)  ## Types, strictly
	$(RUN)/mypy

architecture: $(STAMP)  ## Who may import whom
	$(RUN)/lint-imports --no-logo

tests: $(STAMP)  ## Tests only, the browser ones where a Chromium is found
	@sh .ci/run_tests.sh

benchmark: $(STAMP)  ## Time and memory at 10 million events; keep the machine idle meanwhile
	$(RUN)/pytest -m benchmark

format: $(STAMP)  ## Bring Python into the house style
	$(RUN)/ruff check --fix
	$(RUN)/ruff format

lock:  ## Pin what pyproject.toml asks for in requirements.lock, changing as little as needed
	@sh .ci/pin_versions.sh

upgrade:  ## Pin the newest versions that pyproject.toml allows
	@sh .ci/pin_versions.sh --upgrade

clean:  ## Remove the environment and what tools leave behind
	rm -rf $(ENVIRONMENT) build dist launchloop.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# Made again when the pins change, and when the folder was moved or copied.
$(STAMP): requirements.lock pyproject.toml
	@sh .ci/make_environment.sh

ifneq ($(shell cat $(STAMP) 2>/dev/null),$(CURDIR))
.PHONY: $(STAMP)
endif
