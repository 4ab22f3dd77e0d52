"""The state file that Terraform has once it has applied a graph, for sizes that its own apply does not reach.

Terraform's apply grows with about the square of the size, so 10,000 resources take hours; its plan does not care who
wrote the file. That this is the same state is checked twice: against the file of a real apply of a smaller platform
(`same_state`), and by Terraform itself, which must then plan no change.
"""
import json
import uuid

NAMESPACE = uuid.UUID("6f1ad1f0-6cf4-4b7e-9d0e-5d1d1c1d2a10")


def _ancestors(parents):
    """Terraform stores all ancestors of a resource as its dependencies, not only the direct ones."""
    found = []
    for own in parents:
        found.append(set(own).union(*(found[parent] for parent in own)))
    return found


def _resource(i, parents, ancestors):
    value = {"name": f"r{i}"} | {f"p{k}": f"r{parent}" for k, parent in enumerate(parents)}
    typed = {"value": value, "type": ["object", {key: "string" for key in value}]}
    instance = {
        "schema_version": 0,
        "attributes": {
            "id": str(uuid.uuid5(NAMESPACE, f"r{i}")),
            "input": typed,
            "output": typed,
            "triggers_replace": None,
        },
        "sensitive_attributes": [],
    }
    if ancestors:
        instance["dependencies"] = sorted(f"terraform_data.r{ancestor}" for ancestor in ancestors)
    provider = 'provider["terraform.io/builtin/terraform"]'
    return {"mode": "managed", "type": "terraform_data", "name": f"r{i}", "provider": provider, "instances": [instance]}


def write_state(graph, path, version):
    ancestors = _ancestors(graph.parents)
    rows = [_resource(i, parents, ancestors[i]) for i, parents in enumerate(graph.parents)]
    state = {
        "version": 4,
        "terraform_version": version,
        "serial": 1,
        "lineage": str(uuid.uuid5(NAMESPACE, "lineage")),
        "outputs": {},
        "resources": sorted(rows, key=lambda row: row["name"]),
        "check_results": None,
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(state, file, indent=2)


def same_state(one, other):
    """Whether two state files say the same, apart from ids, serial and lineage, which are made up by each run."""

    def essence(path):
        with open(path, encoding="utf-8") as file:
            state = json.load(file)
        for row in state["resources"]:
            for instance in row["instances"]:
                instance["attributes"].pop("id")
        return state["resources"]

    return essence(one) == essence(other)
