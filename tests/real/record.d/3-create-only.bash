# Is there ONE request that creates, fails if the object exists, and leaves a single Apply entry?
n=300
for rv in 0 1 99999999; do
    record "$((n++))-ssa-rv-$rv-absent" "SSA with metadata.resourceVersion $rv, object absent" PATCH "$maps/only-$rv$apply" apply "$(map "{\"name\": \"only-$rv\", \"resourceVersion\": \"$rv\"}" '{"a": "1"}')"
    record "$((n++))-ssa-rv-$rv-present" "SSA with metadata.resourceVersion $rv, object present" PATCH "$maps/demo$apply" apply "$(map "{\"name\": \"demo\", \"resourceVersion\": \"$rv\"}" '{"a": "1"}')"
done
uid=00000000-0000-4000-8000-000000000000
record 320-ssa-uid-absent 'SSA with metadata.uid, object absent' PATCH "$maps/only-uid$apply" apply "$(map "{\"name\": \"only-uid\", \"uid\": \"$uid\"}" '{"a": "1"}')"
record 321-ssa-uid-empty-absent 'SSA with an empty metadata.uid, object absent' PATCH "$maps/only-empty$apply" apply "$(map '{"name": "only-empty", "uid": ""}' '{"a": "1"}')"
record 330-post 'POST: its entry is Update, not Apply' POST "$maps?fieldManager=carbon" json "$(map '{"name": "posted"}' '{"a": "1"}')"
record 331-post-with-managed-fields 'POST whose body claims an Apply entry' POST "$maps?fieldManager=carbon" json "$(map '{"name": "claimed", "managedFields": [{"manager": "carbon", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {"f:a": {}}}}]}' '{"a": "1"}')"
record 332-post-with-empty-managed-fields 'POST with managedFields [{}]' POST "$maps?fieldManager=carbon" json "$(map '{"name": "unmanaged", "managedFields": [{}]}' '{"a": "1"}')"
record 333-post-apply-type 'POST with the media type of apply' POST "$maps?fieldManager=carbon" apply "$(map '{"name": "typed"}' '{"a": "1"}')"
record 334-put-absent 'PUT of an absent object' PUT "$maps/put$apply" json "$(map '{"name": "put"}' '{"a": "1"}')"
record 340-ssa-if-none-match 'SSA with If-None-Match: *, object present' PATCH "$maps/demo$apply" apply "$(map '{"name": "demo"}' '{"a": "1"}')" -H 'If-None-Match: *'
record 341-ssa-rv-text 'SSA with a resourceVersion that is no number, object absent' PATCH "$maps/only-text$apply" apply "$(map '{"name": "only-text", "resourceVersion": "none"}' '{"a": "1"}')"
record 342-ssa-deployment-rv-1-absent 'Another kind: SSA with resourceVersion 1, object absent' PATCH "/apis/apps/v1/namespaces/record/deployments/only$apply" apply '{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "only", "resourceVersion": "1"}, "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}}'
record 343-ssa-rv-1-dry-run-absent 'SSA with resourceVersion 1 and dryRun=All, object absent' PATCH "$maps/only-dry$apply&dryRun=All" apply "$(map '{"name": "only-dry", "resourceVersion": "1"}' '{"a": "1"}')"
record 344-ssa-rv-1-dry-run-present 'The same, object present' PATCH "$maps/demo$apply&dryRun=All" apply "$(map '{"name": "demo", "resourceVersion": "1"}' '{"a": "1"}')"
record 345-ssa-namespace-rv-1-absent 'A Namespace with resourceVersion 1, absent' PATCH "/api/v1/namespaces/only$apply" apply '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "only", "resourceVersion": "1", "labels": {"a": "b"}}}'
record 346-ssa-namespace-rv-1-present 'The same again' PATCH "/api/v1/namespaces/only$apply" apply '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "only", "resourceVersion": "1", "labels": {"a": "b"}}}'
record 347-ssa-service-rv-1-absent 'A Service with resourceVersion 1, absent' PATCH "$core/services/only$apply" apply '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "only", "resourceVersion": "1"}, "spec": {"ports": [{"port": 1}]}}'

# Eight at once, forced, each another manager: one creates, seven are refused.
race() { curl -s --cacert "$dir/ca.crt" -H "Authorization: Bearer $(<"$dir/token")" -o /dev/null -w '%{http_code}\n' -X PATCH -H 'Content-Type: application/apply-patch+yaml' --data-binary "$(map "{\"name\": \"race-$1\", \"resourceVersion\": \"1\"}" "{\"a\": \"$2\"}")" "$url$maps/race-$1?fieldManager=racer-$2&force=true"; }
for round in {1..10}; do
    answers=$(for racer in {1..8}; do race "$round" "$racer" & done; wait)
    [[ $(sort <<<"$answers" | uniq -c | xargs) == '1 201 7 409' ]] || { echo "create-only race: $answers" >&2; exit 1; }
    quiet race '' DELETE "$maps/race-$round"
done

record 350-ssa-after-post 'SSA by the same manager after its POST: two entries' PATCH "$maps/posted$apply" apply "$(map '{"name": "posted"}' '{"a": "1"}')"
record 351-ssa-drop-after-post 'SSA that drops a field which the Update entry owns: it stays' PATCH "$maps/posted$apply" apply '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "posted"}}'
