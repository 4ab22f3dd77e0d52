; Later patterns win over earlier ones.

(name) @variable
(word) @property

[
  "platform" "import" "let" "input" "output" "check" "fn" "type" "resource" "lookup" "use" "provider" "policy"
  "component" "environment" "test" "moved" "removed"
  "as" "via" "for" "in" "by" "if" "then" "else" "when"
] @keyword
(schema_keyword) @keyword
(removed (word) @keyword)
(setting setting: (word) @keyword)
(field_word (word) @attribute)

(let name: (word) @variable)
(item_let name: (word) @variable)
(each_clause (word) @variable)
(input name: (word) @variable.parameter)
(param name: (word) @variable.parameter)
(argument name: (word) @variable.parameter)
(output name: (word) @variable)
(platform name: (word) @module)
(import name: (word) @module)
(environment name: (word) @constant)
(fn name: (word) @function)
(component name: (word) @type)
(type_alias name: (word) @type)
(type_via name: (word) @type)
(type_via (via_name) @type.builtin)
(resource name: (word) @variable)
(lookup name: (word) @variable)
(use name: (word) @variable)
(provider name: (word) @variable)
(policy name: (word) @variable)

(path_type (word) @type)
(path_type . (word) @module . (word))
((path_type . (word) @type.builtin .)
  (#match? @type.builtin "^(string|int|float|bool|json|blob|bytes|cpu|duration|quantity|cron|cidr|ip|url|dns_name|dns_label|semver|regex)$"))
((path_type . (word) @type.builtin . (type_arguments))
  (#match? @type.builtin "^(list|set|map|secret)$"))

(postfix . (name) @function.call . (call))
(postfix (member (word) @function.call) . (call))
((name) @variable.builtin
  (#match? @variable.builtin "^(self|live|env|item|body|status)$"))

(number) @number
(boolean) @boolean
(null_value) @constant.builtin
[(string) (multiline) (raw_string) (raw_multiline) (string_text) (raw_text)] @string
(escape) @string.escape
(language_tag) @label
(interpolation "${" @punctuation.special "}" @punctuation.special)

(binary_operator) @operator
(prefix_operator) @operator
((binary_operator) @keyword.operator
  (#match? @keyword.operator "^[a-z]"))
((prefix_operator) @keyword.operator
  (#match? @keyword.operator "^[a-z]"))
["=" "->" "..." "|" "?" "*"] @operator
["(" ")" "[" "]" "{" "}" "<" ">"] @punctuation.bracket
["," ":" "." "?."] @punctuation.delimiter

(comment) @comment
(doc_comment) @comment.documentation
