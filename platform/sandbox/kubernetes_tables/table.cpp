#include "platform/sandbox/kubernetes_tables/table.h"

#include <fmt/format.h>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes_tables/columns.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view table_version = "meta.k8s.io/v1";

Value definitions_of(const std::vector<Column>& columns) {
  std::vector<Value> out;
  for (const Column& column : columns) {
    out.push_back(fields({{"name", text(column.name)},
                          {"type", text(column.type)},
                          {"format", text(column.name == "Name" ? "name" : "")},
                          {"description", text("")},
                          {"priority", number(column.priority)}}));
  }
  return Value::list(out);
}

/// The `object` of a row, by includeObject.
Value row_object(const TableRequest& request, const Value& object) {
  if (request.include_object == "None") return {};
  if (request.include_object == "Object") return object;
  const Value* metadata = object.find("metadata");
  return fields({{"kind", text("PartialObjectMetadata")},
                 {"apiVersion", text(table_version)},
                 {"metadata", metadata == nullptr ? Value::map({}) : *metadata}});
}

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    std::size_t slash = path.find('/');
    if (slash != 0) out.push_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return out;
}

}  // namespace

bool wants_table(std::string_view accept) {
  // The client lists what it can read, best first; kubectl puts the tables in front.
  std::string_view best = accept.substr(0, accept.find(','));
  return best.find("as=Table") != std::string_view::npos && best.find("v=v1;") != std::string_view::npos;
}

TableRequest table_request(const ApiRequest& request) {
  TableRequest out;
  std::vector<std::string_view> parts = segments(request.path);
  bool core = !parts.empty() && parts[0] == "api";
  std::size_t next = core ? 2 : 3;  // /api/v1/RESOURCE, /apis/GROUP/VERSION/RESOURCE
  if (parts.size() <= next) return out;
  out.version = parts[next - 1];
  bool inside = parts[next] == "namespaces" && parts.size() > next + 2;
  std::string_view resource = inside ? parts[next + 2] : parts[next];
  out.storage = core ? std::string(resource) : fmt::format("{}.{}", resource, parts[1]);
  if (auto included = request.query.find("includeObject"); included != request.query.end()) {
    out.include_object = included->second;
  }
  return out;
}

Value as_table(const TableRequest& request, const Value& body) {
  std::string_view kind = text_at(body, {"kind"});
  if (kind == "Status" || request.storage.empty()) return body;
  const Value* items = body.find("items");
  bool is_list = kind.ends_with("List") && items != nullptr && items->is_sequence();
  Value definition = request.custom_definition ? request.custom_definition() : Value();
  std::vector<Column> columns =
      definition.is_null() ? columns_of(request.storage) : custom_columns(definition, request.version);
  std::vector<Value> objects = is_list ? items_at(body, {"items"}) : std::vector<Value>{body};
  std::vector<Value> rows;
  for (const Value& object : objects) {
    std::vector<Value> cells;
    for (const Column& column : columns) cells.push_back(cell_of(column, object, request.now));
    rows.push_back(fields({{"cells", Value::list(cells)}, {"object", row_object(request, object)}}));
  }
  Value metadata = Value::map({});
  if (is_list && body.find("metadata") != nullptr) metadata = *body.find("metadata");
  if (!is_list)
    metadata = fields({{"resourceVersion", text(text_at(body, {"metadata", "resourceVersion"}))}});
  return fields({{"kind", text("Table")},
                 {"apiVersion", text(table_version)},
                 {"metadata", metadata},
                 {"columnDefinitions", definitions_of(columns)},
                 {"rows", Value::list(rows)}});
}

std::string as_table_event(const TableRequest& request, std::string_view line) {
  auto event = parse_json(line);
  if (!event || event->find("object") == nullptr) return std::string(line);
  return to_json(with(*event, {"object"}, as_table(request, *event->find("object"))));
}

}  // namespace carbon::sandbox
