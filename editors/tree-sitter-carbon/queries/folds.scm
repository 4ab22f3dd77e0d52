[
  (body)
  (component_body)
  (record_type)
  (list)
  (list_comprehension)
  (parameters)
  (call)
  (paren)
  (multiline)
  (raw_multiline)
] @fold
