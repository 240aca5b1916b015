# shellcheck shell=sh
# For scripts that read it with `.`: a Debian package is installed where apt and root allow.

# install_package PACKAGE NAME PURPOSE: what apt says goes to stderr; fails where there is no apt,
# no root or no such package.
install_package() {
    command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 1
    echo "Installing $2 for $3" >&2
    {
        apt-get update --quiet \
            && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "$1"
    } >&2 </dev/null && return 0
    echo "apt-get could not install $2." >&2
    return 1
}
