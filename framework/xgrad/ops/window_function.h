// Window functions of signal processing. Source:
// https://pytorch.org/docs/stable/generated/torch.hann_window.html and its neighbours.
//
//   auto frames = x.unfold(-1, 512, 256) * xgrad::hann_window(512);
//
// [n], floating; periodic ones are the first n values of a window of n + 1. Errors: n < 0.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor hann_window(std::int64_t n, TensorOptions options = {});
Tensor hann_window(std::int64_t n, bool periodic, TensorOptions options = {});
// alpha - beta cos(2 pi i / (n - 1)).
Tensor hamming_window(std::int64_t n, TensorOptions options = {});
Tensor hamming_window(std::int64_t n, bool periodic, TensorOptions options = {});
Tensor hamming_window(std::int64_t n, bool periodic, double alpha, TensorOptions options = {});
Tensor hamming_window(std::int64_t n, bool periodic, double alpha, double beta,
                      TensorOptions options = {});
Tensor blackman_window(std::int64_t n, TensorOptions options = {});
Tensor blackman_window(std::int64_t n, bool periodic, TensorOptions options = {});
// i0(beta sqrt(1 - t^2)) / i0(beta), t from -1 to 1.
Tensor kaiser_window(std::int64_t n, TensorOptions options = {});
Tensor kaiser_window(std::int64_t n, bool periodic, TensorOptions options = {});
Tensor kaiser_window(std::int64_t n, bool periodic, double beta, TensorOptions options = {});
// A triangle.
Tensor bartlett_window(std::int64_t n, TensorOptions options = {});
Tensor bartlett_window(std::int64_t n, bool periodic, TensorOptions options = {});

}  // namespace xgrad
