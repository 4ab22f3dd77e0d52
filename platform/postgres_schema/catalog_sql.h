#pragma once

#include <string>
#include <string_view>

/// The queries over the system catalogs. Those of objects give rows of: the catalog and the OID that
/// pg_depend names an object by, its sub-object number, our class, parent and name, and the properties as
/// JSON. `$1` is the schema.
///
/// What many of them need is written once, as `@NAME(ARGUMENTS)@`: see expand.
namespace carbon::postgres::sql {

extern const std::string_view relations;
extern const std::string_view routines;
extern const std::string_view types;
extern const std::string_view columns;
extern const std::string_view definitions;
/// Rows of `alias` (what pg_depend calls this is that) and `depends`, with words for dependents outside.
extern const std::string_view dependencies;
/// Names of whatever is in the schema and has no class.
extern const std::string_view unmodelled;

/// The query for a server of that version, with its fragments in place:
///
///     @ACL(acl,owner,default)@   grants as JSON, without the owner's own; `default` is what PUBLIC has
///     unless revoked
///     @COMMENT(catalog,oid)@     the comment
///     @COLLATION(oid,type)@      the collation's name where it is not the type's own
///     @OWN(catalog,oid)@         it belongs to no extension
///     @COMPRESSION@ @MULTIRANGE@ @MULTIRANGE_ALIAS@     nothing before version 14
[[nodiscard]] std::string expand(std::string_view query, int server_version);

}  // namespace carbon::postgres::sql
