"""A recipient's declaration: one YAML file in ``include/recipients``, named after the recipient."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bindery.trade.models import Model


class Part(BaseModel):
    """A part of a declaration: unknown keys are refused, because a typo must not pass for a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FolderDestination(Part):
    """A folder on this machine or a mount. A relative path is taken from the home."""

    kind: Literal["folder"]
    path: str


class SftpDestination(Part):
    """A folder on an SFTP server. ``connection`` is an Airflow connection id; its host key must be pinned."""

    kind: Literal["sftp"]
    connection: str
    path: str


Destination = Annotated[FolderDestination | SftpDestination, Field(discriminator="kind")]


class Acknowledgement(Part):
    """How a recipient says that it took a delivery.

    Attributes:
        kind: ``on_arrival``: accepted once every file lies there with its size. ``receipt``: the recipient puts a file
            ``<delivery_id>.ack.json`` (``{"status": "accepted" | "rejected", "rejected": [isbn13, ...]}``) beside it.
        deadline_minutes: After this the delivery is silent: nothing of it counts as accepted, the next one heals it.
    """

    kind: Literal["on_arrival", "receipt"] = "on_arrival"
    deadline_minutes: float = Field(60, gt=0)


class Recipient(Part):
    """Who receives deliveries.

    Attributes:
        name: The recipient's name; the file's name without its ending, and the DAG's ``deliver__<name>``.
        specification: What is rendered: ONIX 3.0 reference tags, or JSON Lines with Parquet beside it.
        model: Which offers count for it.
        countries: Where it sells; empty means everywhere. A title with an offer in none of them is not desired.
        requires: Facts a title must state; without one it is omitted for this recipient, and listed.
        sender_name: Our name in its messages.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
    title: str
    owner: str
    specification: Literal["onix_3.0", "jsonl_parquet"]
    model: Model = "sale"
    countries: tuple[str, ...] = ()
    requires: tuple[str, ...] = ("title", "language")
    destination: Destination
    acknowledgement: Acknowledgement = Acknowledgement()
    sender_name: str = "Bindery"
    tier: Literal[1, 2, 3] = 2
