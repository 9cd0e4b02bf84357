# tocsin - one Makefile, every target in one place.
#
#   make            daemon, command line, simulator             (VARIANT=debug)
#   make demo       two simulated modems, four phones, two pages; KEEP=1 leaves it running
#   make check      every test            make check VARIANT=asan   under ASan+UBSan
#   make ci         lint, check under sanitizers, every fuzzer for 20 s
#   make faults     docs/faults.md from the table of faults
#   make lint       layers, purity, format, clang-tidy, cppcheck, man pages
#   make calls      thousands of simulated calls (check does some of them)
#   make cover      line coverage         make fuzz T=pdu SECS=60   one fuzz target
#   make soak       SEED=1 RUNS=1000: that many lives under random faults; TELL=1 tells one line by line; WEEKS=104: two years alone
#   make zones      every zone and handover to 2040, MILLIONS=1 of random instants of each kind (check does some of them)
#   make bench      latency, wake-ups and memory on tocsin-sim
#   ALSA=1 builds sound cards in (use a BUILD of its own: it changes objects).
#   V=1 shows the commands, WERROR=1 makes warnings fatal (CI sets it), BUILD=dir builds elsewhere.

VARIANT ?= debug
BUILD ?= build
B := $(BUILD)/$(VARIANT)
CC ?= cc
PREFIX ?= /usr/local

# ---- what is built ---------------------------------------------------------
FOLDERS := firmware-host firmware-host/base firmware-host/core firmware-host/store firmware-host/ports firmware-host/audio \
	firmware-host/scenario firmware-host/cli modem modem/profiles modem/sim dialplan config
MAINS   := firmware-host/tocsind.c firmware-host/tocsin.c firmware-host/tocsin-sim.c firmware-host/tocsin-ics.c
SRC     := $(wildcard $(FOLDERS:%=%/*.c))
HDR     := $(wildcard $(FOLDERS:%=%/*.h) tests/*/*.h)
# A file in modem/profiles is a family of modems: profile.c is told of each, the generic one aside.
MAKERS  := $(filter-out generic,$(patsubst modem/profiles/%.c,%,$(wildcard modem/profiles/*.c)))
PROFILES = '-DPROFILES=$(foreach m,$(MAKERS),PROFILE($m))'
SUPPORT := $(wildcard tests/support/*.c)
CHECKS  := $(wildcard tests/*/test_*.c)
SCRIPTS := $(wildcard tests/*/test_*.sh)
FUZZSRC := $(wildcard tests/fuzz/fuzz_*.c)
BENCHES := $(wildcard tests/bench/bench_*.c)
HELPSRC := tests/interop/print_keys.c tests/interop/print_shifts.c tests/docs/print_faults.c tests/soak/soak.c
SEEDSRC := tests/fuzz/transcript_seeds.c tests/fuzz/replay.c
PRESRC  := tests/interop/kill_at_sync.c tests/bench/stamp_read.c
ALL_C   := $(SRC) $(SUPPORT) $(CHECKS) $(FUZZSRC) $(SEEDSRC) $(BENCHES) $(HELPSRC) $(PRESRC)
LIB_OBJ := $(patsubst %.c,$(B)/%.o,$(filter-out $(MAINS),$(SRC)))
SUP_OBJ := $(SUPPORT:%.c=$(B)/%.o)
TESTS   := $(CHECKS:%.c=$(B)/%)
FUZZERS := $(FUZZSRC:%.c=$(B)/%)
SEEDER  := $(B)/tests/fuzz/transcript_seeds
REPLAYS := $(FUZZSRC:tests/fuzz/fuzz_%.c=$(B)/tests/fuzz/replay_%)
PROGRAMS := $(patsubst firmware-host/%.c,$(B)/%,$(wildcard $(MAINS)))
HELPERS := $(HELPSRC:%.c=$(B)/%) $(BENCHES:%.c=$(B)/%)
PRELOADS := $(PRESRC:%.c=$(B)/%.so)
# Each program is linked with what it uses: only tocsin speaks.
LIBS    := -Wl,--as-needed -levent_core -lserialport -lsqlite3 -lconfig -ljansson -lcurl -lsodium -lspandsp -lopencore-amrnb \
	-lflite_cmu_us_kal -lflite_cmu_us_slt -lflite_usenglish -lflite_cmulex -lflite -lpthread -lm
PACKAGES := gcc python3 tzdata libevent-dev libserialport-dev libsqlite3-dev libconfig-dev libjansson-dev libcurl4-openssl-dev libical-dev libsodium-dev \
	libcmocka-dev \
	libspandsp-dev flite1-dev libopencore-amrnb-dev
CI_PACKAGES := clang clang-format clang-tidy cppcheck libclang-rt-14-dev mandoc

# ---- how -------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wundef -Wvla -Wformat=2 \
	-Wcast-qual -Wpointer-arith -Wwrite-strings -Wswitch-enum -Wimplicit-fallthrough \
	-Wdouble-promotion -Wframe-larger-than=8192
ifneq ($(shell $(CC) --version 2>/dev/null | grep -c clang),0)
WARN += -Wcomma -Wunreachable-code -Wno-missing-field-initializers
else
WARN += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wnull-dereference -Wno-missing-field-initializers
endif
OPT.debug   := -O1 -g
OPT.release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
OPT.asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT.cover   := -O0 -g --coverage
OPT.fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LINK.release := -pie -Wl,-z,relro,-z,now
LINK.asan   := -fsanitize=address,undefined
LINK.cover  := --coverage
LINK.fuzz   := -fsanitize=address,undefined
ifdef ALSA
CPPFLAGS_ALSA := -DWITH_ALSA
LIBS += -lasound
PACKAGES += libasound2-dev
endif
ifndef OPT.$(VARIANT)
$(error VARIANT is one of debug release asan cover fuzz)
endif

CPPFLAGS_ALL := -I. -Ifirmware-host -D_DEFAULT_SOURCE $(CPPFLAGS_ALSA) $(CPPFLAGS)
$(B)/modem/profile.o tidy/modem/profile.c: CPPFLAGS_ALL += $(PROFILES)
CFLAGS_ALL := -std=c17 -fno-common $(WARN) $(if $(WERROR),-Werror) $(OPT.$(VARIANT)) $(CFLAGS)
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' $1 $2)
SUB = $(MAKE) --no-print-directory

.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all deps ci-deps demo check run-check calls ci cover fuzz fuzz-all bench run-bench soak lint layers pure faults format install clean zones
all: $(PROGRAMS)

$(B)/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(B)/modem/profile.o: modem/profiles

# The daemon knows the modems that udev knows: one table for both.
USB_KNOWN := $(BUILD)/made/usb_known.inc
$(USB_KNOWN): udev/60-tocsin.rules
	$(Q)mkdir -p $(@D)
	$(Q)sed -n 's/^ATTRS{idVendor}=="\(....\)", ATTRS{idProduct}=="\([0-9a-f|]*\)", ENV{.TOCSIN}="\(.*\)"$$/\1 \2 \3/p' $< | \
	  while read -r v p ports; do for id in $$(echo $$p | tr '|' ' '); do \
	  echo "{ 0x$$v, 0x$$id, \"$$ports\" },"; done; done >$@
$(B)/firmware-host/ports/usb_known.o: $(USB_KNOWN)
tidy/firmware-host/ports/usb_known.c: $(USB_KNOWN)
$(B)/firmware-host/ports/usb_known.o tidy/firmware-host/ports/usb_known.c: CPPFLAGS_ALL += -I$(BUILD)/made

$(B)/libtocsin.a: $(LIB_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(PROGRAMS): $(B)/%: $(B)/firmware-host/%.o $(B)/libtocsin.a
$(TESTS): $(B)/%: $(B)/%.o $(SUP_OBJ) $(B)/libtocsin.a
$(FUZZERS) $(SEEDER): $(B)/%: $(B)/%.o $(B)/libtocsin.a
$(REPLAYS): $(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(B)/libtocsin.a
$(HELPERS): $(B)/%: $(B)/%.o $(SUP_OBJ) $(B)/libtocsin.a
$(B)/tocsin-ics: LDLIBS += -lical
$(TESTS): LDLIBS += -lcmocka
$(FUZZERS): LDFLAGS += -fsanitize=fuzzer
$(PROGRAMS) $(TESTS) $(FUZZERS) $(SEEDER) $(REPLAYS) $(HELPERS):
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK.$(VARIANT)) $(LDFLAGS) -o $@ $^ $(LIBS) $(LDLIBS)

# Tests put these in front of the real programs, which so need no hooks; never instrumented.
$(PRELOADS): $(B)/%.so: %.c Makefile
	$(call say,SO,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -D_GNU_SOURCE -std=c17 $(WARN) $(if $(WERROR),-Werror) -O1 -g -fPIC -shared -o $@ $<

demo: deps
	+$(Q)$(SUB) -j$$(nproc) all $(B)/tests/interop/print_keys
	$(Q)B=$(B) DEMO=$(BUILD)/demo KEEP=$(KEEP) tests/interop/demo.sh

# Figures mean something only of the optimised build.
bench: deps
	+$(Q)$(SUB) -j$$(nproc) VARIANT=release run-bench
run-bench: all $(HELPERS) $(PRELOADS)
	$(Q)for b in $(BENCHES:%.c=$(B)/%); do B=$(B) $$b || exit 1; done

zones: deps
	+$(Q)$(SUB) -j$$(nproc) $(B)/tests/host/test_zoneinfo $(B)/tests/interop/print_shifts
	$(Q)MILLIONS=$(or $(MILLIONS),1) $(B)/tests/host/test_zoneinfo
	$(Q)B=$(B) EVERY=1 tests/interop/test_shifts.sh

soak: deps
	+$(Q)$(SUB) -j$$(nproc) VARIANT=release $(BUILD)/release/tests/soak/soak
	$(Q)SEED=$(SEED) RUNS=$(RUNS) TELL=$(TELL) WEEKS=$(WEEKS) $(BUILD)/release/tests/soak/soak

# ---- set-up: packages only when missing, so that it works without a network too ----
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)
define install_missing
	$(Q)missing=; for p in $(1); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	test -z "$$missing" || { $(SUDO) apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; }
endef
deps:
	$(call install_missing,$(PACKAGES))
ci-deps: deps
	$(call install_missing,$(CI_PACKAGES))

check: deps
	+$(Q)$(SUB) -j$$(nproc) run-check
run-check: all $(TESTS) $(PRELOADS) $(HELPERS) $(SEEDER) $(REPLAYS)
	$(Q)B=$(B) VARIANT=$(VARIANT) tests/run.sh $(TESTS) $(SCRIPTS)

ci: ci-deps
	+$(Q)$(SUB) -j$$(nproc) lint
	+$(Q)$(SUB) check VARIANT=asan WERROR=1
	+$(Q)$(SUB) fuzz-all SECS=20

# Thousands of simulated calls: every answer time and dialect, every persona and fault, every instant somebody may ring.
CALLS := $(addprefix $(B)/tests/host/test_,prompt personas incoming sound_calls)
calls: $(CALLS)
	$(Q)for t in $(CALLS); do FULL=1 $$t || exit 1; done

cover:
	+$(Q)$(SUB) check VARIANT=cover
	$(Q)tests/cover.sh $(BUILD)/cover

fuzz:
	+$(Q)$(SUB) CC=clang VARIANT=fuzz $(BUILD)/fuzz/tests/fuzz/fuzz_$(T) $(BUILD)/fuzz/tests/fuzz/transcript_seeds
	$(Q)mkdir -p $(BUILD)/corpus/$(T) $(BUILD)/seeds/$(T)
	$(Q)$(BUILD)/fuzz/tests/fuzz/transcript_seeds $(BUILD)/seeds tests/transcripts/*.at
	$(Q)$(BUILD)/fuzz/tests/fuzz/fuzz_$(T) -max_total_time=$(or $(SECS),60) -print_final_stats=1 \
	  $(BUILD)/corpus/$(T) $(BUILD)/seeds/$(T) $(wildcard tests/fuzz/seeds/$(T))
fuzz-all:
	$(Q)for t in $(FUZZSRC:tests/fuzz/fuzz_%.c=%); do log=$(BUILD)/fuzz-$$t.log; \
	  $(SUB) fuzz T=$$t SECS=$(or $(SECS),60) >$$log 2>&1 || { tail -n 80 $$log; exit 1; }; \
	  echo "fuzz $$t: $$(sed -n 's/.*number_of_executed_units: *//p' $$log) inputs"; done

# Which folder may name which: "from: to to ...".  base/ is open to all.
ALLOW := dialplan:dialplan modem:modem config:config,dialplan firmware-host/base:base firmware-host/core:core,modem,dialplan
layers:
	$(Q)! { for rule in $(ALLOW); do from=$${rule%%:*}; to=$$(echo $${rule#*:} | tr , '|'); \
	  grep -nE '#include "' -r $$from --include=*.[ch] | grep -vE "#include \"(base|$$to)/"; done; } | grep .

# modem/, dialplan/, firmware-host/base/ and firmware-host/core/ may call these and each other's code, nothing
# else: no clock, no file, no socket, no sleep.  The linker is the witness, on the debug build.
PURE_OK := calloc free malloc realloc memchr memcmp memcpy memmove memset snprintf vsnprintf strchr strrchr \
	strcmp strlen strncmp strtol strtoul strstr strspn strcspn qsort bsearch crypto_pwhash_str_verify __stack_chk_fail __assert_fail \
	_GLOBAL_OFFSET_TABLE_ # the linker's, where the address of a function is taken
PURE_DIRS := modem modem/profiles modem/sim dialplan firmware-host/base firmware-host/core
PURE := $(patsubst %.c,$(BUILD)/debug/%.o,$(wildcard $(PURE_DIRS:%=%/*.c)))
pure:
	+$(Q)$(SUB) VARIANT=debug $(PURE)
	$(Q)nm -g --defined-only $(PURE) | awk 'NF==3{print $$3}' >$(BUILD)/pure-ok
	$(Q)printf '%s\n' $(PURE_OK) >>$(BUILD)/pure-ok
	$(Q)! nm -guA $(PURE) | awk '{print $$NF " " $$1}' | sort -u | awk -v ok=$(BUILD)/pure-ok \
	  'BEGIN{while((getline l<ok)>0)k[l]=1} !($$1 in k)' | grep .

TIDY := $(SRC:%=tidy/%)
.PHONY: $(TIDY) lint-format lint-cppcheck
$(TIDY): tidy/%:
	$(Q)clang-tidy --quiet $* -- $(CPPFLAGS_ALL) -std=c17 2>/dev/null
lint-format:
	$(Q)clang-format --dry-run -Werror $(ALL_C) $(HDR)
lint-cppcheck:
	$(Q)cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,portability \
	  -D_DEFAULT_SOURCE $(PROFILES) -I. -Ifirmware-host $(ALL_C)
lint: layers pure lint-format lint-cppcheck $(TIDY)

# The guide to all faults, from their table; a test says when it has fallen behind.
faults: $(B)/tests/docs/print_faults
	$(Q)$< >docs/faults.md

format:
	$(Q)clang-format -i $(ALL_C) $(HDR)

# The compilation database, from the same variables the rules use.
compile_commands.json: Makefile $(ALL_C)
	$(call say,GEN,$@)
	$(Q){ printf '['; sep=; for f in $(ALL_C); do printf '%s\n{"directory":"%s","file":"%s","command":"%s"}' \
	  "$$sep" '$(CURDIR)' "$$f" "$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c $$f"; sep=,; done; echo ']'; } >$@

# Everything below DESTDIR/PREFIX, so that a package can be made of it; page and incident are names of tocsin.
LIBDIR := $(DESTDIR)$(PREFIX)/lib
install:
	+$(Q)$(SUB) VARIANT=release all
	install -d $(DESTDIR)$(PREFIX)/bin $(LIBDIR)/systemd/system $(LIBDIR)/sysusers.d $(LIBDIR)/tmpfiles.d \
	  $(LIBDIR)/udev/rules.d $(DESTDIR)$(PREFIX)/share/doc/tocsin/examples
	install $(PROGRAMS:$(B)/%=$(BUILD)/release/%) $(DESTDIR)$(PREFIX)/bin
	ln -sf tocsin $(DESTDIR)$(PREFIX)/bin/page
	ln -sf tocsin $(DESTDIR)$(PREFIX)/bin/incident
	for m in docs/*.[1-8]; do install -Dm644 $$m \
	  $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/} || exit 1; done
	sed 's|@PREFIX@|$(PREFIX)|' udev/tocsind.service >$(LIBDIR)/systemd/system/tocsind.service
	install -m644 udev/tocsin.sysusers $(LIBDIR)/sysusers.d/tocsin.conf
	install -m644 udev/tocsin.tmpfiles $(LIBDIR)/tmpfiles.d/tocsin.conf
	for r in $(wildcard udev/*.rules); do install -m644 $$r $(LIBDIR)/udev/rules.d || exit 1; done
	install -m644 config/examples/* $(DESTDIR)$(PREFIX)/share/doc/tocsin/examples

clean:
	rm -rf $(BUILD) compile_commands.json

-include $(shell find $(B) -name '*.d' 2>/dev/null)
