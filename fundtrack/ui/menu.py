"""The menu: which pages there are, in which section each stands, and who may use it."""

from typing import Final, Literal

Role = Literal["official", "manager", "reviewer", "auditor", "admin"]

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "": ("overview", "papers"),
    "goals": ("targets", "forecast", "indicators", "published"),
    "money": ("funds", "participations", "companies", "returns", "cross_border"),
    "control": ("findings", "trace"),
    "data": ("load", "corrections", "inbox", "changes"),
    "help": ("guide", "dictionary", "about"),
}
"""Every page of the dashboard, by section (what has none stands by itself in the menu); a page that stands nowhere here is not served."""

_WRITERS: Final[frozenset[Role]] = frozenset({"manager", "reviewer", "admin"})
_SENDING: Final[frozenset[Role]] = _WRITERS | {"auditor"}
RESTRICTED: Final[dict[str, frozenset[Role]]] = {
    "load": _WRITERS,
    "corrections": _WRITERS,
    "inbox": _SENDING,
}
"""Pages that not everyone may use; all others are for every role."""


def may_use(page: str, role: Role | None) -> bool:
    """Whether a role may use a page; without roles (one user on one computer) every page is for everyone.

    >>> may_use("load", "official"), may_use("overview", "official"), may_use("load", None)
    (False, True, True)
    """
    return role is None or page not in RESTRICTED or role in RESTRICTED[page]


def pages_for(role: Role | None = None) -> dict[str, tuple[str, ...]]:
    """The pages that a role may use, by section; a section of which nothing is left is left out.

    >>> pages_for("official")[""][0], "load" in str(pages_for("official")), "data" in pages_for("auditor")
    ('overview', False, True)
    """
    allowed = {
        section: tuple(page for page in pages if may_use(page, role)) for section, pages in SECTIONS.items()
    }
    return {section: pages for section, pages in allowed.items() if pages}
