#include "dsl/check/types.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "dsl/check/lowering.h"
#include "dsl/syntax/doc.h"
#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

struct FieldWord {
  std::string_view name;
  FieldFlag flag;
};
constexpr std::array<FieldWord, 6> field_words_known{{
    {"identity", FieldFlag::identity},
    {"immutable", FieldFlag::immutable},
    {"computed", FieldFlag::computed},
    {"write_only", FieldFlag::write_only},
    {"server_default", FieldFlag::server_default},
    {"derived", FieldFlag::derived | FieldFlag::computed},
}};
/// Words that say more than a flag.
constexpr std::array<std::string_view, 4> field_words_more{"unordered", "keyed_by", "normalize",
                                                           "deprecated"};

}  // namespace

TypePtr TypeLowering::lower(NodeRef type) {
  if (!type) return session_.basic(TypeKind::json);
  if (type.is(NodeKind::path_type)) return path(type);
  if (type.is(NodeKind::optional_type)) {
    TypePtr element = lower(type.type());
    return element->kind == TypeKind::optional ? element : session_.types.optional(element);
  }
  if (type.is(NodeKind::literal_type))
    return session_.types.literal(constant_string(type.value()).value_or(""));
  if (type.is(NodeKind::union_type)) return union_of(type);
  Type& record = session_.types.make(TypeKind::record);
  fields(type, record);
  if (session_.is_small(&record)) return &record;
  session_.error(DiagnosticCode::fuel_exhausted, "the type has too many parts or levels", type.span(),
                 "more than 100000 parts, or 500 levels");
  return session_.basic(TypeKind::json);
}

TypePtr TypeLowering::path(NodeRef type) {
  auto words = type.children(NodeKind::word);
  TypePtr found = nullptr;
  if (words.count() == 1) {
    found = type.child(NodeKind::type_arguments) ? generic(type.word(), type) : local(words.at(0));
  } else {
    found = qualified(words.at(0), words.at(1));
  }
  NodeRef facets = type.child(NodeKind::facets);
  return facets ? with_facets(found, facets) : found;
}

TypePtr TypeLowering::generic(std::string_view name, NodeRef type) {
  auto arguments = type.child(NodeKind::type_arguments).children(NodeCategory::type);
  TypePtr element = lower(arguments.at(0));
  if (arguments.count() == 1) {
    if (name == "list") return session_.types.list(element);
    if (name == "set") return session_.types.set(element);
    if (name == "map") return session_.types.map(element);
    if (name == "secret") return session_.types.secret(element);
  }
  return unknown(name, type.word_span(), {"list", "set", "map", "secret"});
}

TypePtr TypeLowering::local(NodeRef node) {
  std::string_view name = node.text();
  if (TypePtr basic = find_basic(session_.types, name)) return basic;
  ScopeWork& work = session_.packages[package_];
  auto found = work.names.find(name);
  if (found != work.names.end()) {
    if (TypePtr type = meant(found->second)) {
      session_.index_name(node.span(), found->second.span, type);
      return type;
    }
  }
  std::vector<std::string_view> near{"string", "int", "float",    "bool",      "json",   "blob",
                                     "bytes",  "cpu", "quantity", "duration",  "cron",   "cidr",
                                     "ip",     "url", "dns_name", "dns_label", "semver", "regex",
                                     "list",   "set", "map",      "secret"};
  for (const auto& [known, entry] : work.names) {
    if (entry.kind == NameKind::type || entry.kind == NameKind::component) near.push_back(known);
  }
  return unknown(name, node.span(), std::move(near));
}

TypePtr TypeLowering::qualified(NodeRef package_node, NodeRef name_node) {
  std::string_view package = package_node.text();
  std::string_view name = name_node.text();
  SourceSpan span = name_node.span();
  auto& names = session_.packages[package_].names;
  auto found = names.find(package);
  if (found == names.end() || found->second.kind != NameKind::package) {
    std::vector<std::string_view> near;
    for (const auto& [known, entry] : names) {
      if (entry.kind == NameKind::package) near.push_back(known);
    }
    Diagnostic& error =
        session_.error(DiagnosticCode::unknown_name, fmt::format("no package `{}` is imported", package),
                       package_node.span());
    session_.suggest(error, package, package_node.span(), near);
    return session_.basic(TypeKind::json);
  }
  found->second.used = true;
  session_.index_name(package_node.span(), found->second.span, nullptr);
  const PackageEntry& entry = session_.imported[found->second.index];
  std::vector<std::string_view> near;
  if (entry.schema != nullptr) {
    if (SchemaType* known = entry.schema->find(name)) return imported(*known, entry.schema->import);
    for (const SchemaType& each : entry.schema->types) near.push_back(each.name);
  } else if (entry.package != PackageEntry::no_text) {
    auto& inside = session_.packages[entry.package].names;
    auto at = inside.find(name);
    bool visible = at != inside.end() && !name.starts_with('_');
    TypePtr type = visible ? TypeLowering(session_, entry.package).meant(at->second) : nullptr;
    if (type != nullptr) {
      session_.index_name(span, at->second.span, type);
      return type;
    }
    for (const auto& [known, thing] : inside) {
      if (thing.kind == NameKind::type || thing.kind == NameKind::component) near.push_back(known);
    }
  } else if (const ResourceType* known = session_.input.types.find(fmt::format("{}.{}", entry.name, name))) {
    session_.index_name(span, {}, session_.reference_to(*known));
    return session_.reference_to(*known);
  }
  std::vector<std::string> all = session_.input.types.names(entry.name);
  for (std::string& each : all) each.erase(0, entry.name.size() + 1);
  if (entry.schema == nullptr && entry.package == PackageEntry::no_text) near.assign(all.begin(), all.end());
  Diagnostic& error =
      session_.error(DiagnosticCode::unknown_type, fmt::format("`{}` has no type `{}`", package, name), span);
  session_.suggest(error, name, span, near);
  return session_.basic(TypeKind::json);
}

TypePtr TypeLowering::meant(const NameEntry& entry) {
  if (entry.kind == NameKind::type) return declared(session_.type_entries[entry.index]);
  return entry.kind == NameKind::component ? session_.program.components[entry.index].type : nullptr;
}

/// Says once why the type cannot be used, or what its schema says and it does not.
TypePtr TypeLowering::imported(SchemaType& type, const Import& import) {
  constexpr std::size_t most = 5;
  if (type.error) {
    Diagnostic error = type.error->diagnostic();
    error.message = fmt::format("`{}`: {}", import.path, error.message);
    error.labels = {{import.span, fmt::format("`{}.{}` is in this file", import.name, type.name)}};
    session_.sink.add(std::move(error));
    type.error.reset();
  }
  if (!type.gaps.empty()) {
    Diagnostic& warning = session_.sink.warning(
        DiagnosticCode::not_yet_supported,
        fmt::format("`{}.{}` takes more than its schema, of which a part is not supported", import.name,
                    type.name),
        import.span);
    warning.helps.push_back({"judge the rest with a `check`, or write the type by hand", std::nullopt});
    for (std::size_t i = 0; i < std::min(type.gaps.size(), most); ++i)
      warning.notes.push_back(fmt::format("`{}`: {}", type.gaps[i].where, type.gaps[i].what));
    if (type.gaps.size() > most) warning.notes.push_back(fmt::format("and {} more", type.gaps.size() - most));
    type.gaps.clear();
  }
  return type.resource != nullptr ? session_.reference_to(*type.resource) : type.type;
}

TypePtr TypeLowering::unknown(std::string_view name, SourceSpan span, std::vector<std::string_view> near) {
  Diagnostic& error =
      session_.error(DiagnosticCode::unknown_type, fmt::format("there is no type `{}`", name), span);
  session_.suggest(error, name, span, near);
  return session_.basic(TypeKind::json);
}

TypePtr TypeLowering::declared(TypeEntry& entry) {
  if (entry.type != nullptr) return entry.type;
  if (entry.progress == Progress::busy) {
    session_.error(DiagnosticCode::cycle, fmt::format("type `{}` is made of itself", entry.name),
                   entry.node.word_span());
    return session_.basic(TypeKind::json);
  }
  entry.progress = Progress::busy;
  TypePtr made = TypeLowering(session_, entry.package).lower(entry.node.type());
  entry.progress = Progress::done;
  return entry.type = made;
}

TypePtr TypeLowering::union_of(NodeRef type) {
  std::vector<TypePtr> alternatives;
  for (NodeRef child : type.children(NodeCategory::type)) {
    TypePtr one = lower(child);
    if (one->kind == TypeKind::union_) {
      alternatives.insert(alternatives.end(), one->alternatives.begin(), one->alternatives.end());
    } else {
      alternatives.push_back(one);
    }
  }
  auto all = [&](TypeKind kind) {
    for (TypePtr one : alternatives) {
      if (one->kind != kind) return false;
    }
    return true;
  };
  bool numbers_or_text = alternatives.size() == 2 && alternatives[0]->kind == TypeKind::integer &&
                         alternatives[1]->kind == TypeKind::string;
  if (numbers_or_text) return session_.basic(TypeKind::int_or_string);
  if (!all(TypeKind::literal) && !all(TypeKind::record)) {
    session_.error(DiagnosticCode::unknown_type, "a union is of string literals or of records", type.span());
    return session_.basic(TypeKind::json);
  }
  Type& made = session_.types.make(TypeKind::union_);
  made.alternatives = std::move(alternatives);
  return &made;
}

void TypeLowering::fields(NodeRef body, Type& record, FieldsOf of) {
  for (NodeRef item : body.children(NodeCategory::item)) {
    if (item.is(NodeKind::open_fields)) {
      record.open = lower(item.type());
    } else if (item.is(NodeKind::typed_field)) {
      if (record.field(item.word()) != nullptr) {
        session_.error(DiagnosticCode::field_repeated,
                       fmt::format("field `{}` is declared twice", item.word()), item.word_span());
        continue;
      }
      FieldType made;
      made.name = std::string(item.word());
      made.type = lower(item.type());
      made.doc = doc_text(item);
      made.flags = field_words(item, made, of);
      bool needed = made.type->kind != TypeKind::optional && !item.value() &&
                    !has(made.flags, FieldFlag::computed) && !has(made.flags, FieldFlag::server_default);
      if (needed) made.flags = made.flags | FieldFlag::required;
      if (made.type->kind == TypeKind::secret) made.flags = made.flags | FieldFlag::sensitive;
      if (item.value()) session_.defaults[&record].push_back({item.word(), item.value()});
      if (session_.input.index != nullptr)
        session_.input.index->declare_field(&record, item.word(), item.word_span());
      record.fields.push_back(std::move(made));
    } else if (!item.is(NodeKind::setting)) {
      session_.error(DiagnosticCode::expected_token, "a type has typed fields: `name : type`", item.span());
    }
  }
}

FieldFlag TypeLowering::field_words(NodeRef field, FieldType& made, FieldsOf of) {
  FieldFlag flags = made.flags;
  for (NodeRef word : field.children(NodeKind::field_word)) {
    std::string_view name = word.word();
    auto known = std::find_if(field_words_known.begin(), field_words_known.end(),
                              [&](const FieldWord& one) { return one.name == name; });
    if (known != field_words_known.end()) {
      flags = flags | known->flag;
      continue;
    }
    if (std::find(field_words_more.begin(), field_words_more.end(), name) != field_words_more.end()) {
      field_word(word, made, of);
      continue;
    }
    Diagnostic& error = session_.error(DiagnosticCode::unknown_setting,
                                       fmt::format("`{}` is not a word for fields", name), word.word_span());
    std::vector<std::string_view> near(field_words_more.begin(), field_words_more.end());
    for (const FieldWord& one : field_words_known) near.push_back(one.name);
    session_.suggest(error, name, word.word_span(), near);
  }
  return flags;
}

void TypeLowering::field_word(NodeRef word, FieldType& made, FieldsOf of) {
  std::string_view name = word.word();
  auto arguments = word.child(NodeKind::facets).children(NodeKind::argument);
  auto wrong = [&](DiagnosticCode code, std::string message, std::string help) {
    session_.error(code, std::move(message), word.span()).helps.push_back({std::move(help), {}});
  };
  if (name == "deprecated") {
    NodeRef text = arguments.at(0).value();
    bool literal = arguments.count() == 1 && (text.is(NodeKind::string) || text.is(NodeKind::raw_string));
    made.deprecated = literal ? constant_string(text).value_or("") : "";
    if (made.deprecated.empty())
      wrong(DiagnosticCode::setting_arguments, "`deprecated` says what to write instead",
            "write `deprecated(\"use `b`\")`");
    return;
  }
  if (name == "normalize") {
    if (of == FieldsOf::record)
      wrong(DiagnosticCode::bad_type_declaration, "`normalize` stands behind a field of an object",
            "normalise the whole field that holds this record");
    if (of == FieldsOf::object && arguments.count() != 1)
      wrong(DiagnosticCode::setting_arguments, "`normalize` takes one expression over `value`",
            "write `normalize(lower(value))`, or whatever makes two spellings of one value equal");
    return;
  }
  bool list = bare(made.type)->kind == TypeKind::list;
  if (!list)
    return wrong(DiagnosticCode::bad_type_declaration, fmt::format("`{}` is of lists", name),
                 "a `set<T>` has no order already");
  Type& copy = session_.types.make(TypeKind::list);
  copy = *bare(made.type);
  if (name == "unordered") {
    copy.unordered = true;
  } else {
    keys_of(word, copy);
  }
  made.type = made.type->kind == TypeKind::optional ? session_.types.optional(&copy) : &copy;
}

/// `keyed_by(port, protocol)`: by which fields the items are told apart.
void TypeLowering::keys_of(NodeRef word, Type& list) {
  NodeRef written = word.child(NodeKind::facets);
  for (NodeRef argument : written.children(NodeKind::argument)) {
    NodeRef key = argument.value();
    if (list.element->field(key.text()) == nullptr) {
      session_.error(DiagnosticCode::unknown_field,
                     fmt::format("`{}` has no field `{}`", to_string(*list.element), key.text()), key.span());
    } else {
      list.keys.emplace_back(key.text());
    }
  }
  if (!written.child(NodeKind::argument))
    session_
        .error(DiagnosticCode::setting_arguments, "`keyed_by` names the fields that tell items apart",
               word.span())
        .helps.push_back({"write `keyed_by(name)`", {}});
}

InstanceType TypeLowering::instance_type(NodeRef type) {
  InstanceType made;
  if (type.is(NodeKind::optional_type)) {
    made.optional = true;
    type = type.type();
  }
  std::size_t before = session_.sink.error_count();
  TypePtr lowered = lower(type);
  if (session_.sink.error_count() != before) return made;
  auto component = session_.component_types.find(lowered);
  if (component != session_.component_types.end()) {
    made.component = component->second;
  } else if (lowered->kind == TypeKind::reference) {
    made.resource = session_.input.types.find(lowered->name);
  }
  if (made.component == nullptr && made.resource == nullptr) {
    session_.error(DiagnosticCode::unknown_type,
                   fmt::format("`{}` is not a resource type", to_string(*lowered)), type.span());
  }
  return made;
}

const ResourceType* TypeLowering::named(NodeRef expression) {
  auto parts = expression.children();
  bool qualifies = expression.is(NodeKind::postfix) && parts.count() == 2 && parts.at(0).is(NodeKind::name) &&
                   parts.at(1).is(NodeKind::member);
  std::size_t before = session_.sink.error_count();
  TypePtr found = nullptr;
  if (qualifies) found = qualified(parts.at(0), parts.at(1).child(NodeKind::word));
  if (expression.is(NodeKind::name)) found = local(expression);
  if (session_.sink.error_count() != before) return nullptr;
  const ResourceType* type = found != nullptr && found->kind == TypeKind::reference
                                 ? session_.input.types.find(found->name)
                                 : nullptr;
  if (type == nullptr || type->transport == Transport::connection) {
    session_.error(DiagnosticCode::unknown_type,
                   fmt::format("`{}` is not a resource type", session_.input.sources.text(expression.span())),
                   expression.span());
    return nullptr;
  }
  return type;
}

}  // namespace carbon
