#include "cli/about_run.h"

#include "base/value_document.h"
#include "base/value_json.h"
#include "cli/version.h"
#include "platform/store/lock_holder.h"

namespace carbon {

std::string about_run(const std::string& plan_id, const RunOrigin& origin) {
  using document::field;
  using document::text;
  std::vector<Entry> about{field("plan", text(plan_id)), field("by", text(this_account())),
                           field("carbon", text(tool_version))};
  if (!origin.resumes.empty()) about.push_back(field("resumes", text(origin.resumes)));
  if (!origin.undoes.empty()) about.push_back(field("undoes", text(origin.undoes)));
  return to_json(Value::record(std::move(about)));
}

}  // namespace carbon
