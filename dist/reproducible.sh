#!/usr/bin/env bash
# Builds what is committed twice, from clean copies in two places, and compares all artifacts byte for
# byte: jars, the programs, bills of materials, the release archive. Needs git, Maven and a JDK 25.
#
#   dist/reproducible.sh [MAVEN OPTION...]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
commit=$(git -C "$root" rev-parse HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() {
  local copy=$1
  shift
  mkdir -p "$copy"
  git -C "$root" archive "$commit" | tar -x -C "$copy"
  (cd "$copy" && mvn -q -B -Dfast -Prelease -DskipTests package "$@") >"$copy.log" 2>&1 </dev/null || {
    tail -n 40 "$copy.log"
    echo 'dist/reproducible.sh: the build failed; its last lines are above' >&2
    exit 1
  }
  (cd "$copy" && find . -path './*/target/*' \( -name '*.jar' -o -name '*.tar.gz' -o -name 'bom.json' \) \
    ! -path '*/runtime/*' -exec sha256sum {} + | LC_ALL=C sort -k 2) >"$copy.sums"
}

build "$work/one" "$@"
build "$work/another-place" "$@"

count=$(wc -l <"$work/one.sums")
((count > 20)) || { echo "dist/reproducible.sh: only $count artifacts were found" >&2; exit 1; }
if ! diff "$work/one.sums" "$work/another-place.sums"; then
  echo 'dist/reproducible.sh: the artifacts above differ between two builds' >&2
  exit 1
fi
echo "$count artifacts are the same in both builds"
