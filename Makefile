# Everything there is to do in a clone; `make` alone lists it.

PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check
CATALOGUE := translations/en/LC_MESSAGES/messages
TEST_PACKAGES := postgresql-15 kannel kannel-extras chromium fonts-noto-cjk clamav-daemon \
	rabbitmq-server pgbouncer postfix dovecot-imapd dovecot-pop3d \
	libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
# Three for two processors: a third of the time tests wait for servers and browsers.
TEST_PROCESSES := $(shell expr '(' $$(nproc) '*' 3 + 1 ')' / 2)

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONUNBUFFERED := 1

# honcho gives all of them the same environment, with what a file .env adds to it.
RUN := python -m honcho run --

.DELETE_ON_ERROR:
.PHONY: help install install-dev install-parts test-packages fonts run serve worker celery check test bench \
	soak demo translations constraints clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

install: $(VENV)/.runtime $(CATALOGUE).mo ## Install what it runs on

install-dev: $(VENV)/.dev $(CATALOGUE).mo ## Install what it is checked and tested with

install-parts: test-packages install-dev fonts

test-packages:
	@scripts/system-packages $(TEST_PACKAGES)

fonts: ## Fetch the fonts of official papers (仿宋 and others) for PDF
	@scripts/fonts

run: install ## Start web and worker, with the demo province on the first run
	@$(RUN) python -m scripts.check_port
	@$(RUN) python -m flask --app app prepare --demo
	@python -m honcho start service

serve: install ## Start web and worker for production: never demo data
	@$(RUN) python -m scripts.check_port
	@$(RUN) python -m flask --app app prepare
	@python -m honcho start service

worker: install ## Start another worker alone
	@python -m honcho start worker

celery: install ## Start a worker of the broker, where CHANGTONG_BROKER_URL is set
	@python -m honcho start celery

check: install-dev ## Check style, types, import rules and translations
	ruff check .
	ruff format --check .
	mypy .
	lint-imports --no-logo
	python -m scripts.translations check

test: install-parts ## Run all tests, with the real parts
	python -m pytest --numprocesses $(TEST_PROCESSES) --maxprocesses 8 --dist worksteal

bench: install-parts ## Measure, and print the figures as a table
	@python -m benchmarks

soak: install-parts ## Break everything while digests go out, and count what is lost
	@python -m soak

demo: install-parts ## Tell the whole story on throwaway data, with real parts
	@python -m demo

translations: install-dev ## Take new texts into the English catalogue, and compile it
	@python -m scripts.translations update
	@python -m scripts.translations compile

constraints: $(VENV)/bin/pip ## Pin anew what the requirements bring along
	rm -rf build/constraints && $(VENV)/bin/python -m venv build/constraints
	: > constraints.txt
	build/constraints/bin/python -m pip install --quiet -r requirements-dev.txt
	build/constraints/bin/python -m pip freeze > constraints.txt

clean: ## Remove what was installed and built in the clone; data stays
	rm -rf $(VENV) build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
	rm -f $(CATALOGUE).mo

# pip is what a virtual environment gets last: one without it is half made.
$(VENV)/bin/pip:
	@rm -rf $(VENV)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 is needed.")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || scripts/system-packages python3-venv
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt constraints.txt | $(VENV)/bin/pip
	@echo "Installing Python packages"
	@$(PIP) install --quiet --use-pep517 -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt constraints.txt | $(VENV)/bin/pip
	@echo "Installing Python packages for checks and tests"
	@$(PIP) install --quiet --use-pep517 -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime

$(CATALOGUE).mo: $(CATALOGUE).po | $(VENV)/.runtime
	@python -m scripts.translations compile
