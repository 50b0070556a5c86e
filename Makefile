# What people type. Every target installs what it misses; nothing else is needed but rustup, Node 20 and Debian 12.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

# Programs that a fresh clone finds again live outside the working tree.
TOOLS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/cabinet-tools
TRUNK_VERSION := 0.21.14
WASM_BINDGEN_VERSION := 0.2.130
DENY_VERSION := 0.20.2
export PATH := $(TOOLS)/bin:$(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# Tools are built to be run, not to be looked into.
INSTALL := CARGO_PROFILE_DEV_DEBUG=false cargo install --debug
export CABINET_BUILD ?= $(shell git rev-parse --short=10 HEAD 2>/dev/null || echo unknown)
export CABINET_VECTORS ?= $(abspath ../shared/vectors)
CARGO_TARGET_DIR ?= target
WASM := wasm32-unknown-unknown

say = printf '\033[1m==> %s\033[0m\n' $(1)

.PHONY: help
help: ## lists the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------------------------------------------------------- tools

.PHONY: tools
tools: debian-build ## installs what building needs: wasm target, Trunk, wasm-bindgen, wasm-opt, npm packages
	@
	missing=()
	rustup target list --installed | grep -qx $(WASM) || missing+=(target)
	[ "$$(trunk --version 2>/dev/null)" = "trunk $(TRUNK_VERSION)" ] || missing+=(trunk)
	[ "$$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $(WASM_BINDGEN_VERSION)" ] || missing+=(wasm-bindgen)
	cmp -s end2end/package-lock.json end2end/node_modules/.installed-from || missing+=(npm)
	n=0; for tool in "$${missing[@]}"; do n=$$((n + 1)); what="$$n of $${#missing[@]}"
	case $$tool in
	  target) $(call say,"tools $$what: the WebAssembly target (a minute at most)"); rustup target add $(WASM) ;;
	  trunk) $(call say,"tools $$what: Trunk $(TRUNK_VERSION) (3 to 5 minutes)")
	    $(INSTALL) --locked trunk@$(TRUNK_VERSION) --no-default-features --features rustls --root "$(TOOLS)" ;;
	  wasm-bindgen) $(call say,"tools $$what: wasm-bindgen $(WASM_BINDGEN_VERSION) (2 minutes)")
	    $(INSTALL) wasm-bindgen-cli@$(WASM_BINDGEN_VERSION) --root "$(TOOLS)" ;;
	  npm) $(call say,"tools $$what: npm packages (wasm-opt$(,) Playwright$(,) axe)")
	    npm ci --prefix end2end --no-audit --no-fund --loglevel=error
	    cp end2end/package-lock.json end2end/node_modules/.installed-from ;;
	esac; done

, := ,

# What building needs of Debian, and what testing needs besides.
FOR_BUILDING := $(if $(shell command -v cc),,gcc libc6-dev) $(if $(shell command -v git),,git)
FOR_TESTING := chromium chromium-driver fonts-noto-core poppler-utils postgresql qpdf
.PHONY: debian-build debian debian-bench
debian-build: DEBIAN = $(FOR_BUILDING)
debian: DEBIAN = $(FOR_BUILDING) $(FOR_TESTING)
# What nettle is built against, to compare with.
debian-bench: DEBIAN = gcc libc6-dev nettle-dev libgmp-dev
debian-build debian debian-bench:
	@
	missing=(); for package in $(DEBIAN); do dpkg -s "$$package" >/dev/null 2>&1 || missing+=("$$package"); done
	[ $${#missing[@]} -eq 0 ] && exit 0
	if [ "$$(id -u)" = 0 ]; then
	  $(call say,"Debian packages: $${missing[*]} (a minute or two)")
	  apt-get update -qq
	  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null
	else
	  echo "Debian packages are missing. Please run this line, then the command again:"
	  echo "  sudo apt-get install --no-install-recommends $${missing[*]}"; exit 1
	fi

# ----------------------------------------------------------------------------------------------------------------- page

PAGE_SOURCES := $(shell find src style public hooks Cargo.toml Cargo.lock Trunk.toml Trunk.others.toml build.rs -type f \
	! -path 'src/server/*' ! -path 'src/pki/*' ! -path 'src/demo/*' ! -name 'joined*.css' ! -name door.html ! -name room.html 2>/dev/null)

.PHONY: page
page: dist/.built ## builds the page into dist/
dist/.built: $(PAGE_SOURCES)
	@$(MAKE) --no-print-directory tools
	$(call say,"page: WebAssembly$(,) styles$(,) texts (2 minutes the first time)")
	cargo fetch --locked --quiet
	NO_COLOR=true trunk build
	# In this order: each names the files of the one before it, to be fetched ahead.
	for program in room door; do
	  sed "s/\"cabinet-web\"/\"cabinet-$$program\"/" public/index.html > public/$$program.html
	  NO_COLOR=true trunk build --config Trunk.others.toml --dist dist-$$program public/$$program.html
	  cp -r dist-$$program/. dist/
	done
	node hooks/notices.mjs dist
	node hooks/name-build.mjs dist
	touch dist/.built

# ------------------------------------------------------------------------------------------------------------------ run

.PHONY: run
run: debian-build ## builds page and server, starts the demo on http://127.0.0.1:8080 (other ports: ARGS="--port 8090", see ARGS=--help)
	@$(call say,"1 of 3: tools and the page$(,) beside them the server with its simulators (10 minutes in all the first time)")
	cargo build --locked --features demo --bin cabinet-demo > >(sed -u 's/^/  server: /') 2>&1 & server=$$!
	trap 'kill $$server 2>/dev/null || true' EXIT
	$(MAKE) --no-print-directory tools page
	$(call say,"2 of 3: the rest of the server")
	wait $$server
	trap - EXIT
	$(call say,"3 of 3: start (Ctrl-C ends it)")
	exec "$(CARGO_TARGET_DIR)/debug/cabinet-demo" --page dist $(ARGS)

.PHONY: release
release: page ## builds the server with the page inside: target/release/cabinet
	cargo build --locked --release --features embed --bin cabinet

.PHONY: gallery
gallery: dist-gallery/.built
dist-gallery/.built: $(PAGE_SOURCES) Trunk.gallery.toml
	@$(MAKE) --no-print-directory tools
	$(call say,"gallery: every component and page in one program (2 to 4 minutes)")
	cargo fetch --locked --quiet
	NO_COLOR=true trunk build --config Trunk.gallery.toml
	touch dist-gallery/.built

.PHONY: preview
preview: gallery ## builds the gallery of components and pages and shows it on http://127.0.0.1:8090
	@$(call say,"gallery: http://127.0.0.1:8090 (Ctrl-C ends it)")
	exec node hooks/serve.mjs dist-gallery 8090

.PHONY: screens
screens: gallery debian ## takes the five main screens into docs/screens: three languages, two widths, both themes
	@node end2end/gallery/screens.mjs

# ----------------------------------------------------------------------------------------------------------------- test

.PHONY: test
test: ## runs everything: format, lints, unit, integration, browser and end-to-end tests
	@start=$$(date +%s)
	step() { $(call say,"[$$(( $$(date +%s) - start )) s] test $$1 of 8: $$2"); }
	step 1 "tools"; $(MAKE) --no-print-directory debian tools
	step 2 "format and lints"; $(MAKE) --no-print-directory lint
	step 3 "unit and integration tests"; $(MAKE) --no-print-directory test-rust
	step 4 "the page and its weight"; $(MAKE) --no-print-directory page weigh
	step 5 "component tests in the browser"; $(MAKE) --no-print-directory test-browser
	step 6 "end-to-end tests"; $(MAKE) --no-print-directory test-end2end
	step 7 "the gallery: access$(,) overflow$(,) what is spoken$(,) pictures"; $(MAKE) --no-print-directory test-gallery
	step 8 "licences and sources of the dependencies"; $(MAKE) --no-print-directory deny
	$(call say,"[$$(( $$(date +%s) - start )) s] everything passed")

.PHONY: crash
crash: debian ## kills the server under people at work, and looks for what was lost: ROUNDS=1000, SEED=… to repeat
	@export CABINET_TEST_CRASH_ROUNDS="$(or $(ROUNDS),1000)" $(if $(SEED),CABINET_TEST_CRASH_SEED="$(SEED)")
	hooks/with-postgres.sh cargo test --locked --features demo --test crash -- --nocapture --test-threads 1 t34_nothing
	if [ "$$(id -u)" = 0 ]; then
	  cargo test --locked --features demo --test crash -- --nocapture --ignored
	else
	  echo "a full disk is tried by root alone: it mounts a tmpfs"
	fi

.PHONY: test-rust
test-rust: debian ## unit and integration tests of every room, on SQLite and on a PostgreSQL of their own
	@export CABINET_TEST_SAMPLES="$(abspath $(CARGO_TARGET_DIR))/sample-tests"
	rm -rf "$$CABINET_TEST_SAMPLES"; mkdir -p "$$CABINET_TEST_SAMPLES"/{nuc-rk,limbo,postgres}
	# Once on SQLite, with what is of PostgreSQL alone; then the services' tests again on PostgreSQL.
	hooks/with-postgres.sh bash -euo pipefail -c '
	  if cargo nextest --version >/dev/null 2>&1; then
	    cargo nextest run --locked --features demo --no-fail-fast
	    CABINET_TEST_ENGINE=postgres cargo nextest run --locked --features demo --no-fail-fast --lib \
	      -E "test(/^server::/) - test(/contract_tests/)"
	  else
	    cargo test --locked --features demo
	    CABINET_TEST_ENGINE=postgres cargo test --locked --features demo --lib server::
	  fi'
	cargo test --locked --features ssr --test release_has_no_demo
	ran=$$(ls "$$CABINET_TEST_SAMPLES/postgres" | wc -l)
	echo "tests that ran on PostgreSQL: $$ran"
	[ "$$ran" -gt 0 ] || { echo "no test used PostgreSQL"; exit 1; }
	for samples in nuc-rk limbo; do
	  ran=$$(ls "$$CABINET_TEST_SAMPLES/$$samples" | wc -l)
	  echo "sample tests that ran, $$samples: $$ran"
	  if [ -d "$(CABINET_VECTORS)/$$samples" ] && [ "$$ran" = 0 ]; then
	    echo "$(CABINET_VECTORS)/$$samples is there and no test used it"; exit 1
	  fi
	done

.PHONY: test-browser
test-browser: tools debian ## component tests in Chromium
	@if ls tests/browser*.rs >/dev/null 2>&1; then
	  CHROMEDRIVER=/usr/bin/chromedriver CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
	    cargo test --locked --target $(WASM) --features csr --test 'browser*'
	fi

.PHONY: test-end2end
test-end2end: tools debian page ## the flows in Chromium, against the demo
	@cargo build --locked --features demo --bin cabinet-demo
	cd end2end
	export CABINET_DEMO="$(abspath $(CARGO_TARGET_DIR))/debug/cabinet-demo"
	# Each width has a demo of its own, on ports of its own, so that both run at once.
	walk() {
	  CABINET_PORT=$$2 CABINET_OUTSIDE_PORT=$$(($$2 + 1)) CABINET_NCALAYER_PORT=$$(($$2 + 2)) CABINET_SMTP_PORT=$$(($$2 + 4)) \
	    PLAYWRIGHT_HTML_OUTPUT_DIR="playwright-report/$$1" npx --no-install playwright test --project="$$1" --project=log --output="test-results/$$1" 2>&1 | sed -u "s/^/$$1: /"
	}
	walk 360 18080 & narrow=$$!
	trap 'kill $$narrow 2>/dev/null || true' EXIT
	walk 1280 18380
	wait $$narrow
	trap - EXIT

.PHONY: test-gallery
test-gallery: tools debian gallery ## every state in Chromium: access, overflow, what is spoken, pictures
	@cd end2end/gallery && npx --no-install playwright test

.PHONY: lint
lint: ## formatting, and clippy for both sides with warnings as errors
	@cargo fmt --check
	cargo clippy --locked --quiet --features ssr --all-targets -- -D warnings
	cargo clippy --locked --quiet --features demo --all-targets -- -D warnings
	cargo clippy --locked --quiet --features csr --lib --bins --target $(WASM) -- -D warnings
	cargo clippy --locked --quiet --features preview --lib --bins --target $(WASM) -- -D warnings

.PHONY: weigh
weigh: page ## the first load in bytes, against its ceiling
	@node hooks/weigh.mjs dist

.PHONY: deny
deny: ## bans, licences and sources of the dependencies
	@[ "$$(cargo-deny --version 2>/dev/null)" = "cargo-deny $(DENY_VERSION)" ] || {
	  $(call say,"tools: cargo-deny $(DENY_VERSION) (3 minutes)")
	  $(INSTALL) --locked cargo-deny@$(DENY_VERSION) --no-default-features --root "$(TOOLS)"; }
	cargo deny --offline --all-features --log-level warn check bans licenses sources

.PHONY: bench
bench: debian-bench ## measures, as ratios within one run
	cargo bench --locked --features demo

.PHONY: load
load: debian-build ## loads the server with ten thousand synthetic people (others: ARGS="run --people 1000 --seconds 60", see ARGS=--help)
	@cargo build --locked --release --features demo --bin cabinet --bin cabinet-load
	"$(CARGO_TARGET_DIR)/release/cabinet-load" $(or $(ARGS),run)

.PHONY: bench-large
bench-large: debian-build ## how answers slow down from ten thousand people to ten million (needs over 20 GB of disk)
	@$(MAKE) --no-print-directory load ARGS="grow --people 10000,10000000 --turns 12 --folder $(abspath $(CARGO_TARGET_DIR))"

.PHONY: sbom
sbom: ## writes the CycloneDX list of what the program is made of into target/
	@command -v cargo-cyclonedx >/dev/null || $(INSTALL) --locked cargo-cyclonedx --root "$(TOOLS)"
	cargo cyclonedx --quiet --format json --features embed --target all
	mv cabinet.cdx.json "$(CARGO_TARGET_DIR)/cabinet.cdx.json"
	echo "$(CARGO_TARGET_DIR)/cabinet.cdx.json"
