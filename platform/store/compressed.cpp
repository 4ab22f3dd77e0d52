#include "platform/store/compressed.h"

#include <zlib.h>

#include <array>

namespace carbon {

std::string compressed(std::string_view bytes) {
  uLongf size = ::compressBound(bytes.size());
  std::string out(size, '\0');
  // Fails only where the room is too small, and it is enough.
  (void)::compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                   bytes.size());
  out.resize(size);
  return out;
}

Result<std::string> decompressed(std::string_view bytes) {
  z_stream stream{};
  if (::inflateInit(&stream) != Z_OK) return fail(DiagnosticCode::inventory_damaged, "no memory");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 65536> block;
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    status = ::inflate(&stream, Z_NO_FLUSH);
    out.append(block.data(), block.size() - stream.avail_out);
  }
  bool whole = status == Z_STREAM_END && stream.avail_in == 0;
  ::inflateEnd(&stream);
  if (whole) return out;
  return fail(DiagnosticCode::inventory_damaged, "a record is damaged or not whole");
}

}  // namespace carbon
