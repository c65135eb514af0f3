# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Sets a machine up: works out which packages are missing, asks, and installs them without starting
# a service. Sourced by ../../run, which gives $root (the tree) and $assume_yes (empty or "yes").
#
# It changes nothing but the installed packages. Debian's way to hold services back is a
# /usr/sbin/policy-rc.d; that file may be the administrator's, and a killed script would leave ours
# behind, so dpkg gets a PATH instead in which the commands that start services do nothing.

packages_file="$root/tests/tools/packages.txt"

# Debian's release number, or nothing on another system (derivatives have other package names).
debian_release() {
  local ID='' VERSION_ID=''
  [ -r /etc/os-release ] && . /etc/os-release
  if [ "$ID" = debian ]; then
    case "$VERSION_ID" in 12 | 13) printf '%s\n' "$VERSION_ID" ;; esac
  fi
}

# needed GROUP...: the lines of the list for these groups and this release, without the @.
needed() {
  local release
  release=$(debian_release)
  awk -v groups=" $* " -v release="${release:-12}" '
    /^#/ || NF < 4 { next }
    index(groups, " " $1 " ") {
      n = split($2, name, "@")
      if (n == 2 && name[2] != release) next
      $2 = name[1]; print
    }' "$packages_file"
}

# missing GROUP...: the Debian packages that are not there, one a line.
missing() {
  local installed group package command rest
  # dpkg-query says 1 when it does not know one of the names; the others it prints all the same.
  installed=$(needed "$@" | awk '{ print $2 }' |
    xargs dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | awk '$1 == "ii" { print $2 }' || true)
  while read -r group package command rest; do
    if [ "$command" != - ]; then
      command -v "$command" >/dev/null 2>&1 || printf '%s\n' "$package"
    elif ! grep -qxF -e "$package" <<<"$installed"; then
      printf '%s\n' "$package"
    fi
  done < <(needed "$@")
}

# What the answer of `missing` hangs on, in one line: the stamp of an earlier call is compared with it.
setup_key() {
  printf '%s|' "$*"
  cksum <"$packages_file" | tr '\n' '|'
  tr '\n' '|' </etc/debian_version
  stat -c %Y /var/lib/dpkg/status | tr '\n' '|'
  command -v node npm | tr '\n' '|'
}

# Runs a command as root: as it stands, or through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    say "Not root, and there is no sudo. As root, run:"
    say "  apt-get install --no-install-recommends ${wanted[*]}"
    return 1
  fi
}

# apt_install PACKAGE...: installs them; nothing is started.
apt_install() {
  local quiet_path status=0 name
  quiet_path=$(mktemp -d)
  # shellcheck disable=SC2064  # the path as it is now
  trap "rm -rf '$quiet_path'" EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  for name in invoke-rc.d deb-systemd-invoke service start-stop-daemon; do
    printf '#!/bin/sh\nexit 0\n' >"$quiet_path/$name"
    chmod 755 "$quiet_path/$name"
  done
  chmod 755 "$quiet_path"
  # Where scripts may not be run from the temporary folder, dpkg would pass them by.
  as_root "$quiet_path/invoke-rc.d" || { say "Set TMPDIR to a folder that root may run scripts from."; return 1; }
  if lists_are_old "$@"; then
    as_root apt-get -q update >&2 || say "Not every package list could be fetched; going on with what is there."
  fi
  as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -y \
    -o "DPkg::Path=$quiet_path:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" >&2 || status=$?
  rm -rf "$quiet_path"
  trap - EXIT INT TERM
  return "$status"
}

# True when apt does not know one of the packages, or has not looked for a day.
lists_are_old() {
  local known fetched
  known=$(apt-cache policy "$@" 2>/dev/null | grep -c 'Candidate: [0-9]')
  [ "$known" -ge $# ] || return 0
  # The lists bear the archive's times; their folders, the time of the last update.
  fetched=$(find /var/lib/apt/lists /var/lib/apt/lists/partial -maxdepth 0 -mtime -1 2>/dev/null)
  [ -z "$fetched" ]
}

# A mail server that was brought in for the tests shall not come up at the next boot either.
keep_off_at_boot() {
  local unit
  [ -d /run/systemd/system ] || return 0
  for unit in dovecot.service dovecot.socket; do
    if systemctl is-enabled --quiet "$unit" 2>/dev/null; then
      say "Switching off $unit, which came with the tests' mail server."
      as_root systemctl disable "$unit" || return 1
    fi
  done
}

# ensure_packages GROUP...: returns when all is there; leaves the script when it cannot be.
ensure_packages() {
  local stamp="$root/build/.setup-${*// /-}" key answer
  if [ -z "$(debian_release)" ]; then
    say "This sets up Debian 12 and 13 only. Here, these have to be there:"
    needed "$@" | awk '{ $1 = $2 = $3 = ""; sub(/^ +/, "  "); print }' >&2
    say "When they are, call again with --no-setup."
    exit 1
  fi
  stamp=${stamp// /-}
  key=$(setup_key "$@")
  [ -r "$stamp" ] && [ "$(cat "$stamp")" = "$key" ] && return 0
  mapfile -t wanted < <(missing "$@")
  if [ "${#wanted[@]}" -gt 0 ]; then
    say "Missing Debian packages (${#wanted[@]}):"
    printf '%s\n' "${wanted[@]}" | paste -sd ' ' | fold -s -w 76 | sed 's/^/  /' >&2
    if [ -z "$assume_yes" ]; then
      if [ ! -t 0 ]; then
        say "Nobody to ask: standard input is not a terminal. Call again with --yes to install them."
        exit 1
      fi
      read -r -p "Install them with apt-get? No service is started. [y/N] " answer
      case "$answer" in
        y | Y | yes | Yes) ;;
        *) say "Nothing was installed."; exit 1 ;;
      esac
    fi
    apt_install "${wanted[@]}" || { say "apt-get could not install them; nothing was built."; exit 1; }
    case " ${wanted[*]} " in *' dovecot-core '*) keep_off_at_boot || exit 1 ;; esac
    mapfile -t wanted < <(missing "$@")
    if [ "${#wanted[@]}" -gt 0 ]; then
      say "Still missing after the installation: ${wanted[*]}"
      exit 1
    fi
    key=$(setup_key "$@")
  fi
  mkdir -p "$root/build" && printf '%s\n' "$key" >"$stamp"
}

# The bed's one npm package, fetched when the lock file is newer than what is there.
ensure_node_modules() {
  local bed="$root/tests/bed"
  [ -e "$bed/package-lock.json" ] || return 0
  [ "$bed/node_modules/.package-lock.json" -nt "$bed/package-lock.json" ] && return 0
  say "Fetching the bed's npm package ..."
  (cd "$bed" && npm ci --ignore-scripts --no-audit --no-fund >&2) ||
    { say "npm could not fetch it; is the npm registry reachable?"; exit 1; }
  touch "$bed/node_modules/.package-lock.json"
}
