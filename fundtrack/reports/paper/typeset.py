"""PDF by typst: words go in as data, the Chinese typeface must be there, the same words give the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from importlib.resources import files
from typing import Any, Final, Literal

import typst

from fundtrack.errors import BusyError

SERIF: Final = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "AR PL UMing CN", "SimSun")
SANS: Final = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
)
STANDARDS: Final[list[Literal["a-2a", "ua-1"]]] = ["a-2a", "ua-1"]
"""PDF/A for archives, with fonts embedded and a structure that a screen reader follows."""


@dataclass(frozen=True)
class Faces:
    """The Chinese typefaces of an installation: one with serifs for text, one without for headings; the same one where there is but one."""

    serif: str
    sans: str


@cache
def _installed() -> tuple[typst.Fonts, Faces | None]:
    fonts = typst.Fonts(include_system_fonts=True)
    known = set(fonts.families())
    serif = next((name for name in SERIF if name in known), None)
    sans = next((name for name in SANS if name in known), None)
    if serif is None and sans is None:
        return fonts, None
    return fonts, Faces(serif or str(sans), sans or str(serif))


def faces() -> Faces:
    """The Chinese typefaces that a PDF is set in.

    Raises:
        BusyError: `no_cjk_font`, where none is installed.
    """
    found = _installed()[1]
    if found is None:
        raise BusyError("no_cjk_font", names=", ".join((SERIF[0], SANS[0])))
    return found


def pdf(template: str, words: Mapping[str, Any], at: datetime) -> bytes:
    """Set words by a template of this package.

    Args:
        template: name of the `.typ` file.
        words: what it reads; plain JSON.
        at: the time that the file bears, UTC.

    Raises:
        BusyError: `no_cjk_font`.
    """
    chosen = faces()
    given = dict(words) | {"serif": chosen.serif, "sans": chosen.sans}
    source = (files("fundtrack.reports.paper") / template).read_bytes()
    compiler = typst.Compiler(
        font_paths=_installed()[0], sys_inputs={"paper": json.dumps(given, ensure_ascii=False)}
    )
    stamp = at.replace(tzinfo=UTC)
    compiled = partial(compiler.compile_with_warnings, source, format="pdf", timestamp=stamp)
    try:
        made, warnings = compiled(pdf_standards=[*STANDARDS])
    except typst.TypstError:  # a letter that no typeface here has: still a sheet, though none for archives
        made, warnings = compiled()
    for warning in warnings:
        if "unknown font family" in warning.message:
            raise BusyError("no_cjk_font", names=chosen.serif)
    assert isinstance(made, bytes)  # noqa: S101 - one PDF was asked for
    return made
