"""The commands: a topic per module, a thin function per command, its options beside it."""

from typing import Final

from fundtrack.commands import (
    checking,
    comparing,
    correcting,
    exporting,
    exposing,
    following,
    keeping,
    lake,
    loading,
    looking,
    planning,
    reviewing,
    safeguarding,
    serving,
    tracing,
)
from fundtrack.commands.command import Command

TOPICS: Final = (
    serving,
    loading,
    correcting,
    reviewing,
    looking,
    following,
    exposing,
    checking,
    tracing,
    comparing,
    planning,
    keeping,
    exporting,
    lake,
    safeguarding,
)
COMMANDS: Final[dict[str, Command]] = {each.name: each for topic in TOPICS for each in topic.COMMANDS}
"""Every command by its name, in the order of the help."""
