"""The keys that seal passwords of other people's servers, and what addresses carry, derived from the host's own."""

import base64

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def sealing_key(purpose: str = "mailbox password") -> bytes:
    """A Fernet key (32 bytes, URL-safe base 64), the same as long as the host's secret key is; one for each purpose."""
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"answerable {purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode()))
