"""The tree of RFC 6962, against its own definition and the published test vectors."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.evidence.tree import (
    Head,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verifies_consistency,
    verifies_inclusion,
)

# The vectors that the Certificate Transparency project tests its own trees with.
LEAVES = [
    bytes.fromhex(h)
    for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def by_definition(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


@pytest.mark.parametrize("size", ROOTS)
def test_it_gives_the_published_roots(size):
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_it_agrees_with_the_definition_and_resumes_from_its_frontier(leaves):
    assert root_of(leaves) == by_definition(leaves)
    half = len(leaves) // 2
    head = Head.resumed(Head(leaves[:half]).frontier)
    for leaf in leaves[half:]:
        head.add(leaf)
    assert (head.size, head.root) == (len(leaves), by_definition(leaves))


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_it_proves_that_a_leaf_is_in_the_tree_and_nothing_else(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = inclusion_proof(leaves, index), root_of(leaves)
    assert verifies_inclusion(leaves[index], index, len(leaves), proof, root)
    assert not verifies_inclusion(leaves[index] + b"!", index, len(leaves), proof, root)
    assert not verifies_inclusion(leaves[index], index, len(leaves), [*proof, root], root)
    assert not verifies_inclusion(leaves[index], len(leaves), len(leaves), proof, root)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_it_proves_that_a_tree_only_grew(leaves, data):
    earlier = data.draw(st.integers(1, len(leaves)))
    proof = consistency_proof(leaves, earlier)
    old, new = root_of(leaves[:earlier]), root_of(leaves)
    assert verifies_consistency(earlier, len(leaves), old, new, proof)
    changed = root_of([b"changed", *leaves[1:earlier]])
    if changed != old:
        assert not verifies_consistency(earlier, len(leaves), changed, new, proof)
