# SPDX-License-Identifier: GPL-3.0-or-later
"""A throw-away certificate authority, and certificates good and bad, made with openssl."""
import os
import subprocess

from process import BedError

_CONFIG = """[req]
distinguished_name = dn
prompt = no
[dn]
CN = {name}
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
[past]
database = {folder}/database
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
"""
KINDS = ("good", "wrong-name", "expired", "self-signed")
_GOOD = "DNS:localhost, DNS:provider.test, IP:127.0.0.1, IP:::1"


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, check=False)
    if done.returncode:
        raise BedError(f"openssl {arguments[0]}: {done.stderr.decode(errors='replace')}")


class Authority:
    """Writes ca.pem and pairs NAME.pem, NAME.key below `folder`."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.pem = self._make("ca", "Test bed authority, throw away", "ca", [])

    def path(self, name):
        return os.path.join(self.folder, name)

    def server(self, kind="good"):
        """(certificate, key) of a server: good, wrong-name, expired or self-signed."""
        pem = self.path(f"{kind}.pem")
        if not os.path.exists(pem):
            signer = ["-CA", self.pem, "-CAkey", self.path("ca.key")]
            if kind == "self-signed":
                signer = []
            names = "DNS:elsewhere.test" if kind == "wrong-name" else _GOOD
            self._make(kind, "localhost", "server", signer, names)
            if signer:  # the authority goes along: chromium.py recognises it by its key
                with open(self.pem, encoding="ascii") as root, open(pem, "a", encoding="ascii") as chain:
                    chain.write(root.read())
        return pem, self.path(f"{kind}.key")

    def _make(self, name, subject, section, signer, names=_GOOD):
        config = self.path(f"{name}.cnf")
        with open(config, "w", encoding="ascii") as file:
            file.write(_CONFIG.format(name=subject, names=names, folder=self.folder))
        request, pem = self.path(f"{name}.csr"), self.path(f"{name}.pem")
        _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                 "-nodes", "-keyout", self.path(f"{name}.key"), "-out", request, "-config", config)
        if name == "expired":
            self._sign_in_the_past(request, pem, config)
            return pem
        signer = [*signer, "-CAcreateserial"] if signer else ["-signkey", self.path(f"{name}.key")]
        _openssl("x509", "-req", "-in", request, "-out", pem, "-days", "7",
                 "-extfile", config, "-extensions", section, *signer)
        return pem

    def _sign_in_the_past(self, request, pem, config):
        """`openssl x509` cannot: a date of its own is new in 3.4, negative days are gone in 3.5."""
        with open(self.path("database"), "w", encoding="ascii"):
            pass
        _openssl("ca", "-batch", "-notext", "-config", config, "-name", "past", "-extensions", "server",
                 "-cert", self.pem, "-keyfile", self.path("ca.key"), "-in", request, "-out", pem,
                 "-startdate", "20200101000000Z", "-enddate", "20200108000000Z")
