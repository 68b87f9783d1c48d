"""Elements and codes of ONIX 2.1 that are written otherwise in 3.x.

Numbers are EDItEUR's code lists, issue 27 for 2.1 and 68 for 3.x.
"""

from __future__ import annotations

OLD_IDENTIFIERS = {
    "ISBN": "02",
    "EAN13": "03",
    "UPC": "04",
    "ISMN": "05",
    "DOI": "06",
    "PublisherProductNo": "01",
}
"""Elements of early 2.1 that are an identifier by themselves, to List 5."""

TEXT_TYPES = {
    "01": "03",
    "02": "02",
    "03": "03",
    "04": "04",
    "05": "06",
    "06": "07",
    "07": "06",
    "08": "06",
    "09": "10",
    "10": "08",
    "12": "03",
    "13": "12",
    "17": "05",
    "18": "05",
    "19": "11",
    "20": "18",
    "21": "13",
    "22": "15",
    "23": "14",
    "24": "14",
    "30": "09",
    "33": "26",
    "43": "16",
    "44": "17",
    "47": "20",
}
"""List 33 to List 153. What has no like there becomes 01, sender-defined."""

TEXT_AUDIENCES = {"25": "02", "26": "07", "27": "01", "28": "01", "31": "02", "32": "01"}
"""List 33 to List 154: texts that 2.1 marks by their type as not meant for consumers."""

RESOURCES = {
    "01": ("28", None),
    "03": ("29", "03"),
    "04": ("01", "03"),
    "05": ("29", "03"),
    "06": ("01", "03"),
    "07": ("27", "03"),
    "08": ("04", "03"),
    "10": ("05", "03"),
    "11": ("06", "03"),
    "12": ("08", "03"),
    "16": ("30", "03"),
    "17": ("09", "03"),
    "18": ("10", "03"),
    "22": ("25", "03"),
    "23": ("15", "03"),
    "24": ("02", "03"),
    "25": ("02", "03"),
    "26": ("02", "03"),
    "31": ("12", "05"),
    "32": ("11", "05"),
    "33": ("13", "05"),
    "35": ("15", "05"),
    "36": ("26", "05"),
    "37": ("17", "05"),
    "38": ("18", "05"),
    "41": ("12", "02"),
    "42": ("11", "02"),
    "43": ("13", "02"),
    "44": ("15", "02"),
    "45": ("26", "02"),
    "46": ("17", "02"),
    "47": ("18", "02"),
    "51": ("15", "01"),
}
"""List 38 to List 158 (content) and List 159 (mode)."""

AVAILABILITIES = {
    "AB": "01",
    "AD": "20",
    "CS": "99",
    "EX": "43",
    "IP": "20",
    "MD": "23",
    "NP": "10",
    "NY": "11",
    "OF": "41",
    "OI": "40",
    "OP": "51",
    "OR": "41",
    "PP": "01",
    "RF": "42",
    "RM": "48",
    "RP": "32",
    "RU": "32",
    "TO": "22",
    "TP": "30",
    "TU": "30",
    "UR": "33",
    "WR": "20",
    "WS": "46",
}
"""List 54 to List 65, for senders that state only the old AvailabilityCode."""

SINGLE_DATES = {
    "PublicationDate": "01",
    "AnnouncementDate": "09",
    "TradeAnnouncementDate": "10",
    "YearFirstPublished": "11",
    "OutOfPrintDate": "13",
}
"""Elements that are a date by themselves, to List 163."""

REST_OF_WORLD = "ROW"
