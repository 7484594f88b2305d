// Pooling: against tests/golden/pooling.json (made by tests/golden/make_pooling.py), against nested
// loops on random windows, and its wrong use.
#include <cmath>
#include <limits>

#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
namespace F = nn::functional;
using Sizes = std::vector<std::int64_t>;

Inputs list(const std::tuple<Tensor, Tensor>& pair) {
  return {std::get<0>(pair), std::get<1>(pair)};
}

void add_max_pools(std::vector<NnRow>& rows) {
  const auto max1 = [&](const char* name, const F::MaxPool1dFuncOptions& o) {
    rows.emplace_back(name,
                      [o](const Inputs& x) { return list(F::max_pool1d_with_indices(x[0], o)); });
  };
  max1("max1", F::MaxPool1dFuncOptions(2));
  max1("max1_padded", F::MaxPool1dFuncOptions(3).stride(2).padding(1));
  max1("max1_dilated_ceil",
       F::MaxPool1dFuncOptions(3).stride(2).padding(1).dilation(2).ceil_mode(true));
  max1("max1_unbatched", F::MaxPool1dFuncOptions(3).stride(1));
  const auto max2 = [&](const char* name, const F::MaxPool2dFuncOptions& o) {
    rows.emplace_back(name,
                      [o](const Inputs& x) { return list(F::max_pool2d_with_indices(x[0], o)); });
  };
  max2("max2", F::MaxPool2dFuncOptions(2));
  max2("max2_padded", F::MaxPool2dFuncOptions(3).stride(2).padding(1));
  max2("max2_mixed",
       F::MaxPool2dFuncOptions({3, 2}).stride({1, 2}).padding({1, 0}).dilation({1, 2}));
  max2("max2_ceil", F::MaxPool2dFuncOptions(3).stride(2).ceil_mode(true));
  max2("max2_ceil_dropped", F::MaxPool2dFuncOptions(2).stride(3).padding(1).ceil_mode(true));
  max2("max2_wide_stride", F::MaxPool2dFuncOptions(2).stride(3));
  max2("max2_unbatched", F::MaxPool2dFuncOptions(2).stride(1));
  const auto max3 = [&](const char* name, const F::MaxPool3dFuncOptions& o) {
    rows.emplace_back(name,
                      [o](const Inputs& x) { return list(F::max_pool3d_with_indices(x[0], o)); });
  };
  max3("max3", F::MaxPool3dFuncOptions(2));
  max3("max3_mixed", F::MaxPool3dFuncOptions({2, 3, 2})
                         .stride({1, 2, 1})
                         .padding({1, 1, 0})
                         .dilation({1, 1, 2})
                         .ceil_mode(true));
  max3("max3_unbatched", F::MaxPool3dFuncOptions(2).stride(1));
}

void add_avg_pools(std::vector<NnRow>& rows) {
  const auto avg1 = [&](const char* name, const F::AvgPool1dFuncOptions& o) {
    rows.emplace_back(name, [o](const Inputs& x) { return F::avg_pool1d(x[0], o); });
  };
  avg1("avg1", F::AvgPool1dFuncOptions(2));
  avg1("avg1_padded_ceil", F::AvgPool1dFuncOptions(3).stride(2).padding(1).ceil_mode(true));
  avg1("avg1_excluded",
       F::AvgPool1dFuncOptions(4).stride(3).padding(2).ceil_mode(true).count_include_pad(false));
  avg1("avg1_unbatched", F::AvgPool1dFuncOptions(3).stride(1));
  const auto avg2 = [&](const char* name, const F::AvgPool2dFuncOptions& o) {
    rows.emplace_back(name, [o](const Inputs& x) { return F::avg_pool2d(x[0], o); });
  };
  avg2("avg2", F::AvgPool2dFuncOptions(2));
  avg2("avg2_padded", F::AvgPool2dFuncOptions(3).stride(2).padding(1));
  avg2("avg2_mixed",
       F::AvgPool2dFuncOptions({3, 2}).stride({1, 2}).padding({1, 0}).ceil_mode(true));
  avg2("avg2_excluded",
       F::AvgPool2dFuncOptions(3).stride(2).padding(1).ceil_mode(true).count_include_pad(false));
  avg2("avg2_ceil_dropped", F::AvgPool2dFuncOptions(2).stride(3).padding(1).ceil_mode(true));
  avg2("avg2_divisor", F::AvgPool2dFuncOptions(3).stride(2).padding(1).divisor_override(7));
  avg2("avg2_unbatched", F::AvgPool2dFuncOptions(2).stride(1));
  avg2("avg2_long",
       F::AvgPool2dFuncOptions(3).stride(2).padding(1).ceil_mode(true).count_include_pad(false));
  const auto avg3 = [&](const char* name, const F::AvgPool3dFuncOptions& o) {
    rows.emplace_back(name, [o](const Inputs& x) { return F::avg_pool3d(x[0], o); });
  };
  avg3("avg3", F::AvgPool3dFuncOptions(2));
  avg3("avg3_excluded", F::AvgPool3dFuncOptions({2, 3, 2})
                            .stride({1, 2, 2})
                            .padding({1, 1, 0})
                            .ceil_mode(true)
                            .count_include_pad(false));
  avg3("avg3_divisor", F::AvgPool3dFuncOptions(2).stride(1).padding(1).divisor_override(-3));
  avg3("avg3_long", F::AvgPool3dFuncOptions(2));
}

void add_adaptive_pools(std::vector<NnRow>& rows) {
  const auto both = [&](const std::string& name, const auto& average, const auto& largest) {
    rows.emplace_back("adaptive_avg" + name, [average](const Inputs& x) { return average(x[0]); });
    rows.emplace_back("adaptive_max" + name,
                      [largest](const Inputs& x) { return list(largest(x[0])); });
  };
  const auto to1 = [&](const char* name, const ExpandingArray<1>& size) {
    both(
        name, [=](const Tensor& x) { return F::adaptive_avg_pool1d(x, size); },
        [=](const Tensor& x) { return F::adaptive_max_pool1d_with_indices(x, size); });
  };
  const auto to2 = [&](const char* name, const ExpandingArrayWithOptionalElem<2>& size) {
    both(
        name, [=](const Tensor& x) { return F::adaptive_avg_pool2d(x, size); },
        [=](const Tensor& x) { return F::adaptive_max_pool2d_with_indices(x, size); });
  };
  const auto to3 = [&](const char* name, const ExpandingArrayWithOptionalElem<3>& size) {
    both(
        name, [=](const Tensor& x) { return F::adaptive_avg_pool3d(x, size); },
        [=](const Tensor& x) { return F::adaptive_max_pool3d_with_indices(x, size); });
  };
  to1("1", 3);
  to1("1_unbatched", 5);
  to2("2", {3, 2});
  to2("2_one", 1);
  to2("2_larger", {3, 5});
  to2("2_kept", {nullopt, 4});
  to2("2_unbatched", 2);
  to3("3", {2, 3, 2});
  to3("3_kept", {nullopt, 2, nullopt});
  to3("3_one", 1);
}

void add_other_pools(std::vector<NnRow>& rows) {
  rows.emplace_back("unpool1", [](const Inputs& x) {
    return F::max_unpool1d(x[0], x[1], F::MaxUnpool1dFuncOptions(2));
  });
  rows.emplace_back("unpool1_size", [](const Inputs& x) {
    return F::max_unpool1d(x[0], x[1], F::MaxUnpool1dFuncOptions(2).output_size(Sizes{7}));
  });
  const auto unpool2 = [&](const char* name, const Sizes& size) {
    rows.emplace_back(name, [size](const Inputs& x) {
      return F::max_unpool2d(x[0], x[1], F::MaxUnpool2dFuncOptions(2).padding(1).output_size(size));
    });
  };
  unpool2("unpool2", {1, 2, 5, 6});
  unpool2("unpool2_unbatched", {5, 6});
  // Each of equal indices gets the gradient, though one element only stays: as in PyTorch.
  rows.emplace_back(
      "unpool2_equal_indices",
      [](const Inputs& x) {
        return F::max_unpool2d(x[0], x[1], F::MaxUnpool2dFuncOptions(2).stride(1));
      },
      0);
  rows.emplace_back("unpool3", [](const Inputs& x) {
    return F::max_unpool3d(x[0], x[1], F::MaxUnpool3dFuncOptions(2));
  });
  rows.emplace_back("fractional2", [](const Inputs& x) {
    return list(F::fractional_max_pool2d_with_indices(
        x[0], F::FractionalMaxPool2dFuncOptions(2).output_size({{3, 4}})._random_samples(x[1])));
  });
  rows.emplace_back("fractional2_ratio", [](const Inputs& x) {
    return list(F::fractional_max_pool2d_with_indices(
        x[0], F::FractionalMaxPool2dFuncOptions({3, 2})
                  .output_ratio(ExpandingArray<2, double>({0.5, 0.7}))
                  ._random_samples(x[1])));
  });
  rows.emplace_back("fractional3", [](const Inputs& x) {
    return list(
        F::fractional_max_pool3d_with_indices(x[0], F::FractionalMaxPool3dFuncOptions({2, 1, 2})
                                                        .output_size(ExpandingArray<3>({2, 3, 3}))
                                                        ._random_samples(x[1])));
  });
  rows.emplace_back("lp1", [](const Inputs& x) {
    return F::lp_pool1d(x[0], F::LPPool1dFuncOptions(2, 3).stride(2));
  });
  rows.emplace_back("lp1_unbatched", [](const Inputs& x) {
    return F::lp_pool1d(x[0], F::LPPool1dFuncOptions(3.5, 2).ceil_mode(true));
  });
  rows.emplace_back("lp2", [](const Inputs& x) {
    return F::lp_pool2d(x[0], F::LPPool2dFuncOptions(1.5, {3, 2}).stride({2, 1}));
  });
  rows.emplace_back("lp2_ceil", [](const Inputs& x) {
    return F::lp_pool2d(x[0], F::LPPool2dFuncOptions(2, 2).ceil_mode(true));
  });
  for (const std::string name : {"special_max", "special_negative", "special_lowest"}) {
    rows.emplace_back(name,
                      [](const Inputs& x) { return list(max_pool2d_with_indices(x[0], 3, 2, 1)); });
    rows.emplace_back(name + "_dilated", [](const Inputs& x) {
      return list(max_pool2d_with_indices(x[0], 2, 1, 1, 2));
    });
    rows.emplace_back(name + "_3d", [](const Inputs& x) {
      return list(max_pool3d_with_indices(x[0], {1, 2, 2}, 1, {0, 1, 1}));
    });
    rows.emplace_back(name + "_adaptive",
                      [](const Inputs& x) { return list(adaptive_max_pool2d(x[0], 3)); });
  }
}

TEST_CASE("poolings and their derivatives are PyTorch's, with ties, NaN and infinities") {
  std::vector<NnRow> rows;
  add_max_pools(rows);
  add_avg_pools(rows);
  add_adaptive_pools(rows);
  add_other_pools(rows);
  const nlohmann::json golden = read_golden("pooling.json");
  for (const NnRow& row : rows) check_row(golden, row);
}

TEST_CASE("fractional max pooling draws PyTorch's windows for the same seed") {
  const nlohmann::json golden = read_golden("pooling.json");
  const Tensor x = arange(2 * 2 * 7 * 9).to(kFloat).sin().view({2, 2, 7, 9});
  const auto check_windows = [&](const char* name, auto layer, const Tensor& input) {
    INFO(name);
    manual_seed(7);
    CHECK_THAT(layer(input), Near(golden_tensor(golden.at(name).at("outputs")[0]), 1e-6));
  };
  const auto pool2 = [](const Tensor& input) {
    return nn::FractionalMaxPool2d(nn::FractionalMaxPool2dOptions(2).output_size({{3, 5}}))(input);
  };
  const auto pool3 = [](const Tensor& input) {
    return F::fractional_max_pool3d(input, F::FractionalMaxPool3dFuncOptions({1, 2, 2}).output_size(
                                               ExpandingArray<3>({1, 4, 5})));
  };
  check_windows("random_2", pool2, x);
  check_windows("random_2_unbatched",
                nn::FractionalMaxPool2d(nn::FractionalMaxPool2dOptions(3).output_ratio(0.5)), x[0]);
  check_windows("random_3", pool3, x.unsqueeze(0));
  check_windows("random_3_double", pool3,
                arange(252).to(kFloat).sin().to(kDouble).view({2, 2, 7, 9}));
}

// Max pooling of [planes, H, W] by its definition.
struct Windows {
  std::int64_t kernel[2], stride[2], padding[2], dilation[2];
  bool ceil_mode;
};
template <class T>
std::pair<std::vector<T>, Sizes> nested_loops(const Tensor& x, const Windows& w,
                                              IntArrayRef output) {
  std::vector<T> values;
  Sizes index;
  const std::int64_t height = x.size(1), width = x.size(2);
  for (std::int64_t p = 0; p < x.size(0); ++p) {
    const T* plane = x.data_ptr<T>() + p * height * width;
    for (std::int64_t i = 0; i < output[1]; ++i) {
      for (std::int64_t j = 0; j < output[2]; ++j) {
        T best = -std::numeric_limits<T>::infinity();
        std::int64_t at = -1;
        for (std::int64_t k = 0; k < w.kernel[0] * w.kernel[1]; ++k) {
          const std::int64_t row = i * w.stride[0] - w.padding[0] + k / w.kernel[1] * w.dilation[0],
                             column =
                                 j * w.stride[1] - w.padding[1] + k % w.kernel[1] * w.dilation[1];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const T value = plane[row * width + column];
          if (at >= 0 && !(value > best) && !std::isnan(value)) continue;
          best = value;
          at = row * width + column;
        }
        values.push_back(best);
        index.push_back(at);
      }
    }
  }
  return {values, index};
}

template <class T>
void check_random_windows(Generator& generator, std::int64_t rounds) {
  const auto draw = [&](std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(generator.random() %
                                             static_cast<std::uint32_t>(last - first + 1));
  };
  for (std::int64_t round = 0; round < rounds; ++round) {
    Windows w{};
    Sizes sizes{draw(1, 5), 0, 0};
    for (std::size_t d = 0; d < 2; ++d) {
      w.kernel[d] = draw(1, 4);
      w.stride[d] = draw(1, 4);
      w.dilation[d] = draw(1, 3);
      w.padding[d] = draw(0, w.kernel[d] / 2);
      // Room for a window within the input, and rows around the widths of vectors.
      sizes[d + 1] = w.dilation[d] * (w.kernel[d] - 1) + 1 + draw(0, d == 0 ? 5 : 70);
    }
    w.ceil_mode = draw(0, 1) == 1;
    const Tensor x = make_tensor(IntArrayRef(sizes), scalar_type_of<T>());
    T* elements = x.data_ptr<T>();
    for (std::int64_t i = 0; i < x.numel(); ++i) {  // few values: many ties
      const std::int64_t value = draw(0, 40);
      elements[i] = value == 0   ? std::numeric_limits<T>::quiet_NaN()
                    : value <= 5 ? -std::numeric_limits<T>::infinity()
                                 : static_cast<T>(value / 4);
    }
    const auto [values, index] =
        max_pool2d_with_indices(x, w.kernel, w.stride, w.padding, w.dilation, w.ceil_mode);
    const auto [expected, places] = nested_loops<T>(x, w, values.sizes());
    INFO("x " << x.sizes() << ", kernel " << IntArrayRef(w.kernel) << ", stride "
              << IntArrayRef(w.stride) << ", padding " << IntArrayRef(w.padding) << ", dilation "
              << IntArrayRef(w.dilation) << ", ceil_mode " << w.ceil_mode);
    REQUIRE_THAT(values.flatten(), Near(tensor(expected), 0));
    REQUIRE(Sizes(index.data_ptr<std::int64_t>(), index.data_ptr<std::int64_t>() + index.numel()) ==
            places);
    REQUIRE_THAT(max_pool2d(x, w.kernel, w.stride, w.padding, w.dilation, w.ceil_mode),
                 Near(values, 0));
  }
}

TEST_CASE("max pooling by every instruction set is what nested loops find") {
  const InstructionSet before = instruction_set();
  Generator generator(5);
  for (const InstructionSet set : available_instruction_sets()) {
    set_instruction_set(set);
    check_random_windows<float>(generator, 150);
    check_random_windows<double>(generator, 150);
  }
  set_instruction_set(before);
}

TEST_CASE("pooling reads views as it reads copies, and a gradient may be one") {
  const Tensor x = randn({4, 6, 3, 8}, kDouble).permute({0, 2, 1, 3}).slice(3, 1, 8);
  const auto check_view = [&](const auto& pool) {
    Tensor view = x.detach(), copy = x.clone().contiguous();
    view.requires_grad_();
    copy.requires_grad_();
    const Tensor y = pool(view), z = pool(copy);
    CHECK_THAT(y, Near(z, 0));
    const Tensor dy =
        randn({y.size(3), y.size(2), y.size(1), y.size(0)}, kDouble).permute({3, 2, 1, 0});
    CHECK_THAT(autograd::grad({y}, {view}, {dy})[0],
               Near(autograd::grad({z}, {copy}, {dy.contiguous()})[0], 0));
    CHECK_THAT(autograd::grad({pool(view).sum()}, {view})[0],
               Near(autograd::grad({pool(copy)}, {copy}, {ones_like(z)})[0], 0));
  };
  check_view([](const Tensor& t) { return max_pool2d(t, 3, 2, 1); });
  check_view([](const Tensor& t) { return avg_pool2d(t, 3, 2, 1); });
  check_view([](const Tensor& t) { return adaptive_avg_pool2d(t, 4); });
  check_view([](const Tensor& t) { return std::get<0>(adaptive_max_pool2d(t, 4)); });
  const auto [y, index] = max_pool2d_with_indices(x, 2);
  CHECK_THAT(max_unpool2d(y.transpose(0, 1), index.transpose(0, 1), {6, 7}),
             Near(max_unpool2d(y, index, {6, 7}).transpose(0, 1), 0));
}

TEST_CASE("the number of threads does not change what pooling computes") {
  const int before = get_num_threads();
  const auto run = [](int threads) {
    set_num_threads(threads);
    manual_seed(1);
    Tensor x = randn({16, 8, 30, 33});
    x.requires_grad_();
    const auto [y, index] = max_pool2d_with_indices(x, 3, 2, 1);
    const Tensor z = avg_pool2d(x, 3, 2, 1) + std::get<0>(adaptive_max_pool2d(x, {15, 17}));
    return std::vector{y.detach(), index, z.detach(), autograd::grad({(y * z).sum()}, {x})[0]};
  };
  const std::vector<Tensor> one = run(1), many = run(4);
  set_num_threads(before);
  for (std::size_t i = 0; i < one.size(); ++i) CHECK_THAT(many[i], Identical(one[i]));
}

TEST_CASE("pooling of an empty batch is an empty batch") {
  Tensor x = zeros({0, 3, 4, 6});
  x.requires_grad_();
  const auto check_empty = [&](const Tensor& y, const Sizes& sizes) {
    CHECK(y.sizes() == sizes);
    CHECK(autograd::grad({y.sum()}, {x})[0].sizes() == Sizes{0, 3, 4, 6});
  };
  check_empty(max_pool2d(x, 2), {0, 3, 2, 3});
  check_empty(avg_pool2d(x, 2), {0, 3, 2, 3});
  check_empty(adaptive_avg_pool2d(x, {1, 2}), {0, 3, 1, 2});
  check_empty(std::get<0>(adaptive_max_pool2d(x, 1)), {0, 3, 1, 1});
  check_empty(max_unpool2d(x, zeros({0, 3, 4, 6}, kLong), {5, 5}), {0, 3, 5, 5});
  CHECK(adaptive_avg_pool2d(zeros({2, 3, 4, 4}), {0, 2}).sizes() == Sizes{2, 3, 0, 2});
  CHECK(std::get<1>(adaptive_max_pool2d(zeros({2, 3, 4, 4}), {0, 2})).sizes() == Sizes{2, 3, 0, 2});
}

TEST_CASE("backward notices indices that were changed after max pooling") {
  Tensor x = randn({1, 4, 4});
  x.requires_grad_();
  const auto [y, index] = max_pool2d_with_indices(x, 2);
  index.add_(1);
  CHECK_THROWS_AS(y.sum().backward(), Error);
}

}  // namespace
