#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Proves the commands of this tree on a bare Debian: a minbase of 12 or 13, a clean clone of HEAD, a
# fresh HOME, first as root and then as an ordinary user with sudo, each on a machine of its own.
#
# usage: bare-debian.sh 12|13 [--root | --user] [--commands "demo test"] [--cache DIR]
#
# Needs root, git and debootstrap. The apt mirror, its settings, the certificate authorities and the npm
# settings are those of this machine. Everything is mounted in a mount namespace and runs in a pid
# namespace, so nothing stays mounted or running; the minbase and the downloaded packages are kept in
# the cache folder for the next time.
set -u -o pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mail-oauth-bare
persons='root user'
commands=''

say() { printf '%s\n' "bare-debian: $*" >&2; }
die() { say "$*"; exit 1; }
usage() { sed -n '/^# usage/s/^# //p' "$0" >&2; exit 2; }

release=${1:-}
case "$release" in
  12) codename=bookworm ;;
  13) codename=trixie ;;
  *) usage ;;
esac
shift
while [ $# -gt 0 ]; do
  case "$1" in
    --root) persons=root ;;
    --user) persons=user ;;
    --commands) [ $# -gt 1 ] || usage; commands=$2; shift ;;
    --cache) [ $# -gt 1 ] || usage; cache=$2; shift ;;
    *) usage ;;
  esac
  shift
done
[ "$(id -u)" = 0 ] || die "needs root"
command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"
command -v git >/dev/null || die "git is missing: apt-get install git"

# The address of Debian's archive, or of its security archive, as this machine's apt knows it.
archive() {
  apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' |
    awk -v label="$1" '$1 == label { print $2; exit }'
}

# One minbase per release, made once.
make_minbase() {
  base=$cache/$codename
  [ -e "$base.done" ] && return 0
  rm -rf "$base"
  say "debootstrap --variant=minbase $codename ..."
  debootstrap --variant=minbase "$codename" "$base" "$mirror" >"$base.log" 2>&1 ||
    { tail -n 5 "$base.log" >&2; die "debootstrap failed: $base.log"; }
  rm -rf "$base"/var/lib/apt/lists/* "$base"/var/cache/apt/archives/*.deb
  touch "$base.done"
}

# What of this machine the chroot needs to reach the archives.
copy_network_settings() {
  local to=$1 security
  security=$(archive Debian-Security)
  {
    printf 'deb %s %s main\n' "$mirror" "$codename"
    [ -z "$security" ] || printf 'deb %s %s-security main\n' "$security" "$codename"
  } >"$to/etc/apt/sources.list"
  apt-config dump | grep -E '^Acquire::(https?|ftp|Check|ForceIP|Retries|Max-Valid)[^ ]* "' \
    >"$to/etc/apt/apt.conf.d/90machine" || true
  cp -L /etc/resolv.conf /etc/hosts "$to/etc/"
  mkdir -p "$to/usr/local/share/ca-certificates"
  cp -rL /usr/local/share/ca-certificates/. "$to/usr/local/share/ca-certificates/"
}

# The environment a person would have, and this machine's way to the npm registry.
person_environment() {
  printf 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\0LANG=C.UTF-8\0TERM=dumb\0'
  printf 'HOME=%s\0USER=%s\0LOGNAME=%s\0' "$home" "$login" "$login"
  env -0 | grep -zaiE '^(npm_config_[^=]*|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)='
  if command -v npm >/dev/null; then
    printf 'NPM_CONFIG_REGISTRY=%s\0' "$(npm config get registry 2>/dev/null)"
    case "$(npm config get cafile 2>/dev/null)" in
      /*) printf 'NPM_CONFIG_CAFILE=/etc/ssl/certs/ca-certificates.crt\0' ;;
    esac
  fi
}

# Runs inside the namespaces: mounts, then the command as the person.
enter() {
  unshare --mount --pid --fork --kill-child --propagation private bash -c '
    set -e
    machine=$1 archives=$2 login=$3 home=$4 command=$5
    mount -t proc proc "$machine/proc"
    mount -t tmpfs -o mode=755 tmpfs "$machine/dev"
    for node in null zero full random urandom tty; do
      touch "$machine/dev/$node"
      mount --bind "/dev/$node" "$machine/dev/$node"
    done
    mkdir -p "$machine/dev/pts" "$machine/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$machine/dev/pts"
    ln -s pts/ptmx "$machine/dev/ptmx"
    ln -s /proc/self/fd "$machine/dev/fd"
    mount -t tmpfs -o mode=1777 tmpfs "$machine/dev/shm"
    mount -t tmpfs -o mode=755 tmpfs "$machine/run"
    mkdir -p "$machine/run/lock" && chmod 1777 "$machine/run/lock"
    mount --bind "$archives" "$machine/var/cache/apt/archives"
    mapfile -d "" -t environment <"$machine.environment"
    status=0
    chroot "$machine" /usr/bin/env -i "${environment[@]}" setpriv --reuid "$login" --regid "$login" \
      --init-groups sh -c "cd \"\$HOME/mail-oauth\" && $command" </dev/null || status=$?
    # Whoever is still there was started as a service, or was forgotten.
    for process in "$machine"/proc/[0-9]*; do
      [ "$(readlink "$process/root" 2>/dev/null)" = "$machine" ] || continue
      echo "bare-debian: still running: $(tr "\0" " " <"$process/cmdline")" >&2
      status=99
    done
    exit "$status"' - "$machine" "$archives" "$login" "$home" "$1" &
  # Waited for, so that a signal is heard at once; --kill-child takes all inside down with unshare.
  inside=$!
  wait "$inside"
}

prepare_machine() {
  machine=$(mktemp -d "$cache/machine.XXXXXX")
  chmod 755 "$machine"
  cp -a "$base/." "$machine/"
  copy_network_settings "$machine"
  if [ "$1" = user ]; then
    login=tester home=/home/tester
    chroot "$machine" useradd --create-home --shell /bin/bash tester
  else
    login=root home=/root
  fi
  git clone -q --no-local "$root" "$machine$home/mail-oauth" || die "git clone failed"
  mkdir -p "$machine/etc/sudoers.d"
  printf 'tester ALL=(ALL) NOPASSWD: ALL\n' >"$machine/etc/sudoers.d/tester"
  chroot "$machine" chown -R "$login:$login" "$home"
  person_environment >"$machine.environment"
  if [ "$1" = user ]; then
    # sudo is what an ordinary user's machine has already, and minbase has not.
    login=root home=$home enter "apt-get -q update && apt-get -q -y -o Dpkg::Options::=--force-confold \
      install --no-install-recommends sudo" >"$machine.sudo.log" 2>&1 ||
      { tail -n 5 "$machine.sudo.log" >&2; die "sudo could not be installed"; }
  fi
}

inside=''
clean_up() {
  if [ -n "$inside" ]; then
    kill -KILL "$inside" 2>/dev/null  # unshare hears nothing less
    wait "$inside" 2>/dev/null
    inside=''
  fi
  [ -n "${machine:-}" ] || return 0
  rm -rf --one-file-system "$machine" "$machine.environment" "$machine.sudo.log"
  machine=''
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mirror=$(archive Debian)
[ -n "$mirror" ] || die "this machine's apt names no Debian archive"
archives=$cache/archives-$codename
mkdir -p "$archives/partial"
make_minbase

failed=0
for person in $persons; do
  # Each command has to do the set-up alone: another one comes first for each person.
  order=$commands
  if [ -z "$order" ]; then
    case "$release-$person" in
      12-root) order='demo test' ;;
      12-user) order='test demo' ;;
      *) order=test ;;
    esac
  fi
  prepare_machine "$person"
  for name in $order; do
    say "Debian $release, $person: ./run $name --yes"
    began=$SECONDS
    enter "./run $name --yes"
    status=$?
    say "Debian $release, $person: ./run $name ended with $status after $((SECONDS - began)) s"
    [ "$status" = 0 ] || failed=1
  done
  dirty=$(git -c safe.directory='*' -C "$machine$home/mail-oauth" status --porcelain)
  [ -z "$dirty" ] || { say "left in the tree: $dirty"; failed=1; }
  clean_up
done
exit "$failed"
