#include "xgrad/nn/rebind.h"

#include "xgrad/autograd/state.h"

namespace xgrad::nn {

void rebind_data(const Tensor& tensor, const Tensor& data) {
  TensorImpl& impl = *tensor.impl();
  if (impl.dtype != data.scalar_type()) {
    // Its accumulator expects gradients of the old type; the next op makes a new one.
    if (autograd::State* state = autograd::state_if_any(tensor)) state->accumulator = nullptr;
  }
  impl.dtype = data.scalar_type();
  impl.storage = data.impl()->storage;
  impl.offset = data.storage_offset();
  impl.set_geometry(data.sizes(), data.strides());
}

}  // namespace xgrad::nn
