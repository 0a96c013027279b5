"""The list of people as it may be written; read only where there is one, since pydantic is slow to read."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fundtrack.service.actor import Role

Word = Annotated[str, Field(min_length=1, max_length=300)]


class Person(BaseModel):
    """One person of the list.

    Attributes:
        sub: the token's subject.
        email: the token's address, unless the provider says that it is not verified.
        issuer: of the token, where several providers are in use.
        os_user: the system's user, for commands.
        name: as batches call them; None for the token's or the system's.
        roles: exactly these; none takes all away.
        guidance_funds: only these, by their codes; None for all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sub: Word | None = None
    email: Word | None = None
    issuer: Word | None = None
    os_user: Word | None = None
    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    roles: tuple[Role, ...] = ()
    guidance_funds: tuple[Word, ...] | None = None

    @property
    def aliases(self) -> frozenset[str]:
        """Every name by which tokens and the system know this person."""
        known = {"os": self.os_user, "sub": self.sub, "email": self.email and self.email.casefold()}
        return frozenset(f"{kind}:{name}" for kind, name in known.items() if name)

    def is_of(self, claims: Mapping[str, Any]) -> bool:
        """Whether a token is this person's."""
        if self.issuer is not None and self.issuer != claims.get("iss"):
            return False
        if self.sub is not None:
            return self.sub == claims.get("sub")
        said = claims.get("email")
        verified = claims.get("email_verified", True) in {True, "true"}
        return bool(
            self.email and verified and isinstance(said, str) and said.casefold() == self.email.casefold()
        )


class People(BaseModel):
    """The list.

    Attributes:
        claim: the claim that holds roles, a text or a list of texts; `a.b` is b within a.
        roles: what the claim says → role; without it the claim says the roles themselves.
        funds_claim: the claim that holds the codes of guidance funds; one without it sees all.
        person: people named one by one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim: Word | None = None
    roles: Mapping[Word, Role] = {}
    funds_claim: Word | None = None
    person: tuple[Person, ...] = ()


def people_of(tree: Mapping[str, Any]) -> People:
    """The list that a file holds.

    Raises:
        ValueError: with where and why it is none.
    """
    try:
        return People.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{place}: {first['msg']}") from error
