// What an op costs beside its arithmetic: on 4 elements, plain and recorded. Prints medians.
//
//   overhead [threads]      # or, beside libtorch: ./run bench overhead
//
// Goals: 0.1 us for an op without gradient, 0.6 us for one that is recorded and walked back
// (libtorch 1.13 on the same machine: 0.6 and 4). "recorded" builds a chain of 100 ops and frees
// it, "walked" runs backward through it as well; both print the time for one op.
//
// Written against libtorch's API: CMake builds the same source against libtorch too where that is
// installed.
#include <torch/torch.h>

#include <cstdlib>
#include <string>

#include "measure.h"

namespace {

using torch::Tensor;

constexpr int kChain = 100;

void print_line(const std::string& group, const char* name, double seconds) {
  bench::report((group + "/" + name).c_str(), seconds);
}

template <class F>
void plain(const char* name, const F& f) {
  Tensor result;
  print_line("plain", name, bench::median([&] { result = f(); }));
}

struct Doubled : torch::autograd::Function<Doubled> {
  static Tensor forward(torch::autograd::AutogradContext* ctx, Tensor x) {
    ctx->save_for_backward({x});
    return x + x;
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 torch::autograd::variable_list dy) {
    ctx->get_saved_variables();
    return {dy[0] + dy[0]};
  }
};

// f: y -> the next y, starting from a leaf of 4 elements.
template <class F>
void chain(const char* name, const F& f) {
  const Tensor leaf = torch::rand({4}).set_requires_grad(true), dy = torch::ones({4});
  const auto record = [&] {
    Tensor y = leaf;
    for (int i = 0; i < kChain; ++i) y = f(y);
    return y;
  };
  print_line("recorded", name, bench::median([&] { record(); }) / kChain);
  print_line("walked", name, bench::median([&] { record().backward(dy); }) / kChain);
}

void plain_ops() {
  const torch::NoGradGuard no_grad;
  const Tensor a = torch::rand({4}), b = torch::rand({4}), m = torch::rand({2, 2});
  plain("a + b", [&] { return a + b; });
  plain("a + 1", [&] { return a + 1; });
  plain("a * 2", [&] { return a * 2; });
  plain("a - b", [&] { return a - b; });
  plain("relu(a)", [&] { return torch::relu(a); });
  plain("exp(a)", [&] { return a.exp(); });
  plain("a.add_(b)", [&] { return a.add_(b, 1e-9); });
  plain("a.sum()", [&] { return a.sum(); });
  plain("m + m[0], broadcast", [&] { return m + m[0]; });
  plain("m + m.t(), strided", [&] { return m + m.t(); });
  plain("m.mm(m)", [&] { return m.mm(m); });
  plain("m.t()", [&] { return m.t(); });
  plain("a[1]", [&] { return a[1]; });
  plain("a.view({2, 2})", [&] { return a.view({2, 2}); });
  plain("a.clone()", [&] { return a.clone(); });
  plain("empty({4})", [&] { return torch::empty({4}); });
  plain("zeros({4})", [&] { return torch::zeros({4}); });
  plain("cat({a, b})", [&] { return torch::cat({a, b}); });
}

void recorded_ops() {
  const Tensor b = torch::rand({4}), w = torch::rand({4}).set_requires_grad(true);
  chain("y + b", [&](const Tensor& y) { return y + b; });
  chain("y * 0.5", [&](const Tensor& y) { return y * 0.5; });
  chain("y * b", [&](const Tensor& y) { return y * b; });
  chain("y * w, two gradients", [&](const Tensor& y) { return y * w; });
  chain("relu(y)", [&](const Tensor& y) { return torch::relu(y); });
  chain("sin(y)", [&](const Tensor& y) { return y.sin(); });
  chain("y.view({4})", [&](const Tensor& y) { return y.view({4}); });
  chain("a Function", [&](const Tensor& y) { return Doubled::apply(y); });
  const Tensor x = torch::rand({4});
  print_line("walked", "(w * x).sum() alone", bench::median([&] { (w * x).sum().backward(); }));
}

}  // namespace

int main() {
  torch::set_num_threads(1);
  plain_ops();
  recorded_ops();
}
