#include "platform/sandbox/kubernetes/api_status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

std::string qualified(std::string_view group, std::string_view resource) {
  return group.empty() ? std::string(resource) : fmt::format("{}.{}", resource, group);
}

ApiStatus about(int code, std::string_view reason, std::string_view group, std::string_view resource,
                std::string_view name, std::string message) {
  ApiStatus status;
  status.code = code;
  status.reason = reason;
  status.message = std::move(message);
  status.has_details = true;
  status.name = name;
  status.group = group;
  status.kind = resource;
  return status;
}

ApiStatus plain(int code, std::string_view reason, std::string message) {
  ApiStatus status;
  status.code = code;
  status.reason = reason;
  status.message = std::move(message);
  return status;
}

void put_text(std::vector<std::pair<std::string_view, Value>>& to, std::string_view name,
              const std::string& value) {
  if (!value.empty()) to.emplace_back(name, text(value));
}

}  // namespace

Value ApiStatus::to_value() const {
  std::vector<std::pair<std::string_view, Value>> metadata;
  put_text(metadata, "continue", continue_token);
  std::vector<std::pair<std::string_view, Value>> parts{{"kind", text("Status")},
                                                        {"apiVersion", text("v1")},
                                                        {"metadata", fields(metadata)},
                                                        {"status", text(code < 300 ? "Success" : "Failure")}};
  put_text(parts, "message", message);
  put_text(parts, "reason", reason);
  if (has_details) {
    std::vector<std::pair<std::string_view, Value>> details;
    put_text(details, "name", name);
    put_text(details, "group", group);
    put_text(details, "kind", kind);
    put_text(details, "uid", uid);
    std::vector<Value> list;
    for (const StatusCause& cause : causes) {
      std::vector<std::pair<std::string_view, Value>> one;
      put_text(one, "reason", cause.reason);
      put_text(one, "message", cause.message);
      put_text(one, "field", cause.field);
      list.push_back(fields(one));
    }
    if (!list.empty()) details.emplace_back("causes", Value::list(std::move(list)));
    if (retry_after_seconds) details.emplace_back("retryAfterSeconds", number(*retry_after_seconds));
    parts.emplace_back("details", fields(details));
  }
  if (code >= 300) parts.emplace_back("code", number(code));
  return fields(parts);
}

ApiStatus not_found(std::string_view group, std::string_view resource, std::string_view name) {
  return about(404, "NotFound", group, resource, name,
               fmt::format("{} \"{}\" not found", qualified(group, resource), name));
}

ApiStatus already_exists(std::string_view group, std::string_view resource, std::string_view name) {
  return about(409, "AlreadyExists", group, resource, name,
               fmt::format("{} \"{}\" already exists", qualified(group, resource), name));
}

ApiStatus conflict(std::string_view group, std::string_view resource, std::string_view name,
                   std::string_view why) {
  return about(
      409, "Conflict", group, resource, name,
      fmt::format("Operation cannot be fulfilled on {} \"{}\": {}", qualified(group, resource), name, why));
}

ApiStatus forbidden(std::string_view group, std::string_view resource, std::string_view name,
                    std::string_view why) {
  return about(403, "Forbidden", group, resource, name,
               fmt::format("{} \"{}\" is forbidden: {}", qualified(group, resource), name, why));
}

ApiStatus invalid(std::string_view group, std::string_view kind, std::string_view name,
                  std::vector<StatusCause> causes) {
  std::string told;
  // An aggregate of errors tells equal ones once, though they stay apart as causes (recorded/404, 433).
  std::vector<std::string> once;
  for (const StatusCause& cause : causes) {
    std::string line = fmt::format("{}: {}", cause.field, cause.message);
    if (std::find(once.begin(), once.end(), line) == once.end()) once.push_back(line);
  }
  told = fmt::format("{}", fmt::join(once, ", "));
  if (once.size() > 1) told = fmt::format("[{}]", told);
  ApiStatus status = about(422, "Invalid", group, kind, name,
                           fmt::format("{} \"{}\" is invalid: {}", qualified(group, kind), name, told));
  status.causes = std::move(causes);
  return status;
}

ApiStatus bad_request(std::string message) { return plain(400, "BadRequest", std::move(message)); }

ApiStatus no_such_resource() {
  return about(404, "NotFound", {}, {}, {}, "the server could not find the requested resource");
}

ApiStatus method_not_allowed() {
  return about(405, "MethodNotAllowed", {}, {}, {},
               "the server does not allow this method on the requested resource");
}

ApiStatus unsupported_media_type(std::string message) {
  ApiStatus status = plain(415, "UnsupportedMediaType", std::move(message));
  return status;
}

ApiStatus not_modelled(std::string_view what) {
  return plain(501, "NotImplemented",
               fmt::format("the sandbox does not model {}: nothing was changed", what));
}

ApiStatus plain_error(std::string message) { return plain(500, "", std::move(message)); }

}  // namespace carbon::sandbox
