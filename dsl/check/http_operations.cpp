// The steps of `via http` and `via s3`: requests, what belongs to them, and lists.

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "dsl/check/operations.h"
#include "dsl/check/settings.h"
#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

OperationStep::Kind kind_of(std::string_view word) {
  if (word == "get") return OperationStep::Kind::get;
  if (word == "head") return OperationStep::Kind::head;
  if (word == "post") return OperationStep::Kind::post;
  if (word == "put") return OperationStep::Kind::put;
  if (word == "patch") return OperationStep::Kind::patch;
  return OperationStep::Kind::delete_;
}

bool begins_with_slash(const Expr& path) {
  const Expr* first = &path;
  if (path.kind == ExprKind::interpolation) first = path.children.empty() ? nullptr : path.children.front();
  return first != nullptr && first->kind == ExprKind::constant && first->constant.is_string() &&
         first->constant.text().starts_with('/');
}

}  // namespace

const Expr* OperationLowering::path(NodeRef node, Names names) {
  bool literal = node.is(NodeKind::string) || node.is(NodeKind::raw_string);
  if (!literal) {
    session_
        .error(DiagnosticCode::bad_type_declaration, "the path of a request must be a literal", node.span())
        .helps.push_back({"write it in quotes, with `${…}` where a value stands", {}});
    return nullptr;
  }
  std::size_t before = session_.sink.error_count();
  const Expr* made = expression(node, names);
  if (session_.sink.error_count() != before) return nullptr;
  if (is_secret(made->type)) {
    session_
        .error(DiagnosticCode::secret_leak, "a secret may not stand in a path", node.span(),
               "servers and proxies log it")
        .helps.push_back({"send it in `send` or in a `header`", {}});
  } else if (!begins_with_slash(*made)) {
    session_.error(DiagnosticCode::bad_type_declaration, "a path begins with `/`: it stands behind `base`",
                   node.span());
  }
  return made;
}

void OperationLowering::request(NodeRef setting, OperationVerb verb, Operation& made) {
  bool reads = verb == OperationVerb::read || verb == OperationVerb::list;
  NodeRef when = setting.child(NodeKind::when_clause);
  bool asks = setting.word() == "get" || (setting.word() == "head" && verb == OperationVerb::read);
  if (reads && !asks)
    return misplaced(setting, verb == OperationVerb::read ? "a `read` may only `get` and `head`"
                                                          : "a `list` may only `get`");
  bool first = made.steps.empty();
  if (reads && when && first) return misplaced(setting, "the first request of what reads is always sent");
  if (verb == OperationVerb::list && !first)
    return misplaced(setting, "a `list` has one `get`; `next` says where the following pages are");
  Names names = names_of(verb);
  names.reply = names.replies = !first;  // of the requests before
  OperationStep step;
  step.kind = kind_of(setting.word());
  step.span = setting.span();
  step.text = path(setting.value(), names);
  if (when) step.when = expression(when.value(), names, session_.basic(TypeKind::boolean));
  made.steps.push_back(std::move(step));
}

/// `send` and `header`, which belong to the request before them.
void OperationLowering::of_request(NodeRef setting, OperationVerb verb, Operation& made) {
  std::string_view word = setting.word();
  if (made.steps.empty())
    return misplaced(setting, fmt::format("`{}` stands behind the request that it belongs to", word));
  OperationStep& step = made.steps.back();
  Names names = names_of(verb);
  names.reply = names.replies = made.steps.size() > 1;
  auto arguments = setting.children(NodeCategory::expression);
  if (word == "header") {
    const Expr* name = expression(arguments.at(0), {}, session_.basic(TypeKind::string));
    step.headers.emplace_back(name, expression(arguments.at(1), names));
    return;
  }
  if (step.only_asks()) return misplaced(setting, "a `get` or `head` sends nothing");
  if (step.send != nullptr) return misplaced(setting, "a request sends one body");
  NodeRef body = arguments.at(0);
  bool as_created = body.is(NodeKind::name) && body.text() == "create" && verb == OperationVerb::update;
  step.send = as_created ? sent_by_create(setting) : expression(body, names);
}

/// `encoding madmin`, which belongs to the request before it. The key is the one that requests are signed
/// with.
void OperationLowering::encoding(NodeRef setting, OperationVerb, Operation& made) {
  if (setting_word(session_, setting, {"madmin"}).empty()) return;
  if (type_.transport != Transport::s3)
    return misplaced(setting, "`encoding madmin` needs `via s3`, whose connection has the key");
  if (made.steps.empty())
    return misplaced(setting, "`encoding` stands behind the request that it belongs to");
  made.steps.back().encoding = BodyEncoding::madmin;
}

/// `send create`: what the create sends, over the same `self`.
const Expr* OperationLowering::sent_by_create(NodeRef setting) {
  for (const OperationStep& step : type_.operations.create.steps)
    if (step.send != nullptr) return step.send;
  misplaced(setting, "`send create` needs a `create` above it that sends a body");
  return nullptr;
}

/// `poll PATH by PAUSE when DONE else FAILURE`, which belongs to the request before it.
void OperationLowering::poll(NodeRef setting, OperationVerb verb, Operation& made) {
  constexpr Duration least_pause{100'000'000};
  if (verb == OperationVerb::read || verb == OperationVerb::list)
    return misplaced(setting,
                     "what only reads begins no work: `poll` stands in `create`, `update` and `delete`");
  if (made.steps.empty() || made.steps.back().only_asks())
    return misplaced(setting, "`poll` stands behind the request that begins the work");
  OperationStep& step = made.steps.back();
  if (step.poll) return misplaced(setting, "a request is polled for once");
  Names names = names_behind(verb);
  OperationPoll poll;
  NodeRef where = setting.value();
  bool literal = where.is(NodeKind::string) || where.is(NodeKind::raw_string);
  poll.path = literal ? path(where, names) : expression(where, names, session_.basic(TypeKind::string));
  if (NodeRef by = setting.child(NodeKind::by_clause)) {
    Place constants(session_);
    Lowering lowering(constants, arena_);
    Lowered pause = lowering.lower(by.value(), session_.basic(TypeKind::duration));
    bool good = !pause.failed && pause.is_constant() && pause.constant.as_duration() >= least_pause;
    if (good) poll.pause = pause.constant.as_duration();
    if (!good && !pause.failed)
      session_.error(DiagnosticCode::setting_arguments,
                     "the pause of `poll` is a duration of at least 100ms, written here", by.value().span());
  }
  poll.until =
      expression(setting.child(NodeKind::when_clause).value(), names, session_.basic(TypeKind::boolean));
  if (NodeRef failed = setting.child(NodeKind::else_clause))
    poll.failed =
        expression(failed.value(), names, session_.types.optional(session_.basic(TypeKind::string)));
  step.poll = poll;
}

void OperationLowering::of_list(NodeRef setting, OperationVerb verb, Operation& made) {
  std::string_view word = setting.word();
  if (verb != OperationVerb::list) return misplaced(setting, fmt::format("`{}` stands in `list`", word));
  Names names = names_behind(verb);
  names.page = true;
  if (word == "each") return each(setting, made);
  if (word == "next") {
    made.next = expression(setting.value(), names, session_.types.optional(session_.basic(TypeKind::string)));
  } else {
    made.complete =
        expression(setting.child(NodeKind::when_clause).value(), names, session_.basic(TypeKind::boolean));
  }
}

void OperationLowering::each(NodeRef setting, Operation& made) {
  Names names = names_behind(OperationVerb::list);
  made.each = expression(setting.value(), names);
  names.item = true;
  NodeRef by = setting.child(NodeKind::by_clause).value();
  std::size_t before = session_.sink.error_count();
  made.key = expression(by, names);
  if (type_.identity.size() < 2 || session_.sink.error_count() != before) return;
  // Of several identity fields the key is a record, and an item without one of them could be any object.
  for (const FieldPath& path : type_.identity) {
    const std::string& name = path.steps.front().name;
    bool there = made.key->type != nullptr && made.key->type->field(name) != nullptr;
    if (there) continue;
    session_
        .error(DiagnosticCode::bad_type_declaration, fmt::format("`by` does not give `{}`", name), by.span())
        .helps.push_back(
            {fmt::format("write a record of the identity: `by {{ {} = item.…, … }}`", name), {}});
    return;
  }
}

namespace {

/// One type's fields against its operations.
class HttpTypeCheck {
 public:
  HttpTypeCheck(Session& session, const ResourceType& type, NodeRef declaration)
      : session_(session), type_(type), declaration_(declaration) {}

  void run() {
    const ResourceType* provider = session_.input.types.find(type_.provider_type);
    if (provider != nullptr && provider->http.base == nullptr)
      wrong("", fmt::format("type `{}` goes through `{}`, which says no `base`", name(), provider->name),
            fmt::format("write `base …` in `{}`: the address that paths stand behind", provider->name));
    if (provider != nullptr && type_.transport == Transport::s3) signed_by(*provider);
    assigned();
    for (const FieldType& field : type_.schema->fields) {
      said_once(field);
      bool computed = has(field.flags, FieldFlag::computed);
      if (identifies(field) && computed) {
        wrong(field.name,
              fmt::format("`{}` names the object, and is known only after it was made", field.name),
              fmt::format("name it by fields that are written, and write `assigned {}`", field.name));
      } else if (!identifies(field) && !computed && !changeable(field)) {
        wrong(field.name, fmt::format("no `update` changes `{}`", field.name),
              fmt::format("write `update {} {{ … }}`, or mark the field `immutable`", field.name));
      }
    }
  }

 private:
  [[nodiscard]] std::string_view name() const { return declaration_.word(); }

  /// What every request is signed with stands in fields of the connection.
  void signed_by(const ResourceType& provider) {
    const FieldType* id = provider.schema->field("access_key");
    const FieldType* key = provider.schema->field("secret_key");
    bool named = id != nullptr && id->type->kind == TypeKind::string;
    bool secret = key != nullptr && is_secret(key->type);
    if (named && secret) return;
    wrong(
        "", fmt::format("type `{}` goes through `{}`, which has no keys to sign with", name(), provider.name),
        fmt::format("write `access_key : string` and `secret_key : secret<string>` in `{}`", provider.name));
  }

  /// An object whose assigned name nobody remembers is found by the list, or by a read that does without it;
  /// either must then say that name.
  void assigned() {
    const Operations& operations = type_.operations;
    const std::string& field = operations.assigned;
    if (field.empty()) return;
    bool listed = operations.list.span.known();
    if (!listed && !read_by_identity(operations))
      return wrong("", fmt::format("type `{}` needs a `list`, or a `read` without `self.{}`", name(), field),
                   fmt::format("an object whose `{}` nobody remembers is found by it", field));
    if (!takes(operations.list.take != nullptr ? operations.list : operations.read, field))
      wrong(
          "", fmt::format("the `{}` of `{}` does not take `{}`", listed ? "list" : "read", name(), field),
          fmt::format("write `{} = item.…` in its `take`, or `{} = body.…` in that of `read`", field, field));
  }

  /// What no read takes must be taken from the reply that makes it, and so must what an `update` makes anew.
  void said_once(const FieldType& field) {
    if (!is_told_once(type_, field.name)) return;
    auto again = std::ranges::find_if(type_.operations.updates, [&](const Operation& update) {
      return !takes(update, field.name) && std::ranges::any_of(update.fields, [&](const FieldPath& path) {
        return path.text() == field.name;
      });
    });
    if (!takes(type_.operations.create, field.name))
      wrong(field.name, fmt::format("nothing says `{}`", field.name),
            fmt::format("write `take {{ {} = body.… }}` in `create`, or in `read` if it can be read",
                        field.name));
    else if (again != type_.operations.updates.end())
      wrong(field.name, fmt::format("`update {0}` does not take `{0}`", field.name),
            fmt::format("write `take {{ {} = body.… }}` in it", field.name));
  }

  [[nodiscard]] bool identifies(const FieldType& field) const {
    return std::any_of(type_.identity.begin(), type_.identity.end(),
                       [&](const FieldPath& path) { return path.steps.front().name == field.name; });
  }

  /// Some update takes the field, or a change replaces the object.
  [[nodiscard]] bool changeable(const FieldType& field) const {
    if (has(field.flags, FieldFlag::immutable)) return true;
    const auto& updates = type_.operations.updates;
    return std::any_of(updates.begin(), updates.end(), [&](const Operation& each) {
      auto named = [&](const FieldPath& path) { return path.steps.front().name == field.name; };
      return each.fields.empty() || std::any_of(each.fields.begin(), each.fields.end(), named);
    });
  }

  /// At the field, or at the type's name.
  void wrong(std::string_view field, std::string message, std::string help) {
    NodeRef node = first_named(declaration_.child(NodeKind::body), NodeKind::typed_field, field);
    session_
        .error(DiagnosticCode::bad_type_declaration, std::move(message),
               (node ? node : declaration_).word_span())
        .helps.push_back({std::move(help), {}});
  }

  Session& session_;
  const ResourceType& type_;
  NodeRef declaration_;
};

}  // namespace

void check_http_type(Session& session, const ResourceType& type, NodeRef declaration) {
  HttpTypeCheck(session, type, declaration).run();
}

/// What an operation must say besides its requests.
void OperationLowering::complete(NodeRef setting, OperationVerb verb, const Operation& made) {
  auto incomplete = [&](DiagnosticCode code, std::string message, std::string help) {
    session_.error(code, std::move(message), setting.word_span()).helps.push_back({std::move(help), {}});
  };
  if (verb == OperationVerb::read && made.absent == nullptr) {
    incomplete(DiagnosticCode::bad_type_declaration, "`read` does not say when the object is not there",
               "write `absent when status == 404`, or whatever this API answers then");
  }
  if (verb != OperationVerb::list) return;
  if (made.each == nullptr) {
    incomplete(DiagnosticCode::bad_type_declaration, "`list` does not say where its items are",
               "write `each body by item.name`: the items, and which identity each has");
  } else if (made.next == nullptr && made.complete == nullptr) {
    incomplete(
        DiagnosticCode::incomplete_list, "`list` does not say when it is complete",
        "write `next` with the path of the following page or null, or `complete when` with what holds on "
        "a page that is all there is");
  }
}

}  // namespace carbon
