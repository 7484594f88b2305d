#include "xgrad/io/npy.h"

#include <zlib.h>

#include <catch2/catch.hpp>

#include "io/sample.h"
#include "xgrad/io/base64.h"

using namespace xgrad::io;
using sample::error_of;

namespace {

std::string npy(int version, const std::string& dictionary, const std::string& data) {
  std::string text = "\x93NUMPY";
  text += {static_cast<char>(version), '\0'};
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
    text += static_cast<char>(dictionary.size() >> (8 * i));
  }
  return text + dictionary + data;
}

std::string header(const std::string& descr, const std::string& order, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

template <class T>
std::string bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string error(const std::string& content) {
  return error_of([&] { parse_npy(content, "f"); });
}

std::string u(std::uint64_t value, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

std::string deflated(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(content.size() + 100, '\0');
  stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// A zip of one member, as numpy writes it: the local header in zip64 form, whatever the size.
std::string zip(const std::string& name, int method, const std::string& packed,
                const std::string& content, std::uint32_t crc) {
  const std::string extra = u(1, 2) + u(16, 2) + u(content.size(), 8) + u(packed.size(), 8);
  std::string file = "PK\3\4" + u(45, 2) + u(0, 2) + u(static_cast<unsigned>(method), 2) + u(0, 4) +
                     u(crc, 4) + u(0xFFFFFFFF, 4) + u(0xFFFFFFFF, 4) + u(name.size(), 2) +
                     u(extra.size(), 2) + name + extra + packed;
  const std::string entry = "PK\1\2" + u(45, 2) + u(45, 2) + u(0, 2) +
                            u(static_cast<unsigned>(method), 2) + u(0, 4) + u(crc, 4) +
                            u(packed.size(), 4) + u(content.size(), 4) + u(name.size(), 2) +
                            u(0, 2) + u(0, 2) + u(0, 2) + u(0, 2) + u(0, 4) + u(0, 4) + name;
  const std::size_t start = file.size();
  file += entry;
  return file + "PK\5\6" + u(0, 4) + u(1, 2) + u(1, 2) + u(entry.size(), 4) + u(start, 4) + u(0, 2);
}

std::string zip(const std::string& name, int method, const std::string& content) {
  return zip(name, method, method == 8 ? deflated(content) : content, content,
             crc32_of(content.data(), content.size()));
}

}  // namespace

TEST_CASE("an npy file is what numpy would write") {
  StringSink sink;
  write_npy(sink, sample::record<float>("", {2, 3}, {1, 2, 3, 4, 5, 6}));
  const std::string text = sink.take();
  REQUIRE(text.size() == 128 + 24);
  REQUIRE(text.substr(0, 10) == std::string("\x93NUMPY\1\0\x76\0", 10));
  REQUIRE(text.substr(10, 58) == "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), ");
  REQUIRE(text[127] == '\n');
}

TEST_CASE("arrays of every dtype come back from npy") {
  for (const Section& section : sample::document().sections) {
    for (Record record : section.records) {
      if (!record.alias_of.empty()) continue;
      StringSink sink;
      write_npy(sink, record);
      const std::string text = sink.take();
      REQUIRE((text.size() - record.bytes()) % 64 == 0);
      const Record back = parse_npy(text);
      REQUIRE(back.dtype == record.dtype);
      REQUIRE(back.shape == record.shape);
      REQUIRE(bytes(std::vector<std::byte>(back.data, back.data + back.bytes())) ==
              bytes(std::vector<std::byte>(record.data, record.data + record.bytes())));
    }
  }
}

TEST_CASE("npy versions 1 to 3 and Fortran order are read") {
  const std::string data = bytes<float>({1, 4, 2, 5, 3, 6});
  for (int version = 1; version <= 3; ++version) {
    const Record record = parse_npy(npy(version, header("<f4", "True", "(2, 3)"), data));
    REQUIRE(bytes(std::vector<float>{1, 2, 3, 4, 5, 6}) ==
            bytes(std::vector<std::byte>(record.data, record.data + 24)));
  }
  std::vector<std::int32_t> rows(24), columns(24);
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 4; ++k) {
        const int value = 100 * i + 10 * j + k;
        rows[static_cast<std::size_t>((i * 3 + j) * 4 + k)] = value;
        columns[static_cast<std::size_t>((k * 3 + j) * 2 + i)] = value;
      }
    }
  }
  const Record record = parse_npy(npy(1, header("<i4", "True", "(2, 3, 4)"), bytes(columns)));
  REQUIRE(std::memcmp(record.data, rows.data(), 96) == 0);
  REQUIRE(parse_npy(npy(1, header("<f4", "False", "()"), bytes<float>({1}))).shape.empty());
}

TEST_CASE("a wrong npy file is named with its byte") {
  const std::string good = header("<f4", "False", "(1,)");
  CHECK(error("") ==
        "npy f: truncated npy header at byte 0, expected 8 bytes of magic and version");
  CHECK(error("12345678") == "npy f: bad npy magic at byte 8, expected \\x93NUMPY before it");
  CHECK(error(npy(4, good, "")) ==
        "npy f: unknown npy version 4.0 at byte 8, expected 1.0, 2.0 or 3.0 before it");
  CHECK(error(npy(1, good, "").substr(0, 30)) ==
        "npy f: truncated npy header at byte 30, expected 58 bytes");
  CHECK(error(npy(1, good, "123")) ==
        "npy f: 3 bytes of npy data at byte 68, expected 4 for shape [1]");
  CHECK(error(npy(1, good, "12345")) ==
        "npy f: 5 bytes of npy data at byte 68, expected 4 for shape [1]");
  CHECK(error(npy(1, header(">f4", "False", "(1,)"), "1234")) ==
        "npy f: npy header: unknown descr '>f4' at byte 68, expected '<f4', '<f8', '<i8', '<i4', "
        "'|u1' or '|b1' before it");
  CHECK(error(npy(1, header("<f4", "False", "(4294967296, 4294967296)"), "")) ==
        "npy f: npy shape [4294967296, 4294967296] overflows at byte 88, expected fewer than "
        "2^63 bytes");
  CHECK(error(npy(1, header("|b1", "False", "(1,)"), "\2")) ==
        "npy f: bad bool in npy data at byte 69, expected bytes of 0 or 1 before it");
  const std::string rest =
      " at byte 14, expected {'descr': ..., 'fortran_order': ..., 'shape': ...} before it";
  CHECK(error(npy(1, "{}  ", "")) == "npy f: npy header: missing key in the header" + rest);
  CHECK(error(npy(1, "{} x", "")) == "npy f: npy header: trailing bytes in the header" + rest);
  CHECK(error(npy(1, "    ", "")) == "npy f: npy header: no '{' where it belongs" + rest);
  CHECK(error(npy(1, "{'a'", "")) == "npy f: npy header: no ':' where it belongs" + rest);
  CHECK(error(npy(1, "{'a ", "")) == "npy f: npy header: string without an end" + rest);
  CHECK(error(npy(1, "{1  ", "")) == "npy f: npy header: no string where it belongs" + rest);
  CHECK(error_of([&] {
          parse_npy(npy(1, header("<f4", "maybe", "(1,)"), ""), "f");
        }).starts_with("npy f: npy header: no True or False where it belongs"));
  CHECK(error_of([&] {
          parse_npy(npy(1, header("<f4", "True", "(-1,)"), ""), "f");
        }).starts_with("npy f: npy header: bad size in the shape"));
}

TEST_CASE("an npz file gives back the whole document") {
  const sample::Folder folder;
  write_npz(folder / "m.npz", sample::document());
  REQUIRE(sample::difference(sample::document(), read_npz(folder / "m.npz")) == "");
}

TEST_CASE("a foreign npz, stored or deflated, becomes one section of parameters") {
  const std::string content = npy(1, header("<f4", "False", "(2,)"), bytes<float>({1, 2}));
  for (const int method : {0, 8}) {
    const Document document = parse_npz(zip("fc.weight.npy", method, content));
    REQUIRE(document.sections.size() == 1);
    const Record* record = document.find("model")->find("fc.weight");
    REQUIRE(record != nullptr);
    REQUIRE(std::memcmp(record->data, bytes<float>({1, 2}).data(), 8) == 0);
  }
}

TEST_CASE("a wrong npz file is named with its byte") {
  const std::string content = npy(1, header("<f4", "False", "(2,)"), bytes<float>({1, 2}));
  const auto error = [](const std::string& file) {
    return error_of([&] { parse_npz(file, "f"); });
  };
  const std::uint32_t crc = crc32_of(content.data(), content.size());
  CHECK(error("") ==
        "checkpoint f: no end of a zip directory at byte 0, expected \"PK\\5\\6\" before it");
  CHECK(error(zip("a.npy", 0, content, content, crc + 1)) ==
        "checkpoint f: member \"a.npy\": crc32 " + std::to_string(crc + 1) +
            " does not match the data at byte 131, expected " + std::to_string(crc));
  CHECK(error(zip("a.npy", 7, content)) ==
        "checkpoint f: unknown zip method 7 of \"a.npy\" at byte 131, expected 0 (stored) or 8 "
        "(deflated)");
  CHECK(error(zip("a.txt", 0, content)) ==
        "checkpoint f: member \"a.txt\": not an array at byte 55, expected members called *.npy "
        "or xgrad.json");
  const std::string packed = deflated(content);
  CHECK(error(zip("a.npy", 8, packed, content + "x", crc))
            .starts_with("checkpoint f: member \"a.npy\": 9 bytes of npy data at byte "));
  CHECK(error(zip("a.npy", 8, packed.substr(0, packed.size() - 3), content, crc))
            .find("checkpoint f: member \"a.npy\": ") == 0);
  CHECK(error(zip("a.npy", 8, packed, std::string(1'000'000, 'x'), crc))
            .starts_with("checkpoint f: zip member \"a.npy\" of 1000000 bytes at byte 0, "
                         "expected a size that"));
}

// One packed run of bytes under many names would be a small file of any size.
TEST_CASE("members of an npz do not share their bytes") {
  const std::string content(1000, 'x');
  const auto local = [](const std::string& name, std::size_t size) {
    return "PK\3\4" + u(20, 2) + u(0, 8) + u(0, 4) + u(size, 4) + u(size, 4) + u(name.size(), 2) +
           u(0, 2) + name;
  };
  const auto entry = [](const std::string& name, std::size_t size, std::size_t offset) {
    return "PK\1\2" + u(20, 2) + u(20, 2) + u(0, 8) + u(0, 4) + u(size, 4) + u(size, 4) +
           u(name.size(), 2) + u(0, 8) + u(0, 4) + u(offset, 4) + name;
  };
  const std::string inner = local("b.npy", 1000) + content;
  const std::string outer = local("a.npy", inner.size()) + inner;
  const std::string directory =
      entry("a.npy", inner.size(), 0) + entry("b.npy", 1000, outer.size() - inner.size());
  const std::string file = outer + directory + "PK\5\6" + u(0, 4) + u(2, 2) + u(2, 2) +
                           u(directory.size(), 4) + u(outer.size(), 4) + u(0, 2);
  CHECK(error_of([&] { parse_npz(file, "f"); }) ==
        "checkpoint f: overlapping zip members at byte " + std::to_string(outer.size()) +
            ", expected at most " + std::to_string(file.size()) + " packed bytes in all");
}
