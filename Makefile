# Two commands on a fresh machine: `make run` (set up, convert the samples, show what was found) and `make test`.
# pip's own configuration (PIP_INDEX_URL, PIP_FIND_LINKS, pip.conf …) is honoured; nothing here names a registry.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

.PHONY: run test lint format score train samples clean help system
.DEFAULT_GOAL := help

help:
	@echo "make run      install what is missing, convert samples/ to out/, load and export them, ask three questions"
	@echo "make test     install what is missing, run the whole test suite"
	@echo "make lint     ruff, mypy, import directions"
	@echo "make score    convert and score the cases in $(SHARED)/cases, when there"
	@echo "make samples  typeset and degrade the sample plans anew"
	@echo "make train    train the restoration model anew"
	@echo "make clean    remove the virtual environment and everything made"

run: system $(VENV)/.installed
	$(BIN)/kehoach convert samples/*.pdf samples/*.txt --out out
	$(BIN)/kehoach load out --to sqlite:///plans.db
	$(BIN)/kehoach export out --to assignments.xlsx
	$(BIN)/kehoach query search "chuyen doi so" --limit 5
	$(BIN)/kehoach query upcoming --today 2026-03-01 --days 31 --limit 5
	$(BIN)/kehoach query tasks --unit "so noi vu" --limit 5
	@echo "Results: out/ (begin with out/report.html), plans.db, assignments.xlsx. Next: . $(BIN)/activate; kehoach --help"

test: system $(VENV)/.installed-dev
	@sh .ci/setup/test-packages.sh
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

score: system $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks.score_cases --shared $(SHARED)

train: $(VENV)/.installed-dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m diacritics.train

samples: system $(VENV)/.installed-dev
	$(BIN)/python -m samples.make_samples

clean:
	rm -rf $(VENV) out plans.db assignments.xlsx score-out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Tesseract and its Vietnamese models: a question to the program, quick when all is there.
system:
	@sh .ci/setup/system-packages.sh

$(VENV)/.made: .ci/setup/make-venv.sh
	@sh .ci/setup/make-venv.sh "$(PYTHON)" $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing into $(VENV): some minutes the first time …"
	$(PIP) install -q -r requirements.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q cli.py pipeline schemas diacritics
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(PIP) install -q -r requirements-dev.lock
	@touch $@
