# Two commands set all up: `make demo` and `make test`. Everything lives in .venv.
PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/.installed
DEV := .venv/.installed-dev
CATALOGUE := shared/messages/zh_CN/LC_MESSAGES/guatu

# What is started again and again in tests is compiled once, as it is for everybody who runs it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-offline demo-wall test check soak bench lock messages pictures clean

demo: $(RUN)
	@$(BIN)/guatu demo

# Two laptops and a server: the plug is pulled and put back, step by step, with a check at the end.
demo-offline: $(RUN)
	@$(BIN)/guatu demo --offline

# A wall over a living district, whose server goes away and comes back; `guatu wall` is the real one.
demo-wall: $(RUN)
	@$(BIN)/guatu demo --wall

test: $(DEV)
	$(BIN)/python -m pytest

check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The long versions, for a night: `make soak SOAK="--only kill wire --rounds 1000 --seed 7"`.
soak: $(DEV)
	$(BIN)/python -m tests.soak $(SOAK)

bench: $(DEV)
	$(BIN)/python -m tests.bench

pictures: $(DEV)
	$(BIN)/python -m tests.pictures en
	$(BIN)/python -m tests.pictures zh

$(RUN): requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.txt $(RUN)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# New versions of everything, with hashes and without the address of a package host.
lock: $(DEV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --upgrade --quiet \
		--generate-hashes --no-emit-index-url --no-annotate --no-header --output-file requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 --upgrade --quiet \
		--generate-hashes --no-emit-index-url --no-annotate --no-header --output-file requirements-dev.txt

# The Chinese catalogue in step with the source: new sentences appear in it without words; put them in, run it again.
messages: $(DEV)
	@mkdir -p build
	$(BIN)/pybabel -q extract -F shared/messages/babel.cfg -k mark --no-location --sort-output --omit-header \
		-o build/guatu.pot .
	$(BIN)/pybabel -q update -i build/guatu.pot -o $(CATALOGUE).po -l zh_CN --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --width 118
	$(BIN)/pybabel -q compile -i $(CATALOGUE).po -o $(CATALOGUE).mo -l zh_CN --statistics

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache
