#!/usr/bin/env bash
# Cuts a Java runtime for Podwire's programs out of a JDK 25 into FOLDER, by jlink; keeps the one
# that is there where nothing has changed. The release archive and the images use it.
#
#   dist/runtime.sh FOLDER
set -euo pipefail

modules=java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss
modules+=,java.security.sasl,java.sql,java.xml,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns
modules+=,jdk.net,jdk.unsupported,jdk.zipfs

fail() {
  printf 'dist/runtime.sh: %s\n' "$1" >&2
  exit 1
}

(($# == 1)) || fail 'give the folder of the runtime, and nothing else'
runtime=$1

# The first JDK 25 that has jlink: JAVA_HOME, then where distributions install JDKs.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk*; do
    if [[ -x $home/bin/jlink ]] \
      && grep -q '^JAVA_VERSION="25' "$home/release" 2>/dev/null; then
      printf '%s\n' "$home"
      return
    fi
  done
  fail 'no JDK 25 with jlink found; install one or set JAVA_HOME to it'
}

jdk=$(find_jdk)
key="$jdk $(sed -n 's/^JAVA_RUNTIME_VERSION=//p' "$jdk/release") $modules"
if [[ ! -x $runtime/bin/java || $(cat "$runtime.key" 2>/dev/null) != "$key" ]]; then
  rm -rf "$runtime" "$runtime.key"
  mkdir -p "$(dirname "$runtime")"
  "$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
    --compress zip-6 --generate-cds-archive --output "$runtime" >/dev/null
  # The second archive serves heaps above 32 GB only.
  rm -f "$runtime/lib/server/classes_nocoops.jsa"
  printf '%s\n' "$key" >"$runtime.key"
fi
