# Everything that a person runs here, CI runs too. `make help` lists it.
# Each target may be repeated at will: what is already done is not done again.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT   ?= 8501
ONLY   ?=

VENV := .venv
PIP  := $(VENV)/bin/pip --quiet --disable-pip-version-check
APP  := $(VENV)/.app-installed
DEV  := $(VENV)/.dev-installed

# Debian's packages are installed with sudo, or without it by root.
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.DEFAULT_GOAL := help
.PHONY: help app setup test check format bench pictures chromium clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

app: $(APP)  ## install what is missing and serve the app on http://localhost:8501
	@echo "Learnscope: http://localhost:$(PORT)"
	@exec $(VENV)/bin/python -m streamlit run app.py --server.port $(PORT)

setup: $(APP) $(DEV)  ## install all that the app, the tests and the checks need

test: setup chromium  ## run all tests, a real browser among them
	$(VENV)/bin/python -m pytest -n $$(($$(nproc) + 1))  # one more than cores: many tests wait for other processes

check: setup  ## lint, types, import directions
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/pyright

format: setup  ## put all Python files into the house's format
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: setup chromium  ## measure the budgets; ONLY=live runs one group
	@$(VENV)/bin/python -m tests.bench $(ONLY)

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { echo "Installing Debian's chromium for the browser tests"; \
	       $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq chromium >/dev/null; }

pictures: setup  ## train a net for each lab and draw the picture of its card anew
	$(VENV)/bin/python -m engine.labs.pictures assets/pictures

clean:  ## remove what make has installed; runs in .learnscope/ stay
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Learnscope needs Python 3.11 or later, $(PYTHON) is older: name another with PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo "Python's venv is missing: installing Debian's python3-venv"; \
	       $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq python3-venv >/dev/null; }
	$(PYTHON) -m venv $(VENV)

$(APP): requirements.txt | $(VENV)/bin/python
	$(PIP) install -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(APP)
	$(PIP) install -r requirements-dev.txt
	@touch $@
