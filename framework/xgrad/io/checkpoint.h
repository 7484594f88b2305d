// Checkpoints: everything that a training run needs to go on,
// in one file that is written whole or not at all.
//
//   xgrad::save_checkpoint("run.json", {{"model", net}, {"optimizer", optimizer}}, {{"epoch", 3}});
//   const auto metadata =
//       xgrad::load_checkpoint("run.json", {{"model", net}, {"optimizer", optimizer}});
//   metadata.at("epoch").as_int();
//
// A part is a module (or a holder, or a shared_ptr of one), a tensor, a generator,
// or any object with
//   io::StateDict state_dict() const;   void load_state_dict(const io::StateDict&);
// such as optimizers, schedulers, samplers and data loaders; load_state_dict either restores all or
// throws and changes nothing. Where both also take an io::NameOf, they get the names of the
// parameters of the modules among the parts: "fc.weight" in the module "model", "critic/fc.weight"
// in any other. FORMAT.md specifies the file; rotation.h finds the latest of many.
#pragma once

#include <memory>
#include <unordered_map>

#include "xgrad/core/generator.h"
#include "xgrad/io/json_writer.h"
#include "xgrad/io/load_options.h"
#include "xgrad/io/records.h"

namespace xgrad {

namespace io {

// What a module is to io: names and tensors.
template <class T>
concept ModuleLike = requires(T& module, const TensorDict& state) {
  module.named_parameters(true);
  module.state_dict(std::string());
  module.tied_names();
  module.load_state_dict(state, LoadOptions(), std::string());
};
template <class T>
concept PointsToModule = requires(T& holder) {
  { *holder } -> ModuleLike;
};
template <class T>
concept Stateful = requires(T& object, const StateDict& state) {
  { object.state_dict() } -> std::convertible_to<StateDict>;
  object.load_state_dict(state);
};
template <class T>
concept KnowsNames = Stateful<T> &&
    requires(T& object, const StateDict& state, const NameOf& names) {
  { object.state_dict(names) } -> std::convertible_to<StateDict>;
  object.load_state_dict(state, names);
};

// One object by reference, to be written to or restored from a section of its name.
class Part {
 public:
  template <class T>
  Part(std::string name, T& object) : name_(std::move(name)) {
    bind(object);
  }
  // Handles are copied: they share what they refer to.
  template <class T>
  requires(PointsToModule<T> || std::is_same_v<T, Generator> || std::is_same_v<T, Tensor>)
      Part(std::string name, T&& handle)
      : name_(std::move(name)) {
    bind(handle);
  }

  const std::string& name() const { return name_; }
  // The parameters of a module; nothing of other parts.
  TensorDict parameters() const { return parameters_ ? parameters_() : TensorDict(); }
  void write(Document& document, const NameOf& names) const { write_(document, name_, names); }

  // What restoring needs: the document, the beginning of errors, what may be passed over.
  struct Source {
    const Document& document;
    std::string label;
    LoadOptions options;
    NameOf names;
  };
  // Throws what read() would, as far as that can be told without changing anything.
  void check(const Source& source) const { check_(source, name_); }
  // Restores all of the part, or throws and changes nothing.
  void read(const Source& source) const { read_(source, name_); }
  // Whether read() throws nothing where check() did not.
  bool is_checkable() const { return is_checkable_; }

 private:
  using Read = std::function<void(const Source&, const std::string& name)>;

  template <class T>
  void bind(T& object) {
    using Handle = std::remove_const_t<T>;
    if constexpr (ModuleLike<T>) {
      bind_module(object, nullptr);
    } else if constexpr (PointsToModule<T> && std::is_copy_constructible_v<Handle>) {
      bind_module(*object, Handle(object));
    } else if constexpr (PointsToModule<T>) {
      bind_module(*object, nullptr);
    } else if constexpr (std::is_same_v<std::remove_const_t<T>, Generator>) {
      bind_generator(object);
    } else if constexpr (std::is_same_v<std::remove_const_t<T>, Tensor>) {
      bind_tensor(object);
    } else {
      static_assert(Stateful<T>, "a checkpoint part needs state_dict() and load_state_dict()");
      bind_stateful(object);
    }
  }

  template <class T>
  void bind_stateful(T& object) {
    write_ = [&object](Document& document, const std::string& name, const NameOf& names) {
      if constexpr (KnowsNames<T>) {
        write_state(document, name, object.state_dict(names));
      } else {
        write_state(document, name, object.state_dict());
      }
    };
    check_ = [](const Source& source, const std::string& name) {
      read_state(source.document, name, source.label);
    };
    read_ = [&object](const Source& source, const std::string& name) {
      const StateDict state = read_state(source.document, name, source.label);
      with_label(source.label, [&] {
        if constexpr (KnowsNames<T>) {
          object.load_state_dict(state, source.names);
        } else {
          object.load_state_dict(state);
        }
      });
    };
  }

  // `handle`, if there is one, keeps the module alive.
  template <class M, class Handle>
  void bind_module(M& module, const Handle& handle) {
    is_checkable_ = true;
    parameters_ = [&module, handle] { return module.named_parameters(true); };
    write_ = [&module](Document& document, const std::string& name, const NameOf&) {
      write_module(document.section(name), module.state_dict(std::string()), module.tied_names(),
                   module.named_parameters(true));
    };
    check_ = [&module](const Source& source, const std::string& name) {
      module.load_state_dict(section_of(source, name), LoadOptions(source.options).dry_run(true),
                             source.label);
    };
    read_ = [&module](const Source& source, const std::string& name) {
      module.load_state_dict(section_of(source, name), source.options, source.label);
    };
  }
  void bind_generator(const Generator& generator);
  void bind_tensor(const Tensor& tensor);

  static TensorDict section_of(const Source& source, const std::string& name);
  static void write_module(Section& section, const TensorDict& state,
                           const OrderedDict<std::string, std::string>& tied,
                           const TensorDict& parameters);
  // Errors of `restore` get the label in front.
  static void with_label(const std::string& label, const std::function<void()>& restore);

  std::string name_;
  bool is_checkable_ = false;
  std::function<TensorDict()> parameters_;
  std::function<void(Document&, const std::string&, const NameOf&)> write_;
  Read check_, read_;
};

// {{"epoch", 3}, {"accuracy", 0.9}}: any JSON under a name.
struct Metadata {
  Metadata() = default;
  Metadata(std::initializer_list<std::pair<const char*, Value>> members) {
    for (const auto& [key, value] : members) values[key] = value;
  }
  Metadata(Value object) : values(std::move(object)) {}
  Value values = Value::object();
};

Document make_document(const std::vector<Part>& parts, const Metadata& metadata);
// All parts or none. Returns the user's metadata.
Value restore(const Document& document, const std::vector<Part>& parts, const std::string& label,
              const LoadOptions& options);

}  // namespace io

// Writes the parts to `path`: as JSON, or as .safetensors or .npz by the extension. `json` says
// from what size on tensors are base64 instead of decimals: {.base64_from = 4096}. Errors: two
// parts of one name, or what the system refuses; the old file stays.
void save_checkpoint(const std::string& path, const std::vector<io::Part>& parts,
                     const io::Metadata& metadata = {}, const io::JsonOptions& json = {});
// Restores the parts and returns the metadata. `options` are for modules; `false` passes over names
// that a module or the file lacks. Errors: a file that is damaged, a part that is missing or does
// not fit; nothing has changed then.
io::Value load_checkpoint(const std::string& path, const std::vector<io::Part>& parts,
                          const io::LoadOptions& options = {});

}  // namespace xgrad
