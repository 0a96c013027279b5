"""A problem or an error as a person reads it: the place, what was seen, the cure.

The data dictionary is imported where a sentence needs it: most commands say none, and start sooner.
"""

from pathlib import PurePath

from fundtrack.errors import FundtrackError, Problem
from fundtrack.text.say import Lang, say, sentences


def field_title(table: str | None, name: str | None, lang: Lang) -> str:
    """The title of a field in a language; its name where it is in no table."""
    from fundtrack.model.rows import COLUMNS  # noqa: PLC0415

    found = next((column for column in COLUMNS.get(table or "", ()) if column.name == name), None)
    return str(getattr(found, lang)) if found else name or ""


def place_of(problem: Problem) -> str:
    """Where it is: `file!sheet!F12` as far as known."""
    place = problem.cell or (str(problem.row) if problem.row else None)
    return "!".join(part for part in (problem.sheet, place) if part) or problem.file or ""


def _key(problem: Problem, lang: Lang) -> str:
    """The key of a problem's sentence: its own, else that of the failure that it was."""
    from fundtrack.model.rows import COLUMNS  # noqa: PLC0415

    fields = {column.name for column in COLUMNS.get(problem.table or "", ())}
    if problem.code == "key_twice" and "line_no" not in fields:
        return "problem.key_twice_unnumbered"
    own = f"problem.{problem.code}"
    return own if own in sentences(lang) else f"error.{problem.code}"


def problem_words(problem: Problem, lang: Lang) -> str:
    """What was seen and the cure, without the place; the file itself is “this file”, as its name stands before."""
    title = field_title(problem.table, problem.field, lang)
    words = {
        "value": problem.value or "",
        "title": title,
        "file": problem.file or "",
        "sheet": problem.sheet or "",
    }
    words |= problem.about
    this = say("problem.this_file", lang)
    if problem.file and words["file"] in {problem.file, PurePath(problem.file).name}:
        words["file"] = this
    said = say(_key(problem, lang), lang, **words)
    if words["file"] != this:
        return said
    return (
        said.replace(f"{this} ", this).replace(f" {this}", this)
        if lang == "zh"
        else said[:1].upper() + said[1:]
    )


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
    """The sentence of a failure; a table, an action or roles that it names have their titles too."""
    from fundtrack.model.rows import TABLES  # noqa: PLC0415

    titles = {
        f"{name}_title": getattr(TABLES[table].info, lang)
        for name in ("table", "other")
        if (table := error.about.get(name)) in TABLES
    }
    if "action" in error.about:
        titles["action_title"] = say(f"action.{error.about['action']}", lang)
    if "roles" in error.about:
        held = [say(f"role.{role}", lang) for role in error.about["roles"].split(", ") if role]
        titles["roles_title"] = ("、" if lang == "zh" else ", ").join(held) or say("role.none", lang)
    return say(f"error.{error.code}", lang, **error.about, **titles)
