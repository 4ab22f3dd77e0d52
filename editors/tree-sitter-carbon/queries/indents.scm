[
  (body)
  (component_body)
  (record_type)
  (list)
  (list_comprehension)
  (parameters)
  (call)
  (facets)
  (index)
  (paren)
  (interpolation)
] @indent.begin

["}" "]" ")"] @indent.branch @indent.end

; The text of several lines is indented by whoever writes it.
[(multiline) (raw_multiline)] @indent.ignore
