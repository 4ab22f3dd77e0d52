// The functions of libcurl that http_transport.cpp calls, each handed on to the library once that is loaded
// (see shared_library.h). Linked instead of libcurl itself. A function that is missing here is a link error.
#include <curl/curl.h>

#include <cstdarg>

#include "platform/io/shared_library.h"

namespace {

carbon::SharedLibrary& libcurl() {
  static carbon::SharedLibrary library("libcurl.so.4", "libcurl4");
  return library;
}

}  // namespace

#define CARBON_HAND_ON_TO_LIBCURL(name, ...)                                \
  static auto* const handed_on = libcurl().function<decltype(name)>(#name); \
  return handed_on(__VA_ARGS__)

extern "C" {

CURLcode curl_global_init(long flags) { CARBON_HAND_ON_TO_LIBCURL(curl_global_init, flags); }

CURL* curl_easy_init() { CARBON_HAND_ON_TO_LIBCURL(curl_easy_init); }
void curl_easy_reset(CURL* easy) { CARBON_HAND_ON_TO_LIBCURL(curl_easy_reset, easy); }
void curl_easy_cleanup(CURL* easy) { CARBON_HAND_ON_TO_LIBCURL(curl_easy_cleanup, easy); }
const char* curl_easy_strerror(CURLcode code) { CARBON_HAND_ON_TO_LIBCURL(curl_easy_strerror, code); }

// Each takes one argument more, a long, an offset or a pointer (curl_easy_setopt(3)): all of them one word
// that is passed in the same register on the 64-bit systems that carbon is built for.
static_assert(sizeof(long) == sizeof(void*) && sizeof(curl_off_t) == sizeof(void*));
// The signatures are libcurl's own, whose last named parameter is an enum: of the size of an int, it is
// promoted to itself.
static_assert(sizeof(CURLoption) == sizeof(int) && sizeof(CURLINFO) == sizeof(int) &&
              sizeof(CURLMoption) == sizeof(int));
#pragma GCC diagnostic ignored "-Wvarargs"

CURLcode curl_easy_setopt(CURL* easy, CURLoption option, ...) {
  va_list rest;
  va_start(rest, option);
  void* word = va_arg(rest, void*);
  va_end(rest);
  CARBON_HAND_ON_TO_LIBCURL(curl_easy_setopt, easy, option, word);
}

CURLcode curl_easy_getinfo(CURL* easy, CURLINFO info, ...) {
  va_list rest;
  va_start(rest, info);
  void* word = va_arg(rest, void*);
  va_end(rest);
  CARBON_HAND_ON_TO_LIBCURL(curl_easy_getinfo, easy, info, word);
}

CURLMcode curl_multi_setopt(CURLM* multi, CURLMoption option, ...) {
  va_list rest;
  va_start(rest, option);
  void* word = va_arg(rest, void*);
  va_end(rest);
  CARBON_HAND_ON_TO_LIBCURL(curl_multi_setopt, multi, option, word);
}

CURLM* curl_multi_init() { CARBON_HAND_ON_TO_LIBCURL(curl_multi_init); }
CURLMcode curl_multi_cleanup(CURLM* multi) { CARBON_HAND_ON_TO_LIBCURL(curl_multi_cleanup, multi); }
CURLMcode curl_multi_add_handle(CURLM* multi, CURL* easy) {
  CARBON_HAND_ON_TO_LIBCURL(curl_multi_add_handle, multi, easy);
}
CURLMcode curl_multi_remove_handle(CURLM* multi, CURL* easy) {
  CARBON_HAND_ON_TO_LIBCURL(curl_multi_remove_handle, multi, easy);
}
CURLMcode curl_multi_perform(CURLM* multi, int* running) {
  CARBON_HAND_ON_TO_LIBCURL(curl_multi_perform, multi, running);
}
CURLMsg* curl_multi_info_read(CURLM* multi, int* left) {
  CARBON_HAND_ON_TO_LIBCURL(curl_multi_info_read, multi, left);
}
CURLMcode curl_multi_wakeup(CURLM* multi) { CARBON_HAND_ON_TO_LIBCURL(curl_multi_wakeup, multi); }
CURLMcode curl_multi_poll(CURLM* multi, curl_waitfd* more, unsigned count, int milliseconds, int* ready) {
  CARBON_HAND_ON_TO_LIBCURL(curl_multi_poll, multi, more, count, milliseconds, ready);
}

curl_slist* curl_slist_append(curl_slist* list, const char* line) {
  CARBON_HAND_ON_TO_LIBCURL(curl_slist_append, list, line);
}
void curl_slist_free_all(curl_slist* list) { CARBON_HAND_ON_TO_LIBCURL(curl_slist_free_all, list); }

}  // extern "C"
