#include "engine/observe/object_queries.h"

#include <cstddef>
#include <utility>

#include "base/task_group.h"

namespace carbon {

namespace {

Task<void> ask(Connector* connector, const std::vector<ObjectQuery>* queries, std::vector<std::size_t> places,
               std::vector<LiveObject>* into) {
  std::vector<ObjectKey> keys;
  for (std::size_t place : places) keys.push_back((*queries)[place].key);
  auto observing = connector->observe(std::move(keys));
  std::vector<LiveObject> found = co_await observing;
  // A connector that answers short has not said that the rest is absent.
  for (std::size_t i = 0; i < places.size() && i < found.size(); ++i)
    (*into)[places[i]] = std::move(found[i]);
}

Task<void> ask_one(Connector* connector, NamesQuery query, std::vector<std::string>* into) {
  auto asking = connector->names(query.type, query.object_namespace);
  *into = co_await asking;
}

}  // namespace

Task<std::vector<LiveObject>> ask_objects(const Connectors* connectors, std::vector<ObjectQuery> queries) {
  std::vector<LiveObject> answers(queries.size());
  std::map<Address, std::vector<std::size_t>> by_provider;
  for (std::size_t i = 0; i < queries.size(); ++i) by_provider[queries[i].provider].push_back(i);
  TaskGroup group;
  for (auto& [provider, places] : by_provider) {
    auto connector = connectors->find(provider);
    if (connector == connectors->end()) continue;
    group.spawn(ask(connector->second.get(), &queries, std::move(places), &answers));
  }
  auto all = group.all();
  co_await all;
  co_return answers;
}

Task<std::vector<std::vector<std::string>>> ask_names(const Connectors* connectors,
                                                      std::vector<NamesQuery> queries) {
  std::vector<std::vector<std::string>> answers(queries.size());
  TaskGroup group;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    auto connector = connectors->find(queries[i].provider);
    if (connector == connectors->end()) continue;
    group.spawn(ask_one(connector->second.get(), queries[i], &answers[i]));
  }
  auto all = group.all();
  co_await all;
  co_return answers;
}

}  // namespace carbon
