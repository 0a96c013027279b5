"""The menu: which pages there are, in which section each stands, and who may use it."""

from typing import Final

from fundtrack.service.actor import Role, page_action, roles_for

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "": ("overview", "papers"),
    "goals": ("targets", "forecast", "indicators", "published"),
    "money": ("funds", "participations", "companies", "returns", "cross_border"),
    "control": ("findings", "trace"),
    "data": ("load", "corrections", "inbox", "changes"),
    "help": ("guide", "dictionary", "about"),
}
"""Every page of the dashboard, by section (what has none stands by itself in the menu); a page that stands nowhere here is not served."""


def may_use(page: str, role: Role | None) -> bool:
    """Whether a role may open a page, by the table of the service; without roles (one user on one computer) everyone may.

    >>> may_use("load", "official"), may_use("overview", "official"), may_use("load", None)
    (False, True, True)
    """
    return role is None or role in roles_for(page_action(page))


def pages_for(role: Role | None = None) -> dict[str, tuple[str, ...]]:
    """The pages that a role may use, by section; a section of which nothing is left is left out.

    >>> pages_for("official")[""][0], "load" in str(pages_for("official"))
    ('overview', False)
    """
    allowed = {
        section: tuple(page for page in pages if may_use(page, role)) for section, pages in SECTIONS.items()
    }
    return {section: pages for section, pages in allowed.items() if pages}
