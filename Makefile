# Xinsheng 心声: everything needs only Debian's python3 (3.11 or newer) with venv and pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data
PORT ?= 8000
DONE := $(VENV)/.installed
DONE_DEV := $(VENV)/.installed-dev
# numba (below hdbscan's neighbours) and our own code write caches here rather than into the home folder.
export NUMBA_CACHE_DIR ?= $(CURDIR)/$(VENV)/numba

.PHONY: install run test lint format types browser docs clean

install: $(DONE) ## make .venv and install Xinsheng into it

$(DONE): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet "torch==2.13.0" || $(BIN)/python -m pip install --quiet "torch>=2.6,<2.14"
	$(BIN)/python -m pip install --quiet -e .
	touch $@

$(DONE_DEV): $(DONE)
	$(BIN)/python -m pip install --quiet -e ".[dev]"
	touch $@

run: $(DONE) ## load the bilingual sample and serve the web app on this machine
	$(BIN)/xinsheng serve --data $(DATA) --port $(PORT) --sample

test: $(DONE_DEV) browser ## all tests, slow ones and (where there is a Chromium) browser tests too
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term:skip-covered

lint: $(DONE_DEV) ## format, lint and types, changing nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(DONE_DEV) ## put the code in shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

browser: ## install Debian's Chromium for the browser tests where that is possible; without it they are skipped
	@command -v chromium >/dev/null || (test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	  && apt-get update -q >/dev/null && apt-get install -y -q chromium fonts-noto-cjk >/dev/null) \
	  || echo "no Chromium here: browser tests will be skipped (install it with: apt-get install chromium)"

clean: ## remove what the targets above made, but no data
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .coverage
