"""Parts of a page that only show a report: their HTML is made once for the report, the language and the address, and drawn for everybody."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar

from fundtrack.ui.address import along
from fundtrack.ui.html import show_parts, writing_down
from fundtrack.ui.language import lang

R = TypeVar("R")
T = TypeVar("T")
P = ParamSpec("P")
MOST: Final = 96
"""Parts that are kept: pages of an edition or two, in both languages."""


@dataclass(frozen=True, eq=False)
class Same(Generic[R]):
    """A report by its identity: it is never changed, and as long as this is kept no other takes its place."""

    report: R

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.report is other.report

    def __hash__(self) -> int:
        return id(self.report)


@lru_cache(maxsize=MOST)
def _made(make: Callable[..., Any], held: Same[Any], more: tuple[Hashable, ...], *_spoken: str) -> Any:
    return make(held.report, *more)


@lru_cache(maxsize=MOST)
def _turn(*_part: Hashable) -> Lock:
    """Of readers who come for the same part at once, one makes it and the others take it."""
    return Lock()


def made_once(make: Callable[Concatenate[R, P], T]) -> Callable[Concatenate[R, P], T]:
    """What a page shows of a report, and of what else it is asked for, made once for the language and the address: nobody changes it."""

    def made(report: R, /, *more: P.args, **_none: P.kwargs) -> T:
        part = (make, Same(report), more, lang(), along())
        with _turn(*part):
            found: T = _made(*part)
        return found

    return made


def drawn_once(draw: Callable[Concatenate[R, P], None]) -> Callable[Concatenate[R, P], None]:
    """A part that shows a report, and what else it is asked for, as HTML alone: it asks nothing of the reader and draws no chart.

    It is drawn as one element: each one costs the server and the browser more than its words do.
    """

    @made_once
    def written(report: R, /, *more: P.args, **none: P.kwargs) -> tuple[str, ...]:
        with writing_down() as parts:
            draw(report, *more, **none)
        return tuple(parts)

    def drawn(report: R, /, *more: P.args, **none: P.kwargs) -> None:
        show_parts(written(report, *more, **none))

    return drawn


@contextmanager
def as_one() -> Iterator[None]:
    """Draw what is drawn within, HTML alone, as one element."""
    with writing_down() as parts:
        yield
    show_parts(parts)
