"""How much a file may ask of us before it is refused."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from fundtrack.settings import Settings  # slow to import where a child only reads

MB = 1024 * 1024
SHARED = MB
"""Files up to this size share a child: starting one of its own would take longer than reading them."""


@dataclass(frozen=True)
class ReadLimits:
    """Limits of one reading; `seconds` and `memory_bytes` are for small files and grow with large ones.

    Attributes:
        max_bytes: size of the file as it lies on disk.
        max_inflated_bytes: size of everything in a zipped workbook once unpacked, as declared and as found.
        max_ratio: unpacked size over packed size of one part above `ratio_from_bytes`.
        ratio_from_bytes: parts smaller than this may be packed as tightly as they like.
        max_cells: cells of the rectangle a sheet spans, all sheets together.
        max_columns: columns of a sheet, as many as any spreadsheet program has.
        max_sheets: sheets of a file.
        seconds: processor time; the child process is then ended. On the clock it may take `patience` times as long, for a
            machine that is busy with other things makes no file slow.
        patience: how many times.
        memory_bytes: memory the child may take on top of what the interpreter and its libraries map.

    """

    max_bytes: int = 300 * MB
    max_inflated_bytes: int = 3000 * MB
    max_ratio: int = 200
    ratio_from_bytes: int = 20 * MB
    max_cells: int = 40_000_000
    max_columns: int = 16_384
    max_sheets: int = 255
    seconds: float = 6.0
    patience: float = 3.0
    memory_bytes: int = 600 * MB

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        """The limits as the settings have them."""
        return cls(
            max_bytes=settings.read_size * MB,
            max_cells=settings.read_cells,
            seconds=settings.read_seconds,
            memory_bytes=settings.read_memory * MB,
        )

    def seconds_for(self, size: int) -> float:
        """Grant seconds to a file of `size` bytes: one more for each 500 KB above the first megabyte."""
        return self.seconds + max(0, size - MB) / (MB / 2)

    def memory_for(self, size: int) -> int:
        """Grant bytes to a file of `size` bytes: twenty more for each byte above 20 MB, up to four times."""
        return min(4 * self.memory_bytes, self.memory_bytes + 20 * max(0, size - 20 * MB))

    def as_dict(self) -> dict[str, float]:
        """Give the limits as they are handed to the child process."""
        return asdict(self)
