# ruff: noqa: INP001 - a script, not a package
"""Rebuild ``include/codelists/short_tags.json`` from EDItEUR's schemas in short tags, the newest first: names only.

python tools/build_short_tags.py ONIX_BookProduct_3.1_short.xsd ONIX_BookProduct_3.0_short.xsd …
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lxml import etree

XS = {"xs": "http://www.w3.org/2001/XMLSchema"}


def build(schemas: list[Path]) -> Path:
    """Write the reference name of every short tag; where releases differ, that of the first schema."""
    names: dict[str, str] = {}
    for schema in schemas:
        tree = etree.parse(schema, etree.XMLParser(resolve_entities=False, no_network=True))
        for element in tree.iterfind("xs:element", XS):
            attribute = element.find(".//xs:attribute[@name='refname']", XS)
            if attribute is None:
                continue
            listed = attribute.find(".//xs:enumeration", XS)
            reference = attribute.get("fixed") or (listed.get("value") if listed is not None else None)
            if reference:
                names.setdefault(element.attrib["name"], reference)
    target = Path(__file__).resolve().parents[1] / "include" / "codelists" / "short_tags.json"
    target.write_text(json.dumps(dict(sorted(names.items())), indent=0) + "\n", "utf-8")
    return target


if __name__ == "__main__":
    sys.stdout.write(f"{build([Path(name) for name in sys.argv[1:]])}\n")
