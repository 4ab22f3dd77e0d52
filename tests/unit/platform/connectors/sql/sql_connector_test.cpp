#include "platform/connectors/sql/sql_connector.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "platform/io/network_driver.h"
#include "tests/support/private_postgres.h"

using namespace carbon;
using Kind = WriteOutcome::Kind;

namespace {

/// Two types as `type … via sql` would make them: a role of the server, and a schema inside of a database.
struct TestTypes {
  TypeTable types;
  ExprArena arena;
  FunctionTable functions;
  ResourceType role, schema;

  TestTypes() {
    add_operators(functions);
    Function ident;
    ident.name = "ident";
    ident.parameters = {{"name", "string"}};
    ident.body = [](std::span<const Value> arguments) -> Result<Value> {
      return Value::string("\"" + std::string(arguments[0].text()) + "\"");
    };
    functions.add(std::move(ident));
    make_role();
    make_schema();
  }

  const Expr* text(std::string_view value) {
    Expr& made = arena.make(ExprKind::constant, {});
    made.constant = Value::string(value);
    return &made;
  }
  const Expr* slot(OperationSlot which) {
    Expr& made = arena.make(ExprKind::slot, {});
    made.slot = static_cast<std::uint32_t>(which);
    return &made;
  }
  const Expr* field(OperationSlot which, std::string_view name) {
    Expr& made = arena.make(ExprKind::member, {});
    made.children = {slot(which)};
    made.name = name;
    return &made;
  }
  /// `before ${ident(self.FIELD)} after`
  const Expr* with_ident(std::string_view before, std::string_view name, std::string_view after) {
    Expr& call = arena.make(ExprKind::call, {});
    call.name = "ident";
    call.children = {field(OperationSlot::self, name)};
    Expr& made = arena.make(ExprKind::interpolation, {});
    made.children = {text(before), &call, text(after)};
    return &made;
  }
  OperationStep exec(const Expr* statement) {
    OperationStep step;
    step.kind = OperationStep::Kind::exec;
    step.text = statement;
    return step;
  }
  OperationStep query(const Expr* statement, std::vector<const Expr*> arguments) {
    OperationStep step;
    step.text = statement;
    step.arguments = std::move(arguments);
    return step;
  }

  void make_role() {
    Type& record = types.make(TypeKind::record);
    record.fields = {{"name", types.basic(TypeKind::string), FieldFlag::identity, ""},
                     {"connection_limit", types.basic(TypeKind::integer), FieldFlag::none, ""},
                     {"login", types.basic(TypeKind::boolean), FieldFlag::none, ""},
                     {"member_of", types.set(types.basic(TypeKind::string)), FieldFlag::none, ""}};
    role.name = "test.Role";
    role.transport = Transport::sql;
    role.schema = &record;
    role.operations.read.steps = {
        query(text("SELECT rolname AS name, rolconnlimit AS connection_limit, rolcanlogin AS login, "
                   "'[\"b\",\"a\"]'::jsonb AS member_of FROM pg_roles WHERE rolname = $1"),
              {field(OperationSlot::self, "name")})};
    role.operations.read.take = slot(OperationSlot::row);
    role.operations.create.steps = {exec(with_ident("CREATE ROLE ", "name", "")),
                                    exec(with_ident("COMMENT ON ROLE ", "name", " IS 'made'"))};
    Operation limit;
    limit.fields = {*FieldPath::parse("connection_limit")};
    limit.steps = {query(text("SELECT set_config('test.limit', $1, true)"),
                         {field(OperationSlot::self, "connection_limit")}),
                   exec(with_ident("ALTER ROLE ", "name", " CONNECTION LIMIT 7"))};
    Operation plain;
    plain.steps = {exec(with_ident("ALTER ROLE ", "name", " LOGIN"))};
    role.operations.updates = {limit, plain};
    role.operations.remove.steps = {exec(with_ident("DROP ROLE ", "name", ""))};
  }

  void make_schema() {
    Type& record = types.make(TypeKind::record);
    record.fields = {{"database", types.basic(TypeKind::string), FieldFlag::identity, ""},
                     {"name", types.basic(TypeKind::string), FieldFlag::identity, ""}};
    schema.name = "test.Schema";
    schema.transport = Transport::sql;
    schema.schema = &record;
    schema.operations.database = field(OperationSlot::self, "database");
    schema.operations.read.steps = {query(text("SELECT nspname AS name FROM pg_namespace WHERE nspname = $1"),
                                          {field(OperationSlot::self, "name")})};
    schema.operations.read.take = slot(OperationSlot::row);
    schema.operations.create.steps = {exec(with_ident("CREATE SCHEMA ", "name", ""))};
    schema.operations.remove.steps = {exec(with_ident("DROP SCHEMA ", "name", ""))};
  }
};

Value record(std::vector<std::pair<std::string, Value>> fields) {
  std::vector<Entry> entries;
  for (auto& [name, value] : fields) entries.push_back({Value::string(name), std::move(value)});
  return Value::record(std::move(entries));
}

template <class T>
Task<void> keep(Task<T> task, std::optional<T>* into) {
  T result = co_await task;
  into->emplace(std::move(result));
}

/// The connector against the one real server of this file.
struct World {
  NetworkDriver io;
  TestTypes types;
  SqlConnector connector;

  World() : connector(io, server().endpoint(), "postgres", types.functions) {}

  static test::PrivatePostgres& server() {
    static test::PrivatePostgres postgres;
    REQUIRE_MESSAGE(postgres.why_not().empty(), postgres.why_not());
    return postgres;
  }
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    Task<void> root = keep(std::move(task), &result);
    io.run(root);
    return std::move(*result);
  }
  WriteRequest role(const std::string& name) const {
    WriteRequest request;
    request.key = {&types.role, record({{"name", Value::string(name)}})};
    request.desired = record({{"name", Value::string(name)}, {"connection_limit", Value::integer(7)}});
    return request;
  }
  LiveObject look(const ObjectKey& key) { return run(connector.observe({key})).front(); }
};

}  // namespace

TEST_CASE("identify gives the system identifier, also to an ordinary user") {
  World world;
  auto identity = world.run(world.connector.identify());
  REQUIRE(identity);
  CHECK(identity->version.starts_with("1"));
  CHECK(identity->uid.find_first_not_of("0123456789") == std::string::npos);
  SqlRequest make;
  make.database = "postgres";
  make.mode = SqlRequest::Mode::plain;
  make.statements = {{"CREATE ROLE ordinary LOGIN PASSWORD 'o'", {}}};
  std::optional<SqlReply> made;
  SqlEndpoint endpoint = World::server().endpoint();
  auto asking = [](Io& io, SqlEndpoint at, SqlRequest request, std::optional<SqlReply>* into) -> Task<void> {
    SqlReply reply = co_await io.sql(at, request);
    into->emplace(std::move(reply));
  };
  Task<void> task = asking(world.io, endpoint, make, &made);
  world.io.run(task);
  endpoint.user = "ordinary";
  endpoint.password = "o";
  SqlConnector ordinary(world.io, endpoint, "postgres", world.types.functions);
  auto again = world.run(ordinary.identify());
  REQUIRE(again);
  CHECK(again->uid == identity->uid);
  // What the ordinary user may not do is C0704.
  auto refused = world.run(ordinary.create(world.role("by_ordinary")));
  CHECK(refused.kind == Kind::refused);
  CHECK(refused.error->code() == DiagnosticCode::forbidden);
  endpoint.password = "wrong";
  SqlConnector stranger(world.io, endpoint, "postgres", world.types.functions);
  auto none = world.run(stranger.identify());
  REQUIRE_FALSE(none);
  CHECK(none.error().code() == DiagnosticCode::unauthorized);
}

TEST_CASE("an object lives: absent, created, exists, updated field by field, removed, absent") {
  World world;
  WriteRequest request = world.role("lively");
  CHECK(world.look(request.key).presence == Presence::absent);
  auto created = world.run(world.connector.create(request));
  REQUIRE_MESSAGE(created.kind == Kind::done, created.error->message());
  REQUIRE(created.object.presence == Presence::present);
  CHECK(to_json(created.object.object) ==
        R"({"name":"lively","connection_limit":-1,"login":false,"member_of":["a","b"]})");
  CHECK(created.object.object.find("member_of")->kind() == ValueKind::set);

  auto again = world.run(world.connector.create(request));
  CHECK(again.kind == Kind::conflict);

  request.changed = {*FieldPath::parse("connection_limit")};
  auto updated = world.run(world.connector.update(request));
  REQUIRE_MESSAGE(updated.kind == Kind::done, updated.error->message());
  CHECK(updated.object.object.find("connection_limit")->as_int() == 7);
  CHECK_FALSE(updated.object.object.find("login")->as_bool());
  request.changed = {*FieldPath::parse("login")};
  CHECK(world.run(world.connector.update(request)).object.object.find("login")->as_bool());

  WriteRequest removal;
  removal.key = request.key;
  CHECK(world.run(world.connector.remove(removal)).kind == Kind::done);
  CHECK(world.look(request.key).presence == Presence::absent);
  CHECK(world.run(world.connector.remove(removal)).kind == Kind::done);
  CHECK(world.run(world.connector.update(request)).kind == Kind::conflict);
  auto readiness = world.run(world.connector.readiness(request.key));
  REQUIRE(readiness);
  CHECK(readiness->kind == Readiness::Kind::waiting);
}

TEST_CASE("a create whose second statement fails leaves nothing") {
  World world;
  world.types.role.operations.create.steps.push_back(world.types.exec(world.types.text("SELECT 1/0")));
  WriteRequest request = world.role("half");
  auto outcome = world.run(world.connector.create(request));
  CHECK(outcome.kind == Kind::refused);
  CHECK(outcome.error->message().find("22012") != std::string::npos);
  CHECK(world.look(request.key).presence == Presence::absent);
}

TEST_CASE("an object in a database that does not exist is absent; the provider's own must exist") {
  World world;
  ObjectKey key{&world.types.schema,
                record({{"database", Value::string("nowhere")}, {"name", Value::string("s")}})};
  CHECK(world.look(key).presence == Presence::absent);
  SqlConnector lost(world.io, World::server().endpoint(), "nowhere", world.types.functions);
  ObjectKey role = world.role("x").key;
  auto objects = world.run(lost.observe({role}));
  CHECK(objects.front().presence == Presence::unknown);
  ObjectKey there{&world.types.schema,
                  record({{"database", Value::string("postgres")}, {"name", Value::string("public")}})};
  CHECK(world.look(there).presence == Presence::present);
}

TEST_CASE("a read that is no query is never sent") {
  World world;
  for (const char* statement :
       {"COMMIT", "SET TRANSACTION READ WRITE", "/* SELECT */ DROP ROLE x", "-- x\n do"}) {
    world.types.role.operations.read.steps = {world.types.query(world.types.text(statement), {})};
    LiveObject live = world.look(world.role("x").key);
    REQUIRE(live.presence == Presence::unknown);
    CHECK(live.why->code() == DiagnosticCode::bad_type_declaration);
  }
}

TEST_CASE("an unreachable server is unknown, never absent, and a write to it may be repeated") {
  World world;
  SqlEndpoint nowhere;
  nowhere.host = "127.0.0.1";
  nowhere.port = 1;
  nowhere.name = "postgres://nowhere";
  SqlConnector connector(world.io, nowhere, "postgres", world.types.functions);
  WriteRequest request = world.role("x");
  auto objects = world.run(connector.observe({request.key}));
  REQUIRE(objects.front().presence == Presence::unknown);
  CHECK(objects.front().why->code() == DiagnosticCode::unreachable);
  CHECK(world.run(connector.create(request)).kind == Kind::not_admitted);
  CHECK(world.run(connector.remove(request)).kind == Kind::not_admitted);
}

TEST_CASE("update operations are chosen by the fields that change") {
  TestTypes types;
  auto chosen = [&](std::vector<const char*> fields) {
    std::vector<FieldPath> paths;
    for (const char* field : fields) paths.push_back(*FieldPath::parse(field));
    auto found = updates_for(types.role.operations, paths);
    return found ? found->size() : 99;
  };
  CHECK(chosen({"connection_limit"}) == 1);
  CHECK(chosen({"login"}) == 1);
  CHECK(chosen({"login", "connection_limit", "member_of"}) == 2);
  types.role.operations.updates.pop_back();
  CHECK(chosen({"login"}) == 99);
}
