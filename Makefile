# Everything is installed into .venv; `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
ifndef PYTHON
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
endif
DEMO_PROBLEM ?= climb
TEST_JOBS ?= 3
# Where this is set (as in many images), every process would compile all that it loads once more.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test chaos docs lint format bench bench-full engine image image-all trainers lock wheel clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(VENV)/.done: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "medalist needs Python 3.11 or newer: apt-get install python3 python3-venv" >&2; exit 3; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; } \
		|| { echo "Python's venv is missing: sudo apt-get install python3-venv" >&2; exit 3; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

demo: $(VENV)/.done  ## install what is needed and solve a bundled problem with the embedded model
	@$(BIN)/python -m medalist.agent.commands.demo $(DEMO_PROBLEM)

test: $(VENV)/.done  ## run the tests (parts that this machine lacks are skipped, with the reason)
	@# Files in the order of collection, the long ones first; three processes, since many of them wait.
	$(BIN)/pytest -q -m 'not slow and not model' -n $(TEST_JOBS) --dist loadfile --no-loadscope-reorder
	@# Its threads spin: with a neighbour on its cores it is forty times slower.
	$(BIN)/pytest -q -m model tests/agent/llm/embedded

chaos: $(VENV)/.done  ## a batch killed a hundred times, and a Docker daemon under it
	$(BIN)/pytest -q -m slow --timeout 3600 tests/agent/batch/test_chaos.py

lint: $(VENV)/.done  ## ruff, mypy --strict, import-linter, what no command reaches, docs/journal.md, docs/cli.md
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.house.reachability
	$(BIN)/python -m tests.house.journal_page
	$(BIN)/python -m tests.house.cli_page

$(VENV)-docs/.done: requirements.docs
	$(PYTHON) -m venv $(VENV)-docs
	$(VENV)-docs/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.docs
	@touch $@

docs: $(VENV)-docs/.done  ## the site in site/, with search; fails on dead links and anchors
	@# Not --quiet: what is not printed does not count as a warning either.
	NO_MKDOCS_2_WARNING=1 $(VENV)-docs/bin/mkdocs build --strict

format: $(VENV)/.done  ## let ruff put the layout right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/.done  ## the benchmarks of a few minutes each
	for b in judge compile pool10k client selection archive; do $(BIN)/python benchmarks/$$b.py --json || exit 1; done

bench-full: $(VENV)/.done  ## the long ones: 10,000 programs
	$(BIN)/python benchmarks/pool10k.py --programs 10000 --json

engine: $(VENV)/.done  ## Debian or Ubuntu, root: install and start a Docker engine
	$(BIN)/python -m medalist.sandbox.engine install

image: $(VENV)/.done  ## build the runner image: C, C++, Python (and its base where no registry is in reach)
	$(BIN)/python -m medalist.sandbox.engine image $(EXTRA)

image-all: $(VENV)/.done  ## build the runner image with every language (Java, Kotlin, Rust, Go, C#, Node, PyPy)
	$(BIN)/python -m medalist.sandbox.engine image all

trainers: $(VENV)/.done  ## what trainers ask and load with, for tests/agent/service/test_trainer_clients.py and exports
	@# Without what they train with (gigabytes): the tests load the modules that ask for rewards, no others.
	$(BIN)/python -m pip install --quiet --no-deps verl==0.9.1 openrlhf==0.11.2
	$(BIN)/python -m pip install --quiet datasets==5.2.0 transformers==5.24.0 jinja2

lock: $(VENV)/.done  ## renew requirements.lock from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra local --extra web --extra dev --extra learn --extra formats --extra ray --extra report --extra mcp --extra languages -o requirements.lock pyproject.toml requirements.build

wheel: $(VENV)/.done  ## build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --no-build-isolation --no-deps -w dist .

clean:  ## remove what make has made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
