"""Viewers as browsers are: a websocket each, that speaks Streamlit's protocol, clicks, and reads the page that comes of it."""

import asyncio
import html
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

WAIT = 120.0
"""Seconds after which a page that has not come is an error."""
FIXED = re.compile(r"[?&](?:amp;)?edition=(\d+)")
COMING = re.compile(r"<a [^>]*>(?:现在就看新版|See it now)</a>")
TAGS = re.compile(r"<[^>]+>")


@dataclass
class Seen:
    """A page that a viewer was shown.

    Attributes:
        page: its name; empty for the first.
        at: when it was asked for, of the monotonic clock.
        seconds: until it was whole.
        editions: those that its links name.
        text: what it says.
        errors: what was wrong with it.
    """

    page: str
    at: float
    seconds: float
    editions: set[int] = field(default_factory=set)
    text: str = ""
    errors: list[str] = field(default_factory=list)


class Viewer:
    """A browser at the dashboard."""

    def __init__(self, port: int, lang: str = "zh") -> None:
        self.address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self.query = f"lang={lang}"
        self.pages: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self.socket = await websockets.connect(
            self.address, subprotocols=["streamlit"], max_size=None, ping_interval=None, compression=None
        )  # type: ignore[list-item]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def click(self, page: str = "") -> Seen:
        """Go to a page and read it to its end."""
        state = ClientState(query_string=self.query, page_script_hash=self.pages.get(page, ""))
        if page not in self.pages:
            state.page_name = page
        begun = time.monotonic()
        await self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        seen, parts = Seen(page, begun, 0.0), []
        try:
            async with asyncio.timeout(WAIT):
                while True:
                    message = ForwardMsg.FromString(await self.socket.recv())
                    kind = message.WhichOneof("type")
                    if kind == "navigation":
                        self.pages = {
                            one.url_pathname: one.page_script_hash for one in message.navigation.app_pages
                        }
                    elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                        self._read(message.delta.new_element, seen, parts)
                    elif kind == "page_not_found":
                        seen.errors.append("page not found")
                    elif (
                        kind == "script_finished"
                        and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
                    ):
                        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                            seen.errors.append("compile error")
                        break
        except (TimeoutError, websockets.WebSocketException) as error:
            seen.errors.append(f"{type(error).__name__}: {error}")
        seen.seconds = time.monotonic() - begun
        whole = "".join(parts)
        # The banner's link to an edition that is being prepared is the one that names another.
        seen.editions = {int(number) for number in FIXED.findall(COMING.sub("", whole))}
        seen.text = " ".join(html.unescape(TAGS.sub(" ", whole)).split())
        return seen

    @staticmethod
    def _read(element: object, seen: Seen, parts: list[str]) -> None:
        kind = element.WhichOneof("type")  # type: ignore[attr-defined]
        if kind == "html":
            parts.append(element.html.body)  # type: ignore[attr-defined]
        elif kind == "markdown":
            parts.append(element.markdown.body)  # type: ignore[attr-defined]
        elif kind == "exception":
            seen.errors.append(element.exception.message)  # type: ignore[attr-defined]
        elif kind == "alert" and element.alert.format == element.alert.ERROR:  # type: ignore[attr-defined]
            seen.errors.append(element.alert.body)  # type: ignore[attr-defined]


async def watch(port: int, count: int, seconds: float, every: float, pages: tuple[str, ...], seed: int,
                meanwhile: Callable[[], None] | None = None) -> list[Seen]:  # fmt: skip
    """Let viewers click for a while, each at its own moments, and something go on meanwhile in a thread."""
    until, over = time.monotonic() + seconds, asyncio.Event()

    async def one(number: int) -> list[Seen]:
        dice, found = random.Random(seed * 1000 + number), []
        await asyncio.sleep(dice.uniform(0, every))
        async with Viewer(port, dice.choice(("zh", "en"))) as viewer:
            found.append(await viewer.click())
            while (time.monotonic() < until or not over.is_set()) and not found[-1].errors:
                await asyncio.sleep(max(0.0, every - found[-1].seconds))
                found.append(await viewer.click(dice.choice(pages)))
        return found

    async def beside() -> list[Seen]:
        try:
            if meanwhile:
                await asyncio.to_thread(meanwhile)
        finally:
            over.set()
        return []

    told = await asyncio.gather(beside(), *(one(number) for number in range(count)))
    return [seen for each in told for seen in each]


def resident(pid: int) -> int:
    """MB that a process has in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 // 1_000_000


def share(values: list[float], part: float) -> float:
    """The value below which a part of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
