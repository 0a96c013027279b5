"""The key that signs checkpoints: made on first use, private to its owner; its public half stands beside it and in every note."""

import hashlib
import os
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from fundtrack.errors import BusyError, IntegrityError

PRIVATE: Final = "checkpoint.pem"
_OTHERS: Final = 0o077
_SHOWN: Final = 16


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The private key of a folder, made where there is none yet: mode 0600 in a folder of mode 0700.

    Raises:
        BusyError: `key_not_writable`, `key_not_readable`.
        IntegrityError: `key_open`, where others may read it; `key_broken`, where it is no Ed25519 key.
    """
    path = folder / PRIVATE
    try:
        if not path.exists():
            _make(folder, path)
    except OSError as error:
        raise BusyError("key_not_writable", folder=folder) from error
    try:
        if path.stat().st_mode & _OTHERS:
            raise IntegrityError("key_open", file=path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise BusyError("key_not_readable", file=path) from error
    except ValueError as error:
        raise IntegrityError("key_broken", file=path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise IntegrityError("key_broken", file=path)
    return key


def _make(folder: Path, path: Path) -> None:
    """Write a new key beside and link it to its name, so that two first uses at once end with one key."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    aside = folder / f".{PRIVATE}.{os.getpid()}.tmp"
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        public = public_text(key.public_key())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
        (folder / f"{fingerprint(public)}.pub").write_text(f"{public}\n", encoding="ascii")
    finally:
        aside.unlink(missing_ok=True)


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as a note writes it: its 32 bytes in base64."""
    return b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def fingerprint(public: str) -> str:
    """The short name of a public key, to be read aloud: the first 16 hex digits of its SHA-256.

    >>> fingerprint("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    '21fe31dfa154a261'
    """
    return hashlib.sha256(b64decode(public)).hexdigest()[:_SHOWN]


def known_keys(folder: Path) -> set[str]:
    """The public keys that a folder holds: its own, and those of other machines whose `.pub` files were put there."""
    return {path.read_text(encoding="ascii", errors="replace").strip() for path in folder.glob("*.pub")}


def signed_by(public: str, signature: str, content: bytes) -> bool:
    """True where the owner of a public key signed exactly this content."""
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public, validate=True))
        key.verify(b64decode(signature, validate=True), content)
    except (ValueError, InvalidSignature):
        return False
    return True
