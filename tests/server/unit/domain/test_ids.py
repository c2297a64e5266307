import uuid

import pytest

from agentops_server.domain.ids import find_uuid, new_uuid7

ID = uuid.UUID("0193c4a0-5b7e-7c33-8f10-2b9d4e6a7c01")


@pytest.mark.parametrize("text", [str(ID), str(ID).upper(), ID.hex])
def test_find_reads_the_usual_forms(text: str) -> None:
    assert find_uuid(text) == ID


@pytest.mark.parametrize(
    "value",
    [None, 7, "", "x", [str(ID)], f"{{{ID}}}", f"urn:uuid:{ID}", f" {ID}", f"{ID}\n", str(ID)[:-1], f"{ID}0"]
    + [
        str(ID).replace("0", "_"),
        str(ID).replace("1", "١"),
        "/../../etc/passwd",
        "0193c4a05b7e-7c33-8f10-2b9d4e6a7c01",
    ],
)
def test_find_is_none_for_anything_else(value: object) -> None:
    assert find_uuid(value) is None


def test_new_ids_are_version_7_and_in_time_order() -> None:
    ids = [new_uuid7() for _ in range(1000)]
    assert {(made.version, made.variant) for made in ids} == {(7, uuid.RFC_4122)}
    assert [made.int >> 80 for made in ids] == sorted(made.int >> 80 for made in ids)
    assert len(set(ids)) == 1000
