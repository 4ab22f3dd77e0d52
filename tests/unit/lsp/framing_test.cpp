#include "lsp/framing.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using carbon::lsp::Frame;
using carbon::lsp::FrameReader;

namespace {

std::vector<Frame> all(FrameReader& reader) {
  std::vector<Frame> frames;
  while (std::optional<Frame> next = reader.next()) frames.push_back(std::move(*next));
  return frames;
}

std::vector<Frame> all(std::string_view bytes) {
  FrameReader reader;
  reader.feed(bytes);
  return all(reader);
}

}  // namespace

TEST_CASE("a message is what its Content-Length says") {
  auto frames = all("Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n[1]");
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].text == "{}");
  CHECK(frames[1].text == "[1]");
}

TEST_CASE("other headers, another spelling and blank lines before a message are taken") {
  auto frames =
      all("\r\n\r\ncontent-length:  2 \r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}");
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].text == "{}");
}

TEST_CASE("messages may come in any portions") {
  std::string stream;
  for (std::string_view text : {"{\"a\":1}", "", "ü"}) stream += carbon::lsp::frame(text);
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    FrameReader reader;
    std::vector<std::string> texts;
    for (std::size_t at = 0; at < stream.size();) {
      std::size_t size = 1 + random() % 9;
      reader.feed(std::string_view(stream).substr(at, size));
      at += size;
      for (Frame& frame : all(reader)) texts.push_back(std::move(frame.text));
    }
    REQUIRE(texts == std::vector<std::string>{"{\"a\":1}", "", "ü"});
  }
}

TEST_CASE("a length that is none is reported, and the next message is found behind the lost one") {
  for (std::string_view bad :
       {"Content-Length: -1", "Content-Length: two", "Content-Length: 99999999999999999999",
        "Content-Length:", "Content-Length: 1 2"}) {
    CAPTURE(bad);
    auto frames = all(std::string(bad) + "\r\n\r\n{\"x\":1}Content-Length: 2\r\n\r\n{}");
    REQUIRE(frames.size() == 2);
    CHECK(frames[0].kind == Frame::Kind::unreadable);
    CHECK(frames[1].kind == Frame::Kind::complete);
    CHECK(frames[1].text == "{}");
  }
}

TEST_CASE("text without a header is skipped") {
  auto frames = all("Listening on port 80\nContent-Length: 2\r\n\r\n{}");
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].text == "{}");
}

TEST_CASE("a message that is too large is read past, however it arrives") {
  FrameReader reader;
  std::size_t size = FrameReader::largest_message + 1;
  reader.feed("Content-Length: " + std::to_string(size) + "\r\n\r\n12345");
  auto frames = all(reader);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].kind == Frame::Kind::too_large);
  std::string portion(1u << 20, 'x');
  for (std::size_t sent = 5; sent < size;) {
    std::size_t now = std::min(portion.size(), size - sent);
    reader.feed(std::string_view(portion).substr(0, now));
    sent += now;
    REQUIRE(all(reader).empty());
  }
  reader.feed("Content-Length: 2\r\n\r\n{}");
  frames = all(reader);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].text == "{}");
}

TEST_CASE("noise without a line end is forgotten") {
  FrameReader reader;
  for (int i = 0; i < 100; ++i) {
    reader.feed(std::string(FrameReader::longest_header, 'x'));
    CHECK(all(reader).empty());
  }
  reader.feed("\r\nContent-Length: 2\r\n\r\n{}");
  auto frames = all(reader);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].kind == Frame::Kind::unreadable);
  CHECK(frames[1].text == "{}");
}
