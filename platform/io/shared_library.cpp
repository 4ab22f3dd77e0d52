#include "platform/io/shared_library.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace carbon {

void* SharedLibrary::symbol(const char* name) {
  // The loader counts: opening again what is open is a look-up.
  void* library = ::dlopen(soname_, RTLD_NOW | RTLD_LOCAL);
  void* found = library == nullptr ? nullptr : ::dlsym(library, name);
  if (found != nullptr) return found;
  std::fprintf(stderr, "carbon: %s\nhelp: install the package %s\n", ::dlerror(), package_);
  std::exit(1);
}

}  // namespace carbon
