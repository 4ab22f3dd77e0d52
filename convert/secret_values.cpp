#include "convert/secret_values.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/utf8.h"

namespace carbon {

namespace {

Value environment(const std::string& variable) {
  return Value::secret({"secret.env", {Value::string(variable)}});
}

/// A variable of a process holds text without NUL.
bool is_text(std::string_view bytes) {
  return bytes.find('\0') == std::string_view::npos && utf8::first_invalid(bytes) == std::string_view::npos;
}

class Hiding {
 public:
  Hiding(std::vector<SecretVariable>& variables, DiagnosticSink& sink) : variables_(variables), sink_(sink) {}

  void secret(Manifest& manifest) {
    std::vector<Entry> fields;
    for (const Entry& field : manifest.desired.entries()) {
      bool bears = field.key.text() == "data" || field.key.text() == "stringData";
      fields.push_back({field.key, bears ? hidden(manifest, field) : field.value});
    }
    manifest.desired = Value::record(std::move(fields));
  }

 private:
  Value hidden(const Manifest& manifest, const Entry& field) {
    if (!field.value.is_fields()) return {};
    std::vector<Entry> made;
    for (const Entry& entry : field.value.entries()) {
      bool empty = !entry.value.is_string() || entry.value.text().empty();
      made.push_back({entry.key, empty ? entry.value
                                 : field.key.text() == "data"
                                     ? data(manifest, entry)
                                     : environment(variable(manifest, entry, false))});
    }
    return Value::record(std::move(made));
  }

  Value data(const Manifest& manifest, const Entry& entry) {
    std::optional<std::string> bytes = base64_decode(entry.value.text());
    if (!bytes) {
      sink_
          .error(DiagnosticCode::bad_import_data,
                 fmt::format("{}: `data` of key `{}` is no base64", manifest.title(), entry.key.text()),
                 manifest.place)
          .helps.push_back({"write plain text in `stringData`", {}});
      return {};
    }
    bool text = is_text(*bytes);
    Value value = environment(variable(manifest, entry, !text));
    return text ? Value::secret({"base64", {std::move(value)}}) : value;
  }

  std::string variable(const Manifest& manifest, const Entry& entry, bool base64) {
    std::string name = variable_name(fmt::format("{} {}", manifest.name, entry.key.text()));
    std::string longer = manifest.object_namespace.empty()
                             ? name
                             : fmt::format("{}_{}", variable_name(manifest.object_namespace), name);
    std::string given = names_.take({name, longer});
    variables_.push_back({given, manifest.title(), std::string(entry.key.text()), base64, manifest.place});
    return given;
  }

  std::vector<SecretVariable>& variables_;
  DiagnosticSink& sink_;
  Names names_;
};

}  // namespace

void hide_secret_values(std::vector<Manifest>& manifests, std::vector<SecretVariable>& variables,
                        DiagnosticSink& sink) {
  Hiding hiding(variables, sink);
  for (Manifest& each : manifests) {
    if (each.kind == "Secret" && each.group().empty() && each.desired.is_fields()) hiding.secret(each);
  }
}

}  // namespace carbon
