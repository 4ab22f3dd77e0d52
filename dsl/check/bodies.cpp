// Records, maps and the fields of resources: everything that stands in braces.

#include <fmt/format.h>
#include <algorithm>
#include <unordered_set>

#include "dsl/check/inferred_record.h"
#include "dsl/check/lowering.h"
#include "dsl/check/settings.h"
#include "dsl/syntax/literal.h"

namespace carbon {

/// One body against one type.
class BodyLowering {
 public:
  enum class Level : std::uint8_t { outer, nested };

  BodyLowering(Lowering& lowering, NodeRef body, TypePtr expected, BodyMode mode, Level level)
      : lowering_(lowering),
        session_(lowering.session_),
        body_(body),
        mode_(mode),
        // The settings and lets of an instance's own body are read by its declaration.
        instance_(level == Level::outer && (mode == BodyMode::resource || mode == BodyMode::inputs)),
        wanted_(bare(expected)),
        secret_(is_secret(expected)),
        inferred_(session_) {}

  Lowered run() {
    if (wanted_ != nullptr && !shape()) return lowering_.failed(body_.span());
    if (session_.input.index != nullptr)
      session_.input.index->body(body_.span(), record_ != nullptr ? record_ : wanted_);
    BodyMode around = std::exchange(lowering_.mode_, mode_);
    Place::Mark mark = lowering_.place_.mark();
    for (NodeRef item : body_.children(NodeCategory::item)) this->item(item);
    // After a misspelt field the one it stands for would be missing too.
    if (record_ != nullptr && !dynamic_ && !bad_) complete();
    lowering_.place_.release(mark);
    lowering_.mode_ = around;
    return bad_ ? lowering_.failed(body_.span()) : build();
  }

 private:
  /// Decides what fields may be; reports when no body can be of the type.
  bool shape() {
    switch (wanted_->kind) {
      case TypeKind::record: record_ = wanted_; return true;
      case TypeKind::map: element_ = part_of_secret(wanted_->element); return true;
      case TypeKind::json: element_ = part_of_secret(wanted_); return true;
      case TypeKind::union_: return choose();
      case TypeKind::list:
        if (mode_ == BodyMode::patch && !wanted_->keys.empty()) {
          element_ = wanted_->element;
          return true;
        }
        break;
      case TypeKind::string:
      case TypeKind::integer:
      case TypeKind::floating:
      case TypeKind::boolean:
      case TypeKind::blob:
      case TypeKind::bytes:
      case TypeKind::cpu:
      case TypeKind::quantity:
      case TypeKind::duration:
      case TypeKind::int_or_string:
      case TypeKind::set:
      case TypeKind::literal:
      case TypeKind::optional:
      case TypeKind::secret:
      case TypeKind::reference: break;
    }
    lowering_.error(DiagnosticCode::type_mismatch,
                    fmt::format("expected `{}`, found a record", to_string(*wanted_)), body_.span(),
                    "this is a record");
    return false;
  }

  /// The record of a union whose literal field says the same as the body's.
  bool choose() {
    for (TypePtr option : wanted_->alternatives) {
      if (option->kind != TypeKind::record) continue;
      for (const FieldType& field : option->fields) {
        if (field.type->kind != TypeKind::literal) continue;
        for (NodeRef item : body_.children(NodeKind::field)) {
          bool same = item.word() == field.name && item.value().is(NodeKind::string) &&
                      constant_string(item.value()) == field.type->name;
          if (same) record_ = option;
        }
      }
    }
    if (record_ == nullptr) {
      lowering_.error(DiagnosticCode::type_mismatch,
                      fmt::format("no record of `{}` has this tag", to_string(*wanted_)), body_.span());
    }
    return record_ != nullptr;
  }

  void item(NodeRef node) {
    if (node.is(NodeKind::field)) return named(node, node.word(), node.word_span(), node.value());
    if (node.is(NodeKind::string_key_field)) {
      auto values = node.children(NodeCategory::expression);
      NodeRef key = values.at(0);
      if (auto name = constant_string(key))
        return named(node, session_.keep(std::move(*name)), key.span(), values.at(1));
      return computed(node, key, values.at(1));
    }
    if (node.is(NodeKind::computed_key_field)) {
      auto values = node.children(NodeCategory::expression);
      return computed(node, values.at(0), values.at(1));
    }
    if (node.is(NodeKind::spread)) return spread(node);
    if (node.is(NodeKind::comprehension_field)) return comprehension(node);
    if (instance_ && (node.is(NodeKind::setting) || node.is(NodeKind::item_let))) return;
    if (node.is(NodeKind::item_let)) return let(node);
    misplaced(node);
  }

  void misplaced(NodeRef node) {
    bad_ = true;
    std::string_view word = node.word();
    bool known_field = record_ != nullptr && record_->field(word) != nullptr;
    bool braces = node.is(NodeKind::setting) && node.child(NodeKind::body);
    if (!node.is(NodeKind::setting)) {
      lowering_.error(DiagnosticCode::expected_token, "a field of a value has `=`", node.span());
    } else if (known_field || braces) {
      field_without_equals(session_, node);
    } else {
      lowering_.error(DiagnosticCode::unknown_setting, fmt::format("a record has no settings: `{}`", word),
                      node.word_span(), "fields need `=`");
    }
  }

  void let(NodeRef node) {
    TypePtr type =
        node.type() ? TypeLowering(session_, lowering_.place_.package()).lower(node.type()) : nullptr;
    Lowered value = lowering_.lower(node.value(), type);
    std::uint32_t slot =
        lowering_.place_.bind(node.word(), node.word_span(), type != nullptr ? type : value.type);
    lets_.push_back({slot, lowering_.expr(value), node.span()});
  }

  /// The condition of a trailing `if`; names that it tests are narrowed until the mark is released.
  const Expr* guard(NodeRef node) {
    NodeRef clause = node.child(NodeKind::if_clause);
    if (!clause) return nullptr;
    const Expr* condition = lowering_.condition(clause.value());
    lowering_.place_.narrow(clause.value());
    return condition;
  }

  void named(NodeRef node, std::string_view name, SourceSpan span, NodeRef value_node) {
    const FieldType* field = record_ != nullptr ? record_->field(name) : nullptr;
    TypePtr type = element_;
    if (record_ != nullptr) type = field != nullptr ? field->type : record_->open;
    if (record_ != nullptr && type == nullptr) return unknown_field(name, span);
    if (session_.input.index != nullptr && field != nullptr) session_.input.index->field(span, record_);
    type = part_of_secret(type);
    check_key(name, span);
    if (written(name)) {
      bad_ = true;
      std::string twice = fmt::format("the field `{}` is written twice", name);
      Diagnostic& made = lowering_.error(DiagnosticCode::field_repeated, twice, span, "written before");
      session_.remove_again(made, first_named(body_, NodeKind::field, name), node);
      return;
    }
    bool computed = field != nullptr && has(field->flags, FieldFlag::computed);
    if (computed && mode_ != BodyMode::taken && mode_ != BodyMode::value) {
      bad_ = true;
      lowering_.error(DiagnosticCode::computed_field_written, fmt::format("`{}` is set by the server", name),
                      span, "cannot be written");
      return;
    }
    if (field != nullptr && !field->deprecated.empty() && mode_ != BodyMode::taken)
      session_.sink.warning(DiagnosticCode::deprecated_field,
                            fmt::format("`{}` should no longer be written: {}", name, field->deprecated),
                            span);
    Place::Mark mark = lowering_.place_.mark();
    const Expr* condition = guard(node);
    Lowered value;
    bool needed = field != nullptr && has(field->flags, FieldFlag::required);
    bool absent =
        value_node.is(NodeKind::null_value) && mode_ != BodyMode::value && mode_ != BodyMode::inputs;
    if (absent && (!needed || mode_ == BodyMode::patch)) {
      value = lowering_.constant(Value(), type, value_node.span());
    } else {
      value = lowering_.lower(value_node, mode_ == BodyMode::taken ? optional(type) : type);
    }
    lowering_.place_.release(mark);
    add({name, span, nullptr, std::move(value), condition});
  }

  /// In a `secret<…>` every part may be one.
  TypePtr part_of_secret(TypePtr type) {
    return secret_ && type != nullptr && !is_secret(type) ? session_.types.secret(type) : type;
  }

  TypePtr optional(TypePtr type) {
    return type == nullptr || type->kind == TypeKind::optional ? type : session_.types.optional(type);
  }

  [[nodiscard]] bool is_written(std::string_view name) const {
    return many_.empty() ? std::find(fields_.begin(), fields_.end(), name) != fields_.end()
                         : many_.contains(name);
  }

  /// Whether the field was written before; it is from now on. Few fields are looked through, many are hashed.
  bool written(std::string_view name) {
    constexpr std::size_t few = 16;
    if (is_written(name)) return true;
    fields_.push_back(name);
    if (!many_.empty()) many_.insert(name);
    if (many_.empty() && fields_.size() > few) many_.insert(fields_.begin(), fields_.end());
    return false;
  }

  void unknown_field(std::string_view name, SourceSpan span) {
    bad_ = true;
    std::string type = record_->name.empty() ? "the record" : fmt::format("`{}`", record_->name);
    Diagnostic& made =
        lowering_.error(DiagnosticCode::unknown_field, fmt::format("{} has no field `{}`", type, name), span,
                        "unknown field");
    std::vector<std::string_view> near;
    for (const FieldType& field : record_->fields)  // one that is there already cannot be meant
      if (!first_named(body_, NodeKind::field, field.name)) near.push_back(field.name);
    session_.suggest(made, name, span, near);
  }

  /// `[key("80", "TCP")]` of an item of a list with several key fields: the parts joined as patches look for
  /// them. Nothing for any other key.
  std::optional<std::string> composite(NodeRef node) {
    bool call = mode_ == BodyMode::patch && node.is(NodeKind::postfix) && node.children().count() == 2 &&
                node.children().at(0).text() == "key" && node.children().at(1).is(NodeKind::call);
    if (!call) return std::nullopt;
    std::string joined;
    for (NodeRef argument : node.children().at(1).children(NodeKind::argument)) {
      Lowered part = lowering_.lower(argument.value(), session_.basic(TypeKind::string));
      bad_ = bad_ || !part.is_constant();
      if (part.is_constant())
        joined +=
            fmt::format("{}{}", joined.empty() ? "" : std::string(1, key_separator), part.constant.text());
    }
    return joined;
  }

  /// The keys of a patched list must say all key fields.
  void check_key(std::string_view name, SourceSpan span) {
    bool list = wanted_ != nullptr && wanted_->kind == TypeKind::list;
    auto parts = static_cast<std::size_t>(std::count(name.begin(), name.end(), key_separator)) + 1;
    if (!list || parts == wanted_->keys.size()) return;
    bad_ = true;
    lowering_
        .error(DiagnosticCode::type_mismatch,
               fmt::format("items of this list are told apart by `{}`", fmt::join(wanted_->keys, "`, `")),
               span)
        .helps.push_back({"write `[key(\"…\", \"…\")] = { … }`", {}});
  }

  void computed(NodeRef node, NodeRef key_node, NodeRef value_node) {
    if (auto name = composite(key_node))
      return named(node, session_.keep(std::move(*name)), key_node.span(), value_node);
    Place::Mark mark = lowering_.place_.mark();
    const Expr* condition = guard(node);
    Lowered key = lowering_.lower(key_node);
    if (key.is_constant() && key.constant.is_string()) {
      lowering_.place_.release(mark);
      return named(node, session_.keep(std::string(key.constant.text())), key_node.span(), value_node);
    }
    // Which field it will be is not known here, so only a map can have it.
    dynamic_ = true;
    Lowered value = lowering_.lower(value_node, element_);
    lowering_.place_.release(mark);
    bad_ = bad_ || key.failed;
    add({"", key_node.span(), lowering_.expr(key), std::move(value), condition});
  }

  void spread(NodeRef node) {
    dynamic_ = true;
    Place::Mark mark = lowering_.place_.mark();
    const Expr* condition = guard(node);
    TypePtr part = wanted_;
    if (record_ != nullptr) part = session_.partial(record_);
    Lowered value = lowering_.lower(node.value(), part_of_secret(part));
    lowering_.place_.release(mark);
    bad_ = bad_ || value.failed;
    if (value.failed) return;
    Expr& made = lowering_.arena_.make(ExprKind::spread, node.span());
    made.children.push_back(lowering_.expr(value));
    if (condition != nullptr) made.children.push_back(condition);
    const Type* type = value.type;
    if (wanted_ == nullptr) spread_types(type);
    flush();  // what stands before it is overridden by it
    exprs_.push_back(&made);
  }

  /// The fields of an inferred record that come from a spread.
  void spread_types(const Type* type) {
    if (type == nullptr || type->kind != TypeKind::record) {
      inferred_.open();
      return;
    }
    for (const FieldType& field : type->fields)
      inferred_.add(field.name, field.type, has(field.flags, FieldFlag::required));
  }

  void comprehension(NodeRef node) {
    auto values = node.children(NodeCategory::expression);
    Place::Mark mark = lowering_.place_.mark();
    Expr& made = lowering_.arena_.make(ExprKind::map_comprehension, node.span());
    TypePtr collection = nullptr;
    made.children.push_back(
        lowering_.each(node.child(NodeKind::each_clause), made.variables, made.slot, collection));
    const Expr* condition = guard(node);
    Lowered key = lowering_.lower(values.at(0));
    TypePtr element = record_ != nullptr ? part_of_secret(record_->open) : element_;
    Lowered value = lowering_.lower(values.at(1), element);
    lowering_.place_.release(mark);
    bad_ = bad_ || key.failed || value.failed;
    made.children.push_back(lowering_.expr(key));
    made.children.push_back(lowering_.expr(value));
    if (condition != nullptr) made.children.push_back(condition);
    made.type = session_.types.map(known(session_.types, value.type));
    whole_ = &made;
  }

  struct Field {
    std::string_view name;  ///< in the source, the type or the session
    SourceSpan span;
    const Expr* key;  ///< computed key, or nullptr
    Lowered value;
    const Expr* condition;
  };

  void add(Field field) {
    bad_ = bad_ || field.value.failed;
    if (wanted_ == nullptr) {
      if (field.key == nullptr) {
        inferred_.add(field.name, field.value.type, field.condition == nullptr, field.span);
      } else {
        inferred_.open();
      }
    }
    plain_ = plain_ && field.key == nullptr && field.condition == nullptr && field.value.is_constant();
    if (plain_ && exprs_.empty()) {
      constants_.push_back(std::move(field));
      return;
    }
    flush();
    exprs_.push_back(field_expr(field));
  }

  const Expr* field_expr(const Field& field) {
    Expr& made =
        lowering_.arena_.make(field.key != nullptr ? ExprKind::computed_field : ExprKind::field, field.span);
    made.name = std::string(field.name);
    if (field.key != nullptr) made.children.push_back(field.key);
    made.children.push_back(lowering_.expr(field.value));
    if (field.condition != nullptr) made.children.push_back(field.condition);
    made.type = field.value.type;
    return &made;
  }

  void flush() {
    for (const Field& field : std::exchange(constants_, {})) exprs_.push_back(field_expr(field));
  }

  /// Defaults of fields that are not written, and what is still missing then.
  void complete() {
    auto defaults = session_.defaults.find(record_);
    for (const FieldType& field : record_->fields) {
      if (is_written(field.name)) continue;
      if (defaults != session_.defaults.end() && mode_ != BodyMode::patch && mode_ != BodyMode::taken) {
        auto& all = defaults->second;
        auto found = std::find_if(all.begin(), all.end(),
                                  [&](const FieldDefault& d) { return d.field == field.name; });
        if (found != all.end()) {
          Place constants(session_);
          Lowered value = Lowering(constants, lowering_.arena_).lower(found->value, field.type);
          // The default is not written here, so it has no place here.
          value.constant = value.constant.with_origin(0);
          add({field.name, body_.span(), nullptr, std::move(value), nullptr});
          continue;
        }
      }
      bool missing =
          has(field.flags, FieldFlag::required) && mode_ != BodyMode::patch && mode_ != BodyMode::taken;
      if (missing) missing_field(field);
    }
  }

  void missing_field(const FieldType& field) {
    bad_ = true;
    std::string type = record_->name.empty() ? "the record" : fmt::format("`{}`", record_->name);
    SourceSpan brace{body_.span().begin, body_.span().begin + 1};
    lowering_.error(DiagnosticCode::missing_field, fmt::format("{} needs the field `{}`", type, field.name),
                    brace, fmt::format("`{} : {}` is not written", field.name, short_text(*field.type)));
  }

  Lowered build() {
    if (whole_ != nullptr) return wrap(lowering_.make(*whole_));
    TypePtr type = wanted_ != nullptr       ? (record_ != nullptr ? record_ : wanted_)
                   : inferred_.is_any_map() ? map_of_all()
                                            : inferred_.make();
    bool map = wanted_ != nullptr && wanted_->kind == TypeKind::map;
    if (exprs_.empty() && lets_.empty()) {
      std::vector<Entry> entries;
      entries.reserve(constants_.size());
      for (Field& field : constants_)
        entries.push_back(
            {Value::string(field.name).with_origin(field.span.begin), std::move(field.value.constant)});
      Value made = map ? Value::map(std::move(entries)) : Value::record(std::move(entries));
      return lowering_.constant(std::move(made), type, body_.span());
    }
    flush();
    bool named = std::all_of(exprs_.begin(), exprs_.end(),
                             [](const Expr* each) { return each->kind == ExprKind::field; });
    // Fields that were checked one by one and stand in a map's order need no second look.
    if (map && named) {
      std::stable_sort(exprs_.begin(), exprs_.end(),
                       [](const Expr* a, const Expr* b) { return a->name < b->name; });
    }
    Expr& made = lowering_.arena_.make(ExprKind::record, body_.span());
    made.children = std::move(exprs_);
    made.type = type;
    if (!map || named) return wrap(lowering_.make(made));
    Expr& turned = lowering_.arena_.make(ExprKind::convert, body_.span());
    turned.type = part_of_secret(type);
    turned.children.push_back(&made);
    return wrap(lowering_.make(turned));
  }

  /// `{ [a] = 1, [b] = 2 }`: fields by computed names only.
  TypePtr map_of_all() {
    flush();
    TypePtr element = nullptr;
    for (std::size_t i = 0; i < exprs_.size(); ++i) {
      bool spread = exprs_[i]->kind == ExprKind::spread;
      TypePtr type = spread ? nullptr : exprs_[i]->type;
      element = i == 0 ? type : common_type(session_.types, element, type);
    }
    return session_.types.map(known(session_.types, element));
  }

  Lowered wrap(Lowered body) {
    for (std::size_t i = lets_.size(); i-- > 0;) {
      Expr& made = lowering_.arena_.make(ExprKind::let, lets_[i].span);
      made.slot = lets_[i].slot;
      made.type = body.type;
      made.children = {lets_[i].value, lowering_.expr(body)};
      body = lowering_.make(made);
    }
    return body;
  }

  struct Let {
    std::uint32_t slot;
    const Expr* value;
    SourceSpan span;
  };

  Lowering& lowering_;
  Session& session_;
  NodeRef body_;
  BodyMode mode_;
  bool instance_;
  TypePtr wanted_;
  bool secret_;  ///< a secret of the wanted type is wanted
  TypePtr record_ = nullptr;
  TypePtr element_ = nullptr;  ///< type of every field, where there is one
  bool bad_ = false;
  bool plain_ = true;            ///< only constants so far
  bool dynamic_ = false;         ///< which fields there are is not known
  const Expr* whole_ = nullptr;  ///< a comprehension makes the whole map
  std::vector<std::string_view> fields_;
  std::unordered_set<std::string_view> many_;  ///< the same, once there are many
  std::vector<Field> constants_;
  std::vector<const Expr*> exprs_;
  InferredRecord inferred_;
  std::vector<Let> lets_;
};

Lowered Lowering::lower_body(NodeRef body, TypePtr expected, BodyMode mode) {
  return BodyLowering(*this, body, expected, mode, BodyLowering::Level::outer).run();
}

Lowered Lowering::nested_body(NodeRef body, TypePtr expected) {
  BodyMode mode = mode_ == BodyMode::inputs ? BodyMode::value : mode_;
  return BodyLowering(*this, body, expected, mode, BodyLowering::Level::nested).run();
}

}  // namespace carbon
