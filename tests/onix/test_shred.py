"""Compiled code looks at nothing behind the bytes it is given, wherever these break off."""

from __future__ import annotations

import numpy as np
import pytest

from bindery.onix.names import Names

_LONG = b"a" * 100_000


@pytest.mark.parametrize(
    "data",
    [
        b"<",
        b"<P",
        b"<Product",
        b"<Product a",
        b'<Product a="',
        b"<Product>",
        b"<Product>&",
        b"<Product>&#x1",
        b"<Product>\xef",
        b"<Product><![CDATA[",
        b"<Product></",
        b"<Product><" + _LONG,
        b"<Product><" + _LONG + b"></a",
        b"<Product><" + _LONG + b"></a</Product>",
        b"<Product " + _LONG + b"='",
    ],
)
def test_what_breaks_off_is_left_to_the_careful_reader(data: bytes) -> None:
    _, first_node, odd = Names().shred(data + bytes(8), np.zeros(1, np.int64), np.array([len(data)]))
    assert odd.tolist() == [True]
    assert first_node.tolist() == [0, 0]
