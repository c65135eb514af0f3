#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Proves the commands of this tree on a bare Debian: a minbase of 12 or 13, a clean clone of HEAD, a
# fresh HOME, first as root and then as an ordinary user with sudo, each on a machine of its own.
#
# usage: bare-debian.sh 12|13 [--root | --user] [--commands "demo test"] [--after FILE] [--cache DIR]
#
# With --after, its last command waits until nobody holds a lock on FILE: what comes before it, such as
# `build`, can go on beside somebody's tests.
#
# Needs root, git and debootstrap (`./run test --debian` sees to all three). The apt mirror, its settings,
# the certificate authorities and the npm settings are those of this machine. Everything is mounted in a
# mount namespace and runs in a pid namespace, so nothing stays mounted or running; the minbase and the
# downloaded packages are kept in the cache folder for the next time. Ends with "N passed, N failed", the
# sum of its `./run test`; another command, or one that broke off, counts as one.
set -u -o pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/mail-oauth-bare
persons='root user'
commands=''
after=''

say() { printf '%s\n' "bare-debian: $*" >&2; }
die() { say "FAILED: $*"; exit 1; }
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
    --after) [ $# -gt 1 ] || usage; after=$2; shift ;;
    --cache) [ $# -gt 1 ] || usage; cache=$2; shift ;;
    *) usage ;;
  esac
  shift
done
[ "$(id -u)" = 0 ] || die "needs root"
for tool in debootstrap git unshare setpriv; do
  command -v "$tool" >/dev/null || die "$tool is missing; ./run test --debian $release installs it"
done

# The address of Debian's archive, or of its security archive, as this machine's apt knows it.
archive() {
  apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' |
    awk -v label="$1" '$1 == label { print $2; exit }'
}

# Runs a command in namespaces of its own and waits, so that a signal is heard at once; --kill-child takes
# all inside down with unshare.
in_namespaces() {
  unshare --mount --pid --fork --kill-child --propagation private "$@" &
  inside=$!
  wait "$inside"
  local status=$?
  inside=''
  return "$status"
}

# One minbase per release, made once. debootstrap mounts in it, and would leave that when it is stopped.
make_minbase() {
  base=$cache/$codename
  [ -e "$base.done" ] && return 0
  remove "$base" "$base.making"
  say "debootstrap --variant=minbase $codename ..."
  making=$base.making
  in_namespaces debootstrap --variant=minbase "$codename" "$making" "$mirror" >"$base.log" 2>&1 ||
    { tail -n 5 "$base.log" >&2; die "debootstrap failed: $base.log"; }
  rm -rf "$making"/var/lib/apt/lists/* "$making"/var/cache/apt/archives/*.deb
  mv "$making" "$base" && touch "$base.done" || die "$cache cannot be written"
  making=''
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
  [ ! -d /usr/local/share/ca-certificates ] ||
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
  in_namespaces bash -c '
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
    exit "$status"' - "$machine" "$archives" "$login" "$home" "$1"
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
  # The tree may be another person's (sudo), which git wants to be told.
  printf '[safe]\n\tdirectory = *\n' >"$machine.gitconfig"
  GIT_CONFIG_GLOBAL=$machine.gitconfig git clone -q --no-local "$root" "$machine$home/mail-oauth" ||
    die "git clone failed"
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

# remove FOLDER...: whoever was killed in there may need a moment to be gone.
remove() {
  local tries=0
  until rm -rf --one-file-system "$@" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || { rm -rf --one-file-system "$@"; return 1; }
    sleep 0.1
  done
}

inside='' making=''
clean_up() {
  if [ -n "$inside" ]; then
    kill -KILL "$inside" 2>/dev/null  # unshare hears nothing less
    wait "$inside" 2>/dev/null
    inside=''
  fi
  [ -z "$making" ] || remove "$making"
  [ -z "${machine:-}" ] || remove "$machine" "$machine".*
  making='' machine=''
}

# The last line, whatever happened, and where this script's own lines go: a signal may come while a
# command's output is on its way into a file.
passed=0 failed=0 complete='' copy='' copier=''
exec {out}>&1 {err}>&2
finish() {
  local status=$?
  exec >&"$out" 2>&"$err"
  clean_up
  end_copy
  [ -n "$complete" ] || failed=$((failed + 1))
  [ "$failed" = 0 ] || [ "$status" != 0 ] || status=1
  [ "$status" = 0 ] || say "FAILED (Debian $release)"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  exit "$status"
}

# Until all that was said is in the log and out.
end_copy() {
  [ -n "$copier" ] || return 0
  exec {copy}>&-
  wait "$copier"
  copier=''
}

# count COMMAND STATUS LOG: adds what a command came to.
count() {
  local line=''
  [ "$1" != test ] || line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$3" | tail -n 1)
  if [ -n "$line" ]; then
    read -r good _ bad _ <<<"$line"
    passed=$((passed + good)) failed=$((failed + bad))
    [ "$2" = 0 ] || [ "$bad" != 0 ] || failed=$((failed + 1))
  elif [ "$2" = 0 ] && [ "$1" != test ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
}

trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

[ -z "$(git -c safe.directory='*' -C "$root" status --porcelain 2>/dev/null)" ] ||
  say "Changes that are not committed are not tested: this takes HEAD."
mirror=$(archive Debian)
[ -n "$mirror" ] || mirror=http://deb.debian.org/debian
archives=$cache/archives-$codename
mkdir -p "$archives/partial" || die "$cache cannot be made"
make_minbase

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
    [ -z "$after" ] || [ "$name" != "${order##* }" ] || flock "$after" true
    say "Debian $release, $person: ./run $name --yes"
    began=$SECONDS
    exec {copy}> >(exec tee -i "$machine.log")
    copier=$!
    enter "./run $name --yes" >&"$copy" 2>&1
    status=$?
    end_copy
    say "Debian $release, $person: ./run $name ended with $status after $((SECONDS - began)) s"
    count "$name" "$status" "$machine.log"
  done
  dirty=$(git -c safe.directory='*' -C "$machine$home/mail-oauth" status --porcelain)
  [ -z "$dirty" ] || { say "left in the tree: $dirty"; failed=$((failed + 1)); }
  clean_up
done
complete=yes
