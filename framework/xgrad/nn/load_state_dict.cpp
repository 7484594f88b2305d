// load_state_dict(): everything is checked first, so that a state that does not fit changes
// nothing.
#include <algorithm>
#include <cstring>
#include <map>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/nn/module_state.h"
#include "xgrad/nn/names.h"
#include "xgrad/nn/rebind.h"

namespace xgrad::nn {
namespace {

using Slot = ModuleState::Slot;
using TensorDict = Module::TensorDict;

struct Copy {
  Tensor* slot;
  Tensor value;
};

// What a state and a module have of each other.
struct Comparison {
  std::vector<Copy> copies;
  std::vector<std::string> missing;
  std::vector<std::string> unexpected;
  std::vector<std::string> misfits;  // as sentences
};

std::string described(const Tensor& tensor) {
  if (!tensor.defined()) return "undefined";
  return shape_text(tensor.sizes()) + " " + dtype_name(tensor.scalar_type());
}

bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.scalar_type() != b.scalar_type() || !(a.sizes() == b.sizes())) return false;
  const Tensor x = a.detach().contiguous(), y = b.detach().contiguous();
  return x.nbytes() == 0 || std::memcmp(x.data_ptr(), y.data_ptr(), x.nbytes()) == 0;
}

// A buffer that has no elements yet takes its shape from the state, as those that may be resized.
bool fits(const Slot& slot, const Tensor& value, const io::LoadOptions& options) {
  const Tensor& own = *slot.tensor;
  if (!own.defined()) return slot.is_buffer || !value.defined();
  if (!value.defined() || value.scalar_type() != own.scalar_type()) return false;
  if (value.sizes() == own.sizes()) return true;
  const std::vector<std::string>& resizable = options.resize_buffers();
  const bool resized = std::find(resizable.begin(), resizable.end(), slot.name) != resizable.end();
  return slot.is_buffer && (own.numel() == 0 || resized);
}

// The state by the module's names.
TensorDict translated(const TensorDict& state, const io::LoadOptions& options,
                      const std::string& source) {
  TensorDict result("name");
  std::map<std::string, std::string> origins;
  for (const auto& item : state) {
    const std::string name = options.renamed(item.key());
    const auto [origin, fresh] = origins.insert({name, item.key()});
    check(fresh, "{}: {} and {} are both renamed to {}, expected different names", source,
          origin->second, item.key(), name);
    result.insert(name, item.value());
  }
  return result;
}

Comparison compare(const std::vector<Slot>& slots, const TensorDict& state,
                   const io::LoadOptions& options) {
  Comparison result;
  std::set<std::string> known;
  // The value that a tied tensor was given, and under which name.
  std::map<const TensorImpl*, std::pair<std::string, const Tensor*>> given;
  for (const Slot& slot : slots) {
    const Tensor& own = *slot.tensor;
    if (!own.defined() && !slot.is_buffer) continue;
    known.insert(slot.name);
    const Tensor* value = state.find(slot.name);
    if (value == nullptr) continue;
    if (!fits(slot, *value, options)) {
      result.misfits.push_back(fmt::format("{} is {} in the state but {} in the module", slot.name,
                                           described(*value), described(own)));
      if (own.defined()) given.insert({own.impl(), {slot.name, value}});
      continue;
    }
    if (own.defined()) {
      const auto [first, fresh] = given.insert({own.impl(), {slot.name, value}});
      if (!fresh) {
        if (!same_bits(*first->second.second, *value)) {
          result.misfits.push_back(
              fmt::format("{} differs from {} in the state but is tied to it in the module",
                          slot.name, first->second.first));
        }
        continue;
      }
    }
    if (value->defined()) result.copies.push_back({slot.tensor, *value});
  }
  std::set<const TensorImpl*> reported;
  for (const Slot& slot : slots) {
    const Tensor& own = *slot.tensor;
    if (!own.defined() || given.contains(own.impl())) continue;
    if (reported.insert(own.impl()).second) result.missing.push_back(slot.name);
  }
  for (const auto& item : state) {
    if (!known.contains(item.key())) result.unexpected.push_back(item.key());
  }
  std::sort(result.missing.begin(), result.missing.end());
  std::sort(result.unexpected.begin(), result.unexpected.end());
  std::sort(result.misfits.begin(), result.misfits.end());
  return result;
}

// "2 names are missing (a, b), 1 is unknown (c, did you mean a?), 1 does not fit (d is ...)".
std::string complaint(const Comparison& found, const io::LoadOptions& options,
                      const std::vector<Slot>& slots) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& names, const char* one, const char* many) {
    if (names.empty()) return;
    const char* noun = !text.empty() ? "" : names.size() == 1 ? " name" : " names";
    text += fmt::format("{}{}{} {} ({})", text.empty() ? "" : ", ", names.size(), noun,
                        names.size() == 1 ? one : many, fmt::join(names, ", "));
  };
  if (!options.allow_missing()) add(found.missing, "is missing", "are missing");
  if (!options.allow_unexpected()) {
    std::vector<std::string> candidates = found.missing;
    if (candidates.empty()) {
      for (const Slot& slot : slots) candidates.push_back(slot.name);
    }
    std::vector<std::string> unexpected;
    for (const std::string& name : found.unexpected) {
      unexpected.push_back(name + suggestion(name, candidates));
    }
    add(unexpected, "is unknown", "are unknown");
  }
  add(found.misfits, "does not fit", "do not fit");
  return text;
}

// Whether elements share memory, as after expand().
bool overlaps(const Tensor& tensor) {
  for (std::int64_t i = 0; i < tensor.dim(); ++i) {
    if (tensor.size(i) > 1 && tensor.stride(i) == 0) return true;
  }
  return false;
}

// Values that live in a tensor that is itself written to are copied first.
void take_apart(std::vector<Copy>& copies) {
  std::set<const StorageImpl*> written;
  for (const Copy& copy : copies) {
    if (copy.slot->defined()) written.insert(copy.slot->impl()->storage.get());
  }
  for (Copy& copy : copies) {
    if (written.contains(copy.value.impl()->storage.get())) copy.value = copy.value.clone();
  }
}

}  // namespace

LoadReport Module::load_state_dict(const TensorDict& state, const io::LoadOptions& options,
                                   const std::string& source) {
  const NoGradGuard no_grad;
  const std::vector<Slot> slots = ModuleState::slots(*this);
  Comparison found = compare(slots, translated(state, options, source), options);
  const std::string text = complaint(found, options, slots);
  check(text.empty(), "{}: {}", source, text);
  if (options.dry_run()) return {std::move(found.missing), std::move(found.unexpected)};
  take_apart(found.copies);
  for (const auto& [slot, value] : found.copies) {
    if (!slot->defined()) {
      *slot = value.detach().clone();
    } else if (value.sizes() == slot->sizes() && !overlaps(*slot)) {
      slot->copy_(value);
    } else {
      rebind_data(*slot, value.detach().clone());
    }
  }
  return {std::move(found.missing), std::move(found.unexpected)};
}

}  // namespace xgrad::nn
