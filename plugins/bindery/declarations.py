"""Reading declarations: YAML files that say what a feed, a recipient or a mapping is.

A typo must not pass for a default, so unknown keys are refused, with the key that was probably meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from bindery.errors import ConfigurationError

Declared = TypeVar("Declared", bound=BaseModel)


class Mistake(NamedTuple):
    """One thing wrong in a declaration.

    Attributes:
        what: The key and what is wrong with it.
        remedy: What is allowed instead, as a sentence; empty where ``what`` says it.
    """

    what: str
    remedy: str = ""


def load_declaration(
    path: Path, model: type[Declared], check: Callable[[Declared], Iterable[Mistake]] | None = None
) -> Declared:
    """Read one declaration.

    Args:
        path: A YAML file; its name without the ending must equal the declaration's ``name``, where it has one.
        model: What it must be.
        check: Finds the mistakes that the model can't.

    Returns:
        The declaration.

    Raises:
        ConfigurationError: The file can't be read, is not YAML, or not such a declaration; every mistake is named.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}", fix="Put a YAML file in UTF-8 there.") from error
    if not isinstance(content, dict):
        required = [field.alias or name for name, field in model.model_fields.items() if field.is_required()]
        raise ConfigurationError(f"{path} holds no declaration.", fix=f"State at least {', '.join(required)}.")
    try:
        declared = model.model_validate(content)
    except ValidationError as error:
        raise _refusal(path, model, [_mistake(item, model, content) for item in error.errors()]) from error
    mistakes = [*_misnamed(path, declared), *(check(declared) if check else ())]
    if mistakes:
        raise _refusal(path, model, mistakes)
    return declared


def load_declarations(
    folder: Path, model: type[Declared], check: Callable[[Declared], Iterable[Mistake]] | None = None
) -> tuple[Declared, ...]:
    """Read every ``*.yaml`` of a folder, in the order of their names.

    Raises:
        ConfigurationError: One of them is wrong, or the folder is missing.
    """
    return tuple(load_declaration(path, model, check) for path in declaration_files(folder))


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


def did_you_mean(word: str, allowed: Collection[str]) -> str:
    """``; did you mean 'that'?``, or nothing where no allowed word is close."""
    close = difflib.get_close_matches(word, sorted(allowed), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a declaration, as kept for editors in ``schema.json`` beside the declarations."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}


def _refusal(path: Path, model: type[BaseModel], mistakes: list[Mistake]) -> ConfigurationError:
    listed = "; ".join(mistake.what for mistake in mistakes)
    remedies = dict.fromkeys(mistake.remedy for mistake in mistakes if mistake.remedy)
    return ConfigurationError(
        f"{path} is not a valid {model.__name__}: {listed}", fix=" ".join([f"Correct {path}.", *remedies])
    )


def _misnamed(path: Path, declared: BaseModel) -> Iterable[Mistake]:
    name = getattr(declared, "name", path.stem)
    if name != path.stem:
        yield Mistake(
            f"name: it declares the name {name!r}, the file is named {path.stem!r}",
            f"Call the file {name}.yaml, or state the name {path.stem}.",
        )


def _mistake(item: Any, model: type[BaseModel], content: dict[str, Any]) -> Mistake:
    place = ".".join(str(step) for step in item["loc"]) or "the file"
    if item["type"] != "extra_forbidden":
        return Mistake(f"{place}: {item['msg'][0].lower()}{item['msg'][1:]}")
    allowed = _keys_beside(item["loc"], model)
    free = allowed - _stated_beside(item["loc"], content)
    return Mistake(
        f"{place}: there is no such key{did_you_mean(str(item['loc'][-1]), free)}",
        f"Allowed beside {place}: {', '.join(sorted(allowed))}.",
    )


def _keys_beside(place: tuple[int | str, ...], model: type[BaseModel]) -> set[str]:
    """The keys allowed at a place. A step may be a key, a number in a list, or the kind that chooses from a union."""
    models: list[type[BaseModel]] = [model]
    for step in place[:-1]:
        parts = [part for owner in models for part in _parts(owner, str(step))]
        models = parts or [owner for owner in models if _is_of_kind(owner, step)] or models
    return {field.alias or name for owner in models for name, field in owner.model_fields.items()}


def _is_of_kind(owner: type[BaseModel], kind: int | str) -> bool:
    return any(kind in get_args(field.annotation) for field in owner.model_fields.values())


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
            pending.extend(get_args(annotation))
    return found


def _stated_beside(place: tuple[Any, ...], content: Any) -> set[str]:
    """The keys the file states at a place."""
    for step in place[:-1]:
        # The kind that chooses from a union is no key of the file.
        if isinstance(content, list) or step in content:
            content = content[step]
    return {str(key) for key in content} if isinstance(content, dict) else set()
