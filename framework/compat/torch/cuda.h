// torch::cuda where there is no CUDA: asking is answered, using is an Error.
#pragma once

#include "torch/namespaces.h"

namespace xgrad::cuda {

inline bool is_available() { return false; }
inline bool cudnn_is_available() { return false; }
inline std::size_t device_count() { return 0; }
inline void manual_seed(std::uint64_t) {}
inline void manual_seed_all(std::uint64_t) {}
// Errors: always.
inline void synchronize(std::int64_t = -1) {
  fail("cuda::synchronize: no CUDA device is available, expected one");
}

}  // namespace xgrad::cuda
