#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/ports/io.h"

namespace carbon {

/// What requests to S3 are signed with.
struct SigningKey {
  std::string access_key;
  std::string secret_key;
  std::string region = "us-east-1";
};

/// Signs a request to `base` by AWS Signature Version 4 for the service s3, at a time in nanoseconds since
/// 1970: adds x-amz-date, x-amz-content-sha256, Content-MD5 where there is a body, and Authorization over all
/// headers but Accept. Pure. Source: "Authenticating Requests (AWS Signature Version 4)" of the Amazon S3 API
/// reference.
[[nodiscard]] HttpRequest signed_request(HttpRequest request, std::string_view base, const SigningKey& key,
                                         std::int64_t time);

}  // namespace carbon
