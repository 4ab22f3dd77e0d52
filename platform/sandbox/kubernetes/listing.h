#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/request.h"
#include "platform/sandbox/kubernetes/resources.h"
#include "platform/sandbox/kubernetes/store.h"

namespace carbon::sandbox {

/// How many objects a paged list has left behind the last key of a page, so that the next page need not count
/// them again. Remembers the latest lists only. One thread.
class ListCounts {
 public:
  struct Place {
    std::string storage;
    std::string namespace_name;
    std::int64_t revision = 0;  ///< of the snapshot
    StoreKey after;
    friend bool operator==(const Place&, const Place&) = default;
  };
  [[nodiscard]] std::optional<std::size_t> left_behind(const Place& place) const;
  void remember(Place place, std::size_t left);

 private:
  std::deque<std::pair<Place, std::size_t>> latest_;
};

/// LIST: selectors, pages with `limit` and `continue` over one snapshot, resourceVersion and
/// resourceVersionMatch, whole objects or their metadata alone (`as=PartialObjectMetadataList`). Linear in
/// the objects of the storage; text is copied without being parsed where no selector needs to look.
[[nodiscard]] ApiResult<std::string> list_objects(ObjectStore& store, const ResourceInfo& resource,
                                                  std::string_view namespace_name, const ApiRequest& request,
                                                  ListCounts& counts);

/// What a watch request asks for; 410 is told in the stream, so it is no error here.
[[nodiscard]] ApiResult<WatchStart> watch_start(const ObjectStore& store, const ResourceInfo& resource,
                                                std::string_view namespace_name, const ApiRequest& request);

/// The first lines of a watch: the objects that there are, for a start without resourceVersion or with
/// sendInitialEvents (WatchList), or the error of a version that is too old.
[[nodiscard]] std::string watch_beginning(ObjectStore& store, const ResourceInfo& resource,
                                          const ApiRequest& request, WatchStart& watch);

/// Events after `watch.position`, which is moved on.
[[nodiscard]] std::string watch_events(ObjectStore& store, WatchStart& watch);
[[nodiscard]] std::string watch_bookmark(const WatchStart& watch);

}  // namespace carbon::sandbox
