#include "platform/sandbox/http_exchange.h"

#include <utility>

namespace carbon::sandbox {

ApiRequest api_request(const HttpRequest& request) {
  ApiRequest out = ApiRequest::of(request.method, request.target);
  out.body = request.body;
  for (const Header& header : request.headers) out.take_header(header.name, header.value);
  return out;
}

HttpReply http_reply(ApiResponse response) {
  HttpReply reply;
  reply.status = response.status;
  reply.sent = true;
  reply.headers.push_back({"Content-Type", std::move(response.content_type)});
  for (auto& [name, value] : response.headers) reply.headers.push_back({std::move(name), std::move(value)});
  reply.body = std::move(response.body);
  return reply;
}

}  // namespace carbon::sandbox
