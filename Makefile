# Every target works on a fresh machine with python3, python3-venv and make. The README has the plain commands.
PYTHON ?= python3
VENV := .venv/bin

# Some machines forbid Python to keep its byte code; every start would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run dev test check audit campaigns bench locks clean

help: ## show this list
	@echo "make run    serve the course on http://127.0.0.1:8000 (PORT=8001 make run: on another port)"
	@echo "make dev    the same data with debug pages and automatic reload"
	@echo "make test   all checks, then all tests: on SQLite, and on PostgreSQL where one answers"
	@echo "make check  linters, types, migrations, deployment, course files, links of the documentation"
	@echo "make audit  accessibility of every page in six windows (make test takes three of them)"
	@echo "make campaigns  races, killed workers, outages and slow senders at full size, about an hour (make test runs a short form)"
	@echo "make bench  requests per second and processor time of the main pages, beside a bare Django view (ARGS=\"--against REV\")"
	@echo "make locks  compile requirements*.in into the pinned lists"
	@echo "make clean  throw away .venv, caches and collected files; keeps .env, var/ and .local-accounts"

run:
	@$(PYTHON) bin/bootstrap
	@exec $(VENV)/python manage.py serve

dev:
	@$(PYTHON) bin/bootstrap
	@$(VENV)/python manage.py prepare
	@DEBUG=1 exec $(VENV)/python manage.py runserver 127.0.0.1:$${PORT:-8000}

test:
	@$(PYTHON) bin/bootstrap --dev
	@$(VENV)/python bin/check
	@$(VENV)/python bin/test

check:
	@$(PYTHON) bin/bootstrap --dev
	@$(VENV)/python bin/check

audit:
	@$(PYTHON) bin/bootstrap --dev
	@AUDIT=full $(VENV)/python -m pytest tests/journeys/test_accessibility.py

campaigns:
	@$(PYTHON) bin/bootstrap --dev
	@$(VENV)/python -m tests.campaigns

bench:
	@$(PYTHON) bin/bootstrap
	@$(VENV)/python -m tests.benchmarks.bench $(ARGS)

locks:
	@$(PYTHON) bin/bootstrap --dev
	@$(VENV)/python bin/locks

clean:
	rm -rf .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
