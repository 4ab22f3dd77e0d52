#include "platform/connectors/s3/signature.h"

#include <fmt/core.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/base64.h"
#include "base/percent_encoding.h"
#include "base/utc_time.h"

namespace carbon {

namespace {

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string sha256_hex(std::string_view text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(octets(text), text.size(), reinterpret_cast<unsigned char*>(digest.data()));
  return hex_encode(digest);
}

std::string md5_of(std::string_view text) {
  std::string digest(16, '\0');
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &length, EVP_md5(),
             nullptr);
  return digest;
}

std::string keyed_hash(std::string_view key, std::string_view text) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets(text), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), nullptr);
  return out;
}

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool coded =
        text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 && digit_of(text[i + 2]) >= 0;
    out += coded ? static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2])) : text[i];
    if (coded) i += 2;
  }
  return out;
}

std::vector<std::string_view> parts_of(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (true) {
    std::size_t end = text.find(by);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// The server decodes a path before it encodes it again, so an encoded slash is one like any other.
std::string canonical_path(std::string_view path) {
  std::string out;
  std::string decoded = percent_decoded(path);
  for (std::string_view segment : parts_of(decoded, '/'))
    out += (out.empty() && segment.empty() ? "" : "/") + percent_encoded(segment);
  return out.empty() ? "/" : out;
}

std::string canonical_query(std::string_view query) {
  if (query.empty()) return "";
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::string_view part : parts_of(query, '&')) {
    std::size_t equals = part.find('=');
    std::string_view value = equals == std::string_view::npos ? "" : part.substr(equals + 1);
    pairs.emplace_back(percent_encoded(percent_decoded(part.substr(0, equals))),
                       percent_encoded(percent_decoded(value)));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) out += (out.empty() ? "" : "&") + name + "=" + value;
  return out;
}

/// Without blanks around it, and one for each row of them in it.
std::string canonical_value(std::string_view value) {
  std::string out;
  for (char c : value) {
    bool blank = c == ' ' || c == '\t';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

struct Address {
  std::string host;  ///< as libcurl writes it into `Host`: without the scheme's own port
  std::string path;
};

Address address_of(std::string_view base) {
  bool tls = base.starts_with("https://");
  base.remove_prefix(base.find("://") + 3);
  std::size_t slash = base.find('/');
  Address address{std::string(base.substr(0, slash)), ""};
  if (slash != std::string_view::npos) address.path = base.substr(slash);
  std::string_view own = tls ? ":443" : ":80";
  if (address.host.ends_with(own)) address.host.resize(address.host.size() - own.size());
  return address;
}

/// `20130524T000000Z`.
std::string compact_time(std::int64_t time) {
  std::string text = utc_time(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace

HttpRequest signed_request(HttpRequest request, std::string_view base, const SigningKey& key,
                           std::int64_t time) {
  Address address = address_of(base);
  std::string moment = compact_time(time);
  std::string body_hash = sha256_hex(request.body);
  if (!request.body.empty()) request.headers.push_back({"Content-MD5", base64_encode(md5_of(request.body))});
  request.headers.push_back({"x-amz-content-sha256", body_hash});
  request.headers.push_back({"x-amz-date", moment});

  std::vector<std::pair<std::string, std::string>> headers{{"host", address.host}};
  for (const Header& header : request.headers) {
    std::string name = in_lower_case(header.name);
    if (name != "accept") headers.emplace_back(std::move(name), canonical_value(header.value));
  }
  std::sort(headers.begin(), headers.end());
  std::string names;
  std::string lines;
  for (const auto& [name, value] : headers) {
    names += (names.empty() ? "" : ";") + name;
    lines += name + ":" + value + "\n";
  }

  std::string_view target = request.target;
  std::size_t mark = target.find('?');
  std::string_view query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  std::string path = canonical_path(address.path + std::string(target.substr(0, mark)));
  std::string canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, path, canonical_query(query),
                                      lines, names, body_hash);

  std::string day = moment.substr(0, 8);
  std::string scope = fmt::format("{}/{}/s3/aws4_request", day, key.region);
  std::string to_sign = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", moment, scope, sha256_hex(canonical));
  std::string derived = "AWS4" + key.secret_key;
  for (std::string_view step : {std::string_view(day), std::string_view(key.region), std::string_view("s3"),
                                std::string_view("aws4_request")})
    derived = keyed_hash(derived, step);
  request.headers.push_back(
      {"Authorization", fmt::format("AWS4-HMAC-SHA256 Credential={}/{},SignedHeaders={},Signature={}",
                                    key.access_key, scope, names, hex_encode(keyed_hash(derived, to_sign)))});
  // A write without a body says so: S3 answers 411 otherwise.
  bool writes = request.method == "PUT" || request.method == "POST";
  if (writes && request.body.empty()) request.headers.push_back({"Content-Length", "0"});
  return request;
}

}  // namespace carbon
