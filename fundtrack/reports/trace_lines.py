"""A trace as lines of a terminal: what the figure is, its sides, and its cells."""

from collections.abc import Iterator

from fundtrack.metrics.lineage.figure import Figure, Part
from fundtrack.reports.lines import Lines
from fundtrack.reports.trace import TraceReport, name_of
from fundtrack.reports.value_words import ledger_text, value_text
from fundtrack.text.numbers import plain
from fundtrack.text.say import Lang, say, sentences

_HEADS = ("role", "day", "contribution", "file", "sheet", "cell", "header", "raw", "factor", "value")


def summary(report: TraceReport, lang: Lang) -> str:
    """What the figure is, how it is made, and its sides one beneath the other."""
    out = [line_of(report.figure, lang)]
    if words := report.formula(lang):
        out.append(say("trace.line.formula", lang, words=words))
    for depth, word, side in sides(report.figure):
        called = side_word(word, lang)
        before = "" if called == name_of(side, lang) else f"{called} — "
        out.append("  " * depth + before + line_of(side, lang))
    figures = (report.figure, *(side for _, _, side in sides(report.figure)))
    left = [figure.residual for figure in figures if figure.residual is not None]
    out += [say("trace.line.residual", lang, value=plain(each, lang, 6, fixed=True)) for each in left]
    return "\n".join(out)


def sides(figure: Figure, depth: int = 1) -> Iterator[tuple[int, str, Figure]]:
    """The figures that a figure is made of, and theirs, with how deep they stand."""
    for word, side in figure.sides:
        yield depth, word, side
        yield from sides(side, depth + 1)


def side_word(word: str, lang: Lang) -> str:
    """The word for a side; of a median or a spread it is the id of what is ranked."""
    key = f"trace.side.{word}"
    return say(key, lang) if key in sentences(lang) else word


def role_word(role: str, lang: Lang) -> str:
    """The word for what a cell is in a figure."""
    key = f"trace.role.{role}"
    return say(key, lang) if key in sentences(lang) else role


def line_of(figure: Figure, lang: Lang) -> str:
    """A figure in one line: what it is, of what, its value, and how it is made."""
    of = whose(figure, lang)
    how = say(f"trace.how.{figure.how}", lang)
    value = value_text(figure.value, figure.currency, lang, figure.metric)
    return say("trace.line.summary", lang, name=name_of(figure, lang), of=of, value=value, how=how)


def whose(figure: Figure, lang: Lang) -> str:
    """Whose figure it is: of everything, of a target by its name, else by its id."""
    if figure.entity == "all":
        return say("trace.line.all", lang)
    key = f"target.{figure.entity}"
    return say(key, lang) if figure.entity_type == "target" and key in sentences(lang) else figure.entity


def trace_lines(report: TraceReport, lang: Lang) -> Lines:
    """The cells, one line each: those of the figure itself, then those of its sides."""
    listed = [*report.figure.parts, *(part for _, _, side in sides(report.figure) for part in side.parts)]
    rows = [cell_line(report, part, lang) for part in listed]
    return [say(f"trace.line.{name}", lang) for name in _HEADS], rows, [2, 9]


def cell_line(report: TraceReport, part: Part, lang: Lang) -> list[str]:
    """A part as texts: role, day, contribution, file, sheet, cell, header, as written, unit factor, in the ledger."""
    cell = report.cell(part)
    where = cell["cell"] or say(f"trace.origin.{cell['origin']}", lang)
    amount = "" if not part.amount else plain(part.amount, lang, 2, fixed=True)
    factor = "" if cell["factor"] in {None, "1"} else f"×{cell['factor']}"
    return [
        role_word(part.role, lang), cell["day"] or "", amount, cell["file"] or "", cell["sheet"] or "", where,
        cell["header"] or "", cell["raw"] or "", factor, ledger_text(cell["value"], lang),
    ]  # fmt: skip
