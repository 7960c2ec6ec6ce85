# The two commands of the README are `make demo` and `make test`; each installs what is missing and then runs.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: demo test lint docs no-std without-pcsc tests bench diagnose-bench fuzz

# Four purchases on software cards, no reader needed.
demo:
	@scripts/setup build
	@cargo build --quiet --locked --no-default-features --bin emvident
	@scripts/demo "$${CARGO_TARGET_DIR:-target}/debug/emvident"

# Everything CI checks. The tests come last.
test: setup lint docs no-std without-pcsc tests

.PHONY: setup
setup:
	@scripts/setup build pcsc rigs python browser

lint:
	cargo fmt --all --check
	cargo fmt --manifest-path tests/no-std/Cargo.toml --check
	cargo clippy --quiet --locked --workspace --all-targets --all-features -- -D warnings
	cargo clippy --quiet --locked --no-default-features --bin emvident -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --workspace --no-deps --all-features

# `apdu` and `kernel` in a program that has no `std`: a second panic handler does not compile.
no-std:
	cargo run --quiet --locked --manifest-path tests/no-std/Cargo.toml

# The program for machines without PC/SC: it builds, and does at the command line what it can do without.
without-pcsc:
	cargo test --quiet --locked --package emvident --no-default-features --bin emvident --test program

# EMVIDENT_RIGS makes a rig that cannot start a failure, never a skip. Tests that mostly wait, for readers and a browser, run
# beside all others.
TESTED := cargo test --locked --workspace --all-features
TESTS := $(basename $(notdir $(patsubst %/main.rs,%,$(wildcard tests/*.rs */tests/*.rs */tests/*/main.rs))))
WAITING := html rigs rig_ccid rig_vpcd
tests:
	$(TESTED) --no-run
	@EMVIDENT_RIGS=1 $(MAKE) --no-print-directory --jobs=2 --output-sync=target tests-that-compute tests-that-wait
	$(TESTED) --doc

.PHONY: tests-that-compute tests-that-wait
tests-that-compute:
	$(TESTED) --lib --bins $(addprefix --test=,$(filter-out $(WAITING),$(TESTS)))

tests-that-wait:
	$(TESTED) $(addprefix --test=,$(WAITING))

bench:
	@scripts/setup build
	cargo bench --locked --no-default-features --bench purchase
	cargo bench --locked --package emvident-kernel --bench oda

# Is the right cause named? CASES recordings with one fault each, and a quarter as many with none; all follow from SEED.
CASES ?= 1200
SEED ?= 1
diagnose-bench:
	@scripts/setup build
	cargo bench --locked --no-default-features --bench diagnose -- --cases $(CASES) --seed $(SEED)

# The whole soundness sweep (docs/security.md), for hours; it goes on where it was stopped. SWEEP takes options, such as
# "--only object", "--seed 7" or "--replay cda/e07/bit/0123"; "--help" lists them.
SWEEP ?=
.PHONY: sweep mutants
sweep:
	@scripts/setup build
	cargo bench --locked --no-default-features --bench sweep -- $(SWEEP)

# Does a test fail when the kernel's code is changed? First the tests beside the code, which are quick, then, for what they
# let live, whole transactions. MUTANTS takes options of cargo-mutants, such as "--shard 0/8".
MUTANTS ?=
MUTATED := cargo mutants --package emvident-kernel --package emvident-apdu
mutants:
	@scripts/setup build
	cargo mutants --version >/dev/null 2>&1 || cargo install cargo-mutants --locked
	PROPTEST_CASES=16 $(MUTATED) --cargo-arg=--lib $(MUTANTS) || [ $$? -le 3 ]
	$(MUTATED) --iterate --test-package emvident --test-package emvident-kernel --test-package emvident-apdu \
	    $(foreach test,scenarios oracle counterfactual corpus_oda,--cargo-arg=--test=$(test)) $(MUTANTS)

# Every fuzz target, or those in FUZZ_TARGETS, for FUZZ_SECONDS each, from the saved inputs on.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= tlv dol atr trace configuration contact c2 c3 c7 stepper explain
fuzz:
	@scripts/setup build fuzz
	for target in $(FUZZ_TARGETS); do \
	    mkdir -p fuzz/corpus/$$target; \
	    RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
	        -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 -rss_limit_mb=1024; \
	done
