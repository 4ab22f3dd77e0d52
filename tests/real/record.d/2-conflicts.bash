# Two managers.
must two '' PATCH "$maps/two$apply" apply "$(map '{"name": "two"}' '{"a": "1", "b": "2"}')"
record 200-ssa-second-manager-conflict 'Another manager, another value, not forced' PATCH "$maps/two?fieldManager=other" apply "$(map '{"name": "two"}' '{"a": "9", "b": "9"}')"
record 201-ssa-second-manager-same-value 'Another manager, the same value: both own it' PATCH "$maps/two?fieldManager=other" apply "$(map '{"name": "two"}' '{"a": "1"}')"
record 202-ssa-change-shared-field 'The first manager changes a shared field' PATCH "$maps/two$apply" apply "$(map '{"name": "two"}' '{"a": "5", "b": "2"}')"
record 203-ssa-drop-shared-field 'The first manager drops a shared field: it stays' PATCH "$maps/two$apply" apply "$(map '{"name": "two"}' '{"b": "2"}')"
record 204-ssa-force 'The first manager takes it with force=true' PATCH "$maps/two?fieldManager=carbon&force=true" apply "$(map '{"name": "two"}' '{"a": "5", "b": "2"}')"
record 205-put-by-another 'PUT by another manager takes fields without asking' PUT "$maps/two?fieldManager=editor" json "$(map '{"name": "two"}' '{"a": "put", "b": "2", "c": "3"}')"
record 206-ssa-conflict-with-update 'SSA against an Update entry' PATCH "$maps/two$apply" apply "$(map '{"name": "two"}' '{"a": "5", "b": "2"}')"
record 207-ssa-dry-run-conflict 'The same with dryRun=All' PATCH "$maps/two$apply&dryRun=All" apply "$(map '{"name": "two"}' '{"a": "5", "b": "2"}')"
record 208-ssa-conflict-nested 'A conflict in an associative list' PATCH "$core/services/two$apply" apply '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "two"}, "spec": {"ports": [{"port": 80, "targetPort": 8080}], "selector": {"app": "two"}}}'
record 209-ssa-conflict-nested-409 '' PATCH "$core/services/two?fieldManager=other" apply '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "two", "labels": {"x/y": "z"}}, "spec": {"ports": [{"port": 80, "targetPort": 9090}], "selector": {"app": "other"}}}'
sed -i '1s/.*/# Another manager of the same port/' "$out/209-ssa-conflict-nested-409.http"
