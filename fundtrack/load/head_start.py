"""Large files whose reading begins before the rest of the program is loaded: a command's first second is not spent waiting."""

import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from fundtrack.load.child import run
from fundtrack.load.limits import SHARED, ReadLimits
from fundtrack.load.sniff import sniff

_EVERY: Final = 0.2


class HeadStart:
    """One child that reads the first large file; whoever needs the file takes what the child has found.

    Small files have none: they are read by a child that they share, and would wait for one of their own. Should nobody
    take it, as where the command is refused, the child is ended.
    """

    def __init__(self, paths: Sequence[Path], limits: ReadLimits) -> None:
        self._limits = limits
        self._share = 0.0
        self._left = False
        self._child: subprocess.Popen[bytes] | None = None
        self._pool = ThreadPoolExecutor(1)
        self._folder = TemporaryDirectory(prefix="fundtrack-read-")
        large = next((path for path in paths if path.is_file() and path.stat().st_size > SHARED), None)
        self._told: dict[Path, Future[tuple[str, dict[str, Any]]]] = {}
        if large is not None:
            self._told[large] = self._pool.submit(self._read, large)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._left = True
        if self._child is not None:
            self._child.kill()
        self._pool.shutdown()
        self._folder.cleanup()

    def take(
        self, path: Path, progress: Callable[[float], None] | None = None
    ) -> tuple[str, Path, dict[str, Any]] | None:
        """Give the format, the folder and what was told of a file, as a child leaves them; None where it was not begun.

        Raises:
            InputError: the file is refused; its code says why.
        """
        told = self._told.pop(path, None)
        if told is None:
            return None
        while progress and not told.done():
            wait([told], _EVERY)
            progress(self._share)
        form, said = told.result()
        return form, Path(self._folder.name), said

    def _read(self, path: Path) -> tuple[str, dict[str, Any]]:
        form = sniff(path, self._limits)
        return form, run(path, Path(self._folder.name), form, self._limits, self._tell, self._started)

    def _tell(self, share: float) -> None:
        self._share = share

    def _started(self, child: "subprocess.Popen[bytes]") -> None:
        self._child = child
        if self._left:
            child.kill()
