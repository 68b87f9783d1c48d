"""Recipient declarations: read from YAML, checked, and described as a JSON Schema for editors."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from pydantic import BaseModel, ValidationError

from bindery.catalogue.facts import Facts
from bindery.delivery.codes import countries
from bindery.delivery.recipient import (
    Acknowledgement,
    FolderDestination,
    Recipient,
    SftpDestination,
)
from bindery.errors import ConfigurationError

_PARTS: dict[tuple[str, ...], type[BaseModel]] = {
    (): Recipient,
    ("destination", "folder"): FolderDestination,
    ("destination", "sftp"): SftpDestination,
    ("acknowledgement",): Acknowledgement,
}


def load_recipients(folder: Path) -> tuple[Recipient, ...]:
    """Read every declaration in a folder.

    Args:
        folder: Holds one ``<name>.yaml`` a recipient.

    Returns:
        The recipients, by name.

    Raises:
        ConfigurationError: The folder is missing, or a declaration is wrong.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            f"there is no folder of recipients at {folder}",
            fix="Set BINDERY_RECIPIENTS to a folder of declarations, or create it.",
        )
    return tuple(load_recipient(path) for path in sorted(folder.glob("*.yaml")))


def load_recipient(path: Path) -> Recipient:
    """Read one declaration.

    Args:
        path: ``<folder>/<name>.yaml``.

    Returns:
        The recipient.

    Raises:
        ConfigurationError: The file cannot be read, has a key or value that is not allowed, or another name than the
            recipient in it.
    """
    try:
        stated = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}", fix="Put a YAML file in UTF-8 there.") from error
    if not isinstance(stated, dict):
        raise ConfigurationError(
            f"{path} holds no keys", fix="State at least name, title, owner, specification and destination."
        )
    try:
        recipient = Recipient.model_validate(stated)
    except ValidationError as error:
        raise _explained(path, error) from error
    _check_values(path, recipient)
    return recipient


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a declaration, as kept in ``include/recipients/schema.json``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Recipient.model_json_schema()}


def _explained(path: Path, error: ValidationError) -> ConfigurationError:
    first = error.errors(include_url=False)[0]
    place = tuple(str(part) for part in first["loc"])
    key = ".".join(place)
    if first["type"] != "extra_forbidden":
        return ConfigurationError(f"{path}: {key or 'the file'}: {first['msg']}", fix=f"Correct {key} in {path.name}.")
    allowed = sorted(_PARTS.get(place[:-1], Recipient).model_fields)
    return ConfigurationError(
        f"{path}: there is no key {place[-1]!r}{_did_you_mean(place[-1], allowed)}",
        fix=f"Allowed here: {', '.join(allowed)}.",
    )


def _check_values(path: Path, recipient: Recipient) -> None:
    if recipient.name != path.stem:
        raise ConfigurationError(
            f"{path}: name is {recipient.name!r}, the file is named {path.stem!r}",
            fix=f"Call the file {recipient.name}.yaml, or the recipient {path.stem}.",
        )
    facts = sorted(get_type_hints(Facts))
    for key, values, allowed in (
        ("requires", recipient.requires, facts),
        ("countries", recipient.countries, sorted(countries())),
    ):
        for value in values:
            if value not in allowed:
                known = ", ".join(facts) if key == "requires" else "the ISO 3166-1 codes of List 91, such as GB"
                raise ConfigurationError(
                    f"{path}: {key}: {value!r} is not known{_did_you_mean(value, allowed)}",
                    fix=f"Allowed: {known}.",
                )


def _did_you_mean(word: str, allowed: list[str]) -> str:
    close = get_close_matches(word, allowed, n=1)
    return f" (did you mean {close[0]}?)" if close else ""
