#pragma once

#include <string_view>

namespace carbon {

/// A shared library that is loaded when the first function of it is called. libcurl and libpq bring forty
/// others with them (Kerberos, LDAP, GnuTLS ...), and binding those costs more than a whole plan of an empty
/// platform; most commands never open a connection. Loaded once a process and kept. Safe to use from several
/// threads.
class SharedLibrary {
 public:
  /// The library's soname, and the Debian package that a message names when it is missing.
  SharedLibrary(const char* soname, const char* package) : soname_(soname), package_(package) {}

  /// The function of that name. A library that is not there, or lacks it, ends the process with a message: it
  /// is part of the installation, and nothing has been sent yet.
  template <class Function>
  [[nodiscard]] Function* function(const char* name) {
    return reinterpret_cast<Function*>(symbol(name));
  }

 private:
  [[nodiscard]] void* symbol(const char* name);

  const char* soname_;
  const char* package_;
};

}  // namespace carbon
