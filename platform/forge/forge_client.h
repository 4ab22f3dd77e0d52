#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "base/value.h"
#include "engine/ports/io.h"
#include "platform/forge/forge.h"

namespace carbon {

/// JSON over HTTP to one forge, with its credentials.
class ForgeClient {
 public:
  /// `api` may have a path (`https://gitlab.example.com/api/v4`). `headers` carry the credentials.
  ForgeClient(Io& io, std::string_view api, std::vector<Header> headers);

  /// Tried again where that can help. `target` begins with `/`, without the path of the API.
  [[nodiscard]] Task<Result<Value>> get(std::string target);
  /// Once: whoever writes looks first what is there.
  [[nodiscard]] Task<Status> change(std::string method, std::string target, Value body);
  /// All items of a list that has a hundred a page (`page`, `per_page`). At most 10,000 items are read.
  [[nodiscard]] Task<Result<std::vector<Value>>> get_all(std::string target);

 private:
  [[nodiscard]] Task<HttpReply> send(std::string method, std::string target, std::string body);
  [[nodiscard]] Result<Value> read(const HttpReply& reply, std::string_view method,
                                   std::string_view target) const;

  Io& io_;
  HttpEndpoint endpoint_;
  std::string path_;  ///< of the API
  std::vector<Header> headers_;
};

/// The first of a forge's comments that an account wrote and that begins with a text. `author` is the member
/// that says who wrote one, `key` the one of it that tells accounts apart.
[[nodiscard]] std::optional<ForgeComment> first_comment(const std::vector<Value>& comments,
                                                        std::string_view author, std::string_view key,
                                                        std::string_view account, std::string_view beginning);

/// A member that is text, else empty; of a number its digits.
[[nodiscard]] std::string text_member(const Value& value, std::string_view name);

}  // namespace carbon
