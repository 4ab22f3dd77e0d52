#include "platform/connectors/s3/signature.h"

#include <doctest/doctest.h>

using namespace carbon;

namespace {

// The examples of "Signature Calculations for the Authorization Header: Transferring Payload in a Single
// Chunk" in the Amazon S3 API reference.
const SigningKey example_key{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
constexpr std::string_view example_base = "https://examplebucket.s3.amazonaws.com";
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t example_time = 1'369'353'600 * second;  // 2013-05-24T00:00:00Z

std::string header_of(const HttpRequest& request, std::string_view name) {
  for (const Header& header : request.headers)
    if (header.name == name) return header.value;
  return "";
}

HttpRequest request_of(std::string method, std::string target, std::vector<Header> headers = {},
                       std::string body = "") {
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers = std::move(headers);
  request.body = std::move(body);
  return request;
}

std::string authorization(const HttpRequest& request, std::string_view base = example_base) {
  return header_of(signed_request(request, base, example_key, example_time), "Authorization");
}

std::string signature(const HttpRequest& request, std::string_view base = example_base) {
  std::string all = authorization(request, base);
  return all.substr(all.rfind('=') + 1);
}

}  // namespace

TEST_CASE("what AWS publishes is signed as AWS signs it") {
  CHECK(authorization(request_of("GET", "/test.txt", {{"Range", "bytes=0-9"}})) ==
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  CHECK(signature(request_of("GET", "/?lifecycle")) ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(signature(request_of("GET", "/?max-keys=2&prefix=J")) ==
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("the body is signed, and has its digests") {
  HttpRequest request = signed_request(request_of("PUT", "/test%24file.text", {}, "Welcome to Amazon S3."),
                                       example_base, example_key, example_time);
  CHECK(header_of(request, "x-amz-content-sha256") ==
        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
  CHECK(header_of(request, "Content-MD5") == "1EfQ6PKJ8WoS/2AnznfCWA==");
  CHECK(header_of(request, "x-amz-date") == "20130524T000000Z");
  CHECK(header_of(request, "Authorization").find("content-md5;host;x-amz-content-sha256") !=
        std::string::npos);
  CHECK(header_of(request, "Content-Length").empty());

  request = signed_request(request_of("PUT", "/bucket"), example_base, example_key, example_time);
  CHECK(header_of(request, "x-amz-content-sha256") ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(header_of(request, "Content-MD5").empty());
  CHECK(header_of(request, "Content-Length") == "0");
}

TEST_CASE("one signature for one request, however it is spelled") {
  std::string first = signature(request_of("GET", "/a%20b/c?x=1&y"));
  CHECK(signature(request_of("GET", "/%61%20b/c?y=&x=1")) == first);
  CHECK(signature(request_of("GET", "/a%20b%2fc?x=1&y=")) == first);
  CHECK(signature(request_of("GET", "/a%20b/c?x=1&y", {{"Accept", "text/plain"}})) == first);
  CHECK(signature(request_of("GET", "/a%20b/c?x=1&y"), "https://examplebucket.s3.amazonaws.com:443") ==
        first);
  CHECK(signature(request_of("GET", "/c?x=1&y"), "https://examplebucket.s3.amazonaws.com/a%20b") == first);
  CHECK(signature(request_of("GET", "/a%2520b/c?x=1&y")) != first);
  CHECK(signature(request_of("GET", "/a%20b/c?x=1&y"), "https://examplebucket.s3.amazonaws.com:8443") !=
        first);
  CHECK(signature(request_of("GET", "/a%20b/c?x=1&y", {{"If-Match", "\"1\""}})) != first);
  CHECK(signature(request_of("HEAD", "/a%20b/c?x=1&y")) != first);
  std::string blanks = signature(request_of("GET", "/", {{"x-amz-meta-note", "a b"}}));
  CHECK(signature(request_of("GET", "/", {{"X-Amz-Meta-Note", "  a   b "}})) == blanks);
}

TEST_CASE("the region and the headers of a connection are signed") {
  HttpRequest request = request_of("GET", "/", {{"x-amz-security-token", "t0ken"}});
  SigningKey key = example_key;
  key.region = "eu-west-3";
  std::string said = header_of(signed_request(request, example_base, key, example_time), "Authorization");
  CHECK(said.find("/20130524/eu-west-3/s3/aws4_request,") != std::string::npos);
  CHECK(said.find("x-amz-date;x-amz-security-token,") != std::string::npos);
  CHECK(said.substr(said.rfind('=')) != authorization(request).substr(authorization(request).rfind('=')));
}

TEST_CASE("the secret key is nowhere in what is sent") {
  HttpRequest request =
      signed_request(request_of("PUT", "/bucket", {}, "x"), example_base, example_key, example_time);
  for (const Header& header : request.headers)
    CHECK(header.value.find(example_key.secret_key) == std::string::npos);
}
