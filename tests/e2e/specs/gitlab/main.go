// Writes ../gitlab.json: the part of GitLab's REST API that comments need, as GitLab's own Go client knows it. Paths and methods
// are those of requests that the client really sends; members and their types are those of its option and result types.
//
//	go run . >../gitlab.json
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"sort"
	"strings"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

type object = map[string]any

// What stands in a path for a parameter.
var parameters = map[string]string{"project/path": "id", "4711": "merge_request_iid", "4712": "note_id", "c0ffee": "sha"}

type recorder struct{ method, path string }

func (seen *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	seen.method, seen.path = request.Method, request.URL.EscapedPath()
	header := http.Header{"Content-Type": {"application/json"}}
	return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(bytes.NewBufferString("null")), Request: request}, nil
}

// Whether a type says itself how it is written.
func writesItself(kind reflect.Type) bool {
	return kind.Implements(reflect.TypeOf((*json.Marshaler)(nil)).Elem()) ||
		reflect.PointerTo(kind).Implements(reflect.TypeOf((*json.Marshaler)(nil)).Elem())
}

func schema(kind reflect.Type, depth int) object {
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	if kind == reflect.TypeOf(gitlab.LabelOptions{}) {
		return object{"type": "string"} // joined by commas
	}
	switch kind.Kind() {
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Slice:
		return object{"type": "array", "items": schema(kind.Elem(), depth)}
	case reflect.Struct:
		if writesItself(kind) {
			return object{"type": "string"} // times
		}
		if depth == 0 {
			return object{"type": "object"}
		}
		return object{"type": "object", "properties": properties(kind, "json", depth-1)}
	}
	return object{}
}

func properties(kind reflect.Type, tag string, depth int) object {
	found := object{}
	for i := 0; i < kind.NumField(); i++ {
		field := kind.Field(i)
		name := strings.Split(field.Tag.Get(tag), ",")[0]
		if field.Anonymous && name == "" {
			for inner, of := range properties(field.Type, tag, depth) {
				found[inner] = of
			}
		} else if name != "" && name != "-" && field.IsExported() {
			found[name] = schema(field.Type, depth)
		}
	}
	return found
}

func main() {
	seen := &recorder{}
	client, err := gitlab.NewClient("token", gitlab.WithHTTPClient(&http.Client{Transport: seen}), gitlab.WithoutRetries())
	if err != nil {
		panic(err)
	}
	paths := object{}
	// describe: the request that was just sent, what it may say in its query or body, and what answers it.
	describe := func(options, result any, code string) {
		path := strings.TrimPrefix(seen.path, "/api/v4")
		arguments := []object{}
		for value, name := range parameters {
			escaped := strings.ReplaceAll(value, "/", "%2F")
			if strings.Contains(path, "/"+escaped) {
				path = strings.Replace(path, "/"+escaped, "/{"+name+"}", 1)
				arguments = append(arguments, object{"name": name, "in": "path", "required": true, "schema": object{"type": "string"}})
			}
		}
		operation := object{"responses": object{code: object{"content": object{"application/json": object{"schema": schema(reflect.TypeOf(result), 1)}}}}}
		if options != nil && seen.method == "GET" {
			for name, of := range properties(reflect.TypeOf(options), "url", 0) {
				arguments = append(arguments, object{"name": name, "in": "query", "schema": of})
			}
		} else if options != nil {
			body := object{"type": "object", "additionalProperties": false, "properties": properties(reflect.TypeOf(options), "json", 1)}
			operation["requestBody"] = object{"content": object{"application/json": object{"schema": body}}}
		}
		sort.Slice(arguments, func(a, b int) bool { return arguments[a]["name"].(string) < arguments[b]["name"].(string) })
		operation["parameters"] = arguments
		if paths["/api/v4"+path] == nil {
			paths["/api/v4"+path] = object{}
		}
		paths["/api/v4"+path].(object)[strings.ToLower(seen.method)] = operation
	}
	client.Users.CurrentUser()
	describe(nil, gitlab.User{}, "200")
	client.Notes.ListMergeRequestNotes("project/path", 4711, &gitlab.ListMergeRequestNotesOptions{})
	describe(gitlab.ListMergeRequestNotesOptions{}, []gitlab.Note{}, "200")
	client.Notes.CreateMergeRequestNote("project/path", 4711, &gitlab.CreateMergeRequestNoteOptions{})
	describe(gitlab.CreateMergeRequestNoteOptions{}, gitlab.Note{}, "201")
	client.Notes.UpdateMergeRequestNote("project/path", 4711, 4712, &gitlab.UpdateMergeRequestNoteOptions{})
	describe(gitlab.UpdateMergeRequestNoteOptions{}, gitlab.Note{}, "200")
	client.MergeRequests.UpdateMergeRequest("project/path", 4711, &gitlab.UpdateMergeRequestOptions{})
	describe(gitlab.UpdateMergeRequestOptions{}, gitlab.MergeRequest{}, "200")
	client.Commits.SetCommitStatus("project/path", "c0ffee", &gitlab.SetCommitStatusOptions{})
	describe(gitlab.SetCommitStatusOptions{}, gitlab.CommitStatus{}, "201")

	document := object{
		"openapi": "3.0.3",
		"info": object{"title": "GitLab's REST API, as its client-go 1.46.0 knows it", "version": "4",
			"license": object{"name": "Apache-2.0", "url": "https://spdx.org/licenses/Apache-2.0"}},
		"paths": paths,
	}
	text, err := json.MarshalIndent(document, "", " ")
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(os.Stdout, "%s\n", text)
}
