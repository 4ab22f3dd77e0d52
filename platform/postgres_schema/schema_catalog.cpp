#include "platform/postgres_schema/schema_catalog.h"

#include <algorithm>

#include "platform/postgres_schema/object_class.h"

namespace carbon::postgres {

std::string_view to_string(ObjectClass object_class) { return traits(object_class).words; }

std::string describe(const ObjectId& id) {
  const ClassTraits& of = traits(id.object_class);
  std::string text = std::string(of.words) + " " + id.name;
  return id.parent.empty() ? text : text + " of " + std::string(traits(of.parent).words) + " " + id.parent;
}

const SchemaObject* SchemaCatalog::find(const ObjectId& id) const {
  auto at =
      std::lower_bound(objects.begin(), objects.end(), id,
                       [](const SchemaObject& object, const ObjectId& wanted) { return object.id < wanted; });
  return at != objects.end() && at->id == id ? &*at : nullptr;
}

bool same_objects(const SchemaCatalog& a, const SchemaCatalog& b) {
  return std::equal(a.objects.begin(), a.objects.end(), b.objects.begin(), b.objects.end(),
                    [](const SchemaObject& x, const SchemaObject& y) {
                      return x.id == y.id && x.properties == y.properties;
                    });
}

}  // namespace carbon::postgres
