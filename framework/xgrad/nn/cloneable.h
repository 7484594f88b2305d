// Cloneable<Derived>: the base of modules that clone() can copy.
//
//   struct NetImpl : xgrad::nn::Cloneable<NetImpl> {
//     NetImpl() { reset(); }
//     void reset() override { fc = register_module("fc", xgrad::nn::Linear(3, 4)); }
//     xgrad::nn::Linear fc = nullptr;
//   };
//
// reset() registers all parameters, buffers and submodules; a clone runs it to get its own. Source:
// torch::nn::Cloneable.
#pragma once

#include <memory>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/nn/clone_scope.h"
#include "xgrad/nn/module.h"

namespace xgrad::nn {

template <class Derived>
class Cloneable : public virtual Module {
 public:
  using Module::Module;

  virtual void reset() = 0;

  // Errors: reset() registers other names than this module has.
  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override {
    CloneScope scope(device);
    auto* copy = new Derived(static_cast<const Derived&>(*this));
    const std::shared_ptr<Module> owner(static_cast<Module*>(copy));
    scope.begin(*copy, *this);
    copy->reset();
    scope.end(*copy, *this);
    return owner;
  }

 private:
  void clone_(const Module& other, const optional<Device>& device) final {
    const std::shared_ptr<Module> owner = other.clone(device);
    auto* copy = dynamic_cast<Derived*>(owner.get());
    CloneScope::check_type(copy != nullptr, other, *this);
    static_cast<Derived&>(*this) = std::move(*copy);
  }
};

}  // namespace xgrad::nn
