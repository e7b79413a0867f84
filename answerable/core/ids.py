"""Identifiers: what is typed by people, what is guessed by nobody."""

import hashlib
import hmac
import secrets
import unicodedata
import uuid

# Crockford's base 32 in small letters: no i, l, o, u, so that what is typed from paper can be read back.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LOOKS_LIKE = str.maketrans("oil", "011")


def token(bits: int = 130) -> str:
    """A secret of at least `bits` bits in an alphabet that survives a phone call."""
    return "".join(secrets.choice(ALPHABET) for _ in range(-(-bits // 5)))


def derived_token(key: str, purpose: str, of: uuid.UUID) -> str:
    """The secret of 130 bits that belongs to one row: the same each time, unknown without the host's key."""
    digest = hmac.new(key.encode(), purpose.encode() + b"\0" + of.bytes, hashlib.sha256).digest()
    number = int.from_bytes(digest, "big") >> (256 - 130)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def as_typed(text: str) -> str:
    """A token as somebody typed it, with the letters that look like others put right (o→0, i, l→1)."""
    return text.strip().lower().translate(_LOOKS_LIKE)


def hashed(secret: str) -> str:
    """How a secret with at least 128 bits is kept: SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def slug(text: str, *, most: int = 60) -> str:
    """Words for an address: letters and digits of any script, small, joined by hyphens; never empty.

    >>> slug("A letter to the Minister!")
    'a-letter-to-the-minister'
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    cut = ""
    for word in words:
        if len(cut) + len(word) + 1 > most:
            break
        cut = f"{cut}-{word}" if cut else word
    return cut or (words[0][:most] if words else "letter")
