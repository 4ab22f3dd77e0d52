#include "cli/about_run.h"

#include "base/value_document.h"
#include "base/value_json.h"
#include "cli/version.h"
#include "platform/store/lock_holder.h"

namespace carbon {

std::string about_run(const std::string& plan_id, const std::string& resumes) {
  using document::field;
  using document::text;
  std::vector<Entry> about{field("plan", text(plan_id)), field("by", text(this_account())),
                           field("carbon", text(tool_version))};
  if (!resumes.empty()) about.push_back(field("resumes", text(resumes)));
  return to_json(Value::record(std::move(about)));
}

}  // namespace carbon
