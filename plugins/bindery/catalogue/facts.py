"""The flat facts read out of a record's blocks: what rules judge, SQL merges by and pages show.

Each fact belongs to one block, so that a record folded from several versions takes each fact from the version that
supplied that block. Facts are computed once, when a record is read, and stored beside its blocks.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypedDict

RightsStatus = Literal["known", "none", "incomplete", "contradictory"]
NarrationType = Literal["human", "ai_voice", "voice_replica", "mixed", "unknown"]


class Facts(TypedDict):
    """Facts of one record.

    From identifiers: ``isbn13`` (13 digits, valid, ISBN-10 converted; None where none is valid), ``isbn_problem``
    (``missing``, ``malformed``, ``check_digit``, ``clash``; None where ``isbn13`` is good).

    From ``descriptive``: ``is_audio`` (None where no form is stated), ``product_form``, ``primary_content_type``,
    ``title``, ``subtitle``, ``authors``, ``narrators``, ``narration_type`` (AUDIOBOOKS 1.5), ``language`` (role 08,
    else 01), ``duration_seconds`` (extent 09, else the longest stated), ``abridged`` (yes, no, unknown), ``series``,
    ``main_subject``.

    From ``collateral``: ``description`` (plain text of the best text a consumer may see), ``cover_link``.

    From ``publishing``: ``publisher``, ``imprint``, ``publishing_status``, ``publication_date`` and ``embargoed_until``
    (latest possible day; embargo is the latest of roles 02, 09, 10, 27, 30, 31), ``rights_status``,
    ``sale_countries`` and ``subscription_countries`` (sorted ISO 3166-1 codes where this record allows that model; law
    3: unknown or contradictory is not allowed), ``publishing_withdrawal``.

    From ``supply``: ``availability``, ``price_count``, ``price_amount`` and ``price_currency`` (first consumer price),
    ``price_problem`` (``currency``, ``type``, ``amount``, ``duplicate``; None where all are good),
    ``supply_withdrawal``.

    A withdrawal is its signal and code, such as ``publishing_status:11`` or ``availability:46`` (AUDIOBOOKS section 6).
    """

    isbn13: str | None
    isbn_problem: str | None
    is_audio: bool | None
    product_form: str | None
    primary_content_type: str | None
    title: str | None
    subtitle: str | None
    authors: list[str]
    narrators: list[str]
    narration_type: NarrationType
    language: str | None
    duration_seconds: int | None
    abridged: Literal["yes", "no", "unknown"]
    series: str | None
    main_subject: str | None
    description: str | None
    cover_link: str | None
    publisher: str | None
    imprint: str | None
    publishing_status: str | None
    publication_date: date | None
    embargoed_until: date | None
    rights_status: RightsStatus
    sale_countries: list[str]
    subscription_countries: list[str]
    publishing_withdrawal: str | None
    availability: str | None
    price_count: int
    price_amount: Decimal | None
    price_currency: str | None
    price_problem: str | None
    supply_withdrawal: str | None
