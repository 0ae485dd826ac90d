# Everything a developer does with Berth. `make` alone lists it.
MAVEN := scripts/maven
SERVER_JAR := server/target/berth-server.jar
OPERATOR_JAR := operator/target/berth-operator.jar
SOURCES := pom.xml server/pom.xml operator/pom.xml $(shell find server/src/main operator/src/main -type f)
# What leaves the tests out, and doesn't compile them either
UNTESTED := -Dmaven.test.skip -Djacoco.skip
SHOW_TESTS := -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugin.surefire=info
BENCHMARKS := idle.IdleConnections throughput.Throughput throughput.Proxies
IMAGES := server/target/jib-image.tar operator/target/jib-image.tar
BASE = $(if $(BASE_IMAGE),-Dimage.base=$(BASE_IMAGE))
BUILD_IMAGES = $(MAVEN) -pl server,operator $(UNTESTED) $(BASE) package jib:buildTar
# What replaces src/main/image in an image, once its own JVM has learned to start
PROGRAMS := server operator
AOT_CACHE = "$$(scripts/jdk)/bin/java" scripts/aot/AotCache.java
BENCHMARK = "$$(scripts/jdk)/bin/java" -cp benchmarks/target/berth-benchmarks.jar

.PHONY: help run simulate build test e2e surge lessons faults image bench bench-scale learning properties interleavings differential fuzz format crd clean

help: ## lists these
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

run: $(OPERATOR_JAR) ## runs a fleet on this machine with a wave of 1,500 connections on it; Ctrl-C ends it
	@JAVA_HOME=$$(scripts/jdk) && exec "$$JAVA_HOME/bin/java" -jar $(OPERATOR_JAR) local examples/local.yaml --load 1500

simulate: $(OPERATOR_JAR) ## tries examples/simulate.yaml on the traces beside it, beside HPA and KEDA; tables and plots in target/simulate
	@JAVA_HOME=$$(scripts/jdk) && "$$JAVA_HOME/bin/java" -jar $(OPERATOR_JAR) simulate examples/simulate.yaml examples/traces/*.csv --compare --out target/simulate

build: ## builds both executable jars, without tests
	@$(MAVEN) -pl server,operator $(UNTESTED) package
	@ls $(SERVER_JAR) $(OPERATOR_JAR)

$(OPERATOR_JAR): $(SOURCES)
	@echo "building $(SERVER_JAR) and $(OPERATOR_JAR) …"
	@$(MAVEN) -pl server,operator $(UNTESTED) -Dspotless.check.skip package
	@touch $(OPERATOR_JAR)

test: ## builds everything and runs all tests that need no cluster
	@$(MAVEN) $(SHOW_TESTS) verify
	@scripts/coverage

e2e: $(if $(KUBECONFIG),,operator/target/jib-image.tar) ## runs the tests on the cluster that KUBECONFIG names (it has both images), or on K3s in Docker
	@$(MAVEN) -pl e2e -am -Pe2e $(SHOW_TESTS) -DskipTests -Djacoco.skip $(if $(TEST),-Dtest=$(TEST)) \
	  $(if $(WHOLE),-Dwhole=$(WHOLE)) verify

surge: ## runs the whole surge there, 3,000 connections within a minute: about 12 minutes; e2e/target/surge has its timeline, picture and figures
	@$(MAKE) --no-print-directory e2e TEST=SurgeE2E WHOLE=true

lessons: ## learns there what a connection costs that pins 20 KB, 64 KB and 500 KB: about an hour
	@$(MAKE) --no-print-directory e2e TEST=LearningE2E WHOLE=true

faults: ## runs the faults there, each for as long as it takes in earnest: about 25 minutes
	@$(MAKE) --no-print-directory e2e TEST='*FaultsE2E,AwayE2E,TargetsE2E,OperatorKilledE2E' WHOLE=true

image: ## builds berth-server:dev and berth-operator:dev as tars; BASE_IMAGE=registry/name or tar:///path for another base
	@rm -rf $(PROGRAMS:%=%/target/aot)
	@$(BUILD_IMAGES)
	@for program in $(PROGRAMS); do \
	  $(AOT_CACHE) train $$program/target/jib-image.tar $$program/target/aot || exit 1; done
	@if [ -d server/target/aot ]; then \
	  $(BUILD_IMAGES) && \
	  for program in $(PROGRAMS); do $(AOT_CACHE) check $$program/target/jib-image.tar || exit 1; done; fi
	@ls $(IMAGES)

# The last that make image writes
operator/target/jib-image.tar: $(SOURCES)
	@$(MAKE) --no-print-directory image

bench: ## runs the benchmarks, Berth beside its peers: about 50 minutes, with nothing else on the machine; needs wrk, slowhttptest, Go, nginx, HAProxy
	@$(MAVEN) -q -pl benchmarks -am $(UNTESTED) package
	@for benchmark in $(BENCHMARKS); do $(BENCHMARK) dev.berth.benchmarks.$$benchmark || exit 1; done
	@if ls $(IMAGES) >/dev/null 2>&1; then $(BENCHMARK) dev.berth.benchmarks.start.Start; \
	  else echo "no images: make image, then this measures a start too"; fi
	@for attack in slow storm; do $(BENCHMARK) dev.berth.benchmarks.calm.Calm $$attack || exit 1; done
	@$(BENCHMARK) org.openjdk.jmh.Main PermitBenchmark

learning: ## prints how far the learned cost of a connection is off after three minutes, by what is out of order
	@$(MAVEN) -q -pl server,operator -Djacoco.skip test-compile
	@"$$(scripts/jdk)/bin/java" -cp operator/target/classes:operator/target/test-classes dev.berth.operator.decide.LearningTable

properties: ## tries 10,000 times each what the control loop must never do and what a scale-down must not break, about 45 minutes; TRIES=10000
	@$(MAVEN) $(SHOW_TESTS) -pl server,operator -Djacoco.skip -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dtest='NeverTest,ScaleDownTest' -Djqwik.tries.default=$(or $(TRIES),10000) test

interleavings: ## runs the core of the limit in as many interleavings of its threads as a model checker finds, about 5 minutes
	@$(MAVEN) $(SHOW_TESTS) -pl server -Pinterleavings test

bench-scale: ## measures the operator's image (make image) over 1, 100 and 1,000 policies of 10 pods, ten minutes; KUBEBUILDER_ASSETS (or PATH) has etcd and kube-apiserver
	@$(MAVEN) -q -pl server,operator,benchmarks $(UNTESTED) package
	@$(BENCHMARK) dev.berth.benchmarks.scale.Scale $(if $(POLICIES),--policies $(POLICIES))
	@$(BENCHMARK) dev.berth.benchmarks.scale.Projection

differential: ## sends the same bytes to Berth, nginx, HAProxy and Go, and compares what each takes for a request; MUTATIONS=10000 SEED=1
	@$(MAVEN) -q -pl server,benchmarks $(UNTESTED) package
	@$(BENCHMARK) dev.berth.benchmarks.differential.Differential $(if $(MUTATIONS),--mutations $(MUTATIONS)) $(if $(SEED),--seed $(SEED))

fuzz: ## fuzzes the parsers with Jazzer, each for FUZZ_SECONDS=60; FUZZ_TARGETS="RequestHead ChunkedBody ProxyHeader WebSocket" names them
	@for target in $(or $(FUZZ_TARGETS),RequestHead ChunkedBody ProxyHeader WebSocket); do \
	  echo "== $$target" && mkdir -p server/target/fuzz/$$target/corpus && $(MAVEN) -q -pl server -Pfuzz -Dfuzz.target=$$target \
	    -Dfuzz.seconds=$(or $(FUZZ_SECONDS),60) test-compile exec:exec@fuzz || exit 1; \
	done

format: ## formats all sources
	@$(MAVEN) spotless:apply

crd: ## writes the generated files again: the chart's CRD, dashboards and rules, and the base for Kustomize
	@$(MAVEN) -pl server,operator $(UNTESTED) package
	@deploy/generate

clean: ## removes what was built
	@$(MAVEN) clean
