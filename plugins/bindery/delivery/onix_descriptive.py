"""Block 1 of an ONIX 3.0 record: DescriptiveDetail (AUDIOBOOKS 1.5), in the schema's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bindery.delivery.codes import in_list
from bindery.delivery.items import Edition
from bindery.delivery.onix_parts import Block, add, add_coded, add_identifiers, add_stated, positive, stated
from bindery.delivery.xhtml import fill, has_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_TIME_UNITS = frozenset({"04", "05", "06", "14", "15", "16"})


def add_descriptive(product: _Element, edition: Edition) -> None:
    """Append DescriptiveDetail, where the edition has what the schema demands of it: a product form and a title."""
    block = edition.block("descriptive")
    if block is None or not in_list(150, edition.fact("product_form")) or not stated(edition.fact("title")):
        return
    detail = add(product, "DescriptiveDetail")
    _add_form(detail, edition, block)
    for collection in block["collections"]:
        _add_collection(detail, collection)
    _add_titles(detail, edition, block)
    _add_contributors(detail, block)
    types = dict.fromkeys(code for code in block["edition_types"] if in_list(21, code))
    for code in types:
        add(detail, "EditionType", code)
    add_stated(detail, "EditionStatement", block["edition_statement"])
    for language in block["languages"]:
        if in_list(22, language["role"]) and in_list(74, language["code"]):
            composite = add(detail, "Language")
            add(composite, "LanguageRole", language["role"])
            add(composite, "LanguageCode", language["code"])
    _add_extents(detail, edition, block)
    _add_subjects(detail, block)
    for audience in block["audiences"]:
        if in_list(29, audience["type"]) and stated(audience["value"]):
            composite = add(detail, "Audience")
            add(composite, "AudienceCodeType", audience["type"])
            add(composite, "AudienceCodeValue", audience["value"])


def _add_form(detail: _Element, edition: Edition, block: Block) -> None:
    add(detail, "ProductComposition", block["composition"] if in_list(2, block["composition"]) else "00")
    add(detail, "ProductForm", edition.fact("product_form"))
    for code in dict.fromkeys(block["product_form_details"]):
        add_coded(detail, "ProductFormDetail", 175, code)
    primary = block["primary_content_type"]
    add_coded(detail, "PrimaryContentType", 81, primary)
    for code in dict.fromkeys(block["product_content_types"]):
        if code != primary:
            add_coded(detail, "ProductContentType", 81, code)
    for code in dict.fromkeys(block["technical_protections"]):
        add_coded(detail, "EpubTechnicalProtection", 144, code)


def _add_collection(detail: _Element, collection: Block) -> None:
    if not stated(collection["title"]):
        return
    composite = add(detail, "Collection")
    add(composite, "CollectionType", collection["type"] if in_list(148, collection["type"]) else "00")
    add_identifiers(composite, "CollectionIdentifier", "CollectionIDType", 13, collection["identifiers"])
    title = add(composite, "TitleDetail")
    add(title, "TitleType", "01")
    element = add(title, "TitleElement")
    add(element, "TitleElementLevel", "02")
    add_stated(element, "PartNumber", collection["part_number"])
    add(element, "TitleText", collection["title"])


def _add_titles(detail: _Element, edition: Edition, block: Block) -> None:
    written = 0
    for title in block["titles"]:
        elements = [element for element in title["elements"] if _has_words(element)]
        if not elements or not in_list(15, title["type"] or "01"):
            continue
        composite = add(detail, "TitleDetail")
        add(composite, "TitleType", title["type"] or "01")
        for element in elements:
            add_title_element(composite, element)
        written += 1
    if not written:
        composite = add(detail, "TitleDetail")
        add(composite, "TitleType", "01")
        element = add(composite, "TitleElement")
        add(element, "TitleElementLevel", "01")
        add(element, "TitleText", edition.fact("title"))
        add_stated(element, "Subtitle", edition.fact("subtitle"))


def _has_words(element: Block) -> bool:
    return any(stated(element[part]) for part in ("text", "without_prefix", "part_number"))


def add_title_element(parent: _Element, element: Block) -> None:
    """Append a TitleElement; prefix and rest only where both are known."""
    composite = add(parent, "TitleElement")
    add(composite, "TitleElementLevel", element["level"] if in_list(149, element["level"]) else "01")
    add_stated(composite, "PartNumber", element["part_number"])
    if stated(element["without_prefix"]):
        if stated(element["prefix"]):
            add(composite, "TitlePrefix", element["prefix"])
        else:
            add(composite, "NoPrefix")
        add(composite, "TitleWithoutPrefix", element["without_prefix"])
    else:
        add_stated(composite, "TitleText", element["text"])
    add_stated(composite, "Subtitle", element["subtitle"])


def _add_contributors(detail: _Element, block: Block) -> None:
    known = [contributor for contributor in block["contributors"] if _is_named(contributor)]
    for number, contributor in enumerate(known, start=1):
        _add_contributor(detail, number, contributor)
    if known:
        add_stated(detail, "ContributorStatement", block["contributor_statement"])


def _is_named(contributor: Block) -> bool:
    named = any(stated(contributor[part]) for part in ("name", "name_inverted", "corporate_name"))
    return (named or in_list(19, contributor["unnamed"])) and any(in_list(17, role) for role in contributor["roles"])


def _add_contributor(detail: _Element, number: int, contributor: Block) -> None:
    composite = add(detail, "Contributor")
    # SequenceNumber must be unique in a record and senders repeat it; the order itself is theirs.
    add(composite, "SequenceNumber", number)
    for role in dict.fromkeys(contributor["roles"]):
        add_coded(composite, "ContributorRole", 17, role)
    add_identifiers(composite, "NameIdentifier", "NameIDType", 44, contributor["identifiers"])
    if stated(contributor["name"]) or stated(contributor["name_inverted"]):
        add_stated(composite, "PersonName", contributor["name"])
        add_stated(composite, "PersonNameInverted", contributor["name_inverted"])
    elif stated(contributor["corporate_name"]):
        add(composite, "CorporateName", contributor["corporate_name"])
    else:
        add(composite, "UnnamedPersons", contributor["unnamed"])
    # List 19 code 08, an authorised voice replica: the alternative name is the voice actor's real one (List 18, 04).
    name_type = "04" if contributor["unnamed"] == "08" else "00"
    for name in contributor["alternative_names"]:
        if stated(name):
            alternative = add(composite, "AlternativeName")
            add(alternative, "NameType", name_type)
            add(alternative, "PersonName", name)
    if has_text(contributor["biography"]):
        fill(add(composite, "BiographicalNote"), contributor["biography"])


def _add_extents(detail: _Element, edition: Edition, block: Block) -> None:
    has_duration = False
    for extent in block["extents"]:
        if not (in_list(23, extent["type"]) and positive(extent["value"]) and in_list(24, extent["unit"])):
            continue
        has_duration = has_duration or (extent["type"] == "09" and extent["unit"] in _TIME_UNITS)
        _add_extent(detail, extent["type"], extent["value"], extent["unit"])
    if not has_duration and edition.fact("duration_seconds"):
        _add_extent(detail, "09", str(edition.fact("duration_seconds")), "06")


def _add_extent(detail: _Element, extent_type: str, value: str, unit: str) -> None:
    composite = add(detail, "Extent")
    add(composite, "ExtentType", extent_type)
    add(composite, "ExtentValue", value)
    add(composite, "ExtentUnit", unit)


def _add_subjects(detail: _Element, block: Block) -> None:
    main_of: set[str] = set()
    for subject in block["subjects"]:
        if not in_list(27, subject["scheme"]) or not (stated(subject["code"]) or stated(subject["heading"])):
            continue
        composite = add(detail, "Subject")
        if subject["main"] and subject["scheme"] not in main_of:
            add(composite, "MainSubject")
            main_of.add(subject["scheme"])
        add(composite, "SubjectSchemeIdentifier", subject["scheme"])
        add_stated(composite, "SubjectSchemeName", subject["scheme_name"])
        add_stated(composite, "SubjectSchemeVersion", subject["version"])
        add_stated(composite, "SubjectCode", subject["code"])
        add_stated(composite, "SubjectHeadingText", subject["heading"])
