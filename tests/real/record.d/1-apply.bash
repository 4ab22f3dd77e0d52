# Server-side apply: create, repeat, change, drop, dry run.
record 100-version 'Which server this is' GET /version
must ns '' POST /api/v1/namespaces json '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "record"}}'
until quiet ca '' GET "$maps/kube-root-ca.crt" && [[ $(field .kind) == ConfigMap ]]; do sleep 0.2; done

record 110-ssa-create-configmap 'SSA of an object that does not exist' PATCH "$maps/demo$apply" apply "$(map '{"name": "demo", "labels": {"app": "demo"}}' '{"a": "1", "b": "2"}')"
record 111-ssa-repeat 'SSA of the same: 200, resourceVersion and managedFields time stay' PATCH "$maps/demo$apply" apply "$(map '{"name": "demo", "labels": {"app": "demo"}}' '{"a": "1", "b": "2"}')"
record 112-ssa-change 'SSA with another value' PATCH "$maps/demo$apply" apply "$(map '{"name": "demo", "labels": {"app": "demo"}}' '{"a": "1", "b": "3"}')"
record 113-ssa-drop-field 'SSA without a field it owned: the field is gone' PATCH "$maps/demo$apply" apply "$(map '{"name": "demo", "labels": {"app": "demo"}}' '{"a": "1"}')"
record 114-ssa-drop-last-field 'SSA without the only field of a map: is the map gone?' PATCH "$maps/demo$apply" apply '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "demo"}}'
record 115-ssa-null-and-empty 'SSA with an empty map and a null' PATCH "$maps/demo$apply" apply '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "demo", "labels": null, "annotations": {}}, "data": {}}'
record 116-get 'GET of it' GET "$maps/demo"

record 120-ssa-dry-run-create 'dryRun=All of an absent object' PATCH "$maps/ghost$apply&dryRun=All" apply "$(map '{"name": "ghost"}' '{"a": "1"}')"
record 121-get-after-dry-run 'It left nothing behind' GET "$maps/ghost"
record 122-ssa-dry-run-update 'dryRun=All of a change: the reply carries the old resourceVersion' PATCH "$maps/demo$apply&dryRun=All" apply "$(map '{"name": "demo"}' '{"a": "9"}')"
record 123-ssa-dry-run-again 'Once more' PATCH "$maps/demo$apply&dryRun=All" apply "$(map '{"name": "demo"}' '{"a": "9"}')"
record 124-ssa-dry-run-no-change 'dryRun=All without a change' PATCH "$maps/demo$apply&dryRun=All" apply '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "demo"}}'
record 125-ssa-dry-run-service 'dryRun=All of a Service: an address that is not reserved' PATCH "$core/services/ghost$apply&dryRun=All" apply '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "ghost"}, "spec": {"ports": [{"port": 1}]}}'

record 130-ssa-no-manager 'SSA without fieldManager' PATCH "$maps/demo" apply "$(map '{"name": "demo"}' '{"a": "1"}')"
record 131-ssa-managed-fields-in-body 'SSA with managedFields in the body' PATCH "$maps/demo$apply" apply "$(map '{"name": "demo", "managedFields": [{"manager": "x", "operation": "Apply", "apiVersion": "v1"}]}' '{"a": "1"}')"
record 132-ssa-name-mismatch 'SSA whose body names another object' PATCH "$maps/demo$apply" apply "$(map '{"name": "other"}' '{"a": "1"}')"
record 133-ssa-no-name 'SSA whose body has no name' PATCH "$maps/demo$apply" apply "$(map '{}' '{"a": "1"}')"
record 134-ssa-namespace-mismatch 'SSA whose body names another namespace' PATCH "$maps/demo$apply" apply "$(map '{"name": "demo", "namespace": "default"}' '{"a": "1"}')"
record 135-ssa-kind-mismatch 'SSA whose body is of another kind' PATCH "$maps/demo$apply" apply '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "demo"}}'
record 136-ssa-unknown-field 'SSA with a field the schema does not know' PATCH "$maps/demo$apply" apply '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "demo"}, "dat": {"a": "1"}}'
record 137-ssa-wrong-type 'SSA with a number where a string belongs' PATCH "$maps/demo$apply" apply "$(map '{"name": "demo"}' '{"a": 1}')"
record 138-ssa-bad-name 'SSA of a name that is not allowed' PATCH "$maps/Bad_Name$apply" apply "$(map '{"name": "Bad_Name"}' '{"a": "1"}')"
record 139-ssa-duplicate-list-key 'SSA with two entries of the same key in an associative list' PATCH "$core/services/twice$apply" apply '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "twice"}, "spec": {"ports": [{"port": 1}, {"port": 1}]}}'

record 140-ssa-binary-and-immutable 'SSA of an immutable ConfigMap with binaryData' PATCH "$maps/fixed$apply" apply '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "fixed"}, "immutable": true, "binaryData": {"x": "AAEC"}}'
record 141-ssa-change-immutable 'A change of it' PATCH "$maps/fixed$apply" apply '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "fixed"}, "immutable": true, "binaryData": {"x": "AAED"}}'
record 142-ssa-yaml-body 'The same request as YAML, with a comment and a block' PATCH "$maps/yaml$apply" apply $'# a comment\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  text: |\n    one\n    two'
record 143-ssa-json-type 'application/apply-patch+json (CBOR and JSON apply types are newer)' PATCH "$maps/demo$apply" application/apply-patch+json "$(map '{"name": "demo"}' '{"a": "1"}')"
record 144-ssa-status-in-body 'SSA with a status: who owns it?' PATCH "$core/services/status$apply" apply '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "status"}, "spec": {"ports": [{"port": 1}]}, "status": {"loadBalancer": {}}}'
