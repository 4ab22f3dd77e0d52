# The life of each kind, on a server whose controllers are stopped: what they write is not the API server's.
"$here/cluster" kill "$dir" controller-manager
must life '' POST /api/v1/namespaces json '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "life"}}'
must life '' PATCH "/api/v1/namespaces/life/serviceaccounts/default$apply" apply '{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}'
while IFS=$'\t' read -r -u 4 name words method path type body; do
    record "$name" "$words" "$method" "$path" "$type" "$body"
done 4< <("$here/life.py" "${CARBON:-build-release/cli/carbon}")
"$here/cluster" restart "$dir" controller-manager
