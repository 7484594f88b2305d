// A stack of recurrent layers: what lstm(), gru()... and the layers of nn call.
// Private to the sources.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

namespace kernels {
enum class Recurrence;
}

// All that a call says besides its input; names and shapes as in ops/recurrent.h.
struct RecurrentCall {
  const char* op;  // for messages
  kernels::Recurrence kind;
  Tensor h, c;
  TensorList params;
  bool has_biases, projects;
  std::int64_t num_layers;
  double dropout;
  bool train, bidirectional;

  std::size_t directions() const { return bidirectional ? 2 : 1; }
  // Layers and directions, in the order of params and states.
  std::size_t walks() const { return static_cast<std::size_t>(num_layers) * directions(); }
};

struct RecurrentResult {
  Tensor y, h, c;  // c is undefined but for the lstm
};

RecurrentResult run_padded(const RecurrentCall& call, const Tensor& input, bool batch_first);
RecurrentResult run_packed(const RecurrentCall& call, const Tensor& data,
                           const Tensor& batch_sizes);

}  // namespace xgrad
