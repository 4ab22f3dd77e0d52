"""A shape as a Terraform configuration: `terraform_data` whose input refers to others' output.

It is the rival's lightest resource: built in, no plugin process, no network. So what is compared is the engine.
"""
from shapes import COMPONENT_INPUTS, Components, Graph, Keyed


def _resource(name, fields, extra=""):
    inputs = "".join(f"    {key} = {value}\n" for key, value in fields.items())
    return f'resource "terraform_data" "{name}" {{\n{extra}  input = {{\n{inputs}  }}\n}}\n'


def _graph(graph):
    return {
        "main.tf": "".join(
            _resource(
                f"r{i}",
                {"name": f'"r{i}"'} | {f"p{k}": f"terraform_data.r{p}.output.name" for k, p in enumerate(parents)},
            )
            for i, parents in enumerate(graph.parents)
        )
    }


def _components(shape):
    inputs = range(COMPONENT_INPUTS)
    part = "".join(f'variable "i{k}" {{ type = string }}\n' for k in inputs)
    part += "".join(_resource(f"r{k}", {"name": f'"r{k}"', "p0": f"var.i{k}"}) for k in inputs)
    given = "".join(f"  i{k} = terraform_data.base.output.name\n" for k in inputs)
    uses = "".join(f'module "part{i}" {{\n  source = "./part"\n{given}}}\n' for i in range(shape.uses))
    return {"main.tf": _resource("base", {"name": '"base"'}) + uses, "part/main.tf": part}


def _keyed(shape):
    text = f'locals {{ names = toset([for i in range({shape.keys}) : "k${{i}}"]) }}\n'
    text += _resource("first", {"name": "each.key"}, "  for_each = local.names\n")
    second = {"name": "each.key", "p0": "terraform_data.first[each.key].output.name"}
    text += _resource("second", second, "  for_each = local.names\n")
    return {"main.tf": text}


def terraform_files(shape):
    """File name to text."""
    writers = {Graph: _graph, Components: _components, Keyed: _keyed}
    return writers[type(shape)](shape)
