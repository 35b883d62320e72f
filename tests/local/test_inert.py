"""The list of what the emulator does not act on names real inputs."""

from local.aws import inert
from local.providers.aws import ROWS


def test_every_entry_is_an_input_of_the_table() -> None:
    wrong = {kind: names - ROWS[kind].inputs.keys() for kind, names in inert.by_type().items()}
    assert {kind: names for kind, names in wrong.items() if names} == {}
