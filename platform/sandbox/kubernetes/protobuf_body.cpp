// k8s.io/apimachinery/pkg/runtime/serializer/protobuf and the encoding of protobuf itself
// (https://protobuf.dev/programming-guides/encoding).
#include "platform/sandbox/kubernetes/protobuf_body.h"

#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/utc_time.h"
#include "base/utf8.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view magic("k8s\0", 4);

struct MessageRow {
  std::string_view message;
  std::string_view fields;
};

constexpr MessageRow messages[] = {
#define MESSAGE(message, fields) {message, fields},
#include "platform/sandbox/kubernetes/protobuf_fields.def"
#undef MESSAGE
};

std::string_view fields_of(std::string_view message) {
  const auto* found =
      std::lower_bound(std::begin(messages), std::end(messages), message,
                       [](const MessageRow& row, std::string_view name) { return row.message < name; });
  return found != std::end(messages) && found->message == message ? found->fields : std::string_view();
}

/// A field of a message by its number.
struct FieldName {
  std::string_view name;      ///< in JSON
  std::string_view embedded;  ///< instead: the message whose fields stand in the object itself
  bool micro = false;         ///< a time with microseconds
};

std::optional<FieldName> field_of(std::string_view row, std::uint32_t number) {
  while (!row.empty()) {
    std::string_view word = row.substr(0, row.find(' '));
    row.remove_prefix(std::min(word.size() + 1, row.size()));
    std::size_t equals = word.find('=');
    std::uint32_t has = 0;
    std::from_chars(word.data() + equals + 1, word.data() + word.size(), has);
    if (has != number) continue;
    FieldName field{word.substr(0, equals), {}, false};
    field.micro = field.name.ends_with('~');
    if (field.micro) field.name.remove_suffix(1);
    if (field.name.starts_with('>')) field.embedded = field.name.substr(1);
    return field;
  }
  return std::nullopt;
}

/// One field on the wire.
struct WireField {
  enum class Type : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };
  std::uint32_t number = 0;
  Type type = Type::varint;
  std::uint64_t bits = 0;  ///< of a number
  std::string_view bytes;
};

/// The fields of one message, in order. Not whole: the rest is no protobuf.
class WireReader {
 public:
  explicit WireReader(std::string_view message) : rest_(message) {}

  [[nodiscard]] std::optional<WireField> next() {
    constexpr unsigned type_bits = 3;
    if (rest_.empty() || !whole_) return std::nullopt;
    std::uint64_t tag = varint();
    WireField field;
    field.number = static_cast<std::uint32_t>(tag >> type_bits);
    field.type = static_cast<WireField::Type>(tag & 7U);
    // Groups are long gone, and two numbers mean nothing.
    if ((tag & 7U) > 2 && field.type != WireField::Type::fixed32) whole_ = false;
    switch (field.type) {
      case WireField::Type::varint: field.bits = varint(); break;
      case WireField::Type::fixed64: field.bits = fixed(8); break;
      case WireField::Type::fixed32: field.bits = fixed(4); break;
      case WireField::Type::bytes: field.bytes = take(varint()); break;
    }
    return whole_ && field.number != 0 ? std::optional(field) : std::nullopt;
  }
  [[nodiscard]] bool whole() const { return whole_ && rest_.empty(); }
  [[nodiscard]] std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    whole_ = false;
    return 0;
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) whole_ = false;
    std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::uint64_t fixed(std::size_t size) {
    std::uint64_t value = 0;
    std::string_view bytes = take(size);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return value;
  }

  std::string_view rest_;
  bool whole_ = true;
};

/// The one field of that number in a message of scalars.
std::optional<WireField> find_field(std::string_view message, std::uint32_t number) {
  WireReader reader(message);
  std::optional<WireField> found;
  while (auto field = reader.next()) {
    if (field->number == number) found = field;
  }
  return found;
}

std::string_view bytes_in(std::string_view message, std::uint32_t number) {
  auto field = find_field(message, number);
  return field ? field->bytes : std::string_view();
}

std::int64_t number_in(std::string_view message, std::uint32_t number) {
  auto field = find_field(message, number);
  return field ? static_cast<std::int64_t>(field->bits) : 0;
}

/// metav1.Time and MicroTime: seconds and nanoseconds; an empty one is not set.
Value time_value(std::string_view message, bool micro) {
  if (message.empty()) return {};
  constexpr std::int64_t second = 1'000'000'000;
  std::string spelled = utc_time(number_in(message, 1) * second);
  if (micro) {
    spelled.pop_back();
    spelled += fmt::format(".{:06}Z", number_in(message, 2) / 1000);
  }
  return text(spelled);
}

/// Turns messages into objects, by their schema. Keeps the first thing that went wrong.
class ProtobufReader {
 public:
  [[nodiscard]] Value object(std::string_view message, const SchemaNode& schema) {
    std::map<std::string_view, std::vector<Value>> found;
    collect(message, schema.name, schema, found);
    std::vector<Entry> entries;
    for (auto& [name, values] : found)
      entries.push_back({Value::string(name), joined(*schema.child(name), values)});
    return Value::map(std::move(entries));
  }
  [[nodiscard]] const std::optional<ApiStatus>& error() const { return error_; }

 private:
  using Found = std::map<std::string_view, std::vector<Value>>;

  void fail(ApiStatus status) {
    if (!error_) error_ = std::move(status);
  }
  void broken(std::string_view what) {
    fail(bad_request(
        fmt::format("the object provided is unrecognized: in its protobuf body, {} is broken", what)));
  }

  /// The values of all fields by name, one or, where they are repeated, several each.
  void collect(std::string_view message, std::string_view name, const SchemaNode& schema, Found& found) {
    std::string_view row = fields_of(name);
    if (row.empty())
      return fail(unsupported_media_type(fmt::format(
          "the sandbox cannot read {} from protobuf: send JSON (kubectl apply and create -f do)", name)));
    WireReader reader(message);
    while (auto wire = reader.next()) {
      auto field = field_of(row, wire->number);
      if (!field) continue;
      if (!field->embedded.empty()) {
        collect(wire->bytes, field->embedded, schema, found);
      } else if (const SchemaEntry* entry = schema.field(field->name)) {
        take(*wire, *field, *entry->node, found[entry->name]);
      }
    }
    if (!reader.whole()) broken(name);
  }

  void take(const WireField& wire, const FieldName& field, const SchemaNode& node, std::vector<Value>& into) {
    bool list = node.is_list();
    const SchemaNode& item = list || node.kind == NodeKind::map ? *node.element : node;
    if (node.kind == NodeKind::map) return into.push_back(pair(wire.bytes, item));
    bool packed = list && wire.type == WireField::Type::bytes && item.kind == NodeKind::integer;
    if (!packed) return into.push_back(value(wire, field, item));
    WireReader numbers(wire.bytes);
    std::size_t before = into.size();
    while (into.size() - before < wire.bytes.size() && !numbers.whole())
      into.push_back(number(static_cast<std::int64_t>(numbers.varint())));
  }

  /// An entry of a map: a message of key and value.
  [[nodiscard]] Value pair(std::string_view message, const SchemaNode& item) {
    WireField value_field = find_field(message, 2).value_or(WireField{2, WireField::Type::bytes, 0, {}});
    return Value::map({{string(bytes_in(message, 1)), value(value_field, {}, item)}});
  }

  [[nodiscard]] Value string(std::string_view bytes) {
    if (utf8::first_invalid(bytes) != std::string_view::npos) broken("a string");
    return text(bytes);
  }

  [[nodiscard]] Value real(double value) {
    if (std::isfinite(value)) return Value::floating(value);
    broken("a number");
    return {};
  }

  [[nodiscard]] Value value(const WireField& wire, const FieldName& field, const SchemaNode& node) {
    switch (node.kind) {
      case NodeKind::string: return string(wire.bytes);
      case NodeKind::bytes: return text(base64_encode(wire.bytes));
      case NodeKind::time: return time_value(wire.bytes, field.micro);
      case NodeKind::integer: return number(static_cast<std::int64_t>(wire.bits));
      case NodeKind::number: return real(std::bit_cast<double>(wire.bits));
      case NodeKind::boolean: return Value::boolean(wire.bits != 0);
      case NodeKind::quantity: return string(bytes_in(wire.bytes, 1));
      case NodeKind::int_or_string:
        return number_in(wire.bytes, 1) == 0 ? number(number_in(wire.bytes, 2))
                                             : string(bytes_in(wire.bytes, 3));
      case NodeKind::json: return json(wire.bytes, field.name);
      case NodeKind::record: return object(wire.bytes, node);
      case NodeKind::list:
      case NodeKind::set:
      case NodeKind::map: break;  // a list in a list: no kind has one
    }
    broken(field.name);
    return {};
  }

  /// FieldsV1, RawExtension and apiextensions' JSON hold JSON in their first field.
  [[nodiscard]] Value json(std::string_view message, std::string_view name) {
    Result<Value> read = parse_json(bytes_in(message, 1));
    if (read) return *std::move(read);
    fail(unsupported_media_type(fmt::format(
        "the sandbox cannot read the field {} from protobuf: send JSON (kubectl apply and create -f do)",
        name)));
    return {};
  }

  [[nodiscard]] static Value joined(const SchemaNode& node, std::vector<Value>& values) {
    if (node.is_list()) return Value::list(std::move(values));
    if (node.kind != NodeKind::map) return std::move(values.back());
    std::vector<Entry> entries;
    for (const Value& one : values) entries.push_back(one.entries().front());
    return Value::map(std::move(entries));
  }

  std::optional<ApiStatus> error_;
};

}  // namespace

bool is_protobuf(std::string_view media_type) { return media_type == "application/vnd.kubernetes.protobuf"; }

ApiResult<Value> read_protobuf(std::string_view body, const SchemaOfKind& schema_of) {
  // runtime.Unknown: typeMeta 1 {apiVersion 1, kind 2}, raw 2, contentEncoding 3, contentType 4.
  if (!body.starts_with(magic)) {
    return refuse(
        bad_request("provided data does not appear to be a protobuf message, expected prefix k8s\\0"));
  }
  std::string_view envelope = body.substr(magic.size());
  WireReader reader(envelope);
  while (reader.next()) {
  }
  std::string_view type = bytes_in(envelope, 1);
  std::string_view version = bytes_in(type, 1);
  std::string_view kind = bytes_in(type, 2);
  if (!reader.whole() || kind.empty())
    return refuse(bad_request("the object provided is unrecognized: its protobuf body is broken"));
  const SchemaNode* schema = schema_of(version, kind);
  if (schema == nullptr || schema->name.empty()) {
    return refuse(unsupported_media_type(
        fmt::format("the sandbox cannot read {} {} from protobuf: send JSON (kubectl apply and create -f do)",
                    version, kind)));
  }
  ProtobufReader objects;
  Value object = objects.object(bytes_in(envelope, 2), *schema);
  if (objects.error()) return refuse(*objects.error());
  return with(with(object, {"apiVersion"}, text(version)), {"kind"}, text(kind));
}

}  // namespace carbon::sandbox
