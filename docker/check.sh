#!/usr/bin/env bash
# Builds both images without a Docker daemon and without an image registry, and looks at what came out.
# Usage (as root, on Debian 12): docker/check.sh PIXI
# PIXI is a pixi executable of any version: it is served as if it were a release.
set -euo pipefail
shopt -s inherit_errexit

pixi=$(realpath "${1:?usage: check.sh PIXI}")
docker=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
log=$work/log
server=
current=
passed=0

# Whatever fails, fails here: what was under way is still in $current, and output may still be redirected.
exec 3>&1
finish() {
  local status=$?
  trap - EXIT
  if [ "$status" -ne 0 ]; then
    {
      echo "not ok - $current"
      tail -n 40 "$log"
      echo "$passed passed, 1 failed"
    } >&3
  fi
  if [ -n "$server" ]; then kill "$server" || true; fi
  rm -rf --one-file-system "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# check NAME COMMAND...: the command succeeds
check() {
  current=$1
  shift
  "$@" >>"$log" 2>&1
  passed=$((passed + 1))
  echo "ok - $current"
}

# equal NAME EXPECTED COMMAND...: the command succeeds and prints what is expected
equal() {
  local found
  current=$1
  found=$("${@:3}" 2>>"$log")
  check "$1" expect "$2" "$found"
}

expect() {
  echo "expected '$1', found '$2'"
  [ "$1" = "$2" ]
}

# refused NAME MESSAGE IMAGE ARGUMENT...: the build fails, and with this message
refused() {
  current=$1
  if build "${@:3}" >"$log" 2>&1; then
    echo 'it was built' >>"$log"
    exit 1
  fi
  check "$1" grep -qF "$2" "$log"
}

# A storage of its own: the machine's is left alone, and removing the directory removes every image.
storage() {
  buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"
}

# build IMAGE ARGUMENT...
build() {
  local arguments=() argument
  for argument in "${@:2}"; do arguments+=(--build-arg "$argument"); done
  storage bud --isolation chroot --network host --tag "localhost/$1" \
    --file "$docker/$1.Dockerfile" "${arguments[@]}" "$docker"
}

# run CONTAINER COMMAND...
run() {
  storage run --isolation chroot --network host "$1" -- "${@:2}"
}

# config IMAGE FIELD
config() {
  storage inspect --type image --format "{{$2}}" "localhost/$1"
}

# pinned IMAGE ARGUMENT: the default in the Dockerfile
pinned() {
  sed -n "s/^ARG $2=//p" "$docker/$1.Dockerfile"
}

tools() {
  local missing=()
  command -v buildah || missing+=(buildah)
  command -v debootstrap || missing+=(debootstrap)
  command -v python3 || missing+=(python3)
  python3 -m pip --version || missing+=(python3-pip)
  apt-get update
  if [ ${#missing[@]} -gt 0 ]; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  fi
}

# Debian in place of the pinned images, from this machine's mirror and through its proxy.
bases() {
  local container root mirror proxy=
  container=$(storage from scratch)
  root=$(storage mount "$container")
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    sort -u >"$work/sources.list"
  mirror=$(awk '$3 == "bookworm" && !found++ { print $2 }' "$work/sources.list")
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  # libssl3 is for the pixi under test: a release links to nothing.
  env ${proxy:+http_proxy="$proxy"} debootstrap --variant=minbase --include=libssl3 bookworm "$root" "$mirror"
  cp "$work/sources.list" "$root/etc/apt/sources.list"
  apt-config dump --format '%F "%v";%n' Acquire >"$root/etc/apt/apt.conf.d/99host"
  # Ubuntu's image has this user.
  chroot "$root" useradd --uid 1000 --create-home ubuntu
  storage config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  storage commit "$container" localhost/base
  run "$container" apt-get update
  run "$container" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-pip
  storage commit --rm "$container" localhost/base-python
}

# A page of releases and a package index.
layout() {
  local directory
  for directory in "v$version" v0.0.0; do
    mkdir -p "$work/www/pixi/$directory"
    tar -czf "$work/www/pixi/$directory/$asset" \
      --transform 's/.*/pixi/' -C "$(dirname "$pixi")" "$(basename "$pixi")"
  done
  echo "uv==$(pinned uv UV_VERSION) --hash=sha256:$(pinned uv "UV_SHA256_${arch^^}")" >"$work/requirements.txt"
  python3 -m pip download --no-deps --only-binary :all: --require-hashes \
    --dest "$work/www/simple/uv" --requirement "$work/requirements.txt"
}

serve() {
  : >"$work/server.log"
  python3 -u -m http.server --bind 127.0.0.1 --directory "$work/www" 0 >>"$work/server.log" 2>&1 &
  server=$!
  for _ in {1..100}; do
    port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/server.log")
    if [ -n "$port" ]; then return; fi
    sleep 0.1
  done
  cat "$work/server.log"
  return 1
}

# look IMAGE VERSION COMMAND: the command is the image's tool at work in the workspace
look() {
  local container root label
  container=$(storage from "localhost/$1")
  root=$(storage mount "$container")
  equal "$1: the user is not root" 1000:1000 config "$1" .OCIv1.Config.User
  equal "$1: processes run as the user" 1000 run "$container" id -u
  equal "$1: the entrypoint is an init" '[/usr/bin/tini --]' config "$1" .OCIv1.Config.Entrypoint
  equal "$1: runs under the init" "$1 $2" run "$container" \
    /usr/bin/tini -- sh -c "$1 --version | cut -d ' ' -f 1,2"
  check "$1: works in the workspace" run "$container" sh -euc "test \$PWD = /workspace; $3"
  # shellcheck disable=SC2016 # the container's variables
  check "$1: writes to the cache" run "$container" sh -euc 'touch "${PIXI_CACHE_DIR:-$UV_CACHE_DIR}/x"'
  check "$1: has CA certificates" test -s "$root/etc/ssl/certs/ca-certificates.crt"
  equal "$1: has neither curl nor wget" '' find "$root" -xdev -perm /111 ! -type d \( -name curl -o -name wget \)
  equal "$1: has no package lists" '' find "$root/var/lib/apt/lists" -type f
  for label in "title=$1" "version=$2" "${labels[@]}"; do
    equal "$1: label ${label%%=*}" "${label#*=}" \
      config "$1" "index .OCIv1.Config.Labels \"org.opencontainers.image.${label%%=*}\""
  done
  for label in description licenses; do
    check "$1: label $label" \
      test -n "$(config "$1" "index .OCIv1.Config.Labels \"org.opencontainers.image.$label\"")"
  done
}

arch=$(dpkg --print-architecture)
machine=$(uname -m)
asset=pixi-$machine-unknown-linux-musl.tar.gz
version=$("$pixi" --version)
version=${version#pixi }
# The server here is not to be asked through a proxy.
export no_proxy="127.0.0.1${no_proxy:+,$no_proxy}" NO_PROXY="127.0.0.1${NO_PROXY:+,$NO_PROXY}"

check 'tools' tools
check 'base images' bases
check 'release and wheel' layout
check 'server' serve

zeros=$(printf '0%.0s' {1..64})
sha256=$(sha256sum "$work/www/pixi/v$version/$asset")
sha256=${sha256%% *}
source=https://example.org/images
revision=0123abc
labels=("source=$source" "revision=$revision")
about=("SOURCE=$source" "REVISION=$revision")

from_release=(BASE=localhost/base "PIXI_URL=http://127.0.0.1:$port/pixi")
refused 'pixi: refuses an archive with another hash' 'computed checksum did NOT match' \
  pixi "${from_release[@]}" "PIXI_VERSION=$version" "PIXI_SHA256_${arch^^}=$zeros"
refused 'pixi: refuses another version' "expected pixi 0.0.0, found pixi $version" \
  pixi "${from_release[@]}" PIXI_VERSION=0.0.0 "PIXI_SHA256_${arch^^}=$sha256"
check 'pixi: builds' \
  build pixi "${from_release[@]}" "PIXI_VERSION=$version" "PIXI_SHA256_${arch^^}=$sha256" "${about[@]}"
look pixi "$version" 'pixi init one; test -s one/pixi.toml'

from_index=(BASE=localhost/base-python "UV_INDEX_URL=http://127.0.0.1:$port/simple")
refused 'uv: refuses a wheel with another hash' 'DO NOT MATCH THE HASHES' \
  uv "${from_index[@]}" "UV_SHA256_${arch^^}=$zeros"
check 'uv: builds, with the hash that is pinned' build uv "${from_index[@]}" "${about[@]}"
look uv "$(pinned uv UV_VERSION)" 'uv venv one; one/bin/python --version'

echo "$passed passed, 0 failed"
