// Module: the base of all networks, a tree of named parameters, buffers and submodules.
//
//   struct NetImpl : xgrad::nn::Module {
//     NetImpl() {
//       scale = register_parameter("scale", xgrad::ones({1}));      // trained and saved
//       seen = register_buffer("seen", xgrad::zeros({1}));          // saved, not trained
//       work = register_buffer("work", xgrad::zeros({1}), false);   // neither, but moved by to()
//       fc = register_module("fc", xgrad::nn::Linear(3, 4));
//     }
//     xgrad::Tensor forward(xgrad::Tensor x) { return fc(x) * scale; }
//     xgrad::Tensor scale, seen, work;
//     xgrad::nn::Linear fc = nullptr;
//   };
//   XGRAD_MODULE(Net);
//
// The registry holds handles and so do members: assigning another tensor to a member afterwards
// rebinds the member alone, as in libtorch; assign set_parameter()'s result instead. A tensor or
// module that is registered under two names (tied weights) is listed once, under its first name.
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html and torch::nn::Module.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "xgrad/core/ordered_dict.h"
#include "xgrad/core/tensor.h"
#include "xgrad/io/load_options.h"
#include "xgrad/nn/any_value.h"
#include "xgrad/nn/module_holder_traits.h"

namespace xgrad::serialize {
class OutputArchive;
class InputArchive;
}  // namespace xgrad::serialize

namespace xgrad::nn {

class CloneScope;
template <class Contained>
class ModuleHolder;

// What load_state_dict passed over, as far as its options allow.
struct LoadReport {
  std::vector<std::string> missing_keys;
  std::vector<std::string> unexpected_keys;
};

class Module : public std::enable_shared_from_this<Module> {
 public:
  using ModuleApplyFunction = std::function<void(Module&)>;
  using ConstModuleApplyFunction = std::function<void(const Module&)>;
  using NamedModuleApplyFunction = std::function<void(const std::string&, Module&)>;
  using ConstNamedModuleApplyFunction = std::function<void(const std::string&, const Module&)>;
  using ModulePointerApplyFunction = std::function<void(const std::shared_ptr<Module>&)>;
  using NamedModulePointerApplyFunction =
      std::function<void(const std::string&, const std::shared_ptr<Module>&)>;
  using TensorDict = OrderedDict<std::string, Tensor>;
  using ModuleDictionary = OrderedDict<std::string, std::shared_ptr<Module>>;
  // See the first tensor argument of a call, and its (first) tensor result;
  // a defined return value takes its place.
  using ForwardPreHook = std::function<Tensor(Module&, const Tensor& input)>;
  using ForwardHook = std::function<Tensor(Module&, const Tensor& input, const Tensor& output)>;

  Module() = default;
  explicit Module(std::string name) : name_(std::move(name)) {}
  virtual ~Module() = default;

  // The name given, or that of the type: "torch::nn::LinearImpl", "(anonymous namespace)::NetImpl".
  const std::string& name() const noexcept;

  // A module of its own with copies of all parameters and buffers; what is tied stays tied.
  // Errors: the type does not derive from Cloneable.
  virtual std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const;

  // Calls `function` with this module and all below it, with the dotted names where it takes one,
  // in the order of registration. Errors of the pointer forms: this module is not held by a
  // shared_ptr.
  void apply(const ModuleApplyFunction& function);
  void apply(const ConstModuleApplyFunction& function) const;
  void apply(const NamedModuleApplyFunction& function, const std::string& name_prefix = {});
  void apply(const ConstNamedModuleApplyFunction& function,
             const std::string& name_prefix = {}) const;
  void apply(const ModulePointerApplyFunction& function) const;
  void apply(const NamedModulePointerApplyFunction& function,
             const std::string& name_prefix = {}) const;

  // What is registered here and, if `recurse`, below;
  // undefined tensors are left out, each other one comes once.
  std::vector<Tensor> parameters(bool recurse = true) const;
  TensorDict named_parameters(bool recurse = true) const;
  std::vector<Tensor> buffers(bool recurse = true) const;
  TensorDict named_buffers(bool recurse = true, bool persistent_only = false) const;
  std::vector<std::shared_ptr<Module>> modules(bool include_self = true) const;
  ModuleDictionary named_modules(const std::string& name_prefix = {},
                                 bool include_self = true) const;
  std::vector<std::shared_ptr<Module>> children() const;
  ModuleDictionary named_children() const;

  // Switches layers that differ (dropout, batch norm) to training, or to evaluation.
  virtual void train(bool on = true);
  void eval() { train(false); }
  virtual bool is_training() const noexcept { return is_training_; }

  // Converts parameters and floating buffers in place: all handles stay valid. Errors: a type that
  // is not floating, a device other than the CPU.
  virtual void to(Device device, Dtype dtype, bool non_blocking = false);
  virtual void to(Dtype dtype, bool non_blocking = false);
  virtual void to(Device device, bool non_blocking = false);

  // Zeroes the gradients that are there, or drops them.
  virtual void zero_grad(bool set_to_none = false);

  // This module as a T (`as<LinearImpl>()` or `as<Linear>()`), null if it is none.
  template <class T>
  auto as() noexcept {
    return dynamic_cast<contained_t<T>*>(this);
  }
  template <class T>
  auto as() const noexcept {
    return dynamic_cast<const contained_t<T>*>(this);
  }

  virtual void pretty_print(std::ostream& stream) const;
  virtual bool is_serializable() const { return true; }

  // state_dict() into an archive, and back by load_state_dict(), which passes over what is not of
  // this module; see io/archive.h.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);

  // Registers a tensor and returns its handle: assign it to the member. It may be undefined.
  // Errors: an empty name or one with a dot, a name that is taken by a parameter, buffer or
  // submodule.
  Tensor& register_parameter(std::string name, Tensor tensor, bool requires_grad = true);
  // A buffer that is not persistent is neither saved nor expected by load_state_dict.
  Tensor& register_buffer(std::string name, Tensor tensor, bool persistent = true);
  // Errors, besides those of the name: no module, or one that contains this one.
  template <class T>
  std::shared_ptr<T> register_module(std::string name, std::shared_ptr<T> module);
  template <class T>
  std::shared_ptr<T> register_module(std::string name, const ModuleHolder<T>& holder) {
    return register_module(std::move(name), holder.ptr());
  }
  // Errors: no submodule of that name.
  template <class T>
  std::shared_ptr<T> replace_module(const std::string& name, std::shared_ptr<T> module) {
    replace_child(name, module);
    return module;
  }
  template <class T>
  std::shared_ptr<T> replace_module(const std::string& name, const ModuleHolder<T>& holder) {
    return replace_module(name, holder.ptr());
  }
  void unregister_module(const std::string& name);

  // Puts another tensor in the place of a registered one, and returns it: registry, state and
  // optimizers made from now on see it. `name` may be dotted. Where the layer keeps the handle in a
  // member, assign the result to it: `a->weight = a->set_parameter("weight", b->weight)` ties two
  // layers. Errors: no such parameter (buffer).
  Tensor& set_parameter(const std::string& name, Tensor tensor);
  Tensor& set_buffer(const std::string& name, Tensor tensor);
  // By dotted name; "" is this module. Errors: no such one.
  Tensor& get_parameter(const std::string& name);
  Tensor& get_buffer(const std::string& name);
  std::shared_ptr<Module> get_submodule(const std::string& name);

  // Parameters and persistent buffers by dotted name in the order of registration: the same
  // storage, detached; undefined ones are left out, tied ones come once.
  TensorDict state_dict(const std::string& prefix = {}) const;
  // The other names of tied tensors, each with the name that state_dict() has it under.
  OrderedDict<std::string, std::string> tied_names() const;
  // Copies a state's values into this module's tensors: all, or (Error) none. A tied tensor may
  // come under any of its names; a buffer that is undefined or empty so far takes any shape.
  // Errors: shapes or types that differ and, unless the options (false: not strict) allow it, names
  // that are missing or unknown; one message, opened by `source`, lists all.
  LoadReport load_state_dict(const TensorDict& state, const io::LoadOptions& options = {},
                             const std::string& source = "load_state_dict");

  // Called around each call of this module through a holder, a Sequential or an AnyModule; not by
  // forward() itself. Hooks run in the order of registration. Returns the number to remove it by.
  template <class F>
  std::size_t register_forward_pre_hook(F hook) {
    if constexpr (std::is_void_v<std::invoke_result_t<F&, Module&, const Tensor&>>) {
      return add_pre_hook([hook = std::move(hook)](Module& module, const Tensor& input) mutable {
        hook(module, input);
        return Tensor();
      });
    } else {
      return add_pre_hook(std::move(hook));
    }
  }
  template <class F>
  std::size_t register_forward_hook(F hook) {
    if constexpr (std::is_void_v<std::invoke_result_t<F&, Module&, const Tensor&, const Tensor&>>) {
      return add_hook([hook = std::move(hook)](Module& module, const Tensor& input,
                                               const Tensor& output) mutable {
        hook(module, input, output);
        return Tensor();
      });
    } else {
      return add_hook(std::move(hook));
    }
  }
  void remove_forward_hook(std::size_t id);
  bool has_forward_hooks() const noexcept { return hooks_ != nullptr; }
  Tensor run_pre_hooks(const Tensor& input);
  Tensor run_hooks(const Tensor& input, const Tensor& output);

  // Default arguments of forward() by position; see XGRAD_FORWARD_HAS_DEFAULT_ARGS in nn/any.h.
  using DefaultArguments = std::vector<std::pair<unsigned, AnyValue>>;
  virtual DefaultArguments forward_default_args() const { return {}; }

 protected:
  TensorDict parameters_{"parameter"};

 private:
  template <class Derived>
  friend class Cloneable;
  friend class CloneScope;
  friend struct ModuleState;
  friend struct Parametrizer;
  friend std::ostream& operator<<(std::ostream& stream, const Module& module);

  struct Hooks;

  virtual void clone_(const Module& other, const optional<Device>& device);
  void check_name(const char* op, const char* kind, const std::string& name) const;
  std::shared_ptr<Module> add_child(std::string name, std::shared_ptr<Module> module);
  void replace_child(const std::string& name, std::shared_ptr<Module> module);
  void check_child(const char* op, const std::string& name, const Module* module) const;
  std::pair<Module*, std::string> owner_of(const char* op, const std::string& path);
  Module& descendant(const char* op, const std::string& path);
  // Depth first, this module first; with `seen`, each module once.
  void visit(const ConstNamedModuleApplyFunction& function, const std::string& name,
             std::set<const Module*>* seen) const;
  void visit_below(const NamedModulePointerApplyFunction& function, const std::string& name,
                   std::set<const Module*>* seen) const;
  void pretty_print_recursive(std::ostream& stream, const std::string& indentation) const;
  std::shared_ptr<Module> shared_from_this_checked() const;
  std::size_t add_pre_hook(ForwardPreHook hook);
  std::size_t add_hook(ForwardHook hook);

  TensorDict buffers_{"buffer"};
  ModuleDictionary children_{"submodule"};
  std::set<std::string> volatile_buffers_;  // those that are not persistent
  std::shared_ptr<Hooks> hooks_;
  optional<std::string> name_;
  bool is_training_ = true;
  bool parametrized_ = false;  // has what reset() does not register: see nn/utils/parametrize.h
  // While a clone runs reset(): the module that it is a clone of. Never copied: see Cloneable.
  const Module* clone_source_ = nullptr;
};

// "Net(\n  (fc): torch::nn::Linear(in_features=3, out_features=4, bias=true)\n)",
// as libtorch prints.
std::ostream& operator<<(std::ostream& stream, const Module& module);

template <class T>
std::shared_ptr<T> Module::register_module(std::string name, std::shared_ptr<T> module) {
  const std::shared_ptr<Module> kept = add_child(name, module);
  if (kept == module) return module;
  // A clone's tied submodule: the one that was cloned first stands for all.
  if (auto tied = std::dynamic_pointer_cast<T>(kept)) return tied;
  replace_child(name, module);
  return module;
}

}  // namespace xgrad::nn
