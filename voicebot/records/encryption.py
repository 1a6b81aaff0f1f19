"""Personal fields at rest: authenticated encryption and keyed look-up hashes, all keys from one secret.

AES-256-GCM with a fresh nonce per value. The column's name is authenticated with the value, so that a
ciphertext moved to another column does not decrypt. Look-up hashes are HMAC-SHA256, one key per purpose.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from voicebot.errors import EncryptionError

_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12


def derive_key(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose out of the house's one secret (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"voicebot:{purpose}".encode()).derive(
        secret
    )


class Keyring:
    """Encrypts with the first secret; decrypts with whichever of them a value was written with."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        if not secrets:
            raise EncryptionError("the keyring needs at least one secret key")
        keys = [derive_key(secret, "field") for secret in secrets]
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[0])
        self._index_keys = [derive_key(secret, "index") for secret in secrets]

    def encrypt(self, purpose: str, plaintext: str) -> bytes:
        """``purpose`` is the column's name; the same must be given to `decrypt`."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, plaintext.encode(), purpose.encode())
        return _VERSION + self._current + nonce + sealed

    def decrypt(self, purpose: str, stored: bytes) -> str:
        """Raises EncryptionError when no key fits, or the value or its column was changed."""
        if stored[:1] != _VERSION:
            raise EncryptionError(f"{purpose}: not an encrypted value of a known version")
        key_id, rest = stored[1 : 1 + _KEY_ID_BYTES], stored[1 + _KEY_ID_BYTES :]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise EncryptionError(f"{purpose}: written with another VOICEBOT_SECRET_KEY than the present one")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], purpose.encode()).decode()
        except InvalidTag as error:
            raise EncryptionError(f"{purpose}: the stored value was changed or moved") from error

    def index(self, purpose: str, text: str) -> str:
        """The keyed hash under which ``text`` is found again: 64 hex digits. Callers normalise first."""
        return self.indexes(purpose, text)[0]

    def indexes(self, purpose: str, text: str) -> list[str]:
        """The hashes under every secret, the present one first: during a rotation, look for any of them."""
        message = f"{purpose}\0{text}".encode()
        return [hmac.new(key, message, hashlib.sha256).hexdigest() for key in self._index_keys]


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"voicebot key id" + key).digest()[:_KEY_ID_BYTES]
