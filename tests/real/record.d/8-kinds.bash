# Every kind once: create (what the server fills in), the same again, and what it is after its controllers saw it.
kinds=()
for manifest in "$here"/manifests/*.yaml; do
    kind=$(basename "$manifest" .yaml) path=$(sed -n '1s/^# //p' "$manifest")
    kinds+=("$kind=$path")
    record "$kind-ssa-create" "SSA of manifests/$kind.yaml" PATCH "$path$apply" apply "$(sed 1d "$manifest")"
done
record 850-ssa-custom-resource-early 'A custom resource right after its definition (404, or 201 if it was quick)' PATCH "/apis/test.example.com/v1/namespaces/record/widgets/early$apply" apply '{"apiVersion": "test.example.com/v1", "kind": "Widget", "metadata": {"name": "early"}, "spec": {"size": 1}}'
sleep 4
w=/apis/test.example.com/v1/namespaces/record/widgets
widget() { printf '{"apiVersion": "test.example.com/v1", "kind": "Widget", "metadata": {"name": "one"}, "spec": %s}' "$1"; }
record 851-ssa-custom-resource 'A custom resource: defaults, a list that is a map' PATCH "$w/one$apply" apply "$(widget '{"size": 1, "tags": ["b", "a"], "parts": [{"name": "x", "count": 1}, {"name": "y"}]}')"
record 852-ssa-custom-resource-list-map 'Another manager adds one entry' PATCH "$w/one?fieldManager=other" apply "$(widget '{"parts": [{"name": "z", "count": 3}]}')"
record 853-ssa-custom-resource-atomic-list 'Another manager and a list without keys: conflict as a whole' PATCH "$w/one?fieldManager=other" apply "$(widget '{"tags": ["c"]}')"
record 854-ssa-custom-resource-unknown-field 'An unknown field' PATCH "$w/one$apply" apply "$(widget '{"size": 1, "weight": 2}')"
record 855-post-custom-resource-unknown-field 'POST of an unknown field: pruned' POST "$w" json "$(widget '{"size": 1, "weight": 2}' | sed 's/"one"/"two"/')"
record 856-post-custom-resource-strict 'POST of it, fieldValidation=Strict' POST "$w?fieldValidation=Strict" json "$(widget '{"size": 1, "weight": 2}' | sed 's/"one"/"three"/')"
record 857-ssa-custom-resource-invalid 'Values the schema forbids' PATCH "$w/bad$apply" apply "$(widget '{"size": 0}' | sed 's/"one"/"bad"/')"
record 858-ssa-custom-resource-missing 'A required field is missing' PATCH "$w/bad$apply" apply "$(widget '{"colour": "red"}' | sed 's/"one"/"bad"/')"
record 859-ssa-custom-resource-rv-1-absent 'Create-only: resourceVersion 1, absent' PATCH "$w/fresh$apply" apply "$(widget '{"size": 1}' | sed 's/"one"/"fresh", "resourceVersion": "1"/')"
record 859-ssa-custom-resource-rv-1-present 'The same again' PATCH "$w/fresh$apply" apply "$(widget '{"size": 1}' | sed 's/"one"/"fresh", "resourceVersion": "1"/')"
for entry in "${kinds[@]}"; do
    kind=${entry%%=*} path=${entry#*=}
    case $kind in
    *-deployment | *-statefulset | *-service | *-persistentvolumeclaim | *-job | *-cronjob | *-daemonset | *-poddisruptionbudget | *-horizontal* | *-customresource* | *-namespace | *-resourcequota | *-clusterrole)
        record "$kind-settled" 'A few seconds later' GET "$path" ;;
    esac
    if [[ $kind != *-secret && $kind != *-lease ]]; then
        quiet before '' GET "$path"
        before=$(field .metadata.resourceVersion)
        quiet again '' PATCH "$path$apply" apply "$(sed 1d "$here/manifests/$kind.yaml")"
        [[ $(field .metadata.resourceVersion) == "$before" ]] || record "$kind-ssa-again" "The same apply again was not without effect (was $before)" PATCH "$path$apply" apply "$(sed 1d "$here/manifests/$kind.yaml")"
    fi
done
record 860-ssa-secret-again 'stringData again: is it a change?' PATCH "$core/secrets/login$apply" apply "$(sed 1d "$here/manifests/806-secret.yaml")"
record 861-ssa-lease-again 'A Lease again' PATCH "/apis/coordination.k8s.io/v1/namespaces/record/leases/lock$apply" apply "$(sed 1d "$here/manifests/826-lease.yaml")"
record 862-scale 'The scale subresource' GET /apis/apps/v1/namespaces/record/deployments/web/scale
record 863-ssa-pvc-grow-pending 'A claim that is not bound cannot grow' PATCH "$core/persistentvolumeclaims/data$apply" apply "$(sed '1d; s/20480Mi/30Gi/' "$here/manifests/805-persistentvolumeclaim.yaml")"
record 864-ssa-statefulset-immutable 'What of a StatefulSet cannot change' PATCH "/apis/apps/v1/namespaces/record/statefulsets/db$apply" apply "$(sed '1d; s/20Gi/30Gi/' "$here/manifests/801-statefulset.yaml")"
record 865-ssa-job-immutable 'A Job: its template cannot change' PATCH "/apis/batch/v1/namespaces/record/jobs/once$apply" apply "$(sed '1d; s/once:1/once:2/' "$here/manifests/812-job.yaml")"
record 866-ssa-rolebinding-immutable 'A RoleBinding: its roleRef cannot change' PATCH "/apis/rbac.authorization.k8s.io/v1/namespaces/record/rolebindings/reader$apply" apply "$(sed '1d; s/name: reader}$/name: writer}/' "$here/manifests/810-rolebinding.yaml" | sed '3s/writer/reader/')"
record 867-delete-deployment-foreground 'DELETE in the foreground' DELETE '/apis/apps/v1/namespaces/record/deployments/web?propagationPolicy=Foreground'
record 868-delete-deployment-background 'DELETE in the background' DELETE '/apis/apps/v1/namespaces/record/daemonsets/agent?propagationPolicy=Background'
record 869-delete-job-default 'DELETE of a Job without a policy: what happens to its pods' DELETE /apis/batch/v1/namespaces/record/jobs/once
record 870-delete-pvc 'DELETE of a claim: its finalizer' DELETE "$core/persistentvolumeclaims/data"
record 871-delete-crd 'DELETE of a definition with objects' DELETE /apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.test.example.com
record 872-ssa-custom-resource-while-crd-goes 'SSA of a custom resource meanwhile' PATCH "$w/late$apply" apply "$(widget '{"size": 1}' | sed 's/"one"/"late"/')"
