# iagkit needs Python 3.11 to 3.14, make and git; `make demo` and `make test` set up the rest.
#   make demo              run the first prototype on the shipped sample (lang=es, pt or en)
#   make test              all tests that take seconds, and the example notebooks
#   make test-slow         the simulations that take minutes
#   make validate-statistics   coverage, false alarms and power by simulation, into docs/statistics.md
#   make lint              style, types and layers
#   make docs              the site, into docs/_build/html
#   make benchmarks        peers side by side, printed
#   make clean             forget the environment and everything built
.DEFAULT_GOAL := help
.PHONY: help demo test test-slow lint style types layers docs benchmarks validate-statistics lock clean
.DELETE_ON_ERROR:

# One thread is faster than two on small machines, and nothing here may call home.
export OMP_NUM_THREADS ?= 1
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := true
export UV_PYTHON_DOWNLOADS := never
# Compiled once and kept in .venv, also on machines that keep no bytecode: importing costs half.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/bytecode
export UV_PROJECT_ENVIRONMENT := .venv
export PATH := $(CURDIR)/.venv/bin:$(PATH)

python := .venv/bin/python
uv := $(python) -m uv
workers ?= 2
lang ?= $(or $(filter es pt en,$(firstword $(subst _, ,$(LANG)))),en)

help:
	@sed -n 's/^#   //p' Makefile

# The environment: uv, pinned by hash, goes into it by pip; the rest comes from uv.lock.
.venv/uv: .ci/uv.txt .ci/find-python
	@python=$$(PYTHON="$(PYTHON)" .ci/find-python) || exit 1; \
	echo "Making .venv with $$python"; \
	"$$python" -m venv --clear .venv
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/uv.txt
	@touch $@

.venv/demo: .venv/uv uv.lock pyproject.toml
	$(uv) sync --frozen --quiet --inexact --no-default-groups
	@touch $@

.venv/dev: .venv/uv uv.lock pyproject.toml
	$(uv) sync --frozen --quiet
	@touch .venv/demo $@

demo: .venv/demo
	.venv/bin/iagkit run citizen-requests --out out/demo --lang $(lang)
	@echo "Open the report in a browser: out/demo/report.html"

# The notebooks first: a long one at the end would leave the other workers idle.
test: .venv/dev
	$(python) -m pytest -m "not slow" -n $(workers) --dist loadfile --no-loadscope-reorder --nbmake \
		$(wildcard examples/*.ipynb) tests

test-slow: .venv/dev
	$(python) -m pytest -m slow -n $(workers) tests

lint: style types layers

style: .venv/dev
	$(python) -m ruff check .
	$(python) -m ruff format --check .

types: .venv/dev
	$(python) -m mypy

layers: .venv/dev
	.venv/bin/lint-imports --no-cache --no-logo

docs: .venv/dev
	$(python) -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "Open docs/_build/html/index.html"

validate-statistics: .venv/dev
	$(python) benchmarks/validate_statistics.py

benchmarks: .venv/dev
	for script in benchmarks/*.py; do echo "== $$script"; $(python) "$$script" || exit 1; done

lock: .venv/uv
	$(uv) lock --no-config

clean:
	rm -rf .venv out dist build docs/_build docs/api .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
