# LIST: pages, selectors, forms, and what happens to a page that waits too long.
for i in 1 2 3 4 5; do must list '' PATCH "$maps/page-$i$apply" apply "$(map "{\"name\": \"page-$i\", \"labels\": {\"list\": \"yes\"}}" "{\"i\": \"$i\"}")"; done
record 600-list-limit 'The first page of two' GET "$core/configmaps?limit=2"
next=$(field .metadata.continue)
record 601-list-continue 'The next one' GET "$maps?limit=2&continue=$next"
record 602-list-limit-selector 'With a selector there is no remainingItemCount' GET "$maps?limit=2&labelSelector=list%3Dyes"
next=$(field .metadata.continue)
record 603-list-continue-selector 'Its last page' GET "$maps?limit=9&labelSelector=list%3Dyes&continue=$next"
record 604-list-all-selector 'All in one' GET "$maps?labelSelector=list%3Dyes"
record 605-list-field-selector 'By name' GET "$maps?fieldSelector=metadata.name%3Dpage-3"
record 606-list-field-selector-unknown 'By a field that is not indexed' GET "$maps?fieldSelector=data.i%3D3"
record 607-list-empty 'Nothing found: items is an empty list' GET "$maps?labelSelector=list%3Dno"
record 608-list-missing-namespace 'LIST in a namespace that does not exist: 200' GET /api/v1/namespaces/nowhere/configmaps
record 609-list-bad-continue 'A continue token that is none' GET "$maps?limit=2&continue=bad"
record 610-list-bad-selector 'A selector that cannot be parsed' GET "$maps?labelSelector=a%3D%3D%3Db"
record 611-list-rv-0 'resourceVersion=0: from the cache, limit is ignored' GET "$maps?limit=2&labelSelector=list%3Dyes&resourceVersion=0"
record 612-list-metadata-only 'PartialObjectMetadataList' GET "$maps?limit=2&labelSelector=list%3Dyes" none '' -H 'Accept: application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
record 613-list-table 'Table' GET "$maps?limit=2&labelSelector=list%3Dyes" none '' -H 'Accept: application/json;as=Table;v=v1;g=meta.k8s.io'
record 614-list-rv-future 'A resourceVersion of the future, not older than' GET "$maps?resourceVersion=99999999&resourceVersionMatch=NotOlderThan&labelSelector=list%3Dno"
record 615-list-all-namespaces 'Over all namespaces: items have no kind and no apiVersion' GET "/api/v1/configmaps?fieldSelector=metadata.name%3Dkube-root-ca.crt&limit=1"
sed -i 's/\("ca.crt": "\).*"/\1(a certificate)"/' "$out"/6*.http

must list '' GET "$maps?limit=2&labelSelector=list%3Dyes"
next=$(field .metadata.continue) old=$(field .metadata.resourceVersion)
must list '' PATCH "$maps/page-1$apply" apply "$(map '{"name": "page-1", "labels": {"list": "yes"}}' '{"i": "changed"}')"
now=$(field .metadata.resourceVersion)
curl -sf -d "{\"revision\": \"$now\", \"physical\": true}" "$(<"$dir/etcd.url")/v3/kv/compaction" >/dev/null
"$here/cluster" restart "$dir" apiserver
record 620-list-expired-continue 'A continue token older than the last compaction: 410, and a token to go on inconsistently' GET "$maps?limit=2&labelSelector=list%3Dyes&continue=$next"
record 621-list-inconsistent-continue 'Going on with that token' GET "$maps?limit=9&labelSelector=list%3Dyes&continue=$(field .metadata.continue)"
record 622-list-exact-expired 'resourceVersionMatch=Exact of a compacted resourceVersion' GET "$maps?limit=2&resourceVersion=$old&resourceVersionMatch=Exact"
record 900-watch-expired 'A watch from a compacted resourceVersion' GET "$maps?watch=1&resourceVersion=$old&timeoutSeconds=3"
