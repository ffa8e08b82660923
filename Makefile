# Two commands: `make lab` opens the course, `make test` passes all tests. `make help` lists the others.
BIN := .venv/bin
ARGS ?=
# The Python that .venv was made with stays, until another is asked for.
ifndef PY
PY := $(or $(shell $(BIN)/python -c "import sys; print(sys._base_executable)" 2>/dev/null),python3)
endif
# The GPU build, once chosen, stays until `make setup GPU=0`.
GPU ?= $(if $(wildcard .venv/.ready-gpu),1,0)
BUILD := $(if $(filter 1,$(GPU)),-gpu)
READY := .venv/.ready$(BUILD)
LOCK := requirements$(BUILD).lock
COMPILE := $(BIN)/uv pip compile -q pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(ARGS)
# Two tests run side by side, each on one core.
TESTING := OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1
export UV_HTTP_TIMEOUT ?= 300

# Set up anew where the folder has moved (programs in .venv hold its old name), or where a Python is asked for.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif
ifeq ($(origin PY),command line)
.PHONY: $(READY)
endif

.PHONY: help lab studio teach setup test check compose datasets models lessons new-lesson site marking-report soundfont widgets lock clean

lab: setup  ## open the course in JupyterLab; ARGS="--no-open -- --port 9000" passes options on
	@$(BIN)/musiclab lab $(ARGS)

studio: setup  ## open the Studio, where knobs say what a network writes, as a page of its own
	@$(BIN)/musiclab studio $(ARGS)

teach: setup  ## open the repository itself with nbgrader's formgrader
	@$(PY) tools/system_parts.py sandbox
	@$(BIN)/musiclab lab --teach $(ARGS)

test: setup  ## pass all tests
	@$(PY) tools/system_parts.py sound sandbox browser node
	$(TESTING) $(BIN)/python -m pytest -q -n 2 --dist loadfile $(ARGS)

check: setup  ## pass the quick tests: two minutes, for while you work
	$(TESTING) $(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow" $(ARGS)

compose: setup  ## write a first piece into work/ and print where it is; ARGS="--style jig" for another
	@$(BIN)/musiclab compose --style reel --bars 16 --key "G major" --tempo 112 --seed 1 --out work/first-piece/piece $(ARGS)

setup: $(READY)  ## only set up; PY=python3.12 picks the Python, GPU=1 takes the GPU build
	@$(PY) tools/system_parts.py sound

$(READY): $(LOCK) pyproject.toml
	@$(PY) tools/system_parts.py python
	@test "$$(cat .venv/.ready* 2>&1) $$($(BIN)/python -V 2>&1)" = "$(CURDIR) $$($(PY) -V 2>&1)" || $(PY) -m venv --clear .venv
	@echo "Setting up .venv: about 2 GB, some minutes the first time."
	@sed -n '/^uv==/,/sha256[^\\]*$$/p' $(LOCK) > .venv/uv.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes $(LOCK)
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@rm -f .venv/.ready*
	@echo "$(CURDIR)" > $@

lessons: setup  ## write lessons/ from solutions/ (answers and hidden tests taken out)
	$(BIN)/python tools/make_lessons.py $(ARGS)

new-lesson: setup  ## make the skeleton of a lesson of your own: make new-lesson NAME=16-my-lesson
	@$(BIN)/python tools/new_lesson.py "$(NAME)"

site: setup  ## write the lessons and the gallery into site/ as pages that need no kernel and no network; ARGS=01 for one lesson
	@$(BIN)/python tools/make_site.py $(ARGS)

marking-report: setup  ## mark known wrong and right answers to every exercise; ARGS=01 for one lesson
	$(BIN)/python -m tests.mutants $(ARGS)

datasets: setup  ## rebuild datasets/ from the sources, byte for byte
	$(BIN)/python tools/build_datasets.py $(ARGS)

models: setup  ## train the shipped models again
	$(BIN)/python tools/train_by_hand.py
	$(BIN)/musiclab train --data tunes --out musiclab/data/tunes.npz $(ARGS)

soundfont: setup  ## cut the sound font again
	$(BIN)/python tools/build_soundfont.py $(ARGS)

widgets: setup  ## bundle the widgets' JavaScript again, from musiclab/widgets/js
	@$(PY) tools/system_parts.py node
	cd musiclab/widgets/js && npm ci --silent --no-audit --no-fund && npm run --silent build

lock: setup  ## lock the dependencies of pyproject.toml and write the conda files; ARGS=--upgrade for the newest
	$(COMPILE) -o requirements.lock
	$(COMPILE) -c requirements.lock --group gpu --no-emit-package tensorflow-cpu -o requirements-gpu.lock
	$(BIN)/python tools/sync_env.py

clean:  ## remove what can be made again: .venv and caches; work/ and gradebook/ stay
	rm -rf .venv build dist site *.egg-info .ruff_cache .pytest_cache .hypothesis musiclab/widgets/js/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
