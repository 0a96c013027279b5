"""Settings: where the data lie, how far behind is behind, what is too large."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ROOT: Final = Path(__file__).resolve().parent.parent
_PREFIX: Final = "FUNDTRACK_"


class Settings(BaseSettings):
    """Read from the environment under `FUNDTRACK_…`; a command's option beats it.

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

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore", frozen=True)

    data: Path = Path("data")
    seeds: Path = _ROOT / "seeds"
    lang: Literal["zh", "en", "auto"] = "auto"
    band_early: float = Field(default=0.30, ge=0, le=1)
    band_late: float = Field(default=0.10, ge=0, le=1)
    city: str = "330100"
    lake: str = ""
    lake_options: dict[str, str] = Field(default_factory=dict, repr=False)
    lock_wait: float = Field(default=10.0, ge=0)
    keys: Path | None = None
    read_seconds: float = Field(default=6.0, gt=0)
    read_memory: int = Field(default=600, gt=0)
    read_size: int = Field(default=300, gt=0)
    read_cells: int = Field(default=40_000_000, gt=0)
    identity: bool | None = None
    secrets: Path = _ROOT / ".streamlit" / "secrets.toml"
    people: Path | None = None
    review: bool | None = None
    idle_minutes: float = Field(default=30.0, gt=0)
    access_log: Literal["auto", "all"] = "auto"
    fresh_wait: float | None = Field(default=None, ge=0)
    access_keep_months: int = Field(default=0, ge=0)

    @field_validator("access_keep_months")
    @classmethod
    def _long_enough(cls, months: int) -> int:
        if 0 < months < 6:
            raise ValueError(months)
        return months


def settings_now() -> Settings:
    """The settings as the environment has them now, read anew only where it says something else: a page asks a dozen times a run.

    Raises:
        ValidationError: where the environment says what cannot be.
    """
    return _settings(frozenset(item for item in os.environ.items() if item[0].upper().startswith(_PREFIX)))


@lru_cache(maxsize=8)
def _settings(_said: frozenset[tuple[str, str]]) -> Settings:
    return Settings()
