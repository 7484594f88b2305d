#include "xgrad/nn/modules/norm_base.h"

#include "xgrad/core/format.h"
#include "xgrad/nn/init.h"
#include "xgrad/ops/factories.h"

namespace xgrad::nn {

void NormState::register_state(std::int64_t features, bool affine, bool track_running_stats) {
  check(features >= 0, "normalization layer: num_features is {}, expected no negative number",
        features);
  const auto parameter = [&](const char* key) {
    return affine ? register_parameter(key, empty({features})) : register_parameter(key, {}, false);
  };
  weight = parameter("weight");
  bias = parameter("bias");
  running_mean =
      register_buffer("running_mean", track_running_stats ? zeros({features}) : Tensor());
  running_var = register_buffer("running_var", track_running_stats ? ones({features}) : Tensor());
  num_batches_tracked =
      register_buffer("num_batches_tracked", track_running_stats ? zeros({}, kLong) : Tensor());
  reset_parameters();
}

void NormState::reset_running_stats() {
  if (!running_mean.defined()) return;
  running_mean.zero_();
  running_var.fill_(1);
  num_batches_tracked.zero_();
}

void NormState::reset_parameters() {
  reset_running_stats();
  if (!weight.defined()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

}  // namespace xgrad::nn
