"""What servers keep, and how they answer for it: the rows of a system's table."""

import json
import hashlib
from dataclasses import dataclass, field

from spec_server.server import Refused, Reply


def same(_server, value):
    return value


def merged(_server, there, body):
    return {**there, **body}


@dataclass
class Kept:
    """`path` is where they are listed and made, `parents` says which collection each parameter before them belongs to."""

    path: str
    parents: dict = field(default_factory=dict)  # parameter -> path of a collection
    document = False
    server_set = ()

    def place(self, server, values):
        """The names of the parents, all of which must be there; None where the path does not say them."""
        names = []
        for parameter, path in self.parents.items():
            if parameter not in values:
                return None
            names.append(server.collections[path].find(server, (), values[parameter])[0][2])
        return tuple(names)


@dataclass
class Collection(Kept):
    """Objects that a POST makes (or a PUT of one, `put_creates`), each with a path of its own."""

    item: str = ""
    named: tuple = ("name",)  # members that name an object in a path
    key: object = None  # (object) -> its name for good, if that is not the first of these
    unique: tuple = ()  # other members that no two may share
    made: object = None  # (server, body, names of the parents) -> the object, with what the server sets and fills in
    shown: object = same  # (server, object) -> what a GET says
    changed: object = merged  # (server, object, body) -> object
    page: object = None  # (server, objects, query) -> body of a list
    created: int = 201
    changes: tuple = ("PATCH",)
    server_set: tuple = ("id",)
    etag: str = ""  # the member that If-Match is held to
    silent: tuple = ()  # methods whose reply has no body
    done: int = 204  # the status of a PUT or DELETE without one

    def templates(self):
        return (self.path, self.item)

    def find(self, server, place, name):
        for key, there in server.objects.items():
            if key[0] == self.path and place in (None, key[1]) and name in [str(there.get(each)) for each in self.named]:
                return key, there
        raise Refused(404, "not found")

    def answer(self, server, method, template, values, query, headers, body):
        place = self.place(server, values)
        if template == self.path:
            if method == "GET":
                found = [self.shown(server, there) for key, there in server.objects.items()
                         if key[:2] == (self.path, place)]
                page = self.page(server, found[::-1], query)
                return page if isinstance(page, Reply) else Reply(200, page)
            return self.make(server, place, body)
        name = values[self.item.rsplit("{", 1)[1].rstrip("}")]
        key, there = self.find(server, place, name)
        if self.etag and headers.get("if-match", there[self.etag]) != there[self.etag]:
            raise Refused(412, "it was changed meanwhile")
        if method == "DELETE":
            return self.delete(server, key)
        if method in self.changes:
            there = self.changed(server, there, body)
            self.refuse_equal(server, key[1], there, key)
            server.objects[key] = there
        return Reply(self.done) if method in self.silent else Reply(200, self.shown(server, there))

    def delete(self, server, key):
        """With everything that is below it."""
        server.objects = {other: each for other, each in server.objects.items() if other != key and key[2] not in other[1]}
        return Reply(self.done)

    def name_of(self, there):
        return self.key(there) if self.key else there[self.named[0]]

    def make(self, server, place, body):
        there = self.made(server, body, place)
        key = (self.path, place, self.name_of(there))
        self.refuse_equal(server, place, there, None)
        server.objects[key] = there
        return Reply(self.created, None if "POST" in self.silent else self.shown(server, there))

    def refuse_equal(self, server, place, there, own):
        for key, other in server.objects.items():
            if key == own or key[:2] != (self.path, place):
                continue
            if self.name_of(there) == key[2]:
                raise Refused(409, "it exists already")
            for name in (*self.named, *self.unique):
                if there.get(name) is not None and there.get(name) == other.get(name):
                    raise Refused(409, "another object has this `%s`: %s" % (name, there[name]))


@dataclass
class Setting(Kept):
    """One document of its parents, written as a whole. `none` is what there is before the first PUT: 404 where it is None."""

    none: object = None
    shown: object = same
    tagged: bool = False  # has an ETag, and heeds If-Match
    document = True

    def templates(self):
        return (self.path,)

    def answer(self, server, method, _template, values, _query, headers, body):
        key = (self.path, self.place(server, values), "")
        there = server.objects.get(key, self.none)
        etag = '"%s"' % hashlib.sha256(json.dumps(there).encode()).hexdigest()[:12]
        if method == "GET":
            if there is None:
                raise Refused(404, "not set")
            return Reply(200, self.shown(server, there), {"ETag": etag} if self.tagged else {})
        if self.tagged and headers.get("if-match", etag) != etag:
            raise Refused(412, "it was changed meanwhile")
        if method == "PUT":
            server.objects[key] = body
        else:
            server.objects.pop(key, None)
        return Reply(204)


@dataclass
class Links(Kept):
    """Members of one collection that are linked to one of another: PUT and DELETE of the pair, and a list."""

    item: str = ""
    target: str = ""  # path of the other collection
    page: object = None
    document = True

    def templates(self):
        return (self.path, self.item)

    def answer(self, server, method, template, values, query, _headers, _body):
        place = self.place(server, values)
        others = server.collections[self.target]
        if template == self.path:
            linked = [others.find(server, (), key[2])[1] for key in server.objects if key[:2] == (self.path, place)]
            return Reply(200, self.page(server, [others.shown(server, each) for each in linked], query))
        name = others.find(server, (), values[self.item.rsplit("{", 1)[1].rstrip("}")])[0][2]
        key = (self.path, place, name)
        if method == "DELETE":
            if server.objects.pop(key, None) is None:
                raise Refused(404, "not linked")
            return Reply(204)
        server.objects[key] = True
        return Reply(201)
