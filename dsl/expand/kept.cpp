// `keep FIELD in SECRET`: where a value goes that the server says once, in the reply to the write that made
// it.

#include <fmt/format.h>

#include "dsl/expand/expander.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

/// Whether the Secret writes that key itself.
bool writes(const Resource& secret, std::string_view key) {
  for (std::string_view part : {"stringData", "data"}) {
    const Value* held = secret.desired.find(part);
    if (held != nullptr && held->is_fields() && held->find(key) != nullptr) return true;
  }
  return false;
}

}  // namespace

bool Expander::keeps(Member& member, Resource& made) {
  for (const KeepSetting& keep : member.declaration.instance->settings.keeps) {
    if (keep.sink == nullptr) return false;
    SourceSpan span = keep.sink->span;
    std::optional<Value> sink = evaluate_in(*keep.sink, member.frame);
    if (!sink) return false;
    if (auto problem = open_problem("where a value is kept", *sink, span)) {
      report(*problem);
      return false;
    }
    auto wrong = [&](std::string message, std::string help) {
      sink_.error(DiagnosticCode::secret_not_kept, std::move(message), span)
          .helps.push_back({std::move(help), {}});
      return false;
    };
    if (sink->kind() != ValueKind::reference) return wrong("there is no such Secret", "take the line away");
    std::uint32_t index = objects_.find_resource(sink->text());
    if (index == ResourceGraph::npos) return false;  // why it is not there has been reported
    const Resource& secret = objects_.resources()[index];
    if (secret.mode != ResourceMode::managed)
      return wrong(fmt::format("`{}` is not carbon's, so nothing may be kept in it", secret.address),
                   "declare the Secret as a `resource`");
    if (writes(secret, keep.field))
      return wrong(fmt::format("`{}` writes `{}` itself", secret.address, keep.field),
                   fmt::format("take `{}` out of it, or keep the value in another Secret", keep.field));
    auto [first, fresh] = kept_.emplace(std::pair(secret.address, keep.field), made.address);
    if (!fresh)
      return wrong(fmt::format("`{}` keeps its `{}` there already", first->second, keep.field),
                   "give each resource a Secret of its own");
    made.settings.keeps.push_back({keep.field, secret.address});
  }
  met_.clear();
  return true;
}

}  // namespace carbon
