"""One type in the table of a system."""

from dataclasses import dataclass


@dataclass
class Row:
    """`identity` are the fields that name an object, `base` all of its fields as they are written, `changed` another value of each field that can have one.
    In both, and in `needs` (declarations that an object refers to), `{n}` is a name that every object has for itself and `{h}`
    the same with hyphens. `unseen` are fields that a server does not tell, so that nobody sees them drift. A second row of
    a type has a `variant`, and needs samples of those fields alone that are other there."""

    type: str
    identity: tuple
    create: tuple  # (method, expression that the path of the request that makes it is searched for)
    base: dict
    changed: dict
    needs: str = ""
    unseen: tuple = ()
    variant: str = ""
