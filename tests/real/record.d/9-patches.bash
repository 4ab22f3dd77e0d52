# The other patches, discovery, and watches.
must p '' PATCH "$maps/patched$apply" apply "$(map '{"name": "patched"}' '{"a": "1", "b": "2"}')"
record 910-merge-patch 'merge-patch' PATCH "$maps/patched?fieldManager=editor" merge '{"data": {"a": "9", "b": null, "c": "3"}}'
record 911-merge-patch-no-change 'merge-patch without effect' PATCH "$maps/patched?fieldManager=editor" merge '{"data": {"a": "9"}}'
record 912-merge-patch-absent 'merge-patch of an absent object' PATCH "$maps/nothing" merge '{"data": {"a": "9"}}'
record 913-json-patch 'json-patch' PATCH "$maps/patched?fieldManager=editor" patch '[{"op": "test", "path": "/data/a", "value": "9"}, {"op": "add", "path": "/data/d", "value": "4"}]'
record 914-json-patch-test-fails 'json-patch whose test fails' PATCH "$maps/patched?fieldManager=editor" patch '[{"op": "test", "path": "/data/a", "value": "8"}, {"op": "add", "path": "/data/d", "value": "5"}]'
record 915-json-patch-managed-fields 'json-patch that makes the Update entry an Apply entry' PATCH "$maps/posted?fieldManager=carbon" patch '[{"op": "replace", "path": "/metadata/managedFields", "value": [{"manager": "carbon", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {"f:a": {}}}}]}]'
record 916-strategic-merge-patch 'strategic-merge-patch' PATCH "$maps/patched?fieldManager=editor" application/strategic-merge-patch+json '{"data": {"a": "10"}}'

record 930-discovery-core 'Discovery of the core group' GET /api/v1
record 931-discovery-apps 'Discovery of apps/v1' GET /apis/apps/v1
record 932-discovery-groups 'The groups' GET /apis
record 933-discovery-aggregated 'Aggregated discovery of the core group' GET /api none '' -H 'Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
record 934-readyz 'Ready' GET /readyz

must w '' GET "$maps?labelSelector=watch%3Dyes"
start=$(field .metadata.resourceVersion)
watched() { map '{"name": "watched", "labels": {"watch": "yes"}}' "{\"i\": \"$1\"}"; }
(
    sleep 1
    send() { curl -s --cacert "$dir/ca.crt" -H "Authorization: Bearer $(<"$dir/token")" -o /dev/null -X "$1" -H 'Content-Type: application/apply-patch+yaml' "${@:3}" "$url$maps/$2"; }
    send PATCH "watched$apply" --data-binary "$(watched 1)"
    send PATCH "watched$apply" --data-binary "$(watched 2)"
    send PATCH "watched$apply" --data-binary "$(watched 2)" # no change, no event
    send PATCH "watched?fieldManager=carbon" --data-binary "$(watched 3 | sed 's/"yes"/"no"/')" # leaves the selection: DELETED
    send DELETE watched
) &
record 940-watch-bookmarks 'A watch with bookmarks; one event a line' GET "$maps?watch=1&labelSelector=watch%3Dyes&resourceVersion=$start&allowWatchBookmarks=true&timeoutSeconds=6"
wait
record 941-watch-initial-events 'A watch that lists first; the bookmark with the annotation ends the list' GET "$maps?watch=1&labelSelector=list%3Dyes&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=3"
