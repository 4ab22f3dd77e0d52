#include "lsp/snippets.h"

#include <algorithm>
#include <array>

namespace carbon::lsp {

namespace {

struct SnippetRow {
  std::string_view keyword;
  std::string_view snippet;
};
constexpr auto rows = std::to_array<SnippetRow>({
    {"platform", "platform ${1:name} {\n  title = \"${2:title}\"$0\n}"},
    {"import", "import \"${1:std/k8s}\"$0"},
    {"let", "let ${1:name} = ${0:null}"},
    {"input", "input ${1:name} : ${2:string}$0"},
    {"output", "output ${1:name} : ${2:string} = ${0:null}"},
    {"check", "check ${1:true} else \"${2:message}\"$0"},
    {"fn", "fn ${1:name}(${2:value} : ${3:string}) : ${4:string} = ${0:value}"},
    {"type", "type ${1:Name} = ${0:string}"},
    {"resource", "resource ${1:name} : ${2:Type} {\n  $0\n}"},
    {"lookup", "lookup ${1:name} : ${2:Type} {\n  $0\n}"},
    {"use", "use ${1:name} : ${2:Component} {\n  $0\n}"},
    {"provider", "provider ${1:name} : ${2:Type} {\n  $0\n}"},
    {"policy",
     "policy ${1:name} : ${2|error,warning,info|} for ${3:each} in resources(${4:Type}) {\n"
     "  check ${5:true} else \"${6:message}\"$0\n}"},
    {"component", "component ${1:Name} {\n  $0\n}"},
    {"environment", "environment ${1:name} {\n  $0\n}"},
    {"test", "test \"${1:name}\" {\n  $0\n}"},
    {"moved", "moved ${1:old} -> ${2:new}$0"},
    {"removed", "removed ${1:address} ${2|keep,destroy|}$0"},
});

}  // namespace

std::string_view declaration_snippet(std::string_view keyword) {
  auto found =
      std::find_if(rows.begin(), rows.end(), [&](const SnippetRow& row) { return row.keyword == keyword; });
  return found == rows.end() ? std::string_view() : found->snippet;
}

}  // namespace carbon::lsp
