; """sql and '''yaml name the language of their text.
(multiline
  (language_tag) @injection.language
  (string_text) @injection.content
  (#set! injection.combined))

(raw_multiline
  (language_tag) @injection.language
  (raw_text) @injection.content)
