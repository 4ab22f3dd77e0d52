#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/percent_encoding.h"
#include "base/utf8.h"
#include "base/value_json.h"
#include "engine/expr/wording.h"
#include "stdlib/native/builtins.h"
#include "stdlib/native/families.h"
#include "stdlib/native/yaml_text.h"

namespace carbon {

namespace {

/// What has no form in JSON or YAML, or nullptr.
const Value* without_json(const Value& value) {
  if (value.kind() == ValueKind::reference || value.kind() == ValueKind::blob) return &value;
  if (value.is_sequence()) {
    for (const Value& item : value.items()) {
      if (const Value* found = without_json(item)) return found;
    }
  }
  if (value.is_fields()) {
    for (const Entry& entry : value.entries()) {
      if (const Value* found = without_json(entry.value)) return found;
    }
  }
  return nullptr;
}

template <std::string (*encode)(const Value&)>
Result<Value> encoded(Arguments arguments) {
  if (const Value* bad = without_json(arguments[0])) {
    return wrong_argument(
        fmt::format("{} cannot be encoded: {}", describe(*bad),
                    bad->kind() == ValueKind::blob ? "use `base64(x)`" : "use one of its fields"));
  }
  return Value::string(encode(arguments[0]));
}

std::string compact_json(const Value& value) { return to_json(value); }

Result<Value> json_decode(Arguments arguments) {
  Result<Value> value = parse_json(arguments[0].text());
  return value ? value : wrong_argument("`json_decode`: " + value.error().message());
}

Result<Value> base64(Arguments arguments) { return Value::string(base64_encode(arguments[0].text())); }

Result<Value> unbase64(Arguments arguments) {
  auto bytes = base64_decode(arguments[0].text());
  if (!bytes) return wrong_argument("`unbase64`: the text is not base64");
  if (utf8::first_invalid(*bytes) != std::string::npos)
    return wrong_argument("`unbase64`: the bytes are no UTF-8 text");
  return Value::string(*bytes);
}

Result<Value> hex(Arguments arguments) { return Value::string(hex_encode(arguments[0].text())); }

Result<Value> sha256(Arguments arguments) {
  std::string_view bytes = arguments[0].text();
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return Value::string(hex_encode({reinterpret_cast<const char*>(digest.data()), digest.size()}));
}

Result<Value> md5(Arguments arguments) {
  std::string_view bytes = arguments[0].text();
  std::array<char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_md5(),
             nullptr);
  return Value::string(hex_encode({digest.data(), size}));
}

Result<Value> url_encode(Arguments arguments) { return Value::string(percent_encoded(arguments[0].text())); }

void add_digests(FunctionTable& table) {
  const Parameter bytes{"data", "blob"};
  table.add(
      {"hex", {bytes}, "string", "The bytes in lower-case hexadecimal.", "hex(\"ab\")  # \"6162\"", hex});
  table.add({"sha256",
             {bytes},
             "string",
             "The SHA-256 digest in lower-case hexadecimal.",
             "sha256(\"\")  # \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"",
             sha256});
  table.add({"md5",
             {bytes},
             "string",
             "The MD5 digest in lower-case hexadecimal, for servers that compare by it. It protects nothing.",
             "md5(\"\")  # \"d41d8cd98f00b204e9800998ecf8427e\"",
             md5});
}

}  // namespace

void add_encoding_functions(FunctionTable& table) {
  const Parameter text{"text", "string"};
  const Parameter bytes{"data", "blob"};
  const Parameter value{"value", "json"};
  auto add_tainting = [&](Function function) {
    function.on_secret = OnSecret::taint;
    table.add(std::move(function));
  };
  add_tainting(
      {"json_encode",
       {value},
       "string",
       "Compact JSON; maps by sorted key, records as written. With a secret inside, a secret. C0216 for "
       "references and blobs.",
       "json_encode({ a = [1] })  # '{\"a\":[1]}'",
       encoded<compact_json>});
  table.add({"json_decode",
             {text},
             "json",
             "The value of a JSON text. C0216 when it is none.",
             "json_decode('{\"a\":1}').a  # 1",
             json_decode});
  table.add({"yaml_encode",
             {value},
             "string",
             "Block-style YAML, ends with a line end. C0216 for references and blobs.",
             "yaml_encode({ a = 1 })  # \"a: 1\\n\"",
             encoded<to_yaml>});
  add_tainting({"base64",
                {bytes},
                "string",
                "Base64 with padding; of a secret, a secret.",
                "base64(\"ab\")  # \"YWI=\"",
                base64});
  table.add({"unbase64",
             {text},
             "string",
             "The text behind base64. C0216 when it is none, or no UTF-8 text.",
             "unbase64(\"YWI=\")  # \"ab\"",
             unbase64});
  table.add({"url_encode",
             {text},
             "string",
             "All but letters, digits and -._~ percent-encoded (RFC 3986).",
             "url_encode(\"a b\")  # \"a%20b\"",
             url_encode});
  add_digests(table);
}

void add_yaml_decode(FunctionTable& table, Function::Body reader) {
  table.add({"yaml_decode",
             {{"text", "string"}},
             "json",
             "The value of a YAML document (1.2, core schema). C0216 when it is none.",
             "yaml_decode(\"a: 1\").a  # 1",
             reader});
}

}  // namespace carbon
