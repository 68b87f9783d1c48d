"""Titles as ONIX 3.0 and 3.1, in reference tags (``short_tags`` makes short ones of them).

Records are built as text: a million of them must not take a night, and every element is known beforehand.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from tests.simulator.titles import Contributor, Price, Rights, Title

BLOCKS = ("descriptive", "collateral", "content", "publishing", "related", "supply")
ENTITY_MARK = "\ue000"
"""Stands in a title where the record is to hold ``&ndash;`` unescaped: a sender's mistake in 3.x."""


class Header(NamedTuple):
    """What a message says of itself. ``sent_at`` is UTC."""

    sender: str
    sent_at: datetime
    number: int
    repeat: int = 1


def opening(header: Header, *, release: str, short: bool = False) -> str:
    """Everything before the first record, in reference tags; ``short`` names the namespace of short ones."""
    tags = "short" if short else "reference"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ONIXMessage xmlns="http://ns.editeur.org/onix/{release}/{tags}" release="{release}">\n'
        f"<Header>\n<Sender>\n<SenderName>{escape(header.sender)}</SenderName>\n"
        f"<EmailAddress>onix@{header.sender.lower()}.example</EmailAddress>\n</Sender>\n"
        "<Addressee>\n<AddresseeName>Bindery</AddresseeName>\n</Addressee>\n"
        f"<MessageNumber>{header.number}</MessageNumber>\n<MessageRepeat>{header.repeat}</MessageRepeat>\n"
        f"<SentDateTime>{header.sent_at:%Y%m%dT%H%M%SZ}</SentDateTime>\n</Header>\n"
    )


def record(title: Title, notification: str = "03", blocks: Collection[str] = BLOCKS) -> str:
    """One ``<Product>`` in reference tags.

    Args:
        title: What to describe.
        notification: List 1 code. ``05`` writes identifiers only.
        blocks: The blocks to write, of ``BLOCKS``: all but a block update (04) write them all.
    """
    reference = f"<RecordReference>{title.reference}</RecordReference>\n" if title.reference else ""
    head = (
        f"<Product>\n{reference}<NotificationType>{notification}</NotificationType>\n"
        f"<RecordSourceType>{title.source_type}</RecordSourceType>\n"
        f"<RecordSourceName>{title.supplier}</RecordSourceName>\n"
    )
    parts = [head, identifiers(title)]
    if notification != "05":
        parts.extend(_WRITERS[block](title) for block in BLOCKS if block in blocks)
    parts.append("</Product>\n")
    return "".join(parts).replace(ENTITY_MARK, "&ndash;")


def clock(seconds: int) -> str:
    """``HHHMMSS`` (List 24, unit 16)."""
    return f"{seconds // 3600:03d}{seconds // 60 % 60:02d}{seconds % 60:02d}"


def duration(title: Title) -> str:
    """The duration in the unit the title states: 16 HHHMMSS, 15 HHHMM, 05 minutes."""
    if title.duration_text:
        return title.duration_text
    if title.duration_unit == "16":
        return clock(title.seconds)
    return clock(title.seconds)[:5] if title.duration_unit == "15" else str(title.seconds // 60)


def identifiers(title: Title) -> str:
    """The ISBN, most often as GTIN too."""
    own = (
        f"<ProductIdentifier>\n<ProductIDType>{title.isbn_type}</ProductIDType>\n<IDValue>{title.isbn}</IDValue>\n"
        "</ProductIdentifier>\n"
    )
    if title.isbn_type != "15" or title.text_style == "plain":
        return own
    gtin = own.replace(">15<", ">03<")
    return gtin + own


def _descriptive(title: Title) -> str:
    digital = title.form in {"AJ", "AN", "AO"}
    parts = [
        f"<DescriptiveDetail>\n<ProductComposition>00</ProductComposition>\n<ProductForm>{title.form}</ProductForm>\n",
        f"<ProductFormDetail>{title.form_detail}</ProductFormDetail>\n" if digital else "",
        f"<PrimaryContentType>{'01' if title.is_audio else '10'}</PrimaryContentType>\n",
        f"<EpubTechnicalProtection>{'00' if title.tracks % 2 else '02'}</EpubTechnicalProtection>\n" if digital else "",
    ]
    if title.series:
        number = f"<PartNumber>{title.number_in_series}</PartNumber>\n" if title.number_in_series else ""
        parts.append(
            "<Collection>\n<CollectionType>10</CollectionType>\n<TitleDetail>\n<TitleType>01</TitleType>\n"
            f"<TitleElement>\n<TitleElementLevel>01</TitleElementLevel>\n{number}</TitleElement>\n"
            "<TitleElement>\n<TitleElementLevel>02</TitleElementLevel>\n"
            f"<TitleText>{escape(title.series)}</TitleText>\n</TitleElement>\n</TitleDetail>\n</Collection>\n"
        )
    parts.append(_title(title))
    parts.extend(_contributor(person, place) for place, person in enumerate(title.contributors, 1))
    if title.is_audio:
        parts.append(f"<EditionType>{title.edition}</EditionType>\n")
    parts.extend(_language(role, title.language) for role in ("01", "08"))
    if title.original_language:
        parts.append(_language("02", title.original_language))
    if title.is_audio:
        parts.append(_extent("09", duration(title), title.duration_unit))
        parts.append(_extent("09", str(title.tracks), "11"))
    else:
        parts.append(_extent("00", str(120 + title.tracks), "03"))
    parts.append(_subjects(title))
    parts.append(
        "<Audience>\n<AudienceCodeType>01</AudienceCodeType>\n"
        f"<AudienceCodeValue>{title.audience}</AudienceCodeValue>\n</Audience>\n</DescriptiveDetail>\n"
    )
    return "".join(parts)


def _title(title: Title) -> str:
    if title.prefix:
        text = (
            f"<TitlePrefix>{title.prefix}</TitlePrefix>\n"
            f"<TitleWithoutPrefix>{escape(title.title)}</TitleWithoutPrefix>\n"
        )
    else:
        text = f"<TitleText>{escape(title.title)}</TitleText>\n"
    subtitle = f"<Subtitle>{escape(title.subtitle)}</Subtitle>\n" if title.subtitle else ""
    return (
        "<TitleDetail>\n<TitleType>01</TitleType>\n<TitleElement>\n<TitleElementLevel>01</TitleElementLevel>\n"
        f"{text}{subtitle}</TitleElement>\n</TitleDetail>\n"
    )


def _contributor(person: Contributor, place: int) -> str:
    head = (
        f"<Contributor>\n<SequenceNumber>{place}</SequenceNumber>\n<ContributorRole>{person.role}</ContributorRole>\n"
    )
    if person.from_language:
        head += f"<FromLanguage>{person.from_language}</FromLanguage>\n"
    if person.unnamed:
        known = ""
        if person.stands_for:
            name = escape(person.stands_for)
            known = f"<AlternativeName>\n<NameType>04</NameType>\n<PersonName>{name}</PersonName>\n</AlternativeName>\n"
        return f"{head}<UnnamedPersons>{person.unnamed}</UnnamedPersons>\n{known}</Contributor>\n"
    isni = (
        f"<NameIdentifier>\n<NameIDType>16</NameIDType>\n<IDValue>{person.isni}</IDValue>\n</NameIdentifier>\n"
        if person.isni
        else ""
    )
    before, key = escape(person.before), escape(person.key)
    return (
        f"{head}{isni}<PersonName>{before} {key}</PersonName>\n<PersonNameInverted>{key}, {before}"
        f"</PersonNameInverted>\n<NamesBeforeKey>{before}</NamesBeforeKey>\n<KeyNames>{key}</KeyNames>\n</Contributor>\n"
    )


def _language(role: str, code: str) -> str:
    return f"<Language>\n<LanguageRole>{role}</LanguageRole>\n<LanguageCode>{code}</LanguageCode>\n</Language>\n"


def _extent(kind: str, value: str, unit: str) -> str:
    return (
        f"<Extent>\n<ExtentType>{kind}</ExtentType>\n<ExtentValue>{value}</ExtentValue>\n"
        f"<ExtentUnit>{unit}</ExtentUnit>\n</Extent>\n"
    )


def _subjects(title: Title) -> str:
    made = []
    for main, (bisac, heading, thema, words) in (("<MainSubject/>\n", title.subject), ("", title.second_subject)):
        made.append(
            f"<Subject>\n{main}<SubjectSchemeIdentifier>10</SubjectSchemeIdentifier>\n<SubjectCode>{bisac}</SubjectCode>\n"
            f"<SubjectHeadingText>{escape(heading)}</SubjectHeadingText>\n</Subject>\n"
            f"<Subject>\n{main}<SubjectSchemeIdentifier>93</SubjectSchemeIdentifier>\n<SubjectSchemeVersion>1.5"
            f"</SubjectSchemeVersion>\n<SubjectCode>{thema}</SubjectCode>\n<SubjectHeadingText>{escape(words)}"
            "</SubjectHeadingText>\n</Subject>\n"
        )
    made.append(
        "<Subject>\n<SubjectSchemeIdentifier>20</SubjectSchemeIdentifier>\n"
        f"<SubjectHeadingText>{'; '.join(title.keywords)}</SubjectHeadingText>\n</Subject>\n"
    )
    return "".join(made)


def _collateral(title: Title) -> str:
    text = title.description
    if title.text_style == "xhtml":
        body = f'<Text textformat="05">{text}</Text>'
    elif title.text_style == "cdata":
        body = f'<Text textformat="02"><![CDATA[{text}]]></Text>'
    elif title.text_style == "plain":
        body = f'<Text textformat="06">{plain(text)}</Text>'
    else:
        body = f'<Text textformat="02">{escape(text)}</Text>'
    head = "<ContentAudience>00</ContentAudience>\n"
    return (
        f"<CollateralDetail>\n<TextContent>\n<TextType>03</TextType>\n{head}{body}\n</TextContent>\n"
        f'<TextContent>\n<TextType>02</TextType>\n{head}<Text textformat="06">{escape(title.blurb)}</Text>\n'
        "</TextContent>\n"
        + _resource(title, "01", "03", ("covers", "jpg"), (("01", "D502"), ("02", "3000"), ("03", "3000")))
        + (_resource(title, "15", "02", ("samples", "mp3"), (("01", "A103"),)) if title.is_audio else "")
        + "</CollateralDetail>\n"
    )


def plain(text: str) -> str:
    """A description without its tags."""
    text = text.replace("</p><p>", "\n\n")
    for tag in ("<p>", "</p>", "<strong>", "</strong>"):
        text = text.replace(tag, "")
    return text


def _resource(
    title: Title, content: str, mode: str, place: tuple[str, str], features: tuple[tuple[str, str], ...]
) -> str:
    """A cover or a sample; ``place`` is its folder and ending."""
    listed = "".join(
        f"<ResourceVersionFeature>\n<ResourceVersionFeatureType>{kind}</ResourceVersionFeatureType>\n"
        f"<FeatureValue>{value}</FeatureValue>\n</ResourceVersionFeature>\n"
        for kind, value in features
    )
    return (
        f"<SupportingResource>\n<ResourceContentType>{content}</ResourceContentType>\n<ContentAudience>00"
        f"</ContentAudience>\n<ResourceMode>{mode}</ResourceMode>\n<ResourceVersion>\n<ResourceForm>02</ResourceForm>\n"
        f"{listed}<ResourceLink>{link(title, *place)}</ResourceLink>\n<ContentDate>\n<ContentDateRole>17"
        "</ContentDateRole>\n<Date>20260114</Date>\n</ContentDate>\n</ResourceVersion>\n</SupportingResource>\n"
    )


def link(title: Title, folder: str, ending: str) -> str:
    """Where a title's cover or sample would lie. The host is reserved (RFC 2606) and answers to nobody."""
    return f"https://assets.{title.supplier.lower()}.example/{folder}/{title.print_isbn}.{ending}"


def _content(title: Title) -> str:
    if not title.chapters or not title.is_audio:
        return ""
    each = title.seconds // len(title.chapters)
    items = "".join(
        f"<ContentItem>\n<LevelSequenceNumber>{number}</LevelSequenceNumber>\n<AVItem>\n<AVItemType>03</AVItemType>\n"
        f"<TimeRun>\n<StartTime>{clock(each * (number - 1))}</StartTime>\n<EndTime>{clock(each * number)}</EndTime>\n"
        f"</TimeRun>\n<AVDuration>{clock(each)}</AVDuration>\n</AVItem>\n<ComponentTypeName>Chapter</ComponentTypeName>\n"
        f"<ComponentNumber>{number}</ComponentNumber>\n<TitleDetail>\n<TitleType>01</TitleType>\n<TitleElement>\n"
        f"<TitleElementLevel>04</TitleElementLevel>\n<TitleText>{escape(name)}</TitleText>\n</TitleElement>\n"
        "</TitleDetail>\n</ContentItem>\n"
        for number, name in enumerate(title.chapters, 1)
    )
    return f"<ContentDetail>\n{items}</ContentDetail>\n"


def _date(role: str, value: str) -> str:
    return (
        f"<PublishingDate>\n<PublishingDateRole>{role}</PublishingDateRole>\n"
        f'<Date dateformat="00">{value}</Date>\n</PublishingDate>\n'
    )


def _publishing(title: Title) -> str:
    embargo = _date(title.embargo_role, title.embargo) if title.embargo else ""
    return (
        f"<PublishingDetail>\n<Imprint>\n<ImprintName>{escape(title.imprint)}</ImprintName>\n</Imprint>\n"
        f"<Publisher>\n<PublishingRole>01</PublishingRole>\n<PublisherName>{escape(title.publisher)}</PublisherName>\n"
        f"</Publisher>\n<PublishingStatus>{title.status}</PublishingStatus>\n{_date('01', title.published)}{embargo}"
        f"{_rights(title.rights)}</PublishingDetail>\n"
    )


def _rights(rights: Rights) -> str:
    limits = (
        f"<SalesRestriction>\n<SalesRestrictionType>{rights.restriction}</SalesRestrictionType>\n</SalesRestriction>\n"
        if rights.restriction
        else ""
    )
    made = []
    if rights.included == ("WORLD",):
        out = f"<CountriesExcluded>{' '.join(rights.excluded)}</CountriesExcluded>\n" if rights.excluded else ""
        made.append((rights.kind, f"<RegionsIncluded>WORLD</RegionsIncluded>\n{out}", limits))
    elif rights.included == ("ROW",):
        made.append((rights.kind, "<RegionsIncluded>ROW</RegionsIncluded>\n", limits))
    else:
        made.append((rights.kind, f"<CountriesIncluded>{' '.join(rights.included)}</CountriesIncluded>\n", limits))
    made.extend(
        ("03", f"<CountriesIncluded>{' '.join(denied)}</CountriesIncluded>\n", "")
        for denied in (rights.excluded, rights.contradicted)
        if denied
    )
    text = "".join(
        f"<SalesRights>\n<SalesRightsType>{kind}</SalesRightsType>\n<Territory>\n{territory}</Territory>\n{limit}</SalesRights>\n"
        for kind, territory, limit in made
    )
    return text + (f"<ROWSalesRightsType>{rights.rest}</ROWSalesRightsType>\n" if rights.rest else "")


def _related(title: Title) -> str:
    return (
        "<RelatedMaterial>\n<RelatedWork>\n<WorkRelationCode>01</WorkRelationCode>\n<WorkIdentifier>\n<WorkIDType>01"
        f"</WorkIDType>\n<IDTypeName>{title.supplier} work</IDTypeName>\n<IDValue>{title.work}</IDValue>\n"
        "</WorkIdentifier>\n</RelatedWork>\n<RelatedProduct>\n<ProductRelationCode>06</ProductRelationCode>\n"
        f"<ProductIdentifier>\n<ProductIDType>15</ProductIDType>\n<IDValue>{title.print_isbn}</IDValue>\n"
        "</ProductIdentifier>\n</RelatedProduct>\n</RelatedMaterial>\n"
    )


def _supply(title: Title) -> str:
    offer = "".join(map(_price, title.prices)) or f"<UnpricedItemType>{title.unpriced}</UnpricedItemType>\n"
    role = "01" if title.source_type == "01" else "02"
    return (
        "<ProductSupply>\n<Market>\n<Territory>\n<RegionsIncluded>WORLD</RegionsIncluded>\n</Territory>\n</Market>\n"
        f"<SupplyDetail>\n<Supplier>\n<SupplierRole>{role}</SupplierRole>\n<SupplierName>{title.supplier}</SupplierName>\n"
        f"</Supplier>\n<ProductAvailability>{title.availability}</ProductAvailability>\n{offer}</SupplyDetail>\n"
        "</ProductSupply>\n"
    )


def _price(price: Price) -> str:
    tax = (
        f"<Tax>\n<TaxType>01</TaxType>\n<TaxRateCode>S</TaxRateCode>\n<TaxRatePercent>{price.tax_percent}</TaxRatePercent>\n"
        f"</Tax>\n"
        if price.tax_percent
        else ""
    )
    currency = f"<CurrencyCode>{price.currency}</CurrencyCode>\n" if price.currency else ""
    where = (
        f"<Territory>\n<CountriesIncluded>{' '.join(price.countries)}</CountriesIncluded>\n</Territory>\n"
        if price.countries
        else ""
    )
    dates = "".join(
        f'<PriceDate>\n<PriceDateRole>{role}</PriceDateRole>\n<Date dateformat="00">{value}</Date>\n</PriceDate>\n'
        for role, value in (("14", price.since), ("15", price.until))
        if value
    )
    return (
        f"<Price>\n<PriceType>{price.kind}</PriceType>\n<PriceQualifier>05</PriceQualifier>\n"
        f"<PriceAmount>{price.amount}</PriceAmount>\n{tax}{currency}{where}{dates}</Price>\n"
    )


_WRITERS = {
    "descriptive": _descriptive,
    "collateral": _collateral,
    "content": _content,
    "publishing": _publishing,
    "related": _related,
    "supply": _supply,
}
