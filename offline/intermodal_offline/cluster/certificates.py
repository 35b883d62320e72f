"""Create a cluster's certificate authority and its components' certificates."""

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = dt.timedelta(days=365)
EARLY = dt.timedelta(hours=1)
"""How far certificates are backdated, so that they are valid even if a clock is slow."""

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Certificate subject that specifies a Kubernetes user and group."""

    user: str
    group: str | None = None
    names: Sequence[str] = ()
    """Host names and IP addresses in a server certificate."""

    def name(self) -> x509.Name:
        """Return the subject's X.509 name."""
        parts = [x509.NameAttribute(NameOID.COMMON_NAME, self.user)]
        if self.group:
            parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.group))
        return x509.Name(parts)


class Authority:
    """Certificate authority that writes keys and certificates to one folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = Subject(user="intermodal").name()
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
            decipher_only=False,
        )  # fmt: skip
        builder = (
            self._builder(self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
        )
        self._write("ca", self._key, builder)

    @property
    def certificate(self) -> Path:
        """Path of the authority's certificate."""
        return self._folder / "ca.crt"

    def issue(self, name: str, subject: Subject) -> None:
        """Write `NAME.crt` and `NAME.key` for use by servers and clients."""
        key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = self._builder(subject.name(), key).add_extension(usage, critical=False)
        if subject.names:
            names = x509.SubjectAlternativeName([_general(text) for text in subject.names])
            builder = builder.add_extension(names, critical=False)
        self._write(name, key, builder)

    def signing_pair(self, name: str) -> None:
        """Write `NAME.key` and `NAME.pub` for signing ServiceAccount tokens."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._write_key(name, key)
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        public = key.public_key().public_bytes(serialization.Encoding.PEM, form)
        (self._folder / f"{name}.pub").write_bytes(public)

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - EARLY)
            .not_valid_after(now + LIFETIME)
        )

    def _write(self, name: str, key: ec.EllipticCurvePrivateKey, builder: x509.CertificateBuilder) -> None:
        signed = builder.sign(self._key, hashes.SHA256())
        (self._folder / f"{name}.crt").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        self._write_key(name, key)

    def _write_key(self, name: str, key: Key) -> None:
        file = self._folder / f"{name}.key"
        file.touch(mode=0o600)
        form = serialization.PrivateFormat.TraditionalOpenSSL
        file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))


def _general(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
