# Targets of this repository; `make` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
LOCAL := $(PYTHON) -m local
SOURCES := components runtime local offline tests bench examples templates website __main__.py

.PHONY: help setup prepare demo up down images env check lint unit test chaos bench docs format lock clean \
	lint.format lint.rules lint.types lint.imports aws.start aws.stop aws.reset aws.logs cluster cluster.down

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z.]+:.*## / {gsub(/\$$\$$/, "$$", $$2); printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.done ## create the virtual environment from the locked packages

.venv/.done: requirements.lock pyproject.toml runtime/pyproject.toml offline/pyproject.toml local/setup.sh
	@local/setup.sh

prepare: setup ## build the expensive parts once per machine: engine, Docker, base image, Kubernetes
	@$(LOCAL) prepare

demo: setup ## deploy the `local` stack, send real events, and show the results; TARGETS=lambda uses one target
	@INTERMODAL_TARGETS="$(TARGETS)" $(LOCAL) demo

up: setup ## deploy the `local` stack
	@INTERMODAL_TARGETS="$(TARGETS)" $(LOCAL) up

down: setup ## destroy the `local` stack and stop all services
	@$(LOCAL) down

images: setup ## build the images that the stack uses
	@$(LOCAL) images

env: setup ## print the environment for your own `pulumi` calls: eval "$$(make -s env)"
	@$(LOCAL) env

aws.start: setup ## start the AWS emulator
	@$(LOCAL) aws-start

aws.stop: setup ## stop the AWS emulator and keep its state
	@$(LOCAL) aws-stop

aws.reset: setup ## delete everything in the AWS emulator
	@$(LOCAL) aws-reset

aws.logs: setup ## follow the AWS emulator's log
	@$(LOCAL) aws-logs

cluster: setup ## start the local Kubernetes cluster with KEDA and Kueue, or use yours (INTERMODAL_KUBECONFIG)
	@$(LOCAL) cluster

cluster.down: setup ## stop and remove the local Kubernetes cluster
	@$(LOCAL) cluster-down

lint: setup ## check formatting, lint rules, types, and import contracts
	@$(MAKE) --no-print-directory --jobs --output-sync lint.format lint.rules lint.types lint.imports

lint.format: ## check formatting
	@.venv/bin/ruff format --check --quiet $(SOURCES)

lint.rules: ## check lint rules
	@.venv/bin/ruff check --quiet $(SOURCES)

lint.types: ## check types
	@.venv/bin/mypy --no-error-summary components/intermodal runtime/intermodal_runtime \
		offline/intermodal_offline local tests bench website

lint.imports: ## check import contracts
	@set -o pipefail; .venv/bin/lint-imports --no-cache | tail -n 3

unit: setup ## run the tests that need no Docker, emulator, or cluster
	@$(PYTHON) -m pytest tests/unit tests/runtime --ignore tests/unit/local --numprocesses 2 --quiet

test: lint prepare ## run everything that CI runs
	@$(PYTHON) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

chaos: setup ## ten thousand messages to each target under SIGKILL, ten flips over long work; `make test` has a small one
	@CHAOS_MESSAGES=10000 CHAOS_FLIPS=10 CHAOS_LONG_SECONDS=600 CHAOS_NEXT_TARGETS="ecs kubernetes" \
		$(PYTHON) -m pytest tests/chaos -s -q

bench: setup ## measure previews, the runtime and imports; BENCH="runtime --rounds 5" measures a part
	@$(PYTHON) -m bench $(BENCH)

docs: setup ## build the site into .local/site; a broken link is an error
	@NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --strict --clean
	@echo ".local/site/index.html; with search: $(PYTHON) -m http.server --bind 127.0.0.1 --directory .local/site"

check: test ## alias for test

format: setup ## format, and apply the linter's fixes
	@.venv/bin/ruff format --quiet $(SOURCES)
	@.venv/bin/ruff check --fix --quiet $(SOURCES)

lock: setup ## update the package lock file
	@grep -v '^-e' requirements.txt | .venv/bin/uv pip compile --quiet - pyproject.toml runtime/pyproject.toml offline/pyproject.toml \
		--extra cli --extra docker --extra local --extra dev --extra docs --generate-hashes --no-header --no-annotate --python-version 3.11 \
		--output-file requirements.lock

clean: down ## run `down`, and delete everything that this clone created
	@rm -rf .local .venv
