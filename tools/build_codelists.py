# ruff: noqa: INP001 - a script, not a package
"""Rebuild ``include/codelists/issue_<n>.json`` from a code list schema of EDItEUR: code values and names, no notes.

python tools/build_codelists.py ONIX_BookProduct_CodeLists.xsd 1 2 5 15 17 ...
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from lxml import etree

XS = {"xs": "http://www.w3.org/2001/XMLSchema"}


def build(schema: Path, numbers: list[str]) -> Path:
    """Write the lists asked for beside the others; the issue is the one the schema's head names."""
    text = schema.read_bytes()
    found = re.search(rb"ISSUE:\s*(\d+)", text)
    if found is None:
        raise SystemExit(f"{schema}: names no issue; take the code list module of the official schema")
    issue = int(found[1])
    tree = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))
    lists = {}
    for number in sorted(numbers, key=int):
        values = tree.iterfind(f"xs:simpleType[@name='List{number}']//xs:enumeration", XS)
        names = {value.attrib["value"]: (value.findtext(".//xs:documentation", "", XS)).strip() for value in values}
        if not names:
            raise SystemExit(f"{schema}: has no List {number}")
        lists[number] = dict(sorted(names.items()))
    target = Path(__file__).resolve().parents[1] / "include" / "codelists" / f"issue_{issue}.json"
    target.write_text(json.dumps({"issue": issue, "lists": lists}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return target


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]), sys.argv[2:])}\n")
