# Two commands matter: make demo, make test.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
DATA ?= data
# Test files run side by side, each whole in one process, the browser's first, which are few and long: SIDE= runs them one after another.
SIDE ?= -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help demo test test-full bench install install-test lock demo-files screens clean

help:
	@echo "make demo       install, load the 示例 portfolio, serve the dashboard"
	@echo "make test       install with test tools, then every check"
	@echo "make test-full  the long checks too"
	@echo "make bench      side-by-side measurements"
	@echo "make screens    pictures of every page into docs/screens"

$(VENV)/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.installed-test: requirements-test.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	touch $@

# The oldest DuckDB that must read what we publish.
$(VENV)-duckdb113/.installed:
	test -x $(VENV)-duckdb113/bin/python || $(PYTHON) -m venv $(VENV)-duckdb113
	$(VENV)-duckdb113/bin/python -m pip install --quiet --disable-pip-version-check duckdb==1.1.3
	touch $@

# An S3-compatible server, for the lake.
$(VENV)-s3/.installed: requirements-s3.lock
	test -x $(VENV)-s3/bin/python || $(PYTHON) -m venv $(VENV)-s3
	$(VENV)-s3/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-s3.lock
	touch $@

install: $(VENV)/.installed
install-test: $(VENV)/.installed-test $(VENV)-duckdb113/.installed $(VENV)-s3/.installed
	sh tests/install-debian.sh

demo: install
	$(BIN)/fundtrack demo --data $(DATA) --port $(PORT)

test: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	FUNDTRACK_DUCKDB113=$(VENV)-duckdb113/bin/python FUNDTRACK_MOTO=$(VENV)-s3/bin/moto_server $(BIN)/python -m pytest -m "not full and not bench" $(SIDE) --durations=30

# The share of lines that tests run is asked for here: measuring it takes half as long again.
test-full: install-test
	sh tests/install-debian.sh full
	FUNDTRACK_DUCKDB113=$(VENV)-duckdb113/bin/python FUNDTRACK_MOTO=$(VENV)-s3/bin/moto_server $(BIN)/python -m pytest -m "not bench" $(SIDE) --durations=30 --cov --cov-report=term

bench: install-test
	for bench in tests/bench/bench_*.py; do $(BIN)/python $$bench || exit 1; done

# Pictures of every page over the demo, both languages, for the README.
screens: install-test
	$(BIN)/python tests/screens.py

# The demo's workbooks are made by this script and committed.
demo-files: install
	$(BIN)/python seeds/make_demo.py

lock:
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra test --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 -c requirements.lock -o requirements-test.lock
	$(BIN)/uv pip compile --group s3 --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 -o requirements-s3.lock

clean:
	rm -rf $(VENV) $(VENV)-duckdb113 $(VENV)-s3 .pytest_cache .mypy_cache .ruff_cache
