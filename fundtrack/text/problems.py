"""A problem or an error as a person reads it: the place, what was seen, the cure."""

from fundtrack.errors import FundtrackError, Problem
from fundtrack.model.rows import COLUMNS
from fundtrack.text.say import Lang, say, sentences


def field_title(table: str | None, name: str | None, lang: Lang) -> str:
    """The title of a field in a language; its name where it is in no table."""
    found = next((column for column in COLUMNS.get(table or "", ()) if column.name == name), None)
    return str(getattr(found, lang)) if found else name or ""


def place_of(problem: Problem) -> str:
    """Where it is: `file!sheet!F12` as far as known."""
    place = problem.cell or (str(problem.row) if problem.row else None)
    return "!".join(part for part in (problem.sheet, place) if part) or problem.file or ""


def problem_words(problem: Problem, lang: Lang) -> str:
    """What was seen and the cure, without the place."""
    key = f"problem.{problem.code}"
    key = key if key in sentences(lang) else f"error.{problem.code}"
    title = field_title(problem.table, problem.field, lang)
    words = {
        "value": problem.value or "",
        "title": title,
        "file": problem.file or "",
        "sheet": problem.sheet or "",
    }
    return say(key, lang, **{**words, **problem.about})


def problem_sentence(problem: Problem, lang: Lang) -> str:
    """The whole sentence: place, field, what was seen, the cure."""
    words, place = problem_words(problem, lang), place_of(problem)
    if not place:
        return words
    if problem.table and problem.field:
        return say(
            "problem.place_field",
            lang,
            place=place,
            title=field_title(problem.table, problem.field, lang),
            words=words,
        )
    return say("problem.place", lang, place=place, words=words)


def error_sentence(error: FundtrackError, lang: Lang) -> str:
    """The sentence of a failure."""
    return say(f"error.{error.code}", lang, **error.about)
