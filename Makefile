# Onehop: the one entry. `make run` gives the main job, `make test` proves it.
# Build products live outside the checkout, so that repeated runs and clean clones are quick.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/onehop/target

# What the main job needs and no more: a cold build of it stays under three minutes on two cores.
MAIN_JOB := --release --package onehop --no-default-features --features serve,guard

.PHONY: run test lint bench fuzz lab build

## Start the guard on 127.0.0.1:1338 in front of an embedded metadata service.
run: build
	@exec "$(CARGO_TARGET_DIR)/release/onehop" guard --credentials-for "uid:$$(id -u)" --print-examples

build:
	cargo build $(MAIN_JOB)

## Install what the full suite needs and run everything.
test:
	scripts/test

## Formatting, lints, documentation, dependencies.
lint:
	scripts/lint

## Measure against peers in one run and print the ratios.
bench:
	bench/run

## Fuzz every parser of strangers' bytes, 60 seconds each (fuzz/run SECONDS for longer).
fuzz:
	fuzz/run

## Run real AWS clients in every case, and every client over 20,000 disguised URLs; write docs/clients.md and
## docs/clients-urls.md; other auditors over our cases, write docs/audit-cases.md.
lab:
	cargo build $(MAIN_JOB),check
	lab/clients/install
	lab/clients/run
	lab/urls/install
	lab/urls/run
	lab/audit/install
	lab/audit/run
