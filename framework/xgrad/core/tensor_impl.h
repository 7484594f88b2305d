// TensorImpl: what a Tensor handle points to.
// Private to the library's sources and its own inline functions.
#pragma once

#include <memory>

#include "xgrad/core/dims.h"
#include "xgrad/core/ref.h"
#include "xgrad/core/scalar_type.h"
#include "xgrad/core/storage.h"

namespace xgrad {

struct AutogradState;

// True while an InferenceMode (autograd/grad_mode.h) lives on this thread: it marks the tensors
// that are made meanwhile.
inline constinit thread_local bool inference_mode = false;

struct TensorImpl final : RefCounted {
  TensorImpl();
  ~TensorImpl();

  Ref<StorageImpl> storage;
  std::int64_t offset = 0;  // in elements
  Dims sizes, strides;      // strides in elements
  std::int64_t numel = 1;
  ScalarType dtype = kFloat;
  bool contiguous = true;
  bool requires_grad = false;  // a leaf that asked for it, or the result of a recorded op
  bool counts_changes = true;  // false for data(): changes through it stay unseen by autograd
  bool inference = false;      // made under InferenceMode
  std::unique_ptr<AutogradState> autograd;

  // Whether ops on it are recorded: it asked for a gradient itself,
  // or it is a view of a tensor that does by now.
  bool wants_grad() const;

  void set_geometry(const Dims& new_sizes, const Dims& new_strides) {
    sizes = new_sizes;
    strides = new_strides;
    update();
  }
  // After a change of sizes or strides.
  void update() {
    numel = numel_of(sizes);
    contiguous = true;
    std::int64_t expected = 1;
    for (std::size_t i = sizes.size(); i-- > 0 && numel != 0;) {
      if (sizes[i] == 1) continue;
      if (strides[i] != expected) {
        contiguous = false;
        return;
      }
      expected *= sizes[i];
    }
  }
  void* data() const {
    return static_cast<char*>(storage->data()) +
           static_cast<std::size_t>(offset) * elementSize(dtype);
  }

  static Ref<TensorImpl> make();
  static void destroy(TensorImpl* impl) noexcept;
};

// What autograd keeps beside a tensor; absent until needed. Completed in autograd/state.h.
struct AutogradState {
  virtual ~AutogradState() = default;
  Ref<TensorImpl> base;  // of a view: the tensor that owns the storage
};

inline bool TensorImpl::wants_grad() const {
  return requires_grad || (autograd != nullptr && autograd->base && autograd->base->requires_grad);
}

}  // namespace xgrad
