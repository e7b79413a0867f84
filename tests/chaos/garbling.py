"""Messages that nobody would write: those of the corpus with bytes flipped, cut, doubled, and sewn to one another."""

from pathlib import Path
from random import Random

CORPUS = sorted((Path(__file__).parent.parent / "corpus" / "mail").glob("*.eml"))
# What a parser of mail looks for, put where it does not belong.
SHARP = [
    b"\r\n", b"\n", b"\r", b"\0", b"--", b"=?utf-8?b?", b"=?utf-16?q?=D8=00?=", b"?=", b"=\r\n", b"=", b"\xff\xfe", b"\xed\xa0\x80",
    b"Content-Type: multipart/mixed; boundary=\"", b"Content-Type: message/rfc822\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Type: text/plain; charset=unicode-escape\r\n", b"Content-Disposition: attachment; filename*0*=utf-7''a\r\n",
    b"begin 644 a\n", b"Date: Fri, 99 Feb 99999 99:99:99 +9999\r\n", b"From: <@@@,;:>\r\n", b"\xe2\x80\xae", b"<!--", b"]]>", b"&#0;",
    b"(" * 300, b"<" * 300, b"\"" * 301, b"," * 300, b"Subject: " + b"a" * 2_000 + b"\r\n",
]  # fmt: skip


def garbled(chance: Random) -> bytes:
    """One message of the corpus after one to eight accidents."""
    raw = bytearray(chance.choice(CORPUS).read_bytes())
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        _accident(raw, chance)
    return bytes(raw)


def _accident(raw: bytearray, chance: Random) -> None:
    at = chance.randrange(len(raw) + 1)
    # More than half of what goes wrong goes wrong in a header.
    at = min(at, chance.randrange(2_000)) if chance.random() < 0.6 else at
    to = min(len(raw), at + chance.choice((1, 2, 10, 200, 5_000)))
    kind = chance.randrange(7)
    if kind == 0:
        raw[at:to] = chance.randbytes(to - at)
    elif kind == 1:
        del raw[at:to]
    elif kind == 2:
        raw[at:at] = raw[at:to] * chance.choice((1, 2, 50))
    elif kind == 3:
        raw[at:at] = chance.choice(SHARP)
    elif kind == 4:
        other = chance.choice(CORPUS).read_bytes()
        raw[at:to] = other[chance.randrange(len(other) + 1) :]
    elif kind == 5:
        del raw[at:]
    else:
        raw[at:to] = bytes(byte ^ (1 << chance.randrange(8)) for byte in raw[at:to])
