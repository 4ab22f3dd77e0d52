# Rights: who may do what by Roles and their bindings, and the 403 of who may not. All is asked by the administrator, who
# acts as somebody else.
rbac=/apis/rbac.authorization.k8s.io/v1 space=/namespaces/rights
alice=(-H 'Impersonate-User: alice') robot=(-H 'Impersonate-User: system:serviceaccount:rights:robot')
must rights '' POST /api/v1/namespaces json '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "rights"}}'
pods=/api/v1$space/pods
made() { printf '{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "%s", "metadata": {"name": "%s"}, %s}' "$@"; }
binds() { printf '"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "%s", "name": "%s"}, "subjects": [%s]' "$@"; }
user='{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "alice"}'
record d01-list 'A user without rights lists' GET "$pods" none '' "${alice[@]}"
record d02-get 'gets' GET "$pods/one" none '' "${alice[@]}"
record d03-create 'creates' POST "$pods" json '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one"}}' "${alice[@]}"
record d04-delete 'deletes' DELETE "$pods/one" none '' "${alice[@]}"
record d05-delete-all 'deletes all' DELETE "$pods" none '' "${alice[@]}"
record d06-watch 'watches' GET "$pods?watch=true" none '' "${alice[@]}"
record d07-subresource 'a subresource' GET "$pods/one/log" none '' "${alice[@]}"
record d08-group 'a named group' GET "/apis/apps/v1$space/deployments" none '' "${alice[@]}"
record d09-cluster 'an object of the cluster' GET /api/v1/nodes/one none '' "${alice[@]}"
record d10-namespace 'a Namespace' GET /api/v1/namespaces/rights none '' "${alice[@]}"
record d11-namespaces 'all Namespaces' GET /api/v1/namespaces none '' "${alice[@]}"
record d12-unknown 'a resource that there is not' GET "/apis/nothing.example.com/v1$space/things" none '' "${alice[@]}"
record d13-path 'a path that is no resource' GET /metrics none '' "${alice[@]}"
record d14-discovery 'Everybody may ask what there is' GET /apis/apps none '' "${alice[@]}"
record d15-anonymous 'The one without a name may not' GET /apis/apps none '' -H 'Impersonate-User: system:anonymous'

record d20-role 'A Role' POST "$rbac$space/roles" json "$(made Role reader '"rules": [{"apiGroups": [""], "resources": ["pods", "configmaps"], "verbs": ["get", "list"]}, {"apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["mine"], "verbs": ["update", "patch", "delete"]}]')"
record d21-binding 'bound to the user' POST "$rbac$space/rolebindings" json "$(made RoleBinding alice "$(binds Role reader "$user")")"
record d22-list 'Now he may list' GET "$pods" none '' "${alice[@]}"
record d23-other-namespace 'not in another namespace' GET /api/v1/namespaces/default/pods none '' "${alice[@]}"
record d24-all-namespaces 'nor in all' GET /api/v1/pods none '' "${alice[@]}"
must mine '' POST "/api/v1$space/configmaps" json '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine"}}'
record d25-named 'An object by its name' PATCH "/api/v1$space/configmaps/mine" merge '{"data": {"a": "1"}}' "${alice[@]}"
record d26-other-name 'not another one' PATCH "/api/v1$space/configmaps/theirs" merge '{"data": {"a": "1"}}' "${alice[@]}"
record d27-put-absent 'PUT of one that is not there' PUT "/api/v1$space/configmaps/mine2" json '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine2"}}' "${alice[@]}"
record d28-missing-role 'A binding to a ClusterRole that is not there' POST "$rbac$space/rolebindings" json "$(made RoleBinding lost "$(binds ClusterRole nothing "$user")")"
record d29-missing-role-told 'The 403 says so' DELETE "$pods/one" none '' "${alice[@]}"
record d30-missing-roles 'A second one' POST "$rbac$space/rolebindings" json "$(made RoleBinding lost2 "$(binds Role nobody "$user")")"
record d31-missing-roles-told 'Both are told' DELETE "$pods/one" none '' "${alice[@]}"
must lost '' DELETE "$rbac$space/rolebindings/lost"
must lost2 '' DELETE "$rbac$space/rolebindings/lost2"

record d40-role-escalation 'A user who may write Roles gives more than he has' POST "$rbac$space/roles" json "$(made Role writer '"rules": [{"apiGroups": ["", "apps"], "resources": ["pods", "deployments"], "verbs": ["get", "delete", "list"]}]')" -H 'Impersonate-User: bob'
record d41-manage-role 'The right to write Roles and bindings' POST "$rbac$space/roles" json "$(made Role manager '"rules": [{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles", "rolebindings"], "verbs": ["*"]}, {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]' | sed 's/"\*"/"create", "update", "patch", "get"/')"
record d42-manage-binding 'given to him' POST "$rbac$space/rolebindings" json "$(made RoleBinding alice-manages "$(binds Role manager "$user")")"
record d43-escalation 'He gives more than he has' POST "$rbac$space/roles" json "$(made Role writer '"rules": [{"apiGroups": ["", "apps"], "resources": ["pods", "deployments"], "verbs": ["get", "delete", "list"]}]')" "${alice[@]}"
record d44-no-escalation 'He gives what he has' POST "$rbac$space/roles" json "$(made Role same '"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]')" "${alice[@]}"
record d45-update-escalation 'He changes a Role to more' PATCH "$rbac$space/roles/same" merge '{"rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]}' "${alice[@]}"
record d46-apply-escalation 'He applies it' PATCH "$rbac$space/roles/same$apply" apply "$(made Role same '"rules": [{"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["a"], "verbs": ["get", "list"]}]')" "${alice[@]}"
record d47-bind-more 'He binds a role that may do more' POST "$rbac$space/rolebindings" json "$(made RoleBinding more "$(binds ClusterRole cluster-admin "$user")")" "${alice[@]}"
record d48-bind-same 'He binds one that may not' POST "$rbac$space/rolebindings" json "$(made RoleBinding fine "$(binds Role same "$user")")" "${alice[@]}"
record d49-bind-missing 'He binds one that is not there' POST "$rbac$space/rolebindings" json "$(made RoleBinding none "$(binds Role nobody "$user")")" "${alice[@]}"
record d50-url-rule 'A ClusterRole with a path' POST "$rbac/clusterroles" json "$(made ClusterRole metrics '"rules": [{"nonResourceURLs": ["/metrics", "/logs/*"], "verbs": ["get"]}]')"
record d51-url-binding 'bound to a group' POST "$rbac/clusterrolebindings" json "$(made ClusterRoleBinding metrics "$(binds ClusterRole metrics '{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "watchers"}')")"
record d52-group-can 'May one of the group?' POST /apis/authorization.k8s.io/v1/subjectaccessreviews json '{"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {"user": "eve", "groups": ["watchers"], "nonResourceAttributes": {"path": "/logs/a/b", "verb": "get"}}}'

must account '' POST "/api/v1$space/serviceaccounts" json '{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "robot"}}'
record d60-account 'A ServiceAccount without rights' GET "$pods" none '' "${robot[@]}"
record d61-account-binding 'bound' POST "$rbac$space/rolebindings" json "$(made RoleBinding robot "$(binds Role reader '{"kind": "ServiceAccount", "name": "robot", "namespace": "rights"}')")"
record d62-account-lists 'It may list' GET "$pods" none '' "${robot[@]}"
record d63-aggregation 'A ClusterRole made of others' POST "$rbac/clusterroles" json "$(made ClusterRole sum '"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"part": "sum"}}]}, "rules": []')"
record d64-part 'One of them' POST "$rbac/clusterroles" json '{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "sum-a", "labels": {"part": "sum"}}, "rules": [{"apiGroups": [""], "resources": ["events"], "verbs": ["list"]}]}'
until quiet sum '' GET "$rbac/clusterroles/sum" && [[ $(field '.rules | length') == 1 ]]; do sleep 0.2; done
record d65-aggregated 'Its rules' GET "$rbac/clusterroles/sum"
record d66-view 'The role view, made of others' GET "$rbac/clusterroles/view"
record d67-cluster-admin 'The role cluster-admin' GET "$rbac/clusterroles/cluster-admin"
record d68-public-binding 'A binding that every cluster has' GET "$rbac/clusterrolebindings/system:public-info-viewer"

review=/apis/authorization.k8s.io/v1
may() { printf '{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes": %s}}' "$1"; }
record d70-may 'May I list pods?' POST "$review/selfsubjectaccessreviews" json "$(may '{"namespace": "rights", "verb": "list", "resource": "pods"}')" "${alice[@]}"
record d71-may-not 'May I delete them?' POST "$review/selfsubjectaccessreviews" json "$(may '{"namespace": "rights", "verb": "delete", "resource": "pods"}')" "${alice[@]}"
record d72-may-account 'The ServiceAccount' POST "$review/selfsubjectaccessreviews" json "$(may '{"namespace": "rights", "verb": "get", "resource": "pods", "name": "x"}')" "${robot[@]}"
record d73-may-admin 'The administrator' POST "$review/selfsubjectaccessreviews" json "$(may '{"verb": "*", "group": "*", "resource": "*"}')"
record d74-may-nothing 'Nothing is asked' POST "$review/selfsubjectaccessreviews" json '{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {}}'
record d75-may-somebody 'May he? One who has no right to ask' POST "$review/subjectaccessreviews" json '{"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {"user": "bob", "resourceAttributes": {"namespace": "rights", "verb": "get", "resource": "pods"}}}' "${alice[@]}"
record d76-local 'LocalSubjectAccessReview' POST "$review$space/localsubjectaccessreviews" json '{"apiVersion": "authorization.k8s.io/v1", "kind": "LocalSubjectAccessReview", "metadata": {"namespace": "rights"}, "spec": {"user": "alice", "resourceAttributes": {"namespace": "rights", "verb": "get", "resource": "pods"}}}'
record d77-rules 'What may I?' POST "$review/selfsubjectrulesreviews" json '{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": "rights"}}' "${alice[@]}"
record d78-who 'Who am I?' POST /apis/authentication.k8s.io/v1/selfsubjectreviews json '{"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}' "${alice[@]}" -H 'Impersonate-Group: devs' -H 'Impersonate-Uid: 7'
record d79-who-account 'The ServiceAccount' POST /apis/authentication.k8s.io/v1/selfsubjectreviews json '{"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}' "${robot[@]}"
record d80-as-nobody 'A group without a user' GET "$pods" none '' -H 'Impersonate-Group: devs'
record d81-token 'A token' POST "/api/v1$space/serviceaccounts/robot/token" json '{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}'
record d82-token-short 'A token that ends too soon' POST "/api/v1$space/serviceaccounts/robot/token" json '{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 5}}'
record d83-token-absent 'A token of nobody' POST "/api/v1$space/serviceaccounts/none/token" json '{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}'
sed -i 's/"token": ".*"/"token": "(made)"/' "$out/d81-token.http"
