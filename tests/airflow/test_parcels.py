from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from hypothesis import given
from hypothesis import strategies as st

from bindery.airflow import parcels
from bindery.airflow.parcels import deal, work_through
from bindery.claims import RemoteFile
from bindery.errors import BinderyError, RefusedError, UnreachableError

pytestmark = pytest.mark.airflow


@given(st.lists(st.integers()), st.integers(1, 20))
def test_dealing_loses_nothing_and_shares_fairly(items: list[int], most: int) -> None:
    dealt = deal(items, parcels=most)
    assert Counter(item for parcel in dealt for item in parcel) == Counter(items)
    assert len(dealt) == min(most, len(items))
    sizes = [len(parcel) for parcel in dealt]
    assert not sizes or max(sizes) - min(sizes) <= 1


def test_up_to_eight_messages_have_a_task_each() -> None:
    assert deal(list("abcdefgh")) == [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"]]
    assert deal(list("abcdefghij"))[:3] == [["a", "i"], ["b", "j"], ["c"]]


class _Task:
    """Stands where a running task stands: keeps what is handed on."""

    def __init__(self) -> None:
        self.handed_on: Any = None

    def xcom_push(self, key: str, value: Any) -> None:
        assert key == "return_value"
        self.handed_on = value


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    running: dict[str, Any] = {"ti": _Task()}
    monkeypatch.setattr(parcels, "get_current_context", lambda: running)
    return running


def _parcel(*names: str) -> list[dict[str, Any]]:
    return [{"name": name} for name in names]


def _step(errors: dict[str, Exception]) -> Any:
    def step(file: RemoteFile) -> RemoteFile:
        if file.name in errors:
            raise errors[file.name]
        return file.model_copy(update={"size": 1})

    return step


def _work(parcel: Any, errors: dict[str, Exception]) -> list[dict[str, Any]]:
    return work_through(parcel, RemoteFile, _step(errors), name=lambda file: file.name)


def test_good_messages_go_on_and_the_task_is_labelled(context: dict[str, Any]) -> None:
    made = _work(_parcel("a.xml", "b.xml"), {})
    assert [claim["name"] for claim in made] == ["a.xml", "b.xml"]
    assert context["parcel"] == "a.xml and 1 more"


def test_one_bad_message_fails_the_task_but_not_its_neighbours(context: dict[str, Any]) -> None:
    refused = RefusedError("b.xml breaks off.", fix="Ask for it again.")
    with pytest.raises(RefusedError, match=r"1 of 3 messages failed: b.xml: b.xml breaks off.") as raised:
        _work(_parcel("a.xml", "b.xml", "c.xml"), {"b.xml": refused})
    assert raised.value.fix == "Ask for it again."
    assert [claim["name"] for claim in context["ti"].handed_on] == ["a.xml", "c.xml"]


def test_a_message_alone_in_its_parcel_fails_with_its_own_error(context: dict[str, Any]) -> None:
    refused = RefusedError("a.xml breaks off.", fix="Ask for it again.")
    with pytest.raises(RefusedError) as raised:
        _work(_parcel("a.xml"), {"a.xml": refused})
    assert raised.value is refused
    assert context["ti"].handed_on == []


def test_a_parcel_is_tried_again_when_any_of_its_failures_may_pass(context: dict[str, Any]) -> None:
    errors: dict[str, Exception] = {
        "a.xml": RefusedError("a.xml breaks off.", fix="Ask."),
        "b.xml": UnreachableError("The server broke off.", fix="Wait."),
    }
    with pytest.raises(UnreachableError, match="2 of 3 messages failed") as raised:
        _work(_parcel("a.xml", "b.xml", "c.xml"), errors)
    assert not raised.value.permanent
    assert len(context["ti"].handed_on) == 1


def test_a_fault_of_ours_in_one_message_is_told_and_does_not_stop_the_others(context: dict[str, Any]) -> None:
    with pytest.raises(BinderyError, match=r"a.xml: 'oops'"):
        _work(_parcel("a.xml", "b.xml"), {"a.xml": KeyError("oops")})
    assert [claim["name"] for claim in context["ti"].handed_on] == ["b.xml"]


@pytest.mark.parametrize("nothing", [None, []])
def test_a_parcel_of_which_nothing_came_this_far_is_skipped(context: dict[str, Any], nothing: Any) -> None:
    with pytest.raises(AirflowSkipException):
        _work(nothing, {})
    assert "parcel" not in context
