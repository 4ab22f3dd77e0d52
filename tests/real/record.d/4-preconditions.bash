# resourceVersion and uid in the body of an apply, and in a DELETE.
must pre '' PATCH "$maps/pre$apply" apply "$(map '{"name": "pre"}' '{"a": "1"}')"
old=$(field .metadata.resourceVersion) uid=$(field .metadata.uid)
must pre '' PATCH "$maps/pre$apply" apply "$(map '{"name": "pre"}' '{"a": "2"}')"
now=$(field .metadata.resourceVersion)
record 400-ssa-stale-rv 'SSA with the resourceVersion of an older state' PATCH "$maps/pre$apply" apply "$(map "{\"name\": \"pre\", \"resourceVersion\": \"$old\"}" '{"a": "3"}')"
record 401-ssa-stale-rv-no-change 'The same, but the values are those that are there' PATCH "$maps/pre$apply" apply "$(map "{\"name\": \"pre\", \"resourceVersion\": \"$old\"}" '{"a": "2"}')"
record 402-ssa-stale-rv-dry-run 'The same with dryRun=All' PATCH "$maps/pre$apply&dryRun=All" apply "$(map "{\"name\": \"pre\", \"resourceVersion\": \"$old\"}" '{"a": "3"}')"
record 403-ssa-stale-rv-force 'force=true does not help' PATCH "$maps/pre?fieldManager=carbon&force=true" apply "$(map "{\"name\": \"pre\", \"resourceVersion\": \"$old\"}" '{"a": "3"}')"
record 404-ssa-wrong-uid 'SSA with another uid' PATCH "$maps/pre$apply" apply "$(map '{"name": "pre", "uid": "00000000-0000-4000-8000-000000000000"}' '{"a": "3"}')"
record 405-ssa-right-rv-and-uid 'SSA with both right' PATCH "$maps/pre$apply" apply "$(map "{\"name\": \"pre\", \"uid\": \"$uid\", \"resourceVersion\": \"$now\"}" '{"a": "3"}')"
record 406-ssa-stale-rv-and-conflict 'A stale resourceVersion and a field conflict: which is told?' PATCH "$maps/pre?fieldManager=other" apply "$(map "{\"name\": \"pre\", \"resourceVersion\": \"$old\"}" '{"a": "4"}')"
record 407-put-stale-rv 'PUT with a stale resourceVersion' PUT "$maps/pre?fieldManager=carbon" json "$(map "{\"name\": \"pre\", \"resourceVersion\": \"$old\"}" '{"a": "3"}')"
record 408-merge-patch-stale-rv 'merge-patch with a stale resourceVersion' PATCH "$maps/pre?fieldManager=carbon" merge "{\"metadata\": {\"resourceVersion\": \"$old\"}, \"data\": {\"a\": \"4\"}}"

record 420-delete-wrong-uid 'DELETE with another uid as precondition' DELETE "$maps/pre" json '{"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": "00000000-0000-4000-8000-000000000000"}}'
record 421-delete-stale-rv 'DELETE with a stale resourceVersion as precondition' DELETE "$maps/pre" json "{\"apiVersion\": \"v1\", \"kind\": \"DeleteOptions\", \"preconditions\": {\"uid\": \"$uid\", \"resourceVersion\": \"$old\"}}"
record 422-delete-dry-run 'DELETE with dryRun=All' DELETE "$maps/pre?dryRun=All"
record 423-delete-right-uid 'DELETE with the right uid' DELETE "$maps/pre" json "{\"apiVersion\": \"v1\", \"kind\": \"DeleteOptions\", \"preconditions\": {\"uid\": \"$uid\"}}"
record 424-delete-again 'DELETE once more' DELETE "$maps/pre" json "{\"apiVersion\": \"v1\", \"kind\": \"DeleteOptions\", \"preconditions\": {\"uid\": \"$uid\"}}"
record 425-ssa-old-uid-after-delete 'SSA with the uid of the deleted object: no new one is made' PATCH "$maps/pre$apply" apply "$(map "{\"name\": \"pre\", \"uid\": \"$uid\"}" '{"a": "3"}')"
record 426-ssa-old-rv-after-delete 'SSA with the resourceVersion of the deleted object' PATCH "$maps/pre$apply" apply "$(map "{\"name\": \"pre\", \"resourceVersion\": \"$now\"}" '{"a": "3"}')"
record 427-ssa-recreated 'SSA with uid and resourceVersion of the deleted object, while another of that name is there' PATCH "$maps/pre$apply" apply "$(map "{\"name\": \"pre\", \"uid\": \"$uid\", \"resourceVersion\": \"$now\"}" '{"a": "4"}')"
record 428-delete-recreated 'DELETE with the uid of the deleted object' DELETE "$maps/pre" json "{\"apiVersion\": \"v1\", \"kind\": \"DeleteOptions\", \"preconditions\": {\"uid\": \"$uid\"}}"

must held '' PATCH "$maps/held$apply" apply "$(map '{"name": "held", "finalizers": ["example.com/hold"]}' '{"a": "1"}')"
record 430-delete-finalizer 'DELETE of an object with a finalizer: 200 and the object' DELETE "$maps/held"
record 431-delete-finalizer-again 'Once more' DELETE "$maps/held"
record 432-ssa-while-deleting 'SSA of an object that is being deleted' PATCH "$maps/held$apply" apply "$(map '{"name": "held", "finalizers": ["example.com/hold"]}' '{"a": "2"}')"
record 433-ssa-add-finalizer-while-deleting 'SSA that adds a finalizer to it' PATCH "$maps/held$apply" apply "$(map '{"name": "held", "finalizers": ["example.com/hold", "example.com/more"]}' '{"a": "2"}')"
record 434-post-while-deleting 'POST of the same name' POST "$maps" json "$(map '{"name": "held"}' '{"a": "2"}')"
record 435-ssa-drop-finalizer 'SSA that drops the finalizer: the object is gone' PATCH "$maps/held$apply" apply "$(map '{"name": "held"}' '{"a": "2"}')"
record 436-get-after-finalizer 'GET afterwards' GET "$maps/held"
