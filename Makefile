# What people type. Anything longer than a line or two lives in tests/system/.
PYTHON ?= python3
BIN := .venv/bin
WEB := tests/web/node_modules/.package-lock.json
SOAKED := tests/bacheca/forms/results tests/forms_server/test_evolution.py tests/forms_server/test_all_the_way.py \
	tests/forms_server/bad_input tests/forms_server/store/test_walks.py
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

# Two things at once, as long as nothing waits for the other.
MAKEFLAGS += --jobs=2
# Without bytecode each of the hundreds of processes that the tests start would compile all that it imports. It is
# written where something is imported: compiling whole packages takes longer than installing them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test quick check ruff mypy content packages known audit sbom collected soak server mutants bench docs map release clean

setup: .venv/setup.stamp

run: setup
	$(BIN)/python build.py
	$(BIN)/python -m forms_server run --host 127.0.0.1 --port 8000

test: $(WEB) check known sbom collected
	$(BIN)/python -m pytest -n 4 --dist worksteal

quick: .venv/dev.stamp
	$(BIN)/python -m pytest -q -n 2 @tests/quick.txt

check: mypy ruff content

ruff: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

mypy: .venv/dev.stamp
	$(BIN)/mypy

content: .venv/dev.stamp
	$(BIN)/python build.py check

packages:
	sh tests/system/packages.sh

known: .venv/dev.stamp
	$(BIN)/python tests/system/audit.py --if-reachable

audit: .venv/dev.stamp
	$(BIN)/python tests/system/audit.py

sbom: build/sbom.json

build/sbom.json: requirements.lock pyproject.toml | .venv/dev.stamp
	sh tests/system/sbom.sh $(BIN)/python $@

collected: build/collected.stamp

# Writes the bytecode of all tests once, which each of pytest's workers would otherwise do for itself.
build/collected.stamp: .venv/dev.stamp
	-$(BIN)/python -m pytest --collect-only -q >/dev/null
	mkdir -p build
	touch $@

soak: .venv/dev.stamp packages
	BACHECA_TABLES=2000 BACHECA_EXAMPLES=1000 $(BIN)/python -m pytest -n 2 $(SOAKED)
	BACHECA_EDITS=1000 $(BIN)/python -m pytest tests/bacheca/portal/build/test_incremental.py
	$(BIN)/python -m tests.faults.soak

server: .venv/dev.stamp
	SERVER=1 sh tests/system/packages.sh
	BACHECA_CONTAINER=1 $(BIN)/python -m pytest tests/system/test_container.py tests/faults/test_caddy.py tests/system/test_alerts.py

mutants: .venv/dev.stamp
	$(BIN)/python -m tests.mutants $(MUTANTS)

bench: .venv/dev.stamp $(WEB)
	$(BIN)/python -m bench

docs: setup
	$(BIN)/python docs/site/assemble.py build/docs
	cd build/docs && PYTHONPATH=$(CURDIR) $(CURDIR)/$(BIN)/python -m bacheca build

# What each module is about, by its first line: `make map | grep sitemap`.
map:
	@grep -rm1 --include='*.py' --include='*.html' -E '^("""|\{#-? )' bacheca forms_server | sed -E 's/:("""|\{#-? )/: /; s/("""| -?#\})$$//' | sort || true

release: .venv/dev.stamp
	sh tests/system/release.sh $(BIN)/python

clean:
	rm -rf site build dist .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/screenshots

.venv/bin/pip:
	sh tests/system/venv.sh $(PYTHON) .venv

.venv/setup.stamp: requirements.lock | .venv/bin/pip
	$(PIP) -r requirements.lock
	touch $@

.venv/dev.stamp: requirements-dev.lock .venv/setup.stamp
	$(PIP) --no-compile -r requirements-dev.lock
	touch $@

$(WEB): tests/web/package-lock.json | packages
	npm ci --prefix tests/web
	touch $@
