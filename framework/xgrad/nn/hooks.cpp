#include "xgrad/nn/hooks.h"

#include <memory>

#include "xgrad/autograd/anomaly.h"
#include "xgrad/core/format.h"
#include "xgrad/nn/call.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

namespace {

// The modules that are being called on this thread, the outermost first.
struct Call {
  Call(const Module& called, std::string its_path, std::string its_place)
      : module(&called), path(std::move(its_path)), place(std::move(its_place)) {}
  const Module* module;
  std::string path;  // the outermost one's type, then registered names
  autograd::anomaly::Place place;
};
std::vector<std::unique_ptr<Call>>& calls() {
  thread_local std::vector<std::unique_ptr<Call>> all;
  return all;
}

// Where the module is in the tree of the nearest caller that has it; its type if none has.
std::string path_of(const Module& module) {
  for (auto call = calls().rbegin(); call != calls().rend(); ++call) {
    for (const auto& below : (*call)->module->named_modules({}, false)) {
      if (below->get() == &module) return (*call)->path + "." + below.key();
    }
  }
  return module.name();
}

}  // namespace

void CallScope::enter(const Module& module) {
  std::string path = path_of(module);
  std::string place = path == module.name() ? path : fmt::format("{} ({})", path, module.name());
  // A checkpoint's second run calls modules from within the backward.
  const std::string& around = autograd::anomaly::place();
  if (calls().empty() && !around.empty()) place += ", in " + around;
  calls().push_back(std::make_unique<Call>(module, std::move(path), std::move(place)));
  entered_ = true;
}

void CallScope::leave() noexcept { calls().pop_back(); }

void fail_empty_holder() {
  fail("module holder: it is empty, expected a module; assign one to it first");
}

std::size_t Module::add_pre_hook(ForwardPreHook hook) {
  if (!hooks_) hooks_ = std::make_shared<Hooks>();
  hooks_->before.emplace_back(hooks_->next_id, std::move(hook));
  return hooks_->next_id++;
}

std::size_t Module::add_hook(ForwardHook hook) {
  if (!hooks_) hooks_ = std::make_shared<Hooks>();
  hooks_->after.emplace_back(hooks_->next_id, std::move(hook));
  return hooks_->next_id++;
}

void Module::remove_forward_hook(std::size_t id) {
  if (!hooks_) return;
  const auto has_id = [&](const auto& hook) { return hook.first == id; };
  std::erase_if(hooks_->before, has_id);
  std::erase_if(hooks_->after, has_id);
}

// The lists are copied, so that a hook may remove itself.
Tensor Module::run_pre_hooks(const Tensor& input) {
  Tensor current = input;
  for (const auto& [id, hook] : std::vector(hooks_->before)) {
    if (Tensor changed = hook(*this, current); changed.defined()) current = changed;
  }
  return current;
}

Tensor Module::run_hooks(const Tensor& input, const Tensor& output) {
  Tensor current = output;
  for (const auto& [id, hook] : std::vector(hooks_->after)) {
    if (Tensor changed = hook(*this, input, current); changed.defined()) current = changed;
  }
  return current;
}

}  // namespace xgrad::nn
