"""Names of encodings as the trade writes them, in XML declarations and on order forms."""

from __future__ import annotations

import re

_OTHERS = {
    "ascii": "us-ascii",
    "big5hkscs": "big5-hkscs",
    "cp932": "windows-31j",
    "cp949": "ks_c_5601-1987",
    "euc_jp": "euc-jp",
    "euc_kr": "euc-kr",
    "iso2022_jp": "iso-2022-jp",
    "mac-roman": "macintosh",
    "utf-8-sig": "utf-8",
}
_ORDERED = re.compile(r"utf-(16|32)-([bl]e)")


def iana_name(codec: str) -> str:
    """The IANA name of an encoding, in lower case.

    Args:
        codec: Python's name of the codec, as ``codecs.lookup`` gives it.

    Returns:
        Such as ``iso-8859-1`` for ``iso8859-1`` and ``windows-1252`` for ``cp1252``; the codec's own name where IANA
        lists none or the same.
    """
    if codec in _OTHERS:
        return _OTHERS[codec]
    if ordered := _ORDERED.fullmatch(codec):
        return f"utf-{ordered[1]}{ordered[2]}"
    if latin := re.fullmatch(r"iso8859-(\d+)", codec):
        return f"iso-8859-{latin[1]}"
    if windows := re.fullmatch(r"cp(125\d|874)", codec):
        return f"windows-{windows[1]}"
    if ibm := re.fullmatch(r"cp(\d{3,5})", codec):
        return f"ibm{ibm[1]}"
    return codec
