"""What plain text is wrapped in: PGP's armour around signed words, and files as uuencode. Runs in the child process."""

import binascii
import re

from .attached import File

_SIGNED, _SIGNATURE, _SIGNATURE_ENDS, _ENCRYPTED = (
    f"-----{words} PGP {what}-----"
    for words, what in (("BEGIN", "SIGNED MESSAGE"), ("BEGIN", "SIGNATURE"), ("END", "SIGNATURE"), ("BEGIN", "MESSAGE"))
)
_UUENCODED = re.compile(r"begin [0-7]{3,4} (\S.{0,200})")
_MOST_FILES = 100


def unwrap(text: str, notes: list[str]) -> tuple[str, list[File]]:
    """The words without their wrapping, and the files that stood between them; noted is what that was."""
    if _ENCRYPTED in text:
        notes.append("pgp-encrypted")
    if _SIGNED in text and _SIGNATURE_ENDS in text:
        notes.append("pgp-signed")
        text = "\n".join(_without_armour(text.split("\n")))
    return _without_files(text.split("\n")) if "\nend" in text else (text, [])


def _without_armour(lines: list[str]) -> list[str]:
    """Only what was signed loses its dashes (RFC 9580 section 7.2); what stands around it stays. All of it where the armour breaks off."""
    kept: list[str] = []
    within = ""
    for line in lines:
        mark = line.rstrip()
        if not within and mark == _SIGNED:
            within = "head"
        elif within == "head":
            within = "words" if not mark else within
        elif within == "words" and mark == _SIGNATURE:
            within = "signature"
        elif within == "signature":
            within = "" if mark == _SIGNATURE_ENDS else within
        else:
            kept.append(line.removeprefix("- ") if within else line)
    return lines if within else kept


def _without_files(lines: list[str]) -> tuple[str, list[File]]:
    kept: list[str] = []
    files: list[File] = []
    at = 0
    while at < len(lines):
        begins = _UUENCODED.fullmatch(lines[at].rstrip()) if len(files) < _MOST_FILES else None
        found = _uuencoded(lines, at + 1) if begins else None
        if begins and found:
            content, at = found
            files.append(File(begins[1], content=content))
        else:
            kept.append(lines[at])
            at += 1
    return "\n".join(kept), files


def _uuencoded(lines: list[str], at: int) -> tuple[bytes, int] | None:
    """The bytes from this line to `end`, and the number of the line after it; None where they are none."""
    content = bytearray()
    for number in range(at, len(lines)):
        if lines[number].rstrip() == "end":
            return bytes(content), number + 1
        try:
            content += binascii.a2b_uu(lines[number])
        except ValueError:
            return None
    return None
