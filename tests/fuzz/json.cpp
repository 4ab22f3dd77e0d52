// What the JSON readers take, the writers give back: as a server sends it, and in the lossless form of plan
// files.

#include "base/utf8.h"
#include "base/value_json.h"
#include "tests/fuzz/target.h"

namespace carbon::fuzz {

void check_json(std::string_view input) {
  if (Result<Value> value = parse_json(input)) {
    for (JsonStyle style : {JsonStyle::compact, JsonStyle::indented}) {
      std::string written = to_json(*value, style);
      Result<Value> again = parse_json(written);
      demand(again && *again == *value, "JSON is not read back as it was written", written);
    }
  }
  if (Result<Value> value = decode_value(input)) {
    std::string written = encode_value(*value);
    Result<Value> again = decode_value(written);
    demand(again.has_value(), "an encoded value is refused", written);
    demand(encode_value(*again) == written, "an encoded value is another one when read back", written);
  }
  if (utf8::first_invalid(input) != std::string_view::npos) return;
  Result<Value> text = parse_json(json_quote(input));
  demand(text && text->is_string() && text->text() == input, "a quoted text is another one", input);
}

}  // namespace carbon::fuzz
