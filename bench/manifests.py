"""P14: the same manifests in two languages, and whether both render the same.

A component, or a function, makes a Deployment, a Service and a ConfigMap; a loop makes `size` of them. There
is what people write: text with holes in it, conditions, arithmetic, loops in fields, defaults that are overridden.
"""
import json

CARBON = """import "std/k8s"

platform manifests {}
provider cluster : k8s.Cluster { context = "bench" }

fn image(name : string, index : int) : string = "registry.example.com/team-${index % 7}/${name}:1.${index % 10}.${index / 10}"

component App {
  input name    : string
  input index   : int
  input threads : int = 4

  let tier = if index % 2 == 0 then "web" else "worker"
  let labels = { app = name, tier = tier, "app.kubernetes.io/part-of" = "bench" }
  let public = index % 3 == 0

  resource deployment : k8s.Deployment {
    metadata = { name = name, namespace = "apps", labels = labels }
    spec = {
      replicas = 1 + index % 5
      selector = { matchLabels = labels }
      template = {
        metadata = { labels = labels, annotations = { "example.com/revision" = "${index * 17 % 101}" } }
        spec = {
          containers = [{
            name  = "main"
            image = image(name, index)
            args  = ["--threads=${threads}", "--verbose" if index % 11 == 0, ...[for i in range(0, 6) : "--peer=${name}-${i}.apps"]]
            env   = [for i in range(0, 12) : { name = "SETTING_${i}", value = "${name}/${tier}/${i * threads}" }]
            ports = [{ name = "http", containerPort = 8000 + index % 100 }]
          }]
        }
      }
    }
  }
  resource service : k8s.Service {
    metadata = { name = name, namespace = "apps", labels = labels }
    spec     = { selector = labels, type = if public then "LoadBalancer" else "ClusterIP", ports = [{ name = "http", port = 80, targetPort = 8000 + index % 100 }] }
  }
  resource config : k8s.ConfigMap {
    metadata = { name = "${name}-config", namespace = "apps", labels = labels }
    data = { for i in range(0, 8) : ["key-${i}"] = join([for j in range(0, 4) : "${name}.${i}.${j}"], ",") }
  }
}
use apps : App for i in range(0, @SIZE@) by "${i}" { name = "app-${i}", index = i, threads = if i % 13 == 0 then 16 else 4 }
"""

JSONNET = """local image(name, index) = 'registry.example.com/team-%d/%s:1.%d.%d' % [index % 7, name, index % 10, std.floor(index / 10)];

local app(name, index, threads=4) =
  local tier = if index % 2 == 0 then 'web' else 'worker';
  local labels = { app: name, tier: tier, 'app.kubernetes.io/part-of': 'bench' };
  local public = index % 3 == 0;
  [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: name, namespace: 'apps', labels: labels },
      spec: {
        replicas: 1 + index % 5,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels: labels, annotations: { 'example.com/revision': '%d' % (index * 17 % 101) } },
          spec: {
            containers: [{
              name: 'main',
              image: image(name, index),
              args: ['--threads=%d' % threads] + (if index % 11 == 0 then ['--verbose'] else []) + ['--peer=%s-%d.apps' % [name, i] for i in std.range(0, 5)],
              env: [{ name: 'SETTING_%d' % i, value: '%s/%s/%d' % [name, tier, i * threads] } for i in std.range(0, 11)],
              ports: [{ name: 'http', containerPort: 8000 + index % 100 }],
            }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: name, namespace: 'apps', labels: labels },
      spec: { selector: labels, type: if public then 'LoadBalancer' else 'ClusterIP', ports: [{ name: 'http', port: 80, targetPort: 8000 + index % 100 }] },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: name + '-config', namespace: 'apps', labels: labels },
      data: { ['key-%d' % i]: std.join(',', ['%s.%d.%d' % [name, i, j] for j in std.range(0, 3)]) for i in std.range(0, 7) },
    },
  ];

std.flattenArrays([app('app-%d' % i, i, if i % 13 == 0 then 16 else 4) for i in std.range(0, @SIZE@ - 1)])
"""


def write(folder, size):
    """manifests.carbon and manifests.jsonnet, of `size` times three objects."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("manifests.carbon", CARBON), ("manifests.jsonnet", JSONNET)):
        (folder / name).write_text(text.replace("@SIZE@", str(size)), encoding="utf-8")


def same(carbon, jsonnet):
    """Whether `carbon render -o json` and the other's output are the same objects."""
    ours = [one["object"] for one in json.loads(carbon)["resources"]]
    theirs = json.loads(jsonnet)

    def named(objects):
        return {(one["kind"], one["metadata"]["name"]): one for one in objects}

    return len(ours) == len(theirs) == len(named(theirs)) and named(ours) == named(theirs)
