from __future__ import annotations

import json
from pathlib import Path

import pytest

from bindery.declarations import json_schema
from bindery.delivery.declarations import load_recipient, load_recipients
from bindery.delivery.recipient import Recipient
from bindery.errors import ConfigurationError
from bindery.home import PROJECT

FOLDER = PROJECT / "include" / "recipients"
GOOD = """\
name: shop
title: A shop
owner: somebody@shop.example
specification: onix_3.0
destination: {kind: folder, path: outbox/shop}
"""


def declared(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_recipients_are_two_flavours_of_one_catalogue() -> None:
    lake, store = load_recipients(FOLDER)
    assert (store.name, store.specification, store.model) == ("listenwell", "onix_3.0", "sale")
    assert store.countries == ("US", "GB", "CA", "AU", "IE", "NZ")
    assert store.acknowledgement.kind == "on_arrival"
    assert (lake.name, lake.specification, lake.model) == ("audiolake", "jsonl_parquet", "subscription")
    assert lake.countries == ()
    assert lake.acknowledgement.kind == "receipt"


def test_the_json_schema_beside_the_declarations_is_that_of_the_model() -> None:
    assert json.loads((FOLDER / "schema.json").read_text("utf-8")) == json_schema(Recipient)


@pytest.mark.parametrize(
    ("text", "problem", "fix"),
    [
        (
            GOOD + "contries: [GB]\n",
            "contries: there is no such key; did you mean 'countries'?",
            "countries, destination",
        ),
        (
            GOOD + "acknowledgement: {kinds: receipt}\n",
            "acknowledgement.kinds: there is no such key; did you mean 'kind'?",
            "deadline_minutes, kind",
        ),
        (GOOD.replace("path:", "pfad:"), "destination.folder.pfad: there is no such key", "pfad: kind, path."),
        (GOOD.replace("onix_3.0", "onix_4"), "specification", "shop.yaml"),
        (GOOD.replace("title: A shop\n", ""), "title: field required", "shop.yaml"),
        (GOOD + "countries: [UK]\n", "'UK' is not known", "GB"),
        (GOOD + "requires: [titel]\n", "'titel' is not known; did you mean 'title'?", "narrators"),
        (GOOD.replace("name: shop", "name: store"), "the file is named 'shop'", "store.yaml"),
        ("name: [", "cannot be read", "UTF-8"),
        ("", "holds no declaration", "name, title, owner, specification, destination"),
    ],
)
def test_a_wrong_declaration_names_its_file_its_key_and_what_is_allowed(
    tmp_path: Path, text: str, problem: str, fix: str
) -> None:
    path = declared(tmp_path, text)
    with pytest.raises(ConfigurationError) as raised:
        load_recipient(path)
    assert str(path) in raised.value.what
    assert problem in raised.value.what
    assert fix in raised.value.fix


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("name: shop", "name: store") + "countries: [UK, GB, XQ]\nrequires: [titel]\n"
    with pytest.raises(ConfigurationError) as raised:
        load_recipient(declared(tmp_path, text))
    for word in ("'store'", "'UK'", "'XQ'", "'titel'"):
        assert word in raised.value.what
    assert "'GB'" not in raised.value.what


def test_a_declaration_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"shop\.yaml cannot be read"):
        load_recipient(tmp_path / "shop.yaml")


def test_yaml_can_not_make_objects(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_recipient(declared(tmp_path, "name: !!python/object/apply:os.getcwd []\n"))


def test_a_missing_folder_is_told() -> None:
    with pytest.raises(ConfigurationError, match="no folder nowhere"):
        load_recipients(Path("nowhere"))
