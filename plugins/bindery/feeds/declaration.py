"""A feed's declaration: one YAML file in ``include/feeds``, named after the feed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bindery.trade.codelists import DEFAULT_ISSUE, issues


class Part(BaseModel):
    """A part of a declaration: unknown keys are refused, because a typo must not pass for a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FolderTransport(Part):
    """A folder on this machine or a mount."""

    kind: Literal["folder"]
    path: str


class SftpTransport(Part):
    """A folder on an SFTP server. ``connection`` is an Airflow connection id; its host key must be pinned."""

    kind: Literal["sftp"]
    connection: str
    path: str


class HttpsTransport(Part):
    """Files under a base URL, listed by an index: JSON, ``[{"name", "size", "modified"}]``."""

    kind: Literal["https"]
    connection: str
    path: str = ""
    index: str = "index.json"


Transport = Annotated[FolderTransport | SftpTransport | HttpsTransport, Field(discriminator="kind")]


class Gate(Part):
    """Limits beyond which a message is held for a person (AUDIOBOOKS section 7, F rules).

    Attributes:
        max_blocked_share: Largest share of records, 0 to 1, that may be quarantined.
        min_full_share: A full feed smaller than this share of the feed's last full one is held.
        max_withdrawn_share: Largest share of records that may carry a withdrawal.
        min_records: Messages smaller than this are not judged by share.
    """

    max_blocked_share: float = Field(0.5, ge=0, le=1)
    min_full_share: float = Field(0.5, ge=0, le=1)
    max_withdrawn_share: float = Field(0.5, ge=0, le=1)
    min_records: int = Field(20, ge=1)


class Absence(Part):
    """What it means that a record is no longer in a feed's full messages (AUDIOBOOKS 1.4, 5).

    Attributes:
        policy: ``ignore`` (ONIX's own meaning), ``flag`` shows it, ``withdraw`` takes the title off sale.
        after: Full messages in a row, records in each and none held, that must leave it out. A message from which
            more than the gate's ``max_withdrawn_share`` of the feed's records are missing is held.
    """

    policy: Literal["ignore", "flag", "withdraw"] = "ignore"
    after: int = Field(2, ge=1)


def _shipped(issue: int) -> int:
    if issue not in issues():
        message = f"issue {issue} of the code lists is not shipped; {', '.join(map(str, issues()))} are"
        raise ValueError(message)
    return issue


class Feed(Part):
    """One stream of messages from one supplier.

    Attributes:
        name: The feed's name; the file's name without its ending, and the DAG's ``feed__<name>``.
        supplier: Who sends. Several feeds may share a supplier.
        owner: Who at Bindery answers for it; alerts name them.
        schedule: Cron, in ``timezone``. The day it runs on is the feed day.
        files: Glob of the files to take, relative to the transport's path; ``{feed_day}`` (2026-03-01) and
            ``{feed_day:%Y%m%d}`` stand for the day, as 2026-03-01 and 20260301.
        format: ``onix`` (any release, detected), ``spreadsheet`` (then ``mapping`` names a column mapping) or ``json``.
        scope: Whether its messages are full catalogues or deltas; ``{"full": glob, "delta": glob}`` by file name.
        mapping: For a spreadsheet or JSON: a file in ``include/mappings``. OPDS 2 feeds, Readium and W3C manifests and
            LibriVox's books show what they are, and need none.
        encoding: For ONIX, the encoding its messages are in, whatever they declare; bytes that don't fit make a record
            unreadable. Only for a sender who declares the wrong one: without it, what is declared is tried, then
            UTF-8 and windows-1252 (AUDIOBOOKS section 5, row 6).
        precedence: Lower wins when suppliers disagree on a title (AUDIOBOOKS section 6).
        absence: What it means that a record is no longer in full messages.
        silent_after_days: Days without a message after which ``feed_health`` raises an alert.
        test_records: Whether notification types 88 and 89 are read as live (a feed in test); otherwise out of scope.
        codelists: Issue of the ONIX code lists that its codes are judged by.
        validation: ``validate`` in YAML: whether every record is validated with EDItEUR's schema, which takes longer
            than reading it; ``true`` warns, ``block`` quarantines what is invalid.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
    supplier: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
    title: str
    owner: str
    schedule: str = "0 3 * * *"
    timezone: str = "UTC"
    transport: Transport
    files: str = "{feed_day}/*"
    format: Literal["onix", "spreadsheet", "json"] = "onix"
    mapping: str | None = None
    encoding: str | None = None
    scope: Literal["full", "delta"] | dict[Literal["full", "delta"], str] = "delta"
    precedence: int = 100
    silent_after_days: int = Field(3, ge=1)
    tier: Literal[1, 2, 3] = 2
    gate: Gate = Gate()
    absence: Absence = Absence()
    test_records: bool = False
    codelists: Annotated[int, AfterValidator(_shipped)] = Field(
        DEFAULT_ISSUE, json_schema_extra={"enum": list(issues())}
    )
    validation: bool | Literal["block"] = Field(default=False, alias="validate")
