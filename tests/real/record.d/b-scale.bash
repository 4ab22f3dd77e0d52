# Who scales writes through a subresource, and no time is kept of it: kubectl and an autoscaler differ by name alone.
"$here/cluster" kill "$dir" controller-manager
must scaled '' POST /api/v1/namespaces json '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "scaled"}}'
for kind in deployment statefulset replicaset; do
    web=/apis/apps/v1/namespaces/scaled/${kind}s/web name=${kind^}
    name=${name/set/Set}
    body='{"apiVersion": "apps/v1", "kind": "'$name'", "metadata": {"name": "web"}, "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}}}}'
    record "b-$kind-1-create" "SSA of a $name with replicas" PATCH "$web$apply" apply "$body"
    record "b-$kind-2-scale" 'A merge patch of its scale by kubectl' PATCH "$web/scale?fieldManager=kubectl" merge '{"spec": {"replicas": 3}}'
    record "b-$kind-3-get" 'Who holds spec.replicas now' GET "$web"
    record "b-$kind-4-conflict" 'SSA of the same as before' PATCH "$web$apply" apply "$body"
    record "b-$kind-5-force" 'The same, forced' PATCH "$web?fieldManager=carbon&force=true" apply "$body"
    record "b-$kind-6-get-scale" 'GET of the scale' GET "$web/scale"
    record "b-$kind-7-scale-apply" 'SSA of the scale by an autoscaler' PATCH "$web/scale?fieldManager=autoscaler" apply '{"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "web"}, "spec": {"replicas": 2}}'
done
"$here/cluster" restart "$dir" controller-manager
