# Namespaces that are missing or going.
record 700-ssa-missing-namespace 'SSA in a namespace that does not exist' PATCH "/api/v1/namespaces/nowhere/configmaps/demo$apply" apply "$(map '{"name": "demo"}' '{"a": "1"}')"
record 701-post-missing-namespace 'POST' POST /api/v1/namespaces/nowhere/configmaps json "$(map '{"name": "demo"}' '{"a": "1"}')"
record 702-get-missing-namespace 'GET: the object is what is missing' GET /api/v1/namespaces/nowhere/configmaps/demo
record 703-ssa-dry-run-missing-namespace 'dryRun=All fails too' PATCH "/api/v1/namespaces/nowhere/configmaps/demo$apply&dryRun=All" apply "$(map '{"name": "demo"}' '{"a": "1"}')"
record 704-ssa-namespace-dry-run 'SSA of a Namespace, dryRun=All' PATCH "/api/v1/namespaces/going$apply&dryRun=All" apply '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "going"}}'

must going '' PATCH "/api/v1/namespaces/going$apply" apply '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "going"}}'
must going '' PATCH "/api/v1/namespaces/going/configmaps/held$apply" apply "$(map '{"name": "held", "finalizers": ["example.com/hold"]}' '{"a": "1"}')"
record 710-delete-namespace 'DELETE of a Namespace: 200 and the object, in phase Terminating' DELETE /api/v1/namespaces/going
record 711-delete-namespace-again 'Once more' DELETE /api/v1/namespaces/going
record 712-ssa-terminating-namespace 'SSA of a new object in it' PATCH "/api/v1/namespaces/going/configmaps/new$apply" apply "$(map '{"name": "new"}' '{"a": "1"}')"
record 713-ssa-dry-run-terminating-namespace 'The same with dryRun=All' PATCH "/api/v1/namespaces/going/configmaps/new$apply&dryRun=All" apply "$(map '{"name": "new"}' '{"a": "1"}')"
record 714-ssa-terminating-namespace-itself 'SSA of the Namespace itself' PATCH "/api/v1/namespaces/going$apply" apply '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "going", "labels": {"a": "b"}}}'
for _ in {1..50}; do
    quiet going '' GET /api/v1/namespaces/going
    [[ $(field '.status.conditions | length') == 0 ]] || break
    sleep 0.2
done
record 715-get-terminating-namespace 'GET of it: the conditions say what it waits for' GET /api/v1/namespaces/going
must going '' PATCH /api/v1/namespaces/going/configmaps/held merge '{"metadata": {"finalizers": null}}'
for _ in {1..100}; do
    quiet going '' GET /api/v1/namespaces/going
    [[ $(field .code) != 404 ]] || break
    sleep 0.2
done
record 716-get-namespace-gone 'GET when it is gone' GET /api/v1/namespaces/going
record 717-delete-default-namespace 'DELETE of the namespace default' DELETE /api/v1/namespaces/default
