// Archives: tensors and values written one by one under names, as torch::serialize.
//
//   serialize::OutputArchive out;
//   model->save(out);                  // or out.write("weight", weight)
//   out.write("epoch", IValue(3));
//   out.save_to("run.json");
//
//   serialize::InputArchive in;
//   in.load_from("run.json");
//   model->load(in);                   // or in.read("weight", weight)
//
// An archive within an archive gives its name, and a dot, to what it holds. Files are those of
// save(): what a module's archive wrote, load() reads, and the other way round.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "xgrad/core/ivalue.h"
#include "xgrad/io/state_dict.h"

namespace xgrad {

namespace io {
struct Document;
}

namespace serialize {

class OutputArchive final {
 public:
  OutputArchive();
  // Any arguments, as of libtorch, which passes a compilation unit.
  template <class T>
  explicit OutputArchive(const std::shared_ptr<T>&) : OutputArchive() {}
  OutputArchive(OutputArchive&&) = default;
  OutputArchive& operator=(OutputArchive&&) = default;

  // Errors: a name twice.
  void write(const std::string& key, const Tensor& tensor, bool is_buffer = false);
  void write(const std::string& key, const IValue& value);
  // All that `nested` holds, also what it is going to.
  void write(const std::string& key, OutputArchive& nested);
  // The state of an optimizer or the like, tensors and values.
  void write(const io::StateDict& state);
  template <class... Args>
  void operator()(Args&&... args) {
    write(std::forward<Args>(args)...);
  }

  // Errors: as save().
  void save_to(const std::string& path);
  void save_to(std::ostream& stream);
  void save_to(const std::function<std::size_t(const void*, std::size_t)>& write_bytes);

  // All tensors by dotted name, and the values.
  io::StateDict state_dict() const;

 private:
  struct Contents;
  io::Document document() const;
  std::shared_ptr<Contents> contents_;
};

class InputArchive final {
 public:
  InputArchive();
  InputArchive(InputArchive&&) = default;
  InputArchive& operator=(InputArchive&&) = default;

  // A defined tensor takes over the data that was read, whatever its shape; its other handles see
  // them, too. Errors: no such name, and for a defined tensor another dtype.
  void read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  void read(const std::string& key, IValue& value);
  void read(const std::string& key, InputArchive& nested);
  // False where there is no such name.
  bool try_read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  bool try_read(const std::string& key, IValue& value);
  bool try_read(const std::string& key, InputArchive& nested);
  template <class... Args>
  void operator()(Args&&... args) {
    read(std::forward<Args>(args)...);
  }
  // What is here: names of tensors and values, and those of nested archives.
  std::vector<std::string> keys() const;

  // `device` can only be the CPU. Errors: as load().
  void load_from(const std::string& path, optional<Device> device = nullopt);
  void load_from(std::istream& stream, optional<Device> device = nullopt);
  void load_from(const char* data, std::size_t size, optional<Device> device = nullopt);
  void load_from(const std::function<std::size_t(std::uint64_t, void*, std::size_t)>& read_bytes,
                 const std::function<std::size_t()>& size, optional<Device> device = nullopt);

  io::StateDict state_dict() const;

 private:
  void take(const io::Document& document, const std::string& label);
  std::shared_ptr<const io::StateDict> state_;
  std::string label_ = "archive";
};

}  // namespace serialize
}  // namespace xgrad
