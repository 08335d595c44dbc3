# Everything a developer or an operator types. `tools/` does the work; this is the index.
.DEFAULT_GOAL := help
.PHONY: help run dev test lint format bench lock messages build clean
VENV := .venv/bin

# Compiled Python is kept whatever the shell says: every start reads it.
export PYTHONDONTWRITEBYTECODE :=

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## set up what is missing, then serve at http://127.0.0.1:8000 (with a demo company at first)
	@tools/python tools/prepare.py run
	@exec $(VENV)/intranet run --demo

dev: ## like run, but starts anew when a file changes
	@tools/python tools/prepare.py run
	@exec $(VENV)/python tools/dev.py

test: ## everything: linters, types, import contracts, tests on both databases, browser tests
	@tools/python tools/prepare.py dev
	@exec $(VENV)/python tools/check.py

lint: ## linters, types and import contracts only
	@tools/python tools/prepare.py dev
	@exec $(VENV)/python tools/check.py lint

format: ## put the code into the house's form
	@tools/python tools/prepare.py dev
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format .

bench: ## measure pages and data on this machine
	@tools/python tools/prepare.py dev
	@exec $(VENV)/python -m bench

build: ## set up and build the front end, without serving
	@tools/python tools/prepare.py run

messages: ## bring the translation catalogue up to date with the code
	@tools/python tools/prepare.py dev
	@tools/messages

lock: ## resolve the dependencies of pyproject.toml anew into requirements/
	@tools/lock

clean: ## remove what was built; var/ with its data stays
	rm -rf .venv node_modules static/dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
