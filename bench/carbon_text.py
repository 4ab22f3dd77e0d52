"""A shape as a carbon package: ConfigMaps whose data refers to other ConfigMaps' names."""
from shapes import COMPONENT_INPUTS, Components, Graph, Keyed

RESOURCES_A_FILE = 1000

HEADER = """import "std/k8s"

platform bench {}
provider cluster : k8s.Cluster { namespace = "default" }
"""


def _graph(graph):
    lines = []
    for i, parents in enumerate(graph.parents):
        fields = ", ".join([f'name = "r{i}"'] + [f"p{k} = r{parent}.metadata.name" for k, parent in enumerate(parents)])
        lines.append(f"resource r{i} : k8s.ConfigMap {{ data = {{ {fields} }} }}\n")
    return {
        f"part_{start // RESOURCES_A_FILE:03}.carbon": "".join(lines[start : start + RESOURCES_A_FILE])
        for start in range(0, len(lines), RESOURCES_A_FILE)
    }


def _components(shape):
    inputs = range(COMPONENT_INPUTS)
    body = [f"  input i{k} : string\n" for k in inputs]
    body += [f'  resource r{k} : k8s.ConfigMap {{ data = {{ name = "r{k}", p0 = i{k} }} }}\n' for k in inputs]
    given = ", ".join(f"i{k} = base.metadata.name" for k in inputs)
    uses = "".join(f"use part{i} : Part {{ {given} }}\n" for i in range(shape.uses))
    return {
        "part.carbon": "component Part {\n" + "".join(body) + "}\n",
        "uses.carbon": 'resource base : k8s.ConfigMap { data = { name = "base" } }\n' + uses,
    }


def _keyed(shape):
    # Reserved words aside, a key is a DNS label: the default name of a member is its address.
    text = f'let names = [for i in range({shape.keys}) : "k${{i}}"]\n'
    text += "resource first : k8s.ConfigMap for k in names by k { data = { name = k } }\n"
    text += "resource second : k8s.ConfigMap for k in names by k { data = { name = k, p0 = first[k].metadata.name } }\n"
    return {"collections.carbon": text}


def carbon_files(shape):
    """File name to text."""
    writers = {Graph: _graph, Components: _components, Keyed: _keyed}
    return {"platform.carbon": HEADER} | writers[type(shape)](shape)
