// Convolutions with one channel a group, which have kernels of their own: against the same
// convolution, channel by channel, with a second channel of zeros.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

struct Case {
  std::vector<std::int64_t> input;   // [N, C, spatial...]
  std::vector<std::int64_t> kernel;  // spatial
  std::int64_t outputs;              // of each channel
  std::vector<std::int64_t> padding, dilation;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> cases = {
      {{2, 3, 20}, {5}, 1, {2}, {1}},
      {{2, 2, 80}, {4}, 2, {0}, {3}},
      {{2, 3, 9, 12}, {3, 3}, 1, {1, 1}, {1, 1}},
      {{1, 2, 12, 70}, {5, 1}, 3, {2, 0}, {2, 1}},
      {{1, 1, 10, 40}, {2, 4}, 4, {0, 3}, {1, 2}},
      {{1, 2, 4, 5, 9}, {3, 2, 2}, 2, {1, 0, 1}, {1, 2, 1}},
  };
  return cases;
}

Tensor convolve(const Tensor& x, const Tensor& w, const Tensor& b, const Case& c,
                std::int64_t groups, bool transposed) {
  const std::vector<std::int64_t> stride(c.kernel.size(), 1), none(c.kernel.size(), 0);
  return convolution(x, w, b, stride, c.padding, c.dilation, transposed, none, groups);
}

// As x.grouped, with two channels for each of which the second one is zero.
Tensor channel_by_channel(const Tensor& x, const Tensor& w, const Tensor& b, const Case& c,
                          bool transposed) {
  std::vector<Tensor> results;
  const std::int64_t channels = x.size(1), each = w.size(0) / channels;
  for (std::int64_t i = 0; i < channels; ++i) {
    const Tensor from = x.narrow(1, i, 1), kernel = w.narrow(0, i * each, each);
    const Tensor kernels = cat({kernel, zeros_like(kernel)}, 1);
    const Tensor y =
        transposed ? convolve(from, kernels, Tensor(), c, 1, true).narrow(1, 0, 1)
                   : convolve(cat({from, zeros_like(from)}, 1), kernels, Tensor(), c, 1, false);
    results.push_back(y);
  }
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[1] = b.numel();
  return cat(results, 1) + b.view(shape);
}

template <class T>
void check_case(const Case& c, bool transposed, double tolerance) {
  CAPTURE(c.input, c.kernel, transposed);
  const ScalarType type = scalar_type_of<T>();
  manual_seed(3);
  const std::int64_t channels = c.input[1], outputs = transposed ? 1 : c.outputs;
  std::vector<std::int64_t> shape{channels * outputs, 1};
  shape.insert(shape.end(), c.kernel.begin(), c.kernel.end());
  const Tensor x = randn(c.input, type).requires_grad_(), w = randn(shape, type).requires_grad_(),
               b = randn({channels * outputs}, type).requires_grad_();
  const Tensor ours = convolve(x, w, b, c, channels, transposed);
  const Tensor expected = channel_by_channel(x, w, b, c, transposed);
  REQUIRE_THAT(ours, Near(expected, tolerance));
  const Tensor direction = randn(ours.sizes(), type);
  const auto got = autograd::grad({ours}, {x, w, b}, {direction});
  const auto wanted = autograd::grad({expected}, {x, w, b}, {direction});
  for (std::size_t i = 0; i < 3; ++i) CHECK_THAT(got[i], Near(wanted[i], 20 * tolerance));
}

}  // namespace

TEST_CASE("depthwise convolutions agree with one channel at a time", "[nn][conv]") {
  for (const Case& c : cases()) {
    for (const bool transposed : {false, true}) {
      check_case<double>(c, transposed, 1e-12);
      check_case<float>(c, transposed, 1e-5);
    }
  }
}

TEST_CASE("depthwise convolutions give the same bits for any number of threads", "[nn][conv]") {
  const int threads = get_num_threads();
  manual_seed(4);
  const Tensor x = randn({16, 12, 40, 40}).requires_grad_(),
               w = randn({24, 1, 3, 3}).requires_grad_();
  std::vector<Tensor> first;
  for (const int n : {1, 3}) {
    set_num_threads(n);
    const Tensor y = conv2d(x, w, Tensor(), 1, 1, 1, 12);
    std::vector<Tensor> results = autograd::grad({y.square().sum()}, {x, w});
    results.push_back(y.detach());
    if (first.empty()) first = results;
    for (std::size_t i = 0; i < results.size(); ++i) CHECK_THAT(results[i], Identical(first[i]));
  }
  set_num_threads(threads);
}

}  // namespace xgrad::testing
