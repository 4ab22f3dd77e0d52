#include <fmt/format.h>

#include "engine/expr/ip_address.h"
#include "stdlib/native/families.h"

namespace carbon {

namespace {

Result<IpNetwork> network(const Value& text) {
  if (auto parsed = IpNetwork::parse(text.text())) return parsed->network();
  return wrong_argument(fmt::format("`{}` is no address range", text.text()));
}

/// Adds a number to the address at a bit offset from the right; false when it does not fit above `floor`, the
/// number of leading bits that must stay.
bool add_at(IpAddress& address, std::uint64_t number, unsigned shift, unsigned floor) {
  for (unsigned bit = address.bits() - shift; number != 0 && bit > floor; number >>= 1U) {
    --bit;
    if ((number & 1U) == 0) continue;
    auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    address.bytes[bit / 8] = static_cast<std::uint8_t>(address.bytes[bit / 8] | mask);
  }
  return number == 0;
}

/// The last address of the range.
IpAddress broadcast(const IpNetwork& range) {
  IpAddress last = range.address;
  for (unsigned bit = range.prefix; bit < last.bits(); ++bit) {
    auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    last.bytes[bit / 8] = static_cast<std::uint8_t>(last.bytes[bit / 8] | mask);
  }
  return last;
}

bool subtract(IpAddress& address, std::uint64_t number) {
  for (unsigned at = address.size; at-- > 0 && number != 0;) {
    auto low = static_cast<unsigned>(number & 0xFFU);
    unsigned byte = address.bytes[at];
    number >>= 8U;
    if (byte < low) ++number;
    address.bytes[at] = static_cast<std::uint8_t>(byte - low);
  }
  return number == 0;
}

Result<Value> cidr_host(Arguments arguments) {
  IpNetwork range = CARBON_TRY(network(arguments[0]));
  std::int64_t number = arguments[1].as_int();
  IpAddress address = range.address;
  bool fits = false;
  if (number >= 0) {
    fits = add_at(address, static_cast<std::uint64_t>(number), 0, range.prefix);
  } else {
    address = broadcast(range);
    fits = subtract(address, static_cast<std::uint64_t>(-(number + 1))) &&
           IpNetwork{address, range.prefix}.network().address.bytes == range.address.bytes;
  }
  if (!fits) return wrong_argument(fmt::format("{} has no address number {}", range.text(), number));
  return Value::string(address.text());
}

Result<Value> cidr_subnet(Arguments arguments) {
  IpNetwork range = CARBON_TRY(network(arguments[0]));
  std::int64_t longer = arguments[1].as_int();
  std::int64_t number = arguments[2].as_int();
  std::int64_t prefix = longer < 0 || longer > 128 ? -1 : static_cast<std::int64_t>(range.prefix) + longer;
  if (prefix < 0 || prefix > range.address.bits())
    return wrong_argument(fmt::format("{} cannot be made longer by {} bits", range.text(), longer));
  IpNetwork part{range.address, static_cast<unsigned>(prefix)};
  bool fits = number >= 0 && add_at(part.address, static_cast<std::uint64_t>(number),
                                    part.address.bits() - part.prefix, range.prefix);
  if (!fits)
    return wrong_argument(fmt::format("{} has no part number {} of /{}", range.text(), number, prefix));
  return Value::string(part.text());
}

}  // namespace

void add_net_functions(FunctionTable& table) {
  table.add(
      {"cidr_host",
       {{"range", "cidr"}, {"number", "int"}},
       "ip",
       "The address with this number in the range; negative numbers count from its end. C0216 when the range "
       "has no such address.",
       "cidr_host(\"10.0.0.0/8\", 5)  # \"10.0.0.5\"",
       cidr_host});
  table.add(
      {"cidr_subnet",
       {{"range", "cidr"}, {"bits", "int"}, {"number", "int"}},
       "cidr",
       "The part with this number when the range is cut into parts whose length is `bits` longer. C0216 when "
       "there is no such part.",
       "cidr_subnet(\"10.0.0.0/8\", 8, 2)  # \"10.2.0.0/16\"",
       cidr_subnet});
}

}  // namespace carbon
