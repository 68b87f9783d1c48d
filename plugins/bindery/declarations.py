"""Reading declarations: YAML files that say what a feed, a recipient or a mapping is.

A typo must not pass for a default, so unknown keys are refused, with the key that was probably meant.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bindery.errors import ConfigurationError

Declared = TypeVar("Declared", bound=BaseModel)


def load_declaration(path: Path, model: type[Declared]) -> Declared:
    """Read one declaration.

    Args:
        path: A YAML file; its name without the ending must equal the declaration's ``name``.
        model: What it must be.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: The file is not YAML, or not such a declaration; every mistake in it is named.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name} is not YAML: {error}", fix=f"Correct {path}.") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path.name} holds no declaration.", fix=f"Write the keys of a {model.__name__}.")
    try:
        declared = model.model_validate(content)
    except ValidationError as error:
        mistakes = "; ".join(_mistake(item, model, content) for item in error.errors())
        raise ConfigurationError(
            f"{path.name} is not a valid {model.__name__}: {mistakes}.", fix=f"Correct {path}."
        ) from error
    if getattr(declared, "name", path.stem) != path.stem:
        raise ConfigurationError(
            f"{path.name} declares the name {declared.name!r}.",  # type: ignore[attr-defined] # has one, just seen
            fix="Give the file and the declaration the same name.",
        )
    return declared


def load_declarations(folder: Path, model: type[Declared]) -> tuple[Declared, ...]:
    """Read every ``*.yaml`` of a folder, in the order of their names.

    Raises:
        ConfigurationError: One of them is wrong, or the folder is missing.
    """
    return tuple(load_declaration(path, model) for path in declaration_files(folder))


def declaration_files(folder: Path) -> tuple[Path, ...]:
    """The declaration files of a folder, in the order of their names.

    Raises:
        ConfigurationError: There is no such folder.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            f"There is no folder {folder}.",
            fix="Create it, or set BINDERY_FEEDS or BINDERY_RECIPIENTS to the right one.",
        )
    return tuple(sorted(folder.glob("*.yaml")))


def _mistake(item: Any, model: type[BaseModel], content: dict[str, Any]) -> str:
    place = ".".join(str(step) for step in item["loc"])
    if item["type"] != "extra_forbidden":
        return f"{place}: {item['msg'][0].lower()}{item['msg'][1:]}"
    key = str(item["loc"][-1])
    allowed = [name for name in _keys_beside(item["loc"], model) if name not in content]
    close = difflib.get_close_matches(key, allowed, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"allowed are {', '.join(allowed)}"
    return f"{place}: there is no such key; {hint}"


def _keys_beside(place: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """The keys allowed at a place: those of the model there, or of any model a union may choose."""
    models: list[type[BaseModel]] = [model]
    for step in place[:-1]:
        models = [part for owner in models for part in _parts(owner, str(step))] or models
    return sorted({name for owner in models for name in owner.model_fields})


def _parts(owner: type[BaseModel], key: str) -> list[type[BaseModel]]:
    field = owner.model_fields.get(key)
    if field is None:
        return []
    found: list[type[BaseModel]] = []
    pending: list[Any] = [field.annotation]
    while pending:
        annotation = pending.pop()
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            found.append(annotation)
        else:
            pending.extend(getattr(annotation, "__args__", ()))
    return found
