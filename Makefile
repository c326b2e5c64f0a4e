# The commands of the project; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Where dataset files are looked for, and where tables go.
DATA ?= data
# Exported feature maps for Figure 4.
MAPS ?= $(DATA)/lfw_gradcam_mbf512_A.h5
# Worker threads; results do not depend on it.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

# Of `make fuzz`: seconds for each of the targets.
SECONDS_EACH ?= 60
TARGETS ?= spec claims npy npz text split records score-block hdf5 hdf5-answers layouts templates

HARNESS := .build/release/Harness
PACKAGES := libopenblas-dev liblapacke-dev libhdf5-dev libssl-dev librsvg2-bin
HEADERS := cblas.h lapacke.h openssl/evp.h zlib.h
# Python of the benchmark's peers, and the environment made from it.
PYTHON ?= python3
VENV := .venv
# The environment of the scripts of experiments/export.
EXPORT_VENV := .venv-export
READERS_VENV := .venv-readers
NOTEBOOK_VENV := .venv-notebooks
# The tarball and what stands in it beside the program; the shell completions.
DIST := .build/dist
DISTRIBUTED := README.md LICENSE CITATION.cff CHANGELOG.md CONTRIBUTING.md datasets.md experiments \
  Sources/Harness/Harness.docc
COMPLETIONS := .build/completions
# The articles, plain Markdown; and where the site made of them goes.
ARTICLES := Sources/Harness/Harness.docc
SITE := $(CURDIR)/.build/docs
RUN = $(HARNESS) run --workers $(WORKERS) --data $(DATA)

.PHONY: help deps build test smoke smoke-data smoke-table3 smoke-sweep smoke-readings smoke-kde kde-validation learning-curves smoke-learning table1 table2 table3 \
  table4 sweep readings table5 scale figure3 figure4 smoke-figure4 plan claims coverage bench bench-quick bench-unit \
  speed-table mutation-test fuzz \
  resume-test crash-test slurm-test latex-test page-test export-test readers-test notebook-test dist dist-test \
  completions docs lint clean

help: ## List these commands
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | \
	  awk -F'\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'
	@echo "Variables: DATA=folder with the HDF5 files (now: $(DATA)), WORKERS=threads (now: $(WORKERS))"

deps: ## Install the system packages that are missing (Debian, Ubuntu)
	@if command -v dpkg-query >/dev/null; then \
	  missing=""; \
	  for p in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	  done; \
	  if [ -n "$$missing" ]; then \
	    command -v apt-get >/dev/null || { echo "missing:$$missing; no apt-get here, install them by hand" >&2; exit 1; }; \
	    sudo=""; \
	    if [ "$$(id -u)" -ne 0 ]; then \
	      command -v sudo >/dev/null || { echo "missing:$$missing; run as root: apt-get install$$missing" >&2; exit 1; }; \
	      sudo=sudo; \
	    fi; \
	    echo "installing:$$missing"; \
	    $$sudo apt-get update -qq && \
	    $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  fi; \
	else \
	  for h in $(HEADERS); do \
	    echo "#include <$$h>" | cc -E - >/dev/null 2>&1 || { \
	      echo "no <$$h> and no apt here: install OpenBLAS, LAPACKE, HDF5 (C, serial), OpenSSL headers and librsvg's rsvg-convert with your package manager" >&2; exit 1; }; \
	  done; \
	fi
	@command -v swift >/dev/null || { echo "no swift on the PATH: install Swift 6.3 or newer from swift.org/install" >&2; exit 1; }

build: deps ## Build the Harness program
	swift build -c release --product Harness

test: deps ## Build and run all tests
	swift build -c release --build-tests --explicit-target-dependency-import-check error
	swift test -c release --skip-build

smoke: build ## Tables 1 and 2 on small synthetic data (no dataset needed)
	$(HARNESS) synthesize --suite smoke --output results/smoke/data
	$(HARNESS) run experiments/smoke.yaml --workers $(WORKERS)

smoke-table3: build ## Tables 3 and 3b, the attacks, on the same synthetic data
	$(HARNESS) synthesize --suite smoke --output results/smoke/data
	$(HARNESS) run experiments/smoke-table3.yaml --workers $(WORKERS)

smoke-data: build ## Tables 1 to 4 of your own files in DATA, on 60 people of each dataset
	@mkdir -p results/smoke-data
	$(HARNESS) draft $(DATA) --output results/smoke-data/draft.yaml
	$(RUN) results/smoke-data/draft.yaml

table1: build ## Table 1, accuracy (needs the datasets, see datasets.md)
	$(RUN) experiments/table1.yaml

table2: build ## Table 2, FNMR at FMR 1e-3
	$(RUN) experiments/table2.yaml

table3: build ## Tables 3 and 3b, gender inference: as printed, and with adaptive attackers
	$(RUN) experiments/table3.yaml

figure3: build ## Figure 3, ROC curves
	$(RUN) experiments/figure3.yaml

table4: build ## Table 4, fairness over five balancing factors and per subject
	$(RUN) experiments/table4.yaml

sweep: build ## Fairness over balancing factors 0.0 to 1.0
	$(RUN) experiments/sweep.yaml

smoke-sweep: build ## The sweep on small synthetic data whose genders differ in spread
	@mkdir -p results/smoke-sweep/data
	$(HARNESS) synthesize --name Planted --subjects 480 --rows 3200 --dimension 128 \
	  --identity-dimensions 60 --female-spread 1.5 --scatter-contrast 1 --mated-cosine 0.5 \
	  --labels \
	  --output results/smoke-sweep/data/planted_arcface.h5
	$(HARNESS) run experiments/smoke-sweep.yaml --workers $(WORKERS)

readings: build ## The curve of readings on half of LFW, with people of CFP as another cohort
	$(RUN) experiments/lfw-half-readings.yaml

smoke-readings: build ## The curve of readings on the synthetic data of `make smoke`
	$(HARNESS) synthesize --suite smoke --output results/smoke/data
	$(HARNESS) run experiments/smoke-readings.yaml --workers $(WORKERS)

figure4: build ## Figure 4, heat maps on half of LFW from the feature maps in MAPS (and faces in OCCLUDED)
	$(HARNESS) explain --workers $(WORKERS) --data $(DATA) --maps $(MAPS) \
	  $(if $(OCCLUDED),--occluded $(OCCLUDED)) experiments/lfw-half-figure4.yaml

smoke-figure4: build ## Figure 4 from made-up maps of the synthetic data of `make smoke`
	$(HARNESS) synthesize --suite smoke --output results/smoke/data
	$(HARNESS) synthesize-maps results/smoke/data/lfw_arcface.h5 --output results/smoke/data/lfw_maps.h5
	$(HARNESS) explain --workers $(WORKERS) --maps results/smoke/data/lfw_maps.h5 experiments/smoke-figure4.yaml

kde-validation: build ## Synthetic samples beside real ones, on half of LFW and on CFP
	for s in lfw-half-kde cfp-kde; do \
	  $(HARNESS) kde --workers $(WORKERS) --data $(DATA) experiments/$$s.yaml || exit $$?; done

smoke-kde: build ## The same on the synthetic data of `make smoke`
	$(HARNESS) synthesize --suite smoke --output results/smoke/data
	$(HARNESS) kde --workers $(WORKERS) experiments/smoke-kde.yaml

learning-curves: build ## How trainings go, epoch by epoch, on half of LFW
	for s in lfw-half-learning lfw-half-learning-own; do \
	  $(HARNESS) learning-curves --workers $(WORKERS) --data $(DATA) experiments/$$s.yaml || exit $$?; done

smoke-learning: build ## The same on the synthetic data of `make smoke`
	$(HARNESS) synthesize --suite smoke --output results/smoke/data
	$(HARNESS) learning-curves --workers $(WORKERS) experiments/smoke-learning.yaml

coverage: build ## How often intervals hold the truth and verdicts are right (synthetic, 20 minutes)
	$(HARNESS) coverage --workers $(WORKERS)

table5: build ## Table 5, storage, enrolment and comparison times
	$(HARNESS) measure --workers $(WORKERS) --data $(DATA) experiments/table5.yaml

scale: build ## Latency and memory to 200,000 people and beyond, on synthetic data (16 GB of disk meanwhile)
	@mkdir -p results/scale/data
	$(HARNESS) synthesize --name Synthetic --subjects 60 --rows 600 --dimension 512 \
	  --output results/scale/data/scale_arcface.h5
	$(HARNESS) measure --workers $(WORKERS) experiments/scale.yaml

mutation-test: ## Damage files of every format that is read, 10,000 mutants of each
	MUTANTS=10000 swift test -c release --filter "[Mm]utant"

fuzz: build ## Feed made-up bytes to all that reads files of others (SECONDS_EACH, TARGETS)
	MOTE_FUZZ=1 swift build -c release --product Fuzz --scratch-path .build/fuzz --sanitize=address \
	  -Xswiftc -sanitize=fuzzer
	Tests/Fuzz/run.sh $(SECONDS_EACH) $(TARGETS)

export-test: $(EXPORT_VENV)/ready ## Test the Python scripts of experiments/export (PyTorch and onnxruntime)
	cd experiments/export && ../../$(EXPORT_VENV)/bin/python -m unittest

readers-test: build $(READERS_VENV)/ready ## Let PyEER, bob.measure, NumPy, h5py and pandas read scores and tables
	PYTHON=$(READERS_VENV)/bin/python Tests/System/readers-test.sh

notebook-test: build $(NOTEBOOK_VENV)/ready ## Execute the notebook of experiments/notebooks on a small run
	PATH="$(CURDIR)/$(NOTEBOOK_VENV)/bin:$$PATH" Tests/System/notebook-test.sh

$(EXPORT_VENV)/ready: experiments/export/requirements.txt
$(READERS_VENV)/ready: Tests/System/requirements.txt
$(NOTEBOOK_VENV)/ready: experiments/notebooks/requirements.txt
$(EXPORT_VENV)/ready $(READERS_VENV)/ready $(NOTEBOOK_VENV)/ready:
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $< || { \
	  rm -rf $(@D); echo "pip could not install $<" >&2; exit 1; }
	@touch $@

dist: deps ## Make a tarball that runs without Swift, in .build/dist
	swift build -c release --product Harness --static-swift-stdlib --scratch-path $(DIST)/build
	@rm -rf $(DIST)/mote-harness && mkdir -p $(DIST)/mote-harness/bin
	@strip -o $(DIST)/mote-harness/bin/Harness $(DIST)/build/release/Harness
	@git ls-files -z $(DISTRIBUTED) | xargs -0 cp --parents -t $(DIST)/mote-harness
	@tar -C $(DIST) --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$$(git log -1 --format=%ct)" \
	  -cf - mote-harness | gzip -n >$(DIST)/mote-harness.tar.gz
	@ls -l $(DIST)/mote-harness.tar.gz

dist-test: dist ## Run the smoke experiment from the tarball in a plain Debian 12 (root; debootstrap)
	@Tests/System/dist-test.sh $(DIST)/mote-harness.tar.gz || { code=$$?; \
	  [ $$code -eq 77 ] && echo "dist-test skipped: see the message above" || exit $$code; }

completions: build ## Write completions for bash, zsh and fish, in .build/completions
	@mkdir -p $(COMPLETIONS)
	@$(HARNESS) --generate-completion-script bash >$(COMPLETIONS)/Harness.bash
	@$(HARNESS) --generate-completion-script zsh >$(COMPLETIONS)/_Harness
	@$(HARNESS) --generate-completion-script fish >$(COMPLETIONS)/Harness.fish
	@echo "bash: source $(COMPLETIONS)/Harness.bash"
	@echo "zsh:  copy $(COMPLETIONS)/_Harness to a folder of \$$fpath"
	@echo "fish: copy $(COMPLETIONS)/Harness.fish to ~/.config/fish/completions"

crash-test: build ## Kill, stop and shard runs at random moments and compare the tables
	Tests/System/crash-test.sh

# Without COUNT it runs until it is stopped.
resume-test: deps ## Chains of random edits and runs: COUNT of them from SEED, against fresh folders
	swift build -c release --build-tests --explicit-target-dependency-import-check error
	@seed=$${SEED:-$$RANDOM}; count=$${COUNT:-1000000000}; \
	  echo "resume-test: SEED=$$seed COUNT=$$count"; \
	  RESUME_SEED=$$seed RESUME_COUNT=$$count swift test -c release --skip-build --filter ResumeTests

slurm-test: build ## Run a small experiment on a one-node Slurm (root; Debian's slurm packages)
	@Tests/System/slurm-test.sh || { code=$$?; \
	  [ $$code -eq 77 ] && echo "slurm-test skipped: see the message above" || exit $$code; }

# Folders of results whose tables and figures are compiled.
COMPILED ?= results/smoke
latex-test: ## Compile all tables and figures of COMPILED with pdflatex and IEEEtran, none too wide
	@Tests/System/latex-test.sh $(COMPILED) || { code=$$?; \
	  [ $$code -eq 77 ] && echo "latex-test skipped: see the message above" || exit $$code; }

page-test: build ## Look at a page at three widths, light, dark and printed (Debian's chromium)
	@Tests/System/page-test.sh || { code=$$?; \
	  [ $$code -eq 77 ] && echo "page-test skipped: see the message above" || exit $$code; }

claims: build ## What all experiments in results/ answer to the paper's claims
	$(HARNESS) claims results

plan: build ## What table1, table2 and figure3 would do, and how long it would take
	for s in table1 table2 figure3; do $(HARNESS) plan --data $(DATA) experiments/$$s.yaml || exit $$?; done

bench: build $(VENV)/ready ## Ours beside PyTorch, NumPy, scikit-learn and FAISS (about 20 minutes)
	$(HARNESS) bench --peers $(VENV)/bin/python

bench-unit: build ## A whole unit of LFW's size, both presets: the last line has its time and memory (an hour)
	for d in lfw:1 morph:0.0725 colorferet:0.1; do \
	  $(HARNESS) synthesize --like $${d%:*} --scale $${d#*:} \
	    --output results/lfw-size/data/$${d%:*}_arcface.h5 || exit $$?; done
	$(HARNESS) run experiments/lfw-size.yaml --workers $(WORKERS)

speed-table: ## Copy the short table of results/benchmark.md into the article on speed
	@test -f results/benchmark.md || { echo "no results/benchmark.md: run 'make bench' first" >&2; exit 1; }
	@awk 'NR == FNR { if (/^## /) inside = /^## In short$$/; else if (inside && /^\|/) table = table $$0 "\n"; next } \
	  /^<!-- speed: end -->$$/ { skip = 0 } !skip { print } \
	  /^<!-- speed: begin/ { printf "\n%s\n", table; skip = 1 }' results/benchmark.md $(ARTICLES)/Speed.md > $(ARTICLES)/Speed.md.new
	@mv $(ARTICLES)/Speed.md.new $(ARTICLES)/Speed.md

bench-quick: build ## Ours alone in half a minute, no Python needed
	$(HARNESS) bench --quick --output results/benchmark-quick

# The peers' Python packages; made again when the list changes, removed when it cannot be completed.
$(VENV)/ready: experiments/peers/requirements.txt
	@command -v $(PYTHON) >/dev/null || { \
	  echo "no $(PYTHON) on the PATH: install Python 3.10 or newer, or run 'make bench-quick', which needs none" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), expected 3.10 or newer: give another one, make bench PYTHON=…" >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make a virtual environment: install python3-venv (with pip), or run 'make bench-quick'" >&2; exit 1; }
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $< || { rm -rf $(VENV); \
	  echo "pip could not install $<: it needs pypi.org and download.pytorch.org (or a mirror set with PIP_INDEX_URL) and 1.5 GB of disk; 'make bench-quick' needs neither" >&2; exit 1; }
	@touch $@

# DocC takes links between articles in a form of its own and knows no other files, and needs a target
# to hang them on: a copy of the articles in a package of its own, so that nothing else is built.
docs: ## Make a site of the articles in .build/docs, for any web server
	@rm -rf $(SITE) $(SITE)-package/Sources
	@mkdir -p $(SITE) $(SITE)-package/Sources/Harness
	@cp -R $(ARTICLES) $(SITE)-package/Sources/Harness
	@sed -i -E -e 's|\]\(([A-Za-z]+)\.md\)|](doc:\1)|g' -e 's|\[([^]]+)\]\(\.\./\.\./\.\./[^)]*\)|\1|g' \
	  $(SITE)-package/Sources/Harness/Harness.docc/*.md
	@echo '// The articles are all there is.' > $(SITE)-package/Sources/Harness/Harness.swift
	@printf '%s\n' '// swift-tools-version: 6.1' 'import PackageDescription' 'let package = Package(' \
	  '  name: "articles",' '  dependencies: [' "$$(grep 'swift-docc-plugin"' Package.swift)" '  ],' \
	  '  targets: [.target(name: "Harness")])' > $(SITE)-package/Package.swift
	swift package --package-path $(SITE)-package --allow-writing-to-directory $(SITE) \
	  generate-documentation --target Harness --output-path $(SITE) \
	  --transform-for-static-hosting --warnings-as-errors

lint: ## Check the formatting
	swift format lint --strict -r Sources Tests Plugins Package.swift

clean: ## Remove build products (results stay)
	rm -rf .build
