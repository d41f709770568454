# Everything a person or CI runs. Needs Python 3.11+, make and git beforehand.
PYTHON ?= python3
BIN := .venv/bin
POSTGRES ?=
PLUGINS := $(patsubst %/pyproject.toml,%,$(sort $(wildcard plugins/*/pyproject.toml)))

.PHONY: install demo test check bench shots lock messages clean

install: $(BIN)/portal

# The stamp is the command itself: made anew when what it is installed from has changed.
$(BIN)/portal: requirements-dev.lock pyproject.toml $(PLUGINS:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . $(PLUGINS:%=-e %)
	touch $(BIN)/portal

demo: install
	$(BIN)/portal demo

test: install
	$(BIN)/pytest -n 2 --dist worksteal

check: install
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m portal.messages check
	$(BIN)/vulture

bench: install
	$(BIN)/python benchmarks/run.py

shots: install
	$(BIN)/python benchmarks/shots.py

# Writes the texts that people read into the catalogues, ready to be translated.
messages: install
	$(BIN)/python -m portal.messages update

# Pins every dependency with hashes; needs uv.
lock:
	uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 \
		--custom-compile-command "make lock" --extra plugins pyproject.toml -o requirements.lock
	uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 \
		--custom-compile-command "make lock" --extra plugins --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache shots build
