(file) @local.scope
(component_body) @local.scope
(fn) @local.scope
(body) @local.scope
(list_comprehension) @local.scope
(comprehension_field) @local.scope

(let name: (word) @local.definition)
(item_let name: (word) @local.definition)
(input name: (word) @local.definition)
(output name: (word) @local.definition)
(param name: (word) @local.definition)
(each_clause (word) @local.definition)
(import name: (word) @local.definition)
(resource name: (word) @local.definition)
(lookup name: (word) @local.definition)
(use name: (word) @local.definition)
(provider name: (word) @local.definition)
(fn name: (word) @local.definition)
(component name: (word) @local.definition)
(type_alias name: (word) @local.definition)
(type_via name: (word) @local.definition)

(name) @local.reference
(path_type . (word) @local.reference)
