"""ONIX in short tags, out of the same in reference tags: the names that the simulator writes."""

from __future__ import annotations

import re

_SHORT = {
    "AVDuration": "x544", "AVItem": "avitem", "AVItemType": "x540", "AlternativeName": "alternativename",
    "Addressee": "addressee", "AddresseeName": "x300", "Audience": "audience", "AudienceCodeType": "b204",
    "AudienceCodeValue": "b206", "CollateralDetail": "collateraldetail", "Collection": "collection",
    "CollectionType": "x329", "ComponentNumber": "b289", "ComponentTypeName": "b288", "ContactName": "x299",
    "ContentAudience": "x427", "ContentDate": "contentdate", "ContentDateRole": "x429",
    "ContentDetail": "contentdetail", "ContentItem": "contentitem", "Contributor": "contributor",
    "ContributorRole": "b035", "CountriesExcluded": "x451", "CountriesIncluded": "x449", "CurrencyCode": "j152",
    "Date": "b306", "DescriptiveDetail": "descriptivedetail", "EditionType": "x419", "EmailAddress": "j272",
    "EndTime": "x543", "EpubTechnicalProtection": "x317", "Extent": "extent", "ExtentType": "b218",
    "ExtentUnit": "b220", "ExtentValue": "b219", "FeatureValue": "x439", "FromLanguage": "x412", "Header": "header",
    "IDTypeName": "b233", "IDValue": "b244", "Imprint": "imprint", "ImprintName": "b079", "KeyNames": "b040",
    "Language": "language", "LanguageCode": "b252", "LanguageRole": "b253", "LevelSequenceNumber": "b284",
    "MainSubject": "x425", "Market": "market", "MessageNumber": "m180", "MessageRepeat": "m181",
    "NameIDType": "x415", "NameIdentifier": "nameidentifier", "NameType": "x414", "NamesBeforeKey": "b039",
    "NoProduct": "x507", "NotificationType": "a002", "ONIXMessage": "ONIXmessage", "PartNumber": "x410",
    "PersonName": "b036", "PersonNameInverted": "b037", "Price": "price", "PriceAmount": "j151",
    "PriceDate": "pricedate", "PriceDateRole": "x476", "PriceQualifier": "j261", "PriceType": "x462",
    "PrimaryContentType": "x416", "Product": "product", "ProductAvailability": "j396",
    "ProductComposition": "x314", "ProductForm": "b012", "ProductFormDetail": "b333", "ProductIDType": "b221",
    "ProductIdentifier": "productidentifier", "ProductRelationCode": "x455", "ProductSupply": "productsupply",
    "Publisher": "publisher", "PublisherName": "b081", "PublishingDate": "publishingdate",
    "PublishingDateRole": "x448", "PublishingDetail": "publishingdetail", "PublishingRole": "b291",
    "PublishingStatus": "b394", "ROWSalesRightsType": "x456", "RecordReference": "a001",
    "RecordSourceName": "a197", "RecordSourceType": "a194", "RegionsIncluded": "x450",
    "RelatedMaterial": "relatedmaterial", "RelatedProduct": "relatedproduct", "RelatedWork": "relatedwork",
    "ResourceContentType": "x436", "ResourceForm": "x441", "ResourceLink": "x435", "ResourceMode": "x437",
    "ResourceVersion": "resourceversion", "ResourceVersionFeature": "resourceversionfeature",
    "ResourceVersionFeatureType": "x442", "SalesRestriction": "salesrestriction", "SalesRestrictionType": "b381",
    "SalesRights": "salesrights", "SalesRightsType": "b089", "Sender": "sender", "SenderName": "x298",
    "SentDateTime": "x307", "SequenceNumber": "b034", "StartTime": "x542", "Subject": "subject",
    "SubjectCode": "b069", "SubjectHeadingText": "b070", "SubjectSchemeIdentifier": "b067",
    "SubjectSchemeVersion": "b068", "Subtitle": "b029", "Supplier": "supplier", "SupplierName": "j137",
    "SupplierRole": "j292", "SupplyDetail": "supplydetail", "SupportingResource": "supportingresource",
    "Tax": "tax", "TaxRateCode": "x471", "TaxRatePercent": "x472", "TaxType": "x470", "Territory": "territory",
    "Text": "d104", "TextContent": "textcontent", "TextType": "x426", "TimeRun": "timerun",
    "TitleDetail": "titledetail", "TitleElement": "titleelement", "TitleElementLevel": "x409",
    "TitlePrefix": "b030", "TitleText": "b203", "TitleType": "b202", "TitleWithoutPrefix": "b031",
    "UnnamedPersons": "b249", "UnpricedItemType": "j192", "WorkIDType": "b201", "WorkIdentifier": "workidentifier",
    "WorkRelationCode": "x454",
}  # fmt: skip
_SHORT_IN_2_1 = {
    "AudienceCode": "b073", "CountryCode": "b251", "EditionTypeCode": "b056", "FromCompany": "m174",
    "MainSubject": "mainsubject", "MainSubjectSchemeIdentifier": "b191", "MediaFile": "mediafile",
    "MediaFileDate": "f373", "MediaFileFormatCode": "f115", "MediaFileLink": "f117",
    "MediaFileLinkTypeCode": "f116", "MediaFileTypeCode": "f114", "NotForSale": "notforsale",
    "NumberOfPages": "b061", "NumberWithinSeries": "b019", "OnSaleDate": "j143", "OtherText": "othertext",
    "PersonNameIDType": "b390", "PersonNameIdentifier": "personnameidentifier", "PriceEffectiveFrom": "j161",
    "PriceEffectiveUntil": "j162", "PriceTypeCode": "j148", "ProductContentType": "b385", "PublicationDate": "b003",
    "RelationCode": "h208", "RightsCountry": "b090", "RightsTerritory": "b388", "SentDate": "m182",
    "Series": "series", "SupplyToTerritory": "j397", "TaxRateCode1": "j153", "TaxRatePercent1": "j154",
    "TextFormat": "d103", "TextTypeCode": "d102", "Title": "title", "TitleOfSeries": "b018", "ToCompany": "m178",
}  # fmt: skip
"""Elements that ONIX 2.1 alone has, or has under another tag."""
_TAG = re.compile(r"(</?)([A-Z]\w+)")


def short_tags(reference: str, *, release: str) -> str:
    """The same ONIX in short tags."""
    tags = _SHORT | _SHORT_IN_2_1 if release == "2.1" else _SHORT
    return _TAG.sub(lambda found: found[1] + tags[found[2]], reference)
