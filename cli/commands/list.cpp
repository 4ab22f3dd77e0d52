#include <fmt/core.h>

#include "base/value_json.h"
#include "cli/commands/running.h"
#include "cli/views/inventory_view.h"
#include "cli/views/object_view.h"

namespace carbon {

ExitCode run_list(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return code;
  const Inventory& inventory = pipeline->inventory();
  if (options.format == OutputFormat::json) {
    fmt::print("{}", inventory_json(inventory));
  } else {
    fmt::print("{}", options.summary ? inventory_summary(inventory) : inventory_text(inventory));
  }
  return ExitCode::success;
}

ExitCode run_get(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return code;
  auto object = pipeline->look_at(options.address);
  std::optional<Error> error;
  if (!object) {
    error = object.error();
  } else if (object->presence == Presence::unknown && object->why) {
    error = object->why;
  } else if (object->presence != Presence::present) {
    error = Error(DiagnosticCode::lookup_missing, fmt::format("`{}` is not there", options.address))
                .help("`carbon plan` says what an apply would make of it");
  }
  if (error) {
    if (error->diagnostic().address.empty()) error->diagnostic().address = options.address;
    return report(*error, pipeline->sources(), options);
  }
  const ResourceType* type = pipeline->type_of(options.address);
  fmt::print("{}\n", to_json(without_secrets(object->object, *type->schema), JsonStyle::indented));
  return ExitCode::success;
}

}  // namespace carbon
