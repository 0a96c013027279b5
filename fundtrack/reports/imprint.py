"""Where a paper's figures come from: edition and head hash, the dates of both kinds of data, and whether it is the example."""

from dataclasses import dataclass
from datetime import date, datetime

from fundtrack.errors import InputError
from fundtrack.reports.received import Received, reports_received
from fundtrack.store.ledger import Ledger
from fundtrack.text.numbers import day
from fundtrack.text.say import Lang, say

SHORT = 8
"""Letters of a head hash that people compare by eye."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What every paper says of its data.

    Attributes:
        edition: what was known.
        head_hash: of the chain of batches at that edition.
        published_at: of that edition, UTC; papers bear this time and no other, so that the same edition gives the same bytes.
        as_of: the day of the targets' data.
        received: the newest quarter of which fund reports have come; None where none has.
        example: somebody sent invented data, which every paper then says.

    """

    edition: int
    head_hash: str
    published_at: datetime
    as_of: date
    received: Received | None
    example: bool

    @property
    def funds_on(self) -> date:
        """The day of the funds' data: the last of the quarter whose reports have come."""
        return self.received.ends_on if self.received else self.as_of

    def line(self, lang: Lang, *, whole: bool = False) -> str:
        """Edition and head hash, the first letters or the whole of it."""
        digits = self.head_hash if whole else self.head_hash[:SHORT]
        return say("imprint.line", lang, edition=self.edition, digits=digits)

    def dates(self, lang: Lang) -> str:
        """Both data dates, with the reports due and received."""
        return say("imprint.join", lang).join(data_dates(self.as_of, self.received, lang))

    def lines(self, lang: Lang) -> tuple[str, ...]:
        """All that stands on a sheet or a title page: example, dates, edition with the whole head hash."""
        example = (say("ui.demo", lang),) if self.example else ()
        return (*example, self.dates(lang), self.line(lang, whole=True))


def data_dates(as_of: date, received: Received | None, lang: Lang) -> list[str]:
    """The date of the targets' data, and that of the funds' reports where any has come."""
    parts = [say("overview.targets_as_of", lang, day=day(as_of, lang))]
    if received is not None:
        quarter = say(f"overview.quarter_{received.period[5:]}", lang)
        words = {"day": day(received.ends_on, lang), "quarter": quarter, "due": received.due, "received": received.received}  # fmt: skip
        parts.append(say("overview.funds_as_of", lang, **words))
    return parts


def checked_against(ledger: Ledger | None, lang: Lang) -> str:
    """Say against which edition a file was checked, with its whole head hash; empty where nothing was ever loaded."""
    editions = None if ledger is None else ledger.editions()
    if editions is None or editions.is_empty():
        return ""
    edition, digits = editions.select("edition", "head_hash").row(-1)
    return say("imprint.checked", lang, edition=edition, digits=digits)


def imprint(ledger: Ledger, as_of: date | None = None) -> Imprint:
    """Say where figures of a ledger come from, as of a day, by default the newest date of any cover.

    Raises:
        InputError: `no_edition`, where nothing was ever loaded.
    """
    known = as_of or ledger.default_as_of
    editions = ledger.editions()
    if ledger.edition is None or known is None or editions.is_empty():
        raise InputError("no_edition")
    example = any(
        str(name).startswith("示例") for name in ledger["cover"]["sender"].unique().to_list() if name
    )
    return Imprint(
        ledger.edition, editions["head_hash"][-1], editions["published_at"][-1], known, reports_received(ledger, known), example
    )  # fmt: skip
