"""One type in the table of a system."""

from dataclasses import dataclass


@dataclass
class Row:
    """`identity` are the fields that name an object, `base` all of its fields as they are written, `changed` another value of
    each field that can have one. In both, and in `needs` (declarations that an object refers to), `{n}` is a name that every
    object has for itself, `{h}` the same with hyphens and `{i}` a number. `using` is the provider, where there are several.
    `unseen` are fields that a server does not tell, so that nobody sees them drift; `stays` are members that keep their value
    when they are no longer written. A second row of a type has a `variant`, and needs samples of those fields alone that are
    other there."""

    type: str
    identity: tuple
    create: tuple  # (method, expression that the path of the request that makes it is searched for)
    base: dict
    changed: dict
    needs: str = ""
    unseen: tuple = ()
    stays: tuple = ()
    variant: str = ""
    using: str = ""
