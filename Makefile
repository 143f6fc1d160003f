# A thin front over Meson.  The first time each target installs what it needs
# (tools/dependencies), so that a bare Debian 12 is enough.

DESTDIR ?=
PREFIX ?= /usr/local

.PHONY: node_modules all build demo check survive bench install examples fuzz clean

all: build

build:
	@tools/dependencies build
	@test -e build/build.ninja || meson setup build --buildtype=release -Db_lto=true -Dtests=false --prefix=$(PREFIX)
ifneq ($(origin PREFIX),file) # named by the user, and maybe not the one of the first build
	@meson configure build --prefix=$(PREFIX)
endif
	@ninja -C build leash

node_modules:
	@tools/dependencies build

demo: build
	@tools/demo

check:
	@tools/dependencies check
	@tools/check

# Every capture cut and flipped, with and without the sanitizers.
survive:
	@tools/dependencies check
	@tools/survive

bench: build
	@tools/bench

install: build
	@DESTDIR=$(DESTDIR) meson install -C build --no-rebuild --quiet

# Makes examples/ anew; needs root for network namespaces.
examples: build
	@tools/dependencies examples
	@examples/make

# Fuzzes every target for FUZZ_SECONDS processor seconds (default 60) with clang's libFuzzer.
fuzz:
	@tools/dependencies fuzz
	@tools/fuzz

clean:
	rm -rf build build-check build-plain build-fuzz
