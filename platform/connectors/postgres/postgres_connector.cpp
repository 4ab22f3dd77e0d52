#include "platform/connectors/postgres/postgres_connector.h"

#include "base/task_group.h"

namespace carbon {

Task<void> PostgresConnector::read_into(ObjectKey key, LiveObject* into) {
  auto reading = schemas_.read(std::move(key));
  LiveObject object = co_await reading;
  *into = std::move(object);
}

Task<std::vector<LiveObject>> PostgresConnector::observe(std::vector<ObjectKey> keys) {
  std::vector<LiveObject> objects(keys.size());
  std::vector<ObjectKey> plain;
  std::vector<std::size_t> where;
  TaskGroup group;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].type->derives()) {
      group.spawn(read_into(keys[i], &objects[i]));
    } else {
      plain.push_back(keys[i]);
      where.push_back(i);
    }
  }
  auto reading = objects_.observe(std::move(plain));
  std::vector<LiveObject> others = co_await reading;
  for (std::size_t i = 0; i < others.size(); ++i) objects[where[i]] = std::move(others[i]);
  auto ended = group.all();
  co_await ended;
  co_return objects;
}

Task<WriteOutcome> PostgresConnector::create(WriteRequest request) {
  return request.key.type->derives() ? schemas_.write(std::move(request))
                                     : objects_.create(std::move(request));
}

Task<WriteOutcome> PostgresConnector::update(WriteRequest request) {
  return request.key.type->derives() ? schemas_.write(std::move(request))
                                     : objects_.update(std::move(request));
}

Task<WriteOutcome> PostgresConnector::remove(WriteRequest request) {
  return request.key.type->derives() ? schemas_.remove(std::move(request))
                                     : objects_.remove(std::move(request));
}

Task<Result<Readiness>> PostgresConnector::readiness(ObjectKey key) {
  if (!key.type->derives()) return objects_.readiness(std::move(key));
  return [](PostgresConnector* self, ObjectKey of) -> Task<Result<Readiness>> {
    auto reading = self->schemas_.read(std::move(of));
    LiveObject live = co_await reading;
    if (live.presence == Presence::unknown) co_return fail(*live.why);
    co_return Readiness{};
  }(this, std::move(key));
}

}  // namespace carbon
