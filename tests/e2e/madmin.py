"""Bodies of MinIO's admin API as Python reads and writes them: a second opinion on platform/connectors/s3/encrypted_body.cpp.
Keys by PBKDF2 alone, as a MinIO makes them that keeps to FIPS 140; what it sends otherwise (Argon2id) is told apart, not read."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SALT, NONCE, TAG, FRAGMENT = 32, 8, 16, 1 << 14
PBKDF2 = 2


class NotReadable(Exception):
    pass


def parts(secret_key, salt, nonce):
    """The cipher, and what the fragment of a number is bound to."""
    cipher = AESGCM(hashlib.pbkdf2_hmac("sha256", secret_key.encode(), salt, 8192))
    bound = cipher.encrypt(nonce + bytes(4), b"", None)
    return cipher, lambda last: (b"\x80" if last else b"\x00") + bound


def encrypt(secret_key, text):
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    cipher, bound = parts(secret_key, salt, nonce)
    out = salt + bytes([PBKDF2]) + nonce
    fragments = [text[at:at + FRAGMENT] for at in range(0, len(text), FRAGMENT)] or [b""]
    for number, fragment in enumerate(fragments, 1):
        out += cipher.encrypt(nonce + number.to_bytes(4, "little"), fragment, bound(number == len(fragments)))
    return out


def decrypt(secret_key, body):
    if len(body) < SALT + 1 + NONCE + TAG or body[SALT] != PBKDF2:
        raise NotReadable("no body with a key by PBKDF2")
    salt, nonce, rest = body[:SALT], body[SALT + 1:SALT + 1 + NONCE], body[SALT + 1 + NONCE:]
    cipher, bound = parts(secret_key, salt, nonce)
    fragments = [rest[at:at + FRAGMENT + TAG] for at in range(0, len(rest), FRAGMENT + TAG)]
    try:
        return b"".join(cipher.decrypt(nonce + number.to_bytes(4, "little"), fragment, bound(number == len(fragments)))
                        for number, fragment in enumerate(fragments, 1))
    except InvalidTag:
        raise NotReadable("changed, cut off, or of another key") from None
