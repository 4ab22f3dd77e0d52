# Refusals.
record 500-get-absent 'GET of an absent object' GET "$maps/nothing"
record 501-get-unknown-resource 'GET of a resource that the group does not have' GET "$core/nothings/x"
record 502-get-unknown-group 'GET in a group that does not exist' GET /apis/none.example.com/v1/namespaces/record/things/x
record 503-get-unknown-version 'GET in a version that does not exist' GET /apis/apps/v9/namespaces/record/deployments/x
record 504-ssa-unknown-resource 'SSA of a resource that does not exist' PATCH "/apis/none.example.com/v1/namespaces/record/things/x$apply" apply '{"apiVersion": "none.example.com/v1", "kind": "Thing", "metadata": {"name": "x"}}'
record 505-get-path-escape 'A name with a slash in it' GET "$maps/a%2Fb"

record 510-post 'POST' POST "$maps?fieldManager=carbon" json "$(map '{"name": "twice"}' '{"a": "1"}')"
record 511-post-existing 'POST of what exists' POST "$maps?fieldManager=carbon" json "$(map '{"name": "twice"}' '{"a": "1"}')"
record 512-post-bad-name 'POST of a name that is not allowed' POST "$maps" json "$(map '{"name": "Bad_Name"}' '{"a": "1"}')"
record 513-post-bad-label 'Two causes in one refusal' POST "$maps" json "$(map '{"name": "x", "labels": {"a": "b c"}}' '{"a/b": "1"}')"
record 514-post-no-name 'POST without a name' POST "$maps" json "$(map '{}' '{"a": "1"}')"
record 515-post-rv 'POST with a resourceVersion' POST "$maps" json "$(map '{"name": "rv", "resourceVersion": "1"}' '{"a": "1"}')"
record 516-post-uid 'POST with a uid: the server takes its own' POST "$maps" json "$(map '{"name": "uid", "uid": "00000000-0000-4000-8000-000000000000"}' '{"a": "1"}')"
record 517-put-name-mismatch 'PUT whose body names another object' PUT "$maps/twice" json "$(map '{"name": "other"}' '{"a": "1"}')"
record 518-post-generate-name 'POST with generateName' POST "$maps" json "$(map '{"generateName": "some-"}' '{"a": "1"}')"

d=/apis/apps/v1/namespaces/record/deployments
deployment() { printf '{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "sel"}, "spec": {%s"selector": {"matchLabels": {"a": "%s"}}, "template": {"metadata": {"labels": {"a": "%s"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}}' "${3-}" "$1" "$2"; }
must sel '' PATCH "$d/sel$apply" apply "$(deployment b b)"
record 520-ssa-immutable-selector 'SSA that changes the selector of a Deployment' PATCH "$d/sel$apply" apply "$(deployment c c)"
record 521-ssa-immutable-dry-run 'The same with dryRun=All' PATCH "$d/sel$apply&dryRun=All" apply "$(deployment c c)"
record 522-ssa-invalid-deployment 'SSA of labels that do not match the selector, and of a negative number' PATCH "$d/bad$apply" apply "$(deployment b c '"replicas": -1, ' | sed 's/sel"/bad"/')"
must sel '' DELETE "$d/sel"

record 530-post-unknown-field-strict 'POST of an unknown field, fieldValidation=Strict' POST "$maps?fieldValidation=Strict" json '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "strict"}, "dat": {"a": "1"}, "data": {"a": "1", "a": "2"}}'
record 531-post-unknown-field-warn 'The same, the default (Warn)' POST "$maps" json '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "warn"}, "dat": {"a": "1"}, "data": {"a": "1", "a": "2"}}'
record 532-ssa-unknown-field-strict 'SSA of an unknown field, fieldValidation=Strict' PATCH "$maps/strict$apply&fieldValidation=Strict" apply '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "strict"}, "dat": {"a": "1"}}'
record 533-ssa-duplicate-key-strict 'SSA of a key twice, fieldValidation=Strict' PATCH "$maps/strict$apply&fieldValidation=Strict" apply '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "strict"}, "data": {"a": "1", "a": "2"}}'
record 534-ssa-unknown-field-deep-strict 'SSA of an unknown field in a container, Strict' PATCH "$d/bad$apply&fieldValidation=Strict" apply "$(deployment b b | sed 's/sel"/bad"/; s/"image"/"imag": "x", "image"/')"

record 540-bad-token 'A token nobody knows' GET "$maps/demo" none '' -H 'Authorization: Bearer wrong'
record 541-anonymous 'No token' GET "$maps/demo" none '' -H 'Authorization:'
record 542-forbidden-get 'A user without rights: GET' GET "$maps/demo" none '' -H "Authorization: Bearer $(<"$dir/token-guest")"
record 543-forbidden-list 'LIST' GET "$maps" none '' -H "Authorization: Bearer $(<"$dir/token-guest")"
record 544-forbidden-ssa 'SSA' PATCH "$maps/demo$apply" apply "$(map '{"name": "demo"}' '{"a": "1"}')" -H "Authorization: Bearer $(<"$dir/token-guest")"
record 545-forbidden-ssa-absent 'SSA of an absent object' PATCH "$maps/nothing$apply" apply "$(map '{"name": "nothing"}' '{"a": "1"}')" -H "Authorization: Bearer $(<"$dir/token-guest")"
record 546-forbidden-list-cluster 'LIST over all namespaces' GET /api/v1/configmaps none '' -H "Authorization: Bearer $(<"$dir/token-guest")"
rules() { printf '{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "%s", "metadata": {"name": "patcher"}, %s}' "$1" "$2"; }
must r '' POST /apis/rbac.authorization.k8s.io/v1/namespaces/record/roles json "$(rules Role '"rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "patch"]}]')"
must r '' POST /apis/rbac.authorization.k8s.io/v1/namespaces/record/rolebindings json "$(rules RoleBinding '"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "patcher"}, "subjects": [{"kind": "User", "name": "carbon-guest"}]')"
sleep 2
record 547-ssa-create-needs-create 'SSA of an absent object by one who may get and patch, but not create' PATCH "$maps/nothing$apply" apply "$(map '{"name": "nothing"}' '{"a": "1"}')" -H "Authorization: Bearer $(<"$dir/token-guest")"
record 548-self-access-review 'May I? (SelfSubjectAccessReview)' POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews json '{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes": {"namespace": "record", "verb": "create", "resource": "configmaps"}}}' -H "Authorization: Bearer $(<"$dir/token-guest")"

record 550-malformed-json 'POST of half a body' POST "$maps" json '{"apiVersion": "v1", "kind": "Conf'
record 551-malformed-yaml 'SSA of no YAML' PATCH "$maps/demo$apply" apply '{a: [}'
record 552-empty-body 'SSA of an empty body' PATCH "$maps/demo$apply" apply ''
record 553-wrong-media-type 'PATCH as application/json' PATCH "$maps/demo$apply" json '{}'
record 554-not-acceptable 'GET as text/html' GET "$maps/demo" none '' -H 'Accept: text/html'
record 555-method-not-allowed 'PATCH of a collection' PATCH "$maps$apply" apply '{}'
record 556-ssa-subresource-absent 'GET of a subresource that the kind does not have' GET "$maps/demo/status"
filled() { head -c "$1" /dev/zero | tr '\0' x; }
map '{"name": "large"}' "{\"a\": \"$(filled 1200000)\"}" >"$dir/large"
filled 4000000 >"$dir/huge"
record 557-too-large 'SSA of more than 1 MiB of data' PATCH "$maps/large$apply" apply "@$dir/large"
record 558-body-too-large 'A body of more than 3 MiB' PATCH "$maps/large$apply" apply "@$dir/huge"
sed -i "s|^@$dir/large|(a ConfigMap with a value of 1200000 bytes)|; s|^@$dir/huge|(4000000 bytes)|" "$out"/55[78]-*.http

# Refusals by what stands around the server.
flow=/apis/flowcontrol.apiserver.k8s.io/v1
must flow '' POST "$flow/prioritylevelconfigurations" json '{"apiVersion": "flowcontrol.apiserver.k8s.io/v1", "kind": "PriorityLevelConfiguration", "metadata": {"name": "none"}, "spec": {"type": "Limited", "limited": {"nominalConcurrencyShares": 0, "lendablePercent": 0, "borrowingLimitPercent": 0, "limitResponse": {"type": "Reject"}}}}'
must flow '' POST "$flow/flowschemas" json '{"apiVersion": "flowcontrol.apiserver.k8s.io/v1", "kind": "FlowSchema", "metadata": {"name": "none"}, "spec": {"matchingPrecedence": 2, "priorityLevelConfiguration": {"name": "none"}, "rules": [{"subjects": [{"kind": "User", "user": {"name": "carbon-guest"}}], "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "namespaces": ["*"], "clusterScope": true}]}]}}'
sleep 2
guest=(--cacert "$dir/ca.crt" -H "Authorization: Bearer $(<"$dir/token-guest")")
curl -s "${guest[@]}" -o /dev/null "$url$maps/demo?resourceVersion=99999999" & # waits three seconds for that version
sleep 1
record 560-too-many-requests 'The second request at once of a user whose priority level has no share: 429' GET "$maps/demo" none '' "${guest[@]:2}"
wait $!
must flow '' DELETE "$flow/flowschemas/none"
must flow '' DELETE "$flow/prioritylevelconfigurations/none"

admission=/apis/admissionregistration.k8s.io/v1
marked() { map "{\"name\": \"$1\", \"labels\": {\"$1\": \"yes\"}}" '{"a": "1"}'; }
must hook '' POST "$admission/validatingwebhookconfigurations" json '{"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "absent"}, "webhooks": [{"name": "absent.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"], "clientConfig": {"url": "https://127.0.0.1:1/"}, "objectSelector": {"matchLabels": {"hooked": "yes"}}, "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["*"], "resources": ["configmaps"]}]}]}'
must policy '' POST "$admission/validatingadmissionpolicies" json '{"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "never"}, "spec": {"matchConstraints": {"objectSelector": {"matchLabels": {"policed": "yes"}}, "resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["configmaps"]}]}, "validations": [{"expression": "false", "message": "not in this house"}]}}'
must policy '' POST "$admission/validatingadmissionpolicybindings" json '{"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "never"}, "spec": {"policyName": "never", "validationActions": ["Deny"]}}'
must full '' POST /api/v1/namespaces json '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "full", "labels": {"pod-security.kubernetes.io/warn": "restricted"}}}'
must full '' POST /api/v1/namespaces/full/resourcequotas json '{"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": {"hard": {"count/configmaps": "0"}}}'
sleep 3
for kind in hooked policed; do
    for _ in {1..50}; do
        quiet wait '' PATCH "$maps/$kind$apply&dryRun=All" apply "$(marked $kind)"
        [[ $(field .kind) != Status ]] || break
        sleep 0.2
    done
done
record 561-webhook-unreachable 'An admission webhook that cannot be reached (failurePolicy Fail)' PATCH "$maps/hooked$apply" apply "$(marked hooked)"
record 562-admission-policy 'A ValidatingAdmissionPolicy says no' PATCH "$maps/policed$apply" apply "$(marked policed)"
record 563-quota-exceeded 'A quota is used up' PATCH "/api/v1/namespaces/full/configmaps/over$apply" apply "$(map '{"name": "over"}' '{"a": "1"}')"
record 564-pod-security-warning 'A warning about pod security' PATCH "/apis/apps/v1/namespaces/full/deployments/sel$apply&dryRun=All" apply "$(deployment b b)"
record 565-deprecated-warning 'A warning about a deprecated kind' GET "$core/endpoints?limit=1"
