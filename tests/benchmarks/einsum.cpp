// Contractions through the public einsum: TCCG's 24 and the usual ones of deep learning.
//
//   einsum [threads]        # or, beside libtorch: ./run bench einsum
//
// Written against libtorch's API: CMake builds the same source against libtorch too where that is
// installed. TCCG: Springer and Bientinesi, arXiv 1607.00145, with about 4 Mi elements for the
// largest tensor.
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "machine.h"
#include "measure.h"

namespace {

void measure(const char* name, const std::string& text,
             const std::vector<torch::Tensor>& operands) {
  torch::Tensor result;
  const double time = bench::median([&] { result = torch::einsum(text, operands); });
  double bytes = 4 * static_cast<double>(result.numel());
  std::map<char, double> sizes;
  std::size_t position = 0;
  for (const torch::Tensor& operand : operands) {
    bytes += 4 * static_cast<double>(operand.numel());
    for (std::int64_t d = 0; d < operand.dim(); ++d) {
      sizes[text[position++]] = static_cast<double>(operand.size(d));
    }
    ++position;  // the comma
  }
  double flops = 2;
  for (const auto& [label, size] : sizes) flops *= size;
  bench::report((name + text).c_str(), time, flops, bytes);
}

torch::Tensor random(const std::vector<std::int64_t>& shape) { return torch::randn(shape); }

// The benchmark writes c-a-b for column-major tensors: read backwards they are row-major.
void tccg(std::string text, bool short_j) {
  std::reverse(text.begin(), text.end());
  const std::size_t second = text.find('-'), third = text.rfind('-');
  const std::string b = text.substr(0, second), a = text.substr(second + 1, third - second - 1);
  const std::string c = text.substr(third + 1);
  const double rank = static_cast<double>(std::max({a.size(), b.size(), c.size()}));
  const double average = std::pow(4.0 * 1024 * 1024, 1 / rank);
  const auto nearest = [&](int unit) {
    return std::max<std::int64_t>(unit,
                                  static_cast<std::int64_t>((average + unit / 2) / unit) * unit);
  };
  std::map<char, std::int64_t> sizes;
  for (char label : a + b + c) {
    const bool contiguous = label == a.back() || label == b.back() || label == c.back();
    sizes[label] = short_j && label == 'j' ? 24 : nearest(contiguous ? 24 : 4);
  }
  const auto tensor = [&](const std::string& labels) {
    std::vector<std::int64_t> shape;
    for (char label : labels) shape.push_back(sizes[label]);
    return random(shape);
  };
  measure("tccg/", a + "," + b + "->" + c, {tensor(a), tensor(b)});
}

void all_tccg() {
  for (const char* text : {"ij-ik-kj", "ij-ikl-ljk", "ij-kil-lkj", "ijk-ikl-lj", "ijk-ilk-jl",
                           "ijk-ilmk-mjl", "ijkl-imjn-lnkm", "ijkl-imjn-nlmk", "ijkl-minl-njmk"}) {
    tccg(text, false);
  }
  for (const char* text : {"abj-bka-kj", "ajb-kba-jk", "abjc-cbka-kj", "ajbc-ckba-jk",
                           "abjc-kbac-jk", "abjcd-dkbac-jk", "adbjc-cbdka-kj", "ajbdc-ckbad-jk"}) {
    tccg(text, true);
  }
  for (const char* text : {"aqrs-pa-pqrs", "abrs-qb-aqrs", "abcs-rc-abrs", "abcijk-ijma-mkbc",
                           "abcijk-ijmb-mkac", "abcijk-ijmc-mkab", "abcijk-ikmb-mjac"}) {
    tccg(text, false);
  }
}

void deep_learning() {
  measure("learning/attention_scores ", "bthd,bshd->bhts",
          {random({8, 128, 8, 64}), random({8, 128, 8, 64})});
  measure("learning/attention_values ", "bhts,bshd->bthd",
          {random({8, 8, 128, 128}), random({8, 128, 8, 64})});
  measure("learning/attention_small ", "bthd,bshd->bhts",
          {random({4, 32, 4, 16}), random({4, 32, 4, 16})});
  measure("learning/linear_forward ", "bi,oi->bo", {random({128, 784}), random({256, 784})});
  measure("learning/linear_weight_gradient ", "bi,bo->oi",
          {random({128, 784}), random({128, 256})});
  measure("learning/linear_input_gradient ", "oi,bo->bi", {random({256, 784}), random({128, 256})});
  measure("learning/linear_small ", "bi,oi->bo", {random({64, 128}), random({10, 128})});
  measure("learning/bilinear ", "bi,oij,bj->bo",
          {random({64, 50}), random({32, 50, 50}), random({64, 50})});
  measure("learning/lstm_gates ", "bi,gi->bg", {random({32, 256}), random({1024, 256})});
  measure("learning/conv_1x1 ", "bchw,oc->bohw", {random({16, 64, 28, 28}), random({64, 64})});
  const torch::Tensor windows = random({16, 16, 30, 30}).unfold(2, 3, 1).unfold(3, 3, 1);
  measure("learning/conv_3x3_windows ", "bchwij,ocij->bohw", {windows, random({32, 16, 3, 3})});
  measure("learning/outer ", "i,j->ij", {random({1024}), random({1024})});
  measure("learning/batched_outer ", "bi,bj->bij", {random({256, 64}), random({256, 64})});
  measure("learning/matrix_vector_rows ", "ij,j->i", {random({2048, 2048}), random({2048})});
  measure("learning/matrix_vector_columns ", "ij,i->j", {random({2048, 2048}), random({2048})});
  measure("learning/batched_matrix_vector ", "bij,bj->bi",
          {random({64, 64, 64}), random({64, 64})});
  measure("learning/batched_dot ", "bi,bi->b", {random({4096, 256}), random({4096, 256})});
  measure("learning/batched_dot_columns ", "ib,ib->b", {random({256, 4096}), random({256, 4096})});
  measure("learning/batched_8x8 ", "bij,bjk->bik", {random({1024, 8, 8}), random({1024, 8, 8})});
  measure("learning/batch_innermost ", "ijb,jkb->ikb",
          {random({8, 8, 1024}), random({8, 8, 1024})});
  measure("learning/dot ", "i,i->", {random({1000000}), random({1000000})});
  measure("learning/elementwise ", "ij,ij->ij", {random({512, 512}), random({512, 512})});
  measure("learning/elementwise_transposed ", "ij,ji->ij",
          {random({512, 512}), random({512, 512})});
  measure("learning/8x8 ", "ij,jk->ik", {random({8, 8}), random({8, 8})});
}

}  // namespace

int main(int argc, char** argv) {
  torch::set_num_threads(argc > 1 ? std::atoi(argv[1]) : 1);
  const torch::NoGradGuard no_gradients;
  bench::report("machine/fma f32", 1, bench::fma_peak<float>());
  bench::report("machine/copy", 1, 0, bench::copy_bandwidth());
  bench::report("machine/read", 1, 0, bench::read_bandwidth());
  deep_learning();
  all_tccg();
}
