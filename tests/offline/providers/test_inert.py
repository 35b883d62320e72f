"""Inputs that the emulator ignores are listed, and the list names real inputs."""

from intermodal_offline.providers.aws import ROWS
from local.aws import inert


def test_every_entry_is_an_input_in_the_table() -> None:
    for kind, names in inert.by_type().items():
        assert {name.partition(".")[0] for name in names} <= ROWS[kind].inputs.keys()
