// What the tests of io share: a document with everything in it, equality, the text of an Error, and
// a folder that vanishes.
#pragma once

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "xgrad/core/error.h"
#include "xgrad/io/document.h"

namespace sample {

using xgrad::Dims;
using xgrad::ScalarType;
namespace io = xgrad::io;

// The message of the Error that `run` throws, or "no error".
template <class F>
std::string error_of(const F& run) {
  try {
    run();
  } catch (const xgrad::Error& error) {
    return error.what();
  }
  return "no error";
}

// A record that owns a copy of `values`.
template <class T>
io::Record record(std::string name, Dims shape, const std::vector<T>& values,
                  io::Kind kind = io::Kind::Parameter) {
  io::Record result;
  result.name = std::move(name);
  result.kind = kind;
  result.dtype = xgrad::scalar_type_of<T>();
  result.shape = std::move(shape);
  result.owner = io::allocate(values.size() * sizeof(T));
  if (!values.empty()) {
    std::memcpy(result.owner.get(), values.data(), values.size() * sizeof(T));
  }
  result.data = static_cast<const std::byte*>(result.owner.get());
  return result;
}

inline io::Record flags(std::string name, std::vector<unsigned char> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  io::Record result = record<unsigned char>(std::move(name), {count}, values, io::Kind::Buffer);
  result.dtype = xgrad::kBool;
  return result;
}

inline io::Record tied(std::string name, std::string to) {
  io::Record result;
  result.name = std::move(name);
  result.alias_of = std::move(to);
  return result;
}

// Every dtype, kind, a tie, an empty and a 0-d tensor, special floats, names that need escapes.
inline io::Document document() {
  using F = std::numeric_limits<float>;
  using D = std::numeric_limits<double>;
  using L = std::numeric_limits<std::int64_t>;
  io::Document result;
  auto& model = result.section("model").records;
  model.push_back(record<float>("fc.weight", {2, 3}, {0.1F, -0.0F, 1e-45F, F::max(), 1.5F, -2}));
  model.push_back(record<double>("fc.bias", {2}, {0.1, D::denorm_min()}));
  model.push_back(tied("head.weight", "fc.weight"));
  model.push_back(record<std::int64_t>("steps", {}, {L::min()}, io::Kind::Buffer));
  model.push_back(flags("mask", {1, 0, 1}));
  auto& optimizer = result.section("optimizer").records;
  optimizer.push_back(record<float>(
      "fc.weight", {3}, {F::quiet_NaN(), F::infinity(), -F::infinity()}, io::Kind::State));
  optimizer.push_back(record<std::int32_t>("a \"b\"\n\u00e9", {1, 1}, {-7}, io::Kind::State));
  optimizer.push_back(record<unsigned char>("bytes", {4}, {0, 1, 99, 255}, io::Kind::State));
  optimizer.push_back(record<float>("empty", {0, 4}, {}, io::Kind::State));
  result.section("nothing");
  result.metadata["epoch"] = 3;
  result.metadata["lr"] = 1.0;
  result.metadata["note"] = "caf\u00e9\t\"x\"";
  result.metadata["nested"]["list"].push_back(true);
  result.metadata["nested"]["list"].push_back(nullptr);
  result.metadata["nested"]["list"].push_back(-0.5);
  return result;
}

// The first difference in words, or "".
inline std::string difference(const io::Document& a, const io::Document& b) {
  if (!(a.metadata == b.metadata)) return "metadata";
  if (a.sections.size() != b.sections.size()) return "number of sections";
  for (std::size_t i = 0; i < a.sections.size(); ++i) {
    const io::Section &x = a.sections[i], &y = b.sections[i];
    if (x.name != y.name) return "section name";
    if (x.records.size() != y.records.size()) return "number of records in " + x.name;
    for (std::size_t j = 0; j < x.records.size(); ++j) {
      const io::Record &p = x.records[j], &q = y.records[j];
      if (p.name != q.name) return "name " + p.name + " / " + q.name;
      if (p.kind != q.kind) return "kind of " + p.name;
      if (p.alias_of != q.alias_of) return "tie of " + p.name;
      if (!p.alias_of.empty()) continue;
      if (p.dtype != q.dtype) return "dtype of " + p.name;
      if (!(p.shape == q.shape)) return "shape of " + p.name;
      if (p.bytes() != 0 && std::memcmp(p.data, q.data, p.bytes()) != 0) return "data of " + p.name;
    }
  }
  return "";
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "xgrad-io-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw xgrad::Error("cannot make a folder");
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline void write_text(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary)
      .write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace sample
