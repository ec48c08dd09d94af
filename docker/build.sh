#!/usr/bin/env bash
# Builds Podwire's images: podwire/{zookeeper,control-plane,dns-server,node-agent,sandbox}:$PODWIRE_TAG
# (default: local). Needs Maven, a JDK 25 with jlink, and Docker; fetches nothing but the base image.
#
#   docker/build.sh                 package the jars, cut the runtime, build all images
#   docker/build.sh --no-package    take the jars that cli/target/dist/lib holds
set -euo pipefail

targets=(zookeeper control-plane dns-server sandbox node-agent)

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

docker version --format '{{.Server.Version}}' >/dev/null \
  || fail "Docker does not answer; start it and run the command again"

if [[ $package ]]; then
  (cd "$root" && mvn -q -B -Dfast -DskipTests package -pl cli -am)
fi
compgen -G "$lib/*.jar" >/dev/null \
  || fail "$lib holds no jars; run the command without --no-package"

"$root/dist/runtime.sh" "$runtime"

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
