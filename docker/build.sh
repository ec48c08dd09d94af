#!/usr/bin/env bash
# Builds Podwire's images: podwire/{zookeeper,control-plane,dns-server,node-agent,sandbox}:$PODWIRE_TAG
# (default: local). Needs Maven, a JDK 25 with jlink, and Docker; fetches nothing but the base image.
#
#   docker/build.sh                 package the jars, cut the runtime, build all images
#   docker/build.sh --no-package    take the jars that cli/target/dist/lib holds
#   docker/build.sh --no-caches     without start caches: smaller images whose programs start slowly
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
caches=yes
for argument; do
  case $argument in
    --no-package) package= ;;
    --no-caches) caches= ;;
    *) fail "unknown option '$argument'; there are --no-package and --no-caches" ;;
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

# --- options of all programs --------------------------------------------------------------------

# An AOT cache holds for one class path, so the jars have one order; it is left aside without a word
# where it does not fit.
LC_ALL=C
class_path=
for jar in "$lib"/*.jar; do
  class_path=${class_path:+$class_path:}/opt/podwire/lib/${jar##*/}
done
mkdir "$context/options" "$context/aot"
cat >"$context/options/java" <<OPTIONS
--enable-native-access=ALL-UNNAMED
--sun-misc-unsafe-memory-access=allow
-XX:+UseSerialGC
-XX:+ExitOnOutOfMemoryError
-Xlog:disable
-Xlog:all=error,aot*=off,cds*=off:stderr
-XX:+UnlockDiagnosticVMOptions
-XX:-AOTReplayTraining
-XX:-AOTRecordTraining
-cp $class_path
OPTIONS

build() {
  docker build --file "$root/docker/Dockerfile" --target "$1" --tag "$2" "$context" \
    >"$log" 2>&1 || { cat "$log" >&2; fail "$2 could not be built; Docker's output is above"; }
}

# --- start caches -------------------------------------------------------------------------------

cached=$root/docker/target/aot
contents=$(cat "$runtime.key"; cat "$lib"/*.jar | cksum; cat "$context/options/java")

# Runs a small cluster in a container, whose programs leave the caches behind. Nothing depends on
# success.
make_caches() {
  local trainer=podwire-start-caches-$$
  rm -rf "$cached"
  build node-agent "$trainer"
  docker run --init --name "$trainer" --device /dev/net/tun --security-opt apparmor=unconfined \
    --cap-add NET_ADMIN --cap-add SYS_ADMIN --env PODWIRE_HOME=/tmp/podwire --entrypoint sh \
    "$trainer" -c 'mount -o remount,bind,rw /proc/sys; mkdir /caches "$PODWIRE_HOME"
      exec java @/opt/podwire/options/java -Dpodwire.caches=/caches io.podwire.cli.Podwire train' \
    >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    echo 'docker/build.sh: no start caches could be made, so programs start more slowly' >&2
  }
  docker cp "$trainer:/caches" "$cached" >/dev/null || mkdir -p "$cached"
  docker rm -f -v "$trainer" >/dev/null
  docker rmi "$trainer" >/dev/null
  printf '%s\n' "$contents" >"$cached/made"
}

# Each program's option about its cache.
write_options() {
  local program
  for program in agent agnhost control-plane dns-server; do
    if [[ -s $context/aot/$program.aot ]]; then
      echo "-XX:AOTCache=/opt/podwire/aot/$program.aot"
    else
      echo '# no start cache'
    fi >"$context/options/$program"
  done
}

echo none >"$context/aot/made"
write_options
if [[ $caches ]]; then
  [[ $(cat "$cached/made" 2>/dev/null) == "$contents" ]] || make_caches
  cp -alf "$cached/." "$context/aot"
  write_options
fi

# --- images -------------------------------------------------------------------------------------

for target in "${targets[@]}"; do
  image=podwire/$target:$tag
  build "$target" "$image"
  printf '%s\t%s bytes\n' "$image" "$(docker image inspect --format '{{.Size}}' "$image")"
done
