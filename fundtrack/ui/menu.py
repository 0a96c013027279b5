"""The menu: which pages there are, in which section each stands, and who may open them."""

from collections.abc import Iterable
from typing import Final

from fundtrack.service.actor import ROLES, Role, may_open

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "": ("overview", "papers"),
    "goals": ("targets", "forecast", "indicators", "published", "province"),
    "money": ("funds", "participations", "companies", "returns", "cross_border"),
    "control": ("findings", "trace"),
    "data": ("load", "review", "corrections", "inbox", "changes"),
    "help": ("guide", "dictionary", "about", "access"),
}
"""Every page of the dashboard, by section (what has none stands by itself in the menu); a page that stands nowhere here is not served."""


OF_LAKE: Final = ("province",)
"""Pages that show many cities: in the menu only where the settings name a lake."""


def pages_for(roles: Iterable[Role] = ROLES, *, lake: bool = True) -> dict[str, tuple[str, ...]]:
    """The pages that these roles may open, by section; a section of which nothing is left is left out.

    Args:
        roles: of the reader.
        lake: whether there is a lake to show.

    >>> pages_for(["official"])[""][0], "load" in str(pages_for(["official"])), "access" in str(pages_for(["auditor"]))
    ('overview', False, True)
    """
    held = frozenset(roles)
    allowed = {
        section: tuple(page for page in pages if may_open(held, page) and (lake or page not in OF_LAKE))
        for section, pages in SECTIONS.items()
    }
    return {section: pages for section, pages in allowed.items() if pages}
