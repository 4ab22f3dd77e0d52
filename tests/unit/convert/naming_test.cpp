#include "convert/naming.h"

#include <doctest/doctest.h>

using namespace carbon;

namespace {

Manifest manifest(std::string kind, std::string name, std::string space = "") {
  Manifest made;
  made.kind = std::move(kind);
  made.name = std::move(name);
  made.object_namespace = std::move(space);
  return made;
}

std::vector<std::string> addresses(std::vector<Manifest> manifests) {
  Names names;
  give_addresses(manifests, names);
  std::vector<std::string> made;
  for (const Manifest& each : manifests) made.push_back(each.address);
  return made;
}

}  // namespace

TEST_CASE("names become words of the language") {
  CHECK(identifier("cert-manager.io") == "cert_manager_io");
  CHECK(identifier("system:reader--x") == "system_reader_x");
  CHECK(identifier("9-lives") == "n9_lives");
  CHECK(identifier("-") == "");
  CHECK(variable_name("db tls.crt") == "DB_TLS_CRT");
}

TEST_CASE("the workload has the short name, whatever the order") {
  std::vector<std::string> all = addresses(
      {manifest("Service", "web"), manifest("ServiceAccount", "web"), manifest("Deployment", "web")});
  CHECK(all == std::vector<std::string>{"web_service", "web_account", "web"});
}

TEST_CASE("two of a kind are told apart by their namespaces") {
  CHECK(addresses({manifest("ConfigMap", "a", "x"), manifest("ConfigMap", "a", "y")}) ==
        std::vector<std::string>{"a_config_x", "a_config_y"});
}

TEST_CASE("no address is a word that is taken") {
  CHECK(addresses({manifest("ConfigMap", "for"), manifest("APIService", "k8s"), manifest("Secret", "-")}) ==
        std::vector<std::string>{"for_config", "k8s_api_service", "_secret"});
}

TEST_CASE("what has the name of its address need not write it") {
  Manifest made = manifest("Deployment", "web-app");
  made.address = "web_app";
  CHECK(names_itself(made));
  made.name = "web.app";
  CHECK_FALSE(names_itself(made));
}
