# ruff: noqa: INP001 - a script, not a package
"""Rebuild ``include/codelists/issue_<n>.json`` from EDItEUR's code lists: code values and names, no notes.

python tools/build_codelists.py ONIX_BookProduct_CodeLists.xsd 1 2 5 15 17 ...
python tools/build_codelists.py onix-codelists.json 1 2 5 15 17 ...

The schema module knows values and names. The JSON form also knows in which issue a code was added and in which it was
deprecated; both are kept where they are known. Without numbers, the lists of issue 73 are taken.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from lxml import etree

XS = {"xs": "http://www.w3.org/2001/XMLSchema"}
FOLDER = Path(__file__).resolve().parents[1] / "include" / "codelists"


def build(source: Path, numbers: list[str]) -> Path:
    """Write the lists asked for beside the others; the issue is the one the source names."""
    numbers = sorted(numbers or json.loads((FOLDER / "issue_73.json").read_text("utf-8"))["lists"], key=int)
    document = _of_json(source, numbers) if source.suffix == ".json" else _of_schema(source, numbers)
    target = FOLDER / f"issue_{document['issue']}.json"
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return target


def _of_schema(source: Path, numbers: list[str]) -> dict[str, Any]:
    text = source.read_bytes()
    found = re.search(rb"ISSUE:\s*(\d+)", text)
    if found is None:
        raise SystemExit(f"{source}: names no issue; take the code list module of the official schema")
    tree = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))
    lists = {}
    for number in numbers:
        values = tree.iterfind(f"xs:simpleType[@name='List{number}']//xs:enumeration", XS)
        names = {value.attrib["value"]: (value.findtext(".//xs:documentation", "", XS)).strip() for value in values}
        if not names:
            raise SystemExit(f"{source}: has no List {number}")
        lists[number] = dict(sorted(names.items()))
    return {"issue": int(found[1]), "lists": lists}


def _of_json(source: Path, numbers: list[str]) -> dict[str, Any]:
    table = json.loads(source.read_text("utf-8"))["ONIXCodeTable"]
    stated = {
        str(one["CodeListNumber"]): sorted(one["Code"], key=lambda code: code["CodeValue"]) for one in _lists(table)
    }
    missing = [number for number in numbers if number not in stated]
    if missing:
        raise SystemExit(f"{source}: has no List {', '.join(missing)}")
    return {
        "issue": table["IssueNumber"],
        "lists": {n: {code["CodeValue"]: code["CodeDescription"].strip() for code in stated[n]} for n in numbers},
        "added": _issues(stated, numbers, "IssueNumber"),
        "deprecated": _issues(stated, numbers, "DeprecatedNumber"),
    }


def _lists(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in table["CodeList"] if one["Code"]]


def _issues(stated: dict[str, list[dict[str, Any]]], numbers: list[str], key: str) -> dict[str, dict[str, int]]:
    """Issue by code, by list; codes that were there from the beginning, or never deprecated, are left out."""
    found = {n: {code["CodeValue"]: code[key] for code in stated[n] if code[key]} for n in numbers}
    return {number: issues for number, issues in found.items() if issues}


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]), sys.argv[2:])}\n")
