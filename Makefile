# The commands of the project; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Where dataset files are looked for, and where tables go.
DATA ?= data
# Worker threads; results do not depend on it.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

HARNESS := .build/release/Harness
PACKAGES := libopenblas-dev liblapacke-dev libhdf5-dev libssl-dev librsvg2-bin
HEADERS := cblas.h lapacke.h openssl/evp.h
RUN = $(HARNESS) run --workers $(WORKERS) --data $(DATA)

.PHONY: help deps build test smoke table1 table2 table5 figure3 plan crash-test slurm-test lint clean

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
	swift build -c release --build-tests
	swift test -c release --skip-build

smoke: build ## Tables 1 and 2 on small synthetic data (no dataset needed)
	$(HARNESS) synthesize --suite smoke --output results/smoke/data
	$(HARNESS) run experiments/smoke.yaml --workers $(WORKERS)

table1: build ## Table 1, accuracy (needs the datasets, see datasets.md)
	$(RUN) experiments/table1.yaml

table2: build ## Table 2, FNMR at FMR 1e-3
	$(RUN) experiments/table2.yaml

figure3: build ## Figure 3, ROC curves
	$(RUN) experiments/figure3.yaml

table5: build ## Table 5, storage, enrolment and comparison times
	$(HARNESS) measure --workers $(WORKERS) --data $(DATA) experiments/table5.yaml

crash-test: build ## Kill, stop and shard runs at random moments and compare the tables
	Tests/System/crash-test.sh

slurm-test: build ## Run a small experiment on a one-node Slurm (root; Debian's slurm packages)
	@Tests/System/slurm-test.sh || { code=$$?; \
	  [ $$code -eq 77 ] && echo "slurm-test skipped: see the message above" || exit $$code; }

plan: build ## What table1, table2 and figure3 would do, and how long it would take
	for s in table1 table2 figure3; do $(HARNESS) plan --data $(DATA) experiments/$$s.yaml || exit $$?; done

lint: ## Check the formatting
	swift format lint --strict -r Sources Tests Package.swift

clean: ## Remove build products (results stay)
	rm -rf .build
