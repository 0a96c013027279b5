"""Settings: where the data lie, how far behind is behind, what is too large."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from annotated_types import Ge, Gt, Le, Predicate

_ROOT: Final = Path(__file__).resolve().parent.parent
_PREFIX: Final = "FUNDTRACK_"


def _long_enough(months: int) -> bool:
    return months == 0 or months >= 6


_Share = Annotated[float, Ge(0), Le(1)]
_Many = Annotated[int, Gt(0)]


@dataclass(frozen=True)
class Settings:
    """What holds of an installation; `settings_now` reads it from the environment under `FUNDTRACK_…`, and a command's option beats that.

    Attributes:
        data: folder of editions, sources and batches.
        seeds: folder of targets, districts and the demo.
        lang: language of commands; `auto` asks the locale.
        band_early: points behind pace that are still `behind` in the first three quarters.
        band_late: the same in the last quarter.
        city: code (GB/T 2260) of the city whose companies are local on papers.
        lake: where the lake of many cities lies (a folder, s3://…, abfss://…), for the page 省级汇总; empty: there is none, nor the page.
        lake_options: what Delta and Polars are told of the store beside the environment, as JSON: {"azure_storage_account_name": "…"}.
        lock_wait: seconds that a second loader waits.
        keys: folder of the key that signs checkpoints; None for `keys` in the data folder. Another disk is better, so
            that nobody who may write the data may sign.
        read_seconds: seconds of the processor that reading a small file may take; more is granted to larger ones.
        read_memory: megabytes that reading a small file may take; more is granted to larger ones.
        read_size: megabytes that a file may have.
        read_cells: cells that a file's sheets may span.
        identity: whether people must sign in; None: where `[auth]` stands in the secrets or there is a list of people.
        secrets: file with `[auth]`, the OpenID provider's part.
        people: list of people, their roles and guidance funds; None for `people.toml` in the data folder.
        review: whether what one person sends in another must publish; None: where people must sign in.
        idle_minutes: minutes without a click after which somebody is signed out.
        access_log: `auto` notes everything where people must sign in, and otherwise what changes or leaves the data; `all` everything.
        fresh_wait: seconds that a page waits for the reports of an edition just published, before it shows the one before until they
            stand; None: it waits for its own. `fundtrack serve` gives one.
        access_keep_months: months that the access log is kept, at least 6; 0 for ever.
    """

    data: Path = Path("data")
    seeds: Path = _ROOT / "seeds"
    lang: Literal["zh", "en", "auto"] = "auto"
    band_early: _Share = 0.30
    band_late: _Share = 0.10
    city: str = "330100"
    lake: str = ""
    lake_options: dict[str, str] = field(default_factory=dict, repr=False)
    lock_wait: Annotated[float, Ge(0)] = 10.0
    keys: Path | None = None
    read_seconds: Annotated[float, Gt(0)] = 6.0
    read_memory: _Many = 600
    read_size: _Many = 300
    read_cells: _Many = 40_000_000
    identity: bool | None = None
    secrets: Path = _ROOT / ".streamlit" / "secrets.toml"
    people: Path | None = None
    review: bool | None = None
    idle_minutes: Annotated[float, Gt(0)] = 30.0
    access_log: Literal["auto", "all"] = "auto"
    fresh_wait: Annotated[float, Ge(0)] | None = None
    access_keep_months: Annotated[int, Ge(0), Predicate(_long_enough)] = 0

    def but(self, **said: Any) -> Self:
        """The same, but for what is said."""
        return replace(self, **said)


_PLAIN: Final[Mapping[str, Callable[[str], Any]]] = {
    "data": Path, "seeds": Path, "city": str, "lake": str, "keys": Path, "secrets": Path, "people": Path,
}  # fmt: skip
"""Settings of which any text is one: where only these are said nothing is to be checked, and pydantic, slow to read, is not read."""


def settings_now() -> Settings:
    """The settings as the environment has them now, read anew only where it says something else: a page asks a dozen times a run.

    Raises:
        ValidationError: where the environment says what cannot be.
    """
    return _settings(frozenset(item for item in os.environ.items() if item[0].upper().startswith(_PREFIX)))


@lru_cache(maxsize=8)
def _settings(given: frozenset[tuple[str, str]]) -> Settings:
    names = {each.name for each in fields(Settings)}
    said = {name.lower().removeprefix(_PREFIX.lower()): value for name, value in given}
    said = {name: value for name, value in said.items() if name in names}
    if said.keys() <= _PLAIN.keys():
        return Settings(**{name: _PLAIN[name](value) for name, value in said.items()})
    return _checked()


def _checked() -> Settings:
    """What the environment says, checked by pydantic."""
    from pydantic import Field, create_model  # noqa: PLC0415 - keeps start-up short
    from pydantic_settings import BaseSettings, SettingsConfigDict  # noqa: PLC0415

    class Environment(BaseSettings):
        model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore")

    usual = Settings()
    known: dict[str, Any] = {
        each.name: (each.type, Field(default=getattr(usual, each.name))) for each in fields(Settings)
    }
    read: BaseSettings = create_model("Environment", __base__=Environment, **known)()
    return Settings(**{name: getattr(read, name) for name in known})
