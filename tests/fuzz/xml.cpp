// What a server of S3 sends is refused, or a value within the limits; what is written of it is read again.

#include "platform/connectors/s3/xml_body.h"
#include "tests/fuzz/target.h"

namespace carbon::fuzz {

void check_xml(std::string_view input) {
  // A list of elements of one name is a level of its own.
  constexpr std::uint16_t deepest = 66;
  constexpr std::size_t largest = std::size_t{8} << 20;
  Result<Value> value = parse_xml(input);
  if (!value) return;
  demand(value->is_fields() && value->entries().size() == 1, "a document has not one root", input);
  demand(value->depth() <= deepest, "a document is deeper than the limit", input);
  Result<std::string> written = to_xml(*value);
  if (!written || written->size() > largest) return;
  demand(parse_xml(*written).has_value(), "what is written is not read", *written);
}

}  // namespace carbon::fuzz
