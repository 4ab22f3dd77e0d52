#include "platform/sandbox/kubernetes/patches.h"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/element_order.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/validation.h"

namespace carbon::sandbox {

namespace {

constexpr std::size_t most_operations = 10000;

ApiStatus patch_failed() {
  ApiStatus status = invalid({}, {}, {}, {});
  status.message = "the server rejected our request due to an error in our request";
  return status;
}

std::vector<std::string> pointer_steps(std::string_view pointer) {
  std::vector<std::string> steps;
  while (!pointer.empty()) {
    std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string step;
    for (std::size_t i = 1; i < end; ++i) {
      bool escape = pointer[i] == '~' && i + 1 < end;
      if (escape) ++i;
      step.push_back(!escape ? pointer[i] : pointer[i] == '1' ? '/' : '~');
    }
    steps.push_back(std::move(step));
    pointer.remove_prefix(end);
  }
  return steps;
}

std::optional<std::size_t> index_of(std::string_view step, std::size_t size) {
  if (step == "-") return size;
  std::size_t index = 0;
  auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc{} || end != step.data() + step.size() || index > size) return std::nullopt;
  return index;
}

const Value* find_at(const Value& object, std::span<const std::string> steps) {
  const Value* place = &object;
  for (const std::string& step : steps) {
    if (place->is_sequence()) {
      auto index = index_of(step, place->items().size());
      if (!index || *index == place->items().size()) return nullptr;
      place = &place->items()[*index];
    } else {
      place = place->find(step);
    }
    if (place == nullptr) return nullptr;
  }
  return place;
}

enum class Edit : std::uint8_t { add, replace, remove };

/// The object with one place edited; nothing when there is no such place.
std::optional<Value> edited(const Value& object, std::span<const std::string> steps, Edit edit,
                            const Value& value) {
  if (steps.empty()) return edit == Edit::remove ? std::nullopt : std::optional(value);
  const std::string& step = steps.front();
  bool last = steps.size() == 1;
  if (object.is_sequence()) {
    std::vector<Value> items(object.items().begin(), object.items().end());
    auto index = index_of(step, items.size());
    if (!index || (*index == items.size() && !(last && edit == Edit::add))) return std::nullopt;
    auto place = items.begin() + static_cast<std::ptrdiff_t>(*index);
    if (!last) {
      auto inner = edited(*place, steps.subspan(1), edit, value);
      if (!inner) return std::nullopt;
      *place = *std::move(inner);
    } else if (edit == Edit::add) {
      items.insert(place, value);
    } else if (edit == Edit::replace) {
      *place = value;
    } else {
      items.erase(place);
    }
    return Value::list(std::move(items));
  }
  if (!object.is_fields()) return std::nullopt;
  const Value* old = object.find(step);
  if (!last) {
    auto inner = old == nullptr ? std::nullopt : edited(*old, steps.subspan(1), edit, value);
    return inner ? std::optional(with(object, {step}, *std::move(inner))) : std::nullopt;
  }
  if (old == nullptr && edit != Edit::add) return std::nullopt;
  return edit == Edit::remove ? without(object, {step}) : with(object, {step}, value);
}

std::optional<Value> operated(const Value& object, const Value& operation) {
  std::string_view name = text_at(operation, {"op"});
  std::vector<std::string> path = pointer_steps(text_at(operation, {"path"}));
  std::vector<std::string> from = pointer_steps(text_at(operation, {"from"}));
  const Value* sent = operation.find("value");
  Value value = sent == nullptr ? Value() : *sent;
  if (name == "add") return edited(object, path, Edit::add, value);
  if (name == "replace") return edited(object, path, Edit::replace, value);
  if (name == "remove") return edited(object, path, Edit::remove, value);
  if (name == "test") {
    const Value* found = find_at(object, path);
    bool equal = found == nullptr ? value.is_null() : *found == value;
    return equal ? std::optional(object) : std::nullopt;
  }
  if (name != "copy" && name != "move") return std::nullopt;
  const Value* source = find_at(object, from);
  if (source == nullptr) return std::nullopt;
  Value moved = *source;
  std::optional<Value> rest = name == "move" ? edited(object, from, Edit::remove, {}) : std::optional(object);
  return rest ? edited(*rest, path, Edit::add, moved) : std::nullopt;
}

ApiResult<Value> json_patched(const Value& object, const Value& patch) {
  if (!patch.is_sequence())
    return refuse(bad_request(
        "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"));
  if (patch.items().size() > most_operations) {
    ApiStatus status = bad_request(
        fmt::format("Request entity too large: The allowed maximum operations in a JSON patch is {}, got {}",
                    most_operations, patch.items().size()));
    status.code = 413;
    status.reason = "RequestEntityTooLarge";
    return refuse(std::move(status));
  }
  Value result = object;
  for (const Value& operation : patch.items()) {
    auto next = operated(result, operation);
    if (!next) return refuse(patch_failed());
    result = *std::move(next);
  }
  return result;
}

}  // namespace

ApiStatus unfit_patch(std::string_view type, const Value& patch, const Value& patched, std::string_view why) {
  bool strategic = type == "application/strategic-merge-patch+json";
  Value shown = text(strategic ? go_text(patch) : to_json(patched));
  return invalid({}, {}, {}, {invalid_value("patch", shown, why)});
}

Value merge_patched(const Value& object, const Value& patch) {
  if (!patch.is_fields()) return patch;
  Value result = object.is_fields() ? object : Value::map({});
  for (const Entry& entry : patch.entries()) {
    std::string_view name = entry.key.text();
    if (entry.value.is_null()) {
      result = without(result, {name});
    } else {
      const Value* old = result.find(name);
      result = with(result, {name}, merge_patched(old == nullptr ? Value() : *old, entry.value));
    }
  }
  return result;
}

ApiResult<Value> patched_object(const ResourceInfo& resource, const SchemaNode& schema, std::string_view type,
                                const Value& object, const Value& patch) {
  if (type == "application/json-patch+json") return json_patched(object, patch);
  if (type != "application/merge-patch+json" && type != "application/strategic-merge-patch+json") {
    ApiStatus status = unsupported_media_type("415: Unsupported Media Type");
    status.has_details = true;
    return refuse(std::move(status));
  }
  if (!patch.is_fields()) return refuse(bad_request("error decoding patch: the patch is no object"));
  if (type == "application/merge-patch+json") return merge_patched(object, patch);
  if (resource.custom) {
    return refuse(
        unsupported_media_type("the body of the request was in an unknown format - accepted media types "
                               "include: application/json-patch+json, "
                               "application/merge-patch+json, application/apply-patch+yaml"));
  }
  return strategic_patched(schema, object, patch);
}

}  // namespace carbon::sandbox
