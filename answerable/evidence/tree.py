"""The Merkle tree of RFC 6962 section 2: heads, inclusion and consistency proofs, and their verification.

Leaves are bytes, hashes are 32 bytes. A head over n leaves needs only the O(log n) roots of its full subtrees, so
that appending never reads the old leaves.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 over 0x00 and the leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over 0x01 and the two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Head:
    """The head of a growing tree: the roots of its full subtrees, widest first."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._roots: list[tuple[int, bytes]] = []
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        """Afterwards the tree has one leaf more."""
        width, root = 1, leaf_hash(leaf)
        while self._roots and self._roots[-1][0] == width:
            _width, left = self._roots.pop()
            width, root = width * 2, node_hash(left, root)
        self._roots.append((width, root))
        self.size += 1

    @classmethod
    def resumed(cls, frontier: Iterable[tuple[int, str]]) -> "Head":
        """The head whose full subtrees have these (width, root in hex), widest first, as `frontier` gave them."""
        head = cls()
        head._roots = [(width, bytes.fromhex(root)) for width, root in frontier]
        head.size = sum(width for width, _root in head._roots)
        return head

    @property
    def frontier(self) -> list[tuple[int, str]]:
        """The (width, root in hex) of the full subtrees, widest first: all that growing further needs."""
        return [(width, root.hex()) for width, root in self._roots]

    @property
    def root(self) -> bytes:
        """The hash of the tree as it is now."""
        if not self._roots:
            return EMPTY
        *others, (_width, root) = self._roots
        for _width, left in reversed(others):
            root = node_hash(left, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The hash of the tree over `leaves`."""
    return Head(leaves).root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path for leaf `index` (from 0), leaf to root. IndexError outside the tree."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root_of(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root_of(leaves[:split])]


def verifies_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that `leaf` stands at `index` of the tree with `size` leaves and this `root` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """What shows that the tree over `leaves` only added to the tree over the first `earlier` of them."""
    if not 0 < earlier <= len(leaves):
        raise IndexError(earlier)
    return _subproof(leaves, earlier, True)


def verifies_consistency(earlier: int, size: int, earlier_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` leaves begins with the tree of `earlier` ones (RFC 9162 2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root
    path = [earlier_root, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    if not path:
        return False
    first, last = earlier - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and old == earlier_root and new == root


def _subproof(leaves: Sequence[bytes], earlier: int, whole: bool) -> list[bytes]:
    if earlier == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = _split(len(leaves))
    if earlier <= split:
        return [*_subproof(leaves[:split], earlier, whole), root_of(leaves[split:])]
    return [*_subproof(leaves[split:], earlier - split, False), root_of(leaves[:split])]


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)
