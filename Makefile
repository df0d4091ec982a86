# Developer commands; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-services build run test demo crash up down chaos eval-digits compare-gates bench-digits report train-digits train-gate bench bench-learning docs clean overload fairness scale absent skew idle-clients slow-clients fuzz soak profile path parity eval-managed upgrade growth bench-batching startup cache
SHELL := /bin/bash
PYTHON := /usr/bin/python3
CONFIGURATION := Release
TOOL := dotnet artifacts/bin/Multimodal.Tool/release/multimodal.dll
BENCH := dotnet artifacts/bin/Multimodal.Bench/release/Multimodal.Bench.dll
DIGITS := artifacts/digits
REQUESTS ?= 500
RUNTIME ?= linux-$(subst x86_64,x64,$(subst aarch64,arm64,$(shell uname -m)))
KILLS ?= 5
PROCESSES ?= 1
UP := artifacts/up
CHAOS_REQUESTS ?= 3000
CHAOS_SECONDS ?= 90
OVERLOAD_SECONDS ?= 20
OVERLOAD_OF ?=
FAIRNESS ?=
PARITY ?=
STRUCTURE ?=
FROM ?=
GROWTH ?=
UPGRADE ?=
GATE_VERSION ?= 5
TRAIN_ROWS ?= 12000
TEST_ROWS ?= 2500

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## check that the .NET SDK is installed; building and running needs nothing else
	@eng/setup

setup-services: ## install RabbitMQ, PostgreSQL, the audio libraries and the tools of the tests (apt), for `make test` and `make up`; a second run changes nothing
	@eng/setup services

build: setup ## build everything; warnings are errors
	@dotnet build Multimodal.sln -c $(CONFIGURATION) --nologo -v q

run: setup ## start the all-in-one service on http://127.0.0.1:8080
	@dotnet run -c $(CONFIGURATION) --project services/all-in-one

test: setup-services ## run all tests; ends with "N passed, N failed, N skipped"
	@eng/test

tool: setup
	@dotnet build tools/multimodal -c $(CONFIGURATION) --nologo -v q
	@dotnet build services/all-in-one -c $(CONFIGURATION) --nologo -v q
.PHONY: tool

bench-tool: setup
	@dotnet build tools/bench -c $(CONFIGURATION) --nologo -v q
	@dotnet build services/all-in-one -c $(CONFIGURATION) --nologo -v q
.PHONY: bench-tool

demo: tool ## start a service, post the bundled cases to it and print the answers
	@$(TOOL) demo

crash: bench-tool ## 500 requests and five SIGKILLs; ends with "lost 0, duplicated 0 of 500"
	@$(BENCH) crash --requests $(REQUESTS) --kills $(KILLS)

services: setup-services
	@dotnet build eng/services.slnf -c $(CONFIGURATION) --nologo -v q
.PHONY: services

up: services ## start RabbitMQ and the five services as processes, on http://127.0.0.1:8080 (PROCESSES=2 for two of each)
	@eng/up $(UP) --gateways $(PROCESSES) --combiners $(PROCESSES) --experts $(PROCESSES)

down: ## stop what `make up` started
	@eng/down $(UP)

chaos: services ## kill, freeze and disconnect every kind of process under load; ends with "lost 0, stuck 0, duplicated 0 of N" (CHAOS_TLS=1: over TLS; CHAOS_CACHE=1: with the cache of answers)
	@$(BENCH) chaos --requests $(CHAOS_REQUESTS) --seconds $(CHAOS_SECONDS) $(if $(CHAOS_TLS),--tls) $(if $(CHAOS_CACHE),--cache)

overload: services ## offer 0.5 to 4 times the capacity; exits 1 if goodput, deadlines or refusals miss their targets (FROM=commit: compare the capacity)
	@previous=$$([ -z "$(FROM)" ] || eng/previous $(FROM)) && $(BENCH) overload --seconds $(OVERLOAD_SECONDS) $${previous:+--previous "$$previous"} $(OVERLOAD_OF)

fairness: services ## offer 1.6 times the capacity from polite and rude clients; exits 1 if a polite client waits too long or goodput drops (FAIRNESS=--short: 30 s)
	@$(BENCH) fairness $(FAIRNESS)

scale: services ## make one expert slow; exits 1 if throughput does not scale with two and four processes of it
	@$(BENCH) scale

absent: services ## kill the only worker of a medium; exits 1 if other requests slow down or answers do not report it
	@$(BENCH) absent

skew: services ## wrong system clocks and clock steps of an hour; exits 1 if a request is not completed
	@$(BENCH) skew $(if $(SKEW_REQUESTS),--requests $(SKEW_REQUESTS))

upgrade: services ## replace the previous version (FROM=commit) by this one under load, type by type, and back; exits 1 if a request is lost (UPGRADE=--short)
	@previous=$$(eng/previous $(FROM)) && $(BENCH) upgrade --previous "$$previous" $(UPGRADE)

idle-clients: services ## more idle connections than file descriptors; exits 1 if the gateway ends, fails others or does not recover
	@$(BENCH) idle-clients $(if $(CLIENT_REQUESTS),--requests $(CLIENT_REQUESTS))

slow-clients: services ## many clients that upload slowly; exits 1 if others are refused or wait much longer
	@$(BENCH) slow-clients $(if $(CLIENT_REQUESTS),--requests $(CLIENT_REQUESTS))

fuzz: services ## 100,000 mutated requests and files; exits 1 on a crash, a 5xx except 503, more than 5 s or growing memory (FUZZ_INPUT replays one)
	@$(BENCH) fuzz $(if $(FUZZ_COUNT),--count $(FUZZ_COUNT)) $(if $(FUZZ_SEED),--seed $(FUZZ_SEED)) $(if $(FUZZ_INPUT),--input $(FUZZ_INPUT))

soak: services ## 30 minutes of varied requests (SOAK_SECONDS); exits 1 if memory, threads, files, queues, rows or payloads grow
	@$(BENCH) soak $(if $(SOAK_SECONDS),--seconds $(SOAK_SECONDS))

profile: services ## processor time and allocations of each stage of a request, against a bare program; exits 1 above the bounds
	@$(BENCH) profile

growth: services ## cost against the number of experts, labels, ensembles, stored requests, subscriptions, tenants, streams and clients, with plots (20 minutes); exits 1 naming what grows too fast (GROWTH="--only streams", GROWTH=--short)
	@$(BENCH) growth $(GROWTH)

bench-batching: bench-tool ## batches of a small transformer against one run per item; exits 1 below the required throughput or above the p95
	@$(BENCH) bench-batching

startup: bench-tool ## time until the all-in-one service is ready, built and published; exits 1 above 1.2 s
	@dotnet publish services/all-in-one -c $(CONFIGURATION) -r $(RUNTIME) --no-self-contained -o artifacts/startup --nologo -v q
	@$(BENCH) startup --published artifacts/startup

cache: services ## processor time of a request that the cache of answers serves, against one that experts answer; exits 1 above the bound
	@$(BENCH) cache

path: services ## cost of the distributed path with no-op experts, against a bare RabbitMQ.Client program; exits 1 above the bounds
	@$(BENCH) path

setup-training:
	@eng/setup training
.PHONY: setup-training

$(DIGITS)/test/set.jsonl: models/digits/training/mixed/mixed.py | setup-training
	@$(PYTHON) models/digits/training/mixed/mixed.py --split test --rows $(TEST_ROWS) --seed 2026 --out $(DIGITS)/test

$(DIGITS)/dev/set.jsonl: models/digits/training/mixed/mixed.py | setup-training
	@$(PYTHON) models/digits/training/mixed/mixed.py --split dev --rows $(TRAIN_ROWS) --seed 1 --out $(DIGITS)/dev

$(DIGITS)/undecidable/set.jsonl: models/digits/training/mixed/mixed.py | setup-training
	@$(PYTHON) models/digits/training/mixed/mixed.py --split test --undecidable --rows 500 --seed 2027 --out $(DIGITS)/undecidable

eval-digits: tool $(DIGITS)/test/set.jsonl $(DIGITS)/undecidable/set.jsonl ## quality on mixed media: each expert, pools, learned, oracle; exits 1 if a target is missed
	@$(TOOL) record --ensemble models/digits --data $(DIGITS)/test/set.jsonl --out $(DIGITS)/test/recorded.jsonl
	@$(TOOL) record --ensemble models/digits --data $(DIGITS)/undecidable/set.jsonl --out $(DIGITS)/undecidable/recorded.jsonl
	@$(TOOL) evaluate --ensemble models/digits --recorded $(DIGITS)/test/recorded.jsonl --undecidable $(DIGITS)/undecidable/recorded.jsonl --wanted

$(DIGITS)/managed/set.jsonl: models/digits/training/mixed/mixed.py | setup-training
	@$(PYTHON) models/digits/training/mixed/mixed.py --split test --rows $(TEST_ROWS) --seed 2026 --managed --out $(DIGITS)/managed

eval-managed: tool $(DIGITS)/managed/set.jsonl ## the same with managed decoders only (unsupported files are converted first)
	@rm -f $(DIGITS)/managed/recorded.jsonl
	@$(TOOL) record --ensemble models/digits --data $(DIGITS)/managed/set.jsonl --out $(DIGITS)/managed/recorded.jsonl --image-decoder imagesharp --audio-decoder managed
	@$(TOOL) evaluate --ensemble models/digits --recorded $(DIGITS)/managed/recorded.jsonl

recorded: tool $(DIGITS)/dev/set.jsonl $(DIGITS)/test/set.jsonl
	@$(TOOL) record --ensemble models/digits --data $(DIGITS)/dev/set.jsonl --out $(DIGITS)/dev/recorded.jsonl
	@$(TOOL) record --ensemble models/digits --data $(DIGITS)/test/set.jsonl --out $(DIGITS)/test/recorded.jsonl
.PHONY: recorded

$(DIGITS)/parity/set.jsonl: models/digits/training/mixed/parity.py | setup-training
	@$(PYTHON) models/digits/training/mixed/parity.py --out $(DIGITS)/parity

parity: bench-tool $(DIGITS)/parity/set.jsonl ## 2,000 generated files on every decoder path: pixels, sound, opinions, time, memory; exits 1 and names each figure outside its limit
	@$(BENCH) parity --data $(DIGITS)/parity/set.jsonl $(PARITY)

compare-gates: recorded ## train every kind of gate on the same recorded opinions and compare them (half a minute once recorded)
	@$(TOOL) compare-gates --ensemble models/digits --recorded $(DIGITS)/dev/recorded.jsonl --test $(DIGITS)/test/recorded.jsonl --ignore text.gram-

bench-digits: recorded bench-tool ## compute saved, load, drift, a new expert, training time of the bundled ensemble; exits 1 and names each missed target
	@$(BENCH) bench-digits --ensemble models/digits --recorded $(DIGITS)/dev/recorded.jsonl --test $(DIGITS)/test/recorded.jsonl --ignore text.gram-

report: recorded ## write artifacts/report.html with plots of quality, cost, selection, experts and online weights
	@$(TOOL) report --ensemble models/digits --recorded $(DIGITS)/test/recorded.jsonl --out artifacts/report.html

train-gate: tool $(DIGITS)/dev/set.jsonl ## record the experts' opinions and train the gate and the combiner of models/digits (GATE_VERSION: the shipped version)
	@$(TOOL) record --ensemble models/digits --data $(DIGITS)/dev/set.jsonl --out $(DIGITS)/dev/recorded.jsonl
	@$(TOOL) train --ensemble models/digits --recorded $(DIGITS)/dev/recorded.jsonl --hidden 16 --committee 5 --ignore text.gram- --gate-version $(GATE_VERSION)

train-digits: tool setup-training ## train the six expert models (about an hour on two cores), then the gate and the combiner
	@for model in words numerals; do $(PYTHON) models/digits/training/text/text_train.py $$model || exit 1; done
	@for model in handwritten printed; do $(PYTHON) models/digits/training/vision/vision_train.py $$model || exit 1; done
	@for model in speech dtmf; do $(PYTHON) models/digits/training/audio/audio_train.py $$model || exit 1; done
	@$(MAKE) train-gate

check-publish: setup ## publish every service, start each one outside the checkout and post a request
	@eng/check-publish
.PHONY: check-publish

structure: setup ## folders, cycles, sizes of files, constructors and methods of every project; exits 1 above the limits (STRUCTURE="--write" updates docs/architecture.md)
	@dotnet restore Multimodal.sln --nologo -v q
	@dotnet build tools/structure -c $(CONFIGURATION) --no-restore --nologo -v q
	@dotnet artifacts/bin/Multimodal.Structure/release/Multimodal.Structure.dll $(STRUCTURE)
.PHONY: structure

sbom: bench-tool ## write artifacts/sbom/multimodal.cdx.json, the shipped packages with their licences; exits 1 if a licence is not in eng/licences.json
	@eng/sbom artifacts/sbom/multimodal.cdx.json
.PHONY: sbom

docs: bench-tool ## write the generated pages of docs/
	@$(BENCH) docs

bench: setup ## micro-benchmarks (BenchmarkDotNet): gate, features, fusion
	@dotnet run -c Release --project tests/Multimodal.Benchmarks -- --filter '*'

bench-learning: bench-tool ## gates, rules and online learners on public data (../shared/data); exits 1 and names each missed target
	@$(BENCH) bench-learning

clean: ## remove all build output
	@rm -rf artifacts
