"""Titles as ONIX 2.1 in reference tags: no namespace, a DOCTYPE without subset, named entities of its DTD."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.simulator.onix3 import ENTITY_MARK, Header, duration, identifiers, link, plain
from tests.simulator.titles import Contributor, Price, Title

_FORMS = {"AN": "AJ", "AO": "AJ", "ED": "DG"}
"""List 7 has no AM, AN, AO and ED (AUDIOBOOKS 0, item 6)."""


def opening(header: Header, *, encoding: str = "UTF-8", short: bool = False) -> str:
    """Everything before the first record, in reference tags; ``short`` names the DTD of short ones."""
    root, tags = ("ONIXmessage", "short") if short else ("ONIXMessage", "reference")
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        f'<!DOCTYPE {root} SYSTEM "http://www.editeur.org/onix/2.1/03/{tags}/onix-international.dtd">\n'
        f"<ONIXMessage>\n<Header>\n<FromCompany>{escape(header.sender)}</FromCompany>\n<ToCompany>Bindery</ToCompany>\n"
        f"<MessageNumber>{header.number}</MessageNumber>\n<MessageRepeat>{header.repeat}</MessageRepeat>\n"
        f"<SentDate>{header.sent_at:%Y%m%d%H%M}</SentDate>\n</Header>\n"
    )


def record(title: Title, notification: str = "03") -> str:
    """One ``<Product>``. Notification ``05`` writes identifiers only."""
    reference = f"<RecordReference>{title.reference}</RecordReference>\n" if title.reference else ""
    head = (
        f"<Product>\n{reference}<NotificationType>{notification}</NotificationType>\n"
        f"<RecordSourceType>{title.source_type}</RecordSourceType>\n<RecordSourceName>{title.supplier}</RecordSourceName>\n"
    )
    parts = [head, identifiers(title)]
    if notification != "05":
        parts += [_form(title), _descriptive(title), _collateral(title), _publishing(title), _related(title)]
        parts.append(_supply(title))
    parts.append("</Product>\n")
    written = "".join(parts).replace(ENTITY_MARK, "&ndash;")
    # Within CDATA an entity would be five letters and two signs.
    return written if title.text_style == "cdata" else written.replace(" – ", " &ndash; ")


def _form(title: Title) -> str:
    form = _FORMS.get(title.form, title.form)
    detail = f"<ProductFormDetail>{title.form_detail}</ProductFormDetail>\n" if form == "AJ" else ""
    content = "01" if title.is_audio else "10"
    return f"<ProductForm>{form}</ProductForm>\n{detail}<ProductContentType>{content}</ProductContentType>\n"


def _descriptive(title: Title) -> str:
    parts = []
    if title.series:
        parts.append(
            f"<Series>\n<TitleOfSeries>{escape(title.series)}</TitleOfSeries>\n"
            f"<NumberWithinSeries>{title.number_in_series}</NumberWithinSeries>\n</Series>\n"
        )
    text = (
        f"<TitlePrefix>{title.prefix}</TitlePrefix>\n<TitleWithoutPrefix>{escape(title.title)}</TitleWithoutPrefix>\n"
        if title.prefix
        else f"<TitleText>{escape(title.title)}</TitleText>\n"
    )
    subtitle = f"<Subtitle>{escape(title.subtitle)}</Subtitle>\n" if title.subtitle else ""
    parts.append(f"<Title>\n<TitleType>01</TitleType>\n{text}{subtitle}</Title>\n")
    parts.append(
        f"<WorkIdentifier>\n<WorkIDType>01</WorkIDType>\n<IDTypeName>{title.supplier} work</IDTypeName>\n"
        f"<IDValue>{title.work}</IDValue>\n</WorkIdentifier>\n"
    )
    parts.extend(_contributor(person, place) for place, person in enumerate(title.contributors, 1))
    if title.is_audio:
        parts.append(f"<EditionTypeCode>{title.edition}</EditionTypeCode>\n")
    roles = [("01", title.language), ("08", title.language)]
    if title.original_language:
        roles.append(("02", title.original_language))
    parts.extend(
        f"<Language>\n<LanguageRole>{role}</LanguageRole>\n<LanguageCode>{code}</LanguageCode>\n</Language>\n"
        for role, code in roles
    )
    extents = [("09", duration(title), title.duration_unit), ("09", str(title.tracks), "11")] if title.is_audio else []
    if not title.is_audio:
        parts.append(f"<NumberOfPages>{120 + title.tracks}</NumberOfPages>\n")
    parts.extend(
        f"<Extent>\n<ExtentType>{kind}</ExtentType>\n<ExtentValue>{value}</ExtentValue>\n<ExtentUnit>{unit}</ExtentUnit>\n"
        "</Extent>\n"
        for kind, value, unit in extents
    )
    parts.append(_subjects(title))
    return "".join(parts)


def _subjects(title: Title) -> str:
    made = []
    for element, (bisac, heading, thema, words) in (("MainSubject", title.subject), ("Subject", title.second_subject)):
        of = f"{element}SchemeIdentifier"
        made.append(
            f"<{element}>\n<{of}>10</{of}>\n<SubjectCode>{bisac}</SubjectCode>\n<SubjectHeadingText>{escape(heading)}"
            f"</SubjectHeadingText>\n</{element}>\n<{element}>\n<{of}>93</{of}>\n<SubjectSchemeVersion>1.5"
            f"</SubjectSchemeVersion>\n<SubjectCode>{thema}</SubjectCode>\n<SubjectHeadingText>{escape(words)}"
            f"</SubjectHeadingText>\n</{element}>\n"
        )
    made.append(
        f"<Subject>\n<SubjectSchemeIdentifier>20</SubjectSchemeIdentifier>\n<SubjectHeadingText>"
        f"{'; '.join(title.keywords)}</SubjectHeadingText>\n</Subject>\n<AudienceCode>{title.audience}</AudienceCode>\n"
    )
    return "".join(made)


def _contributor(person: Contributor, place: int) -> str:
    head = (
        f"<Contributor>\n<SequenceNumber>{place}</SequenceNumber>\n<ContributorRole>{person.role}</ContributorRole>\n"
    )
    if person.from_language:
        head += f"<LanguageCode>{person.from_language}</LanguageCode>\n"
    if person.unnamed:
        # Issue 27 of the code lists ends at 07; a replica of a real voice is the nearest it has: a synthesised voice.
        code = person.unnamed if person.unnamed <= "07" else "07"
        return f"{head}<UnnamedPersons>{code}</UnnamedPersons>\n</Contributor>\n"
    before, key = escape(person.before), escape(person.key)
    isni = (
        f"<PersonNameIdentifier>\n<PersonNameIDType>16</PersonNameIDType>\n<IDValue>{person.isni}</IDValue>\n"
        "</PersonNameIdentifier>\n"
        if person.isni
        else ""
    )
    return (
        f"{head}<PersonName>{before} {key}</PersonName>\n<PersonNameInverted>{key}, {before}</PersonNameInverted>\n"
        f"<NamesBeforeKey>{before}</NamesBeforeKey>\n<KeyNames>{key}</KeyNames>\n{isni}</Contributor>\n"
    )


def _collateral(title: Title) -> str:
    media = _media(title, "04", "03", ("covers", "jpg")) + (
        _media(title, "44", "07", ("samples", "mp3")) if title.is_audio else ""
    )
    return (
        f"<OtherText>\n<TextTypeCode>01</TextTypeCode>\n{_description(title)}</OtherText>\n"
        f"<OtherText>\n<TextTypeCode>02</TextTypeCode>\n<TextFormat>06</TextFormat>\n"
        f"<Text>{escape(title.blurb)}</Text>\n</OtherText>\n{media}"
    )


def _description(title: Title) -> str:
    if title.text_style == "xhtml":
        return f'<Text textformat="05">{title.description}</Text>\n'
    if title.text_style == "cdata":
        return f"<TextFormat>02</TextFormat>\n<Text><![CDATA[{title.description}]]></Text>\n"
    if title.text_style == "plain":
        return f"<TextFormat>06</TextFormat>\n<Text>{plain(title.description)}</Text>\n"
    return f"<TextFormat>02</TextFormat>\n<Text>{escape(title.description)}</Text>\n"


def _media(title: Title, kind: str, file_format: str, place: tuple[str, str]) -> str:
    """A cover (04) or a sample (44) of Lists 38 and 39; ``place`` is its folder and ending."""
    return (
        f"<MediaFile>\n<MediaFileTypeCode>{kind}</MediaFileTypeCode>\n<MediaFileFormatCode>{file_format}"
        f"</MediaFileFormatCode>\n<MediaFileLinkTypeCode>01</MediaFileLinkTypeCode>\n<MediaFileLink>"
        f"{link(title, *place)}</MediaFileLink>\n<MediaFileDate>20260114</MediaFileDate>\n</MediaFile>\n"
    )


def _publishing(title: Title) -> str:
    rights = title.rights
    head = (
        f"<Imprint>\n<ImprintName>{escape(title.imprint)}</ImprintName>\n</Imprint>\n<Publisher>\n<PublishingRole>01"
        f"</PublishingRole>\n<PublisherName>{escape(title.publisher)}</PublisherName>\n</Publisher>\n"
        f"<PublishingStatus>{title.status}</PublishingStatus>\n<PublicationDate>{title.published}</PublicationDate>\n"
    )
    parts = [head]
    if rights.included in {("WORLD",), ("ROW",)}:
        parts.append(_sales_rights(rights.kind, f"<RightsTerritory>{rights.included[0]}</RightsTerritory>\n"))
    else:
        parts.append(_sales_rights(rights.kind, _countries(rights.included)))
    if rights.rest:
        parts.append(_sales_rights(rights.rest, "<RightsTerritory>ROW</RightsTerritory>\n"))
    if rights.contradicted:
        parts.append(_sales_rights("03", _countries(rights.contradicted)))
    if rights.excluded:
        parts.append(f"<NotForSale>\n{_countries(rights.excluded)}</NotForSale>\n")
    if rights.restriction:
        parts.append(
            f"<SalesRestriction>\n<SalesRestrictionType>{rights.restriction}</SalesRestrictionType>\n</SalesRestriction>\n"
        )
    return "".join(parts)


def _countries(codes: tuple[str, ...]) -> str:
    return f"<RightsCountry>{' '.join(codes)}</RightsCountry>\n"


def _sales_rights(kind: str, territory: str) -> str:
    return f"<SalesRights>\n<SalesRightsType>{kind}</SalesRightsType>\n{territory}</SalesRights>\n"


def _related(title: Title) -> str:
    return (
        "<RelatedProduct>\n<RelationCode>06</RelationCode>\n<ProductIdentifier>\n<ProductIDType>15</ProductIDType>\n"
        f"<IDValue>{title.print_isbn}</IDValue>\n</ProductIdentifier>\n</RelatedProduct>\n"
    )


def _supply(title: Title) -> str:
    offer = "".join(map(_price, title.prices)) or f"<UnpricedItemType>{title.unpriced}</UnpricedItemType>\n"
    on_sale = f"<OnSaleDate>{title.embargo}</OnSaleDate>\n" if title.embargo else ""
    role = "01" if title.source_type == "01" else "02"
    return (
        f"<SupplyDetail>\n<SupplierName>{title.supplier}</SupplierName>\n<SupplierRole>{role}</SupplierRole>\n"
        "<SupplyToTerritory>WORLD</SupplyToTerritory>\n"
        f"<ProductAvailability>{title.availability}</ProductAvailability>\n{on_sale}{offer}</SupplyDetail>\n"
    )


def _price(price: Price) -> str:
    currency = f"<CurrencyCode>{price.currency}</CurrencyCode>\n" if price.currency else ""
    where = "".join(f"<CountryCode>{code}</CountryCode>\n" for code in price.countries)
    tax = (
        f"<TaxRateCode1>S</TaxRateCode1>\n<TaxRatePercent1>{price.tax_percent}</TaxRatePercent1>\n"
        if price.tax_percent
        else ""
    )
    since = f"<PriceEffectiveFrom>{price.since}</PriceEffectiveFrom>\n" if price.since else ""
    until = f"<PriceEffectiveUntil>{price.until}</PriceEffectiveUntil>\n" if price.until else ""
    return (
        f"<Price>\n<PriceTypeCode>{price.kind}</PriceTypeCode>\n<PriceQualifier>05</PriceQualifier>\n<PriceAmount>{price.amount}</PriceAmount>\n"
        f"{currency}{where}{tax}{since}{until}</Price>\n"
    )
