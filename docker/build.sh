#!/usr/bin/env bash
# Builds Podwire's images: podwire/{zookeeper,control-plane,dns-server,node-agent}:$PODWIRE_TAG
# (default: local). Needs Maven, a JDK 25 with jlink, and Docker; fetches nothing but the base image.
#
#   docker/build.sh                 package the jars, cut the runtime, build all images
#   docker/build.sh --no-package    take the jars that cli/target/dist/lib holds
set -euo pipefail

modules=java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss
modules+=,java.security.sasl,java.sql,java.xml,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns
modules+=,jdk.net,jdk.unsupported,jdk.zipfs
targets=(zookeeper control-plane dns-server node-agent)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
tag=${PODWIRE_TAG:-local}
lib=$root/cli/target/dist/lib
context=$root/docker/target/context
runtime=$root/docker/target/jre
log=$root/docker/target/build.log

fail() {
  printf 'docker/build.sh: %s\n' "$1" >&2
  exit 1
}

package=yes
for argument; do
  case $argument in
    --no-package) package= ;;
    *) fail "unknown option '$argument'; the only one is --no-package" ;;
  esac
done

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
  fail "no JDK 25 with jlink found; install one or set JAVA_HOME to it"
}

docker version --format '{{.Server.Version}}' >/dev/null \
  || fail "Docker does not answer; start it and run the command again"

if [[ $package ]]; then
  (cd "$root" && mvn -q -B -Dfast -DskipTests package -pl cli -am)
fi
compgen -G "$lib/*.jar" >/dev/null \
  || fail "$lib holds no jars; run the command without --no-package"

jdk=$(find_jdk)
key="$jdk $(sed -n 's/^JAVA_RUNTIME_VERSION=//p' "$jdk/release") $modules"
if [[ ! -x $runtime/bin/java || $(cat "$runtime.key" 2>/dev/null) != "$key" ]]; then
  rm -rf "$runtime" "$runtime.key"
  mkdir -p "${runtime%/*}"
  "$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
    --compress zip-6 --generate-cds-archive --output "$runtime" >/dev/null
  # The second archive serves heaps above 32 GB only.
  rm -f "$runtime/lib/server/classes_nocoops.jsa"
  printf '%s\n' "$key" >"$runtime.key"
fi

rm -rf "$context"
mkdir -p "$context"
# Hard links: the context costs no space, and Docker's cache goes by content.
cp -al "$runtime" "$context/jre"
cp -al "$lib" "$context/lib"
cp -a "$root/docker/bin" "$root/docker/zookeeper" "$context"
# As for agents of local clusters.
cp "$root/cli/src/main/resources/io/podwire/cli/local/agent.options" "$context"

for target in "${targets[@]}"; do
  image=podwire/$target:$tag
  docker build --file "$root/docker/Dockerfile" --target "$target" --tag "$image" "$context" \
    >"$log" 2>&1 || { cat "$log" >&2; fail "$image could not be built; Docker's output is above"; }
  printf '%s\t%s bytes\n' "$image" "$(docker image inspect --format '{{.Size}}' "$image")"
done
