// nn::functional: against tests/golden/nn.json (made by tests/golden/make_nn.py),
// and its wrong use.
#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using Catch::Matchers::Equals;
namespace F = nn::functional;
using Sizes = std::vector<std::int64_t>;
using Factors = std::vector<double>;

F::BatchNormFuncOptions training(const Tensor& weight = {}, const Tensor& bias = {}) {
  return F::BatchNormFuncOptions().weight(weight).bias(bias).training(true);
}

F::InterpolateFuncOptions to_size(Sizes size, F::InterpolateFuncOptions::mode_t mode) {
  return F::InterpolateFuncOptions().size(std::move(size)).mode(mode);
}
F::InterpolateFuncOptions by_factor(Factors factor, F::InterpolateFuncOptions::mode_t mode) {
  return F::InterpolateFuncOptions().scale_factor(std::move(factor)).mode(mode);
}

void add_normalizations(std::vector<NnRow>& rows) {
  rows.emplace_back("batch_norm_2d", [](const Inputs& x) {
    return F::batch_norm(x[0], {}, {}, training(x[1], x[2]));
  });
  rows.emplace_back("batch_norm_4d", [](const Inputs& x) {
    return F::batch_norm(x[0], {}, {}, training(x[1], x[2]).eps(0.1));
  });
  rows.emplace_back("batch_norm_plain",
                    [](const Inputs& x) { return F::batch_norm(x[0], {}, {}, training()); });
  rows.emplace_back("batch_norm_eval", [](const Inputs& x) {
    return F::batch_norm(x[0], x[1], x[2], F::BatchNormFuncOptions().weight(x[3]).bias(x[4]));
  });
  rows.emplace_back("batch_norm_running", [](const Inputs& x) {
    const Tensor mean = zeros({3}, kDouble), var = ones({3}, kDouble);
    F::batch_norm(x[0], mean, var, training().momentum(0.3));
    return Inputs{mean, var};
  });
  rows.emplace_back("layer_norm_2", [](const Inputs& x) {
    return F::layer_norm(x[0], F::LayerNormFuncOptions({3, 4}).weight(x[1]).bias(x[2]));
  });
  rows.emplace_back("layer_norm_1", [](const Inputs& x) {
    return F::layer_norm(x[0], F::LayerNormFuncOptions({33}).weight(x[1]));
  });
  rows.emplace_back("layer_norm_plain", [](const Inputs& x) {
    return F::layer_norm(x[0], F::LayerNormFuncOptions({5}));
  });
  rows.emplace_back("group_norm_2", [](const Inputs& x) {
    return F::group_norm(x[0], F::GroupNormFuncOptions(2).weight(x[1]).bias(x[2]));
  });
  rows.emplace_back("group_norm_plain", [](const Inputs& x) {
    return F::group_norm(x[0], F::GroupNormFuncOptions(2));
  });
  rows.emplace_back("instance_norm", [](const Inputs& x) {
    return F::instance_norm(x[0], F::InstanceNormFuncOptions().weight(x[1]).bias(x[2]));
  });
  rows.emplace_back("instance_norm_running", [](const Inputs& x) {
    const Tensor mean = zeros({3}, kDouble), var = ones({3}, kDouble);
    F::instance_norm(
        x[0], F::InstanceNormFuncOptions().running_mean(mean).running_var(var).momentum(0.3));
    return Inputs{mean, var};
  });
  rows.emplace_back("instance_norm_eval", [](const Inputs& x) {
    return F::instance_norm(
        x[0],
        F::InstanceNormFuncOptions().running_mean(x[1]).running_var(x[2]).use_input_stats(false));
  });
  rows.emplace_back("lrn_3d", [](const Inputs& x) {
    return F::local_response_norm(x[0],
                                  F::LocalResponseNormFuncOptions(3).alpha(0.5).beta(0.6).k(2));
  });
  rows.emplace_back("lrn_4d", [](const Inputs& x) {
    return F::local_response_norm(x[0], F::LocalResponseNormFuncOptions(4).alpha(0.5));
  });
  rows.emplace_back("normalize", [](const Inputs& x) { return F::normalize(x[0]); });
  rows.emplace_back("normalize_p1", [](const Inputs& x) {
    return F::normalize(x[0], F::NormalizeFuncOptions().p(1).dim(0));
  });
}

void add_spatial(std::vector<NnRow>& rows) {
  const std::pair<const char*, F::PadFuncOptions::mode_t> modes[] = {
      {"reflect", kReflect}, {"replicate", kReplicate}, {"circular", kCircular}};
  for (const auto& [name, choice] : modes) {
    const auto mode = choice;
    const std::string prefix = std::string("pad_") + name;
    rows.emplace_back(prefix + "_1d", [mode](const Inputs& x) {
      return F::pad(x[0], F::PadFuncOptions({2, 1}).mode(mode));
    });
    rows.emplace_back(prefix + "_2d", [mode](const Inputs& x) {
      return F::pad(x[0], F::PadFuncOptions({2, 1, 0, 3}).mode(mode));
    });
    rows.emplace_back(prefix + "_3d", [mode](const Inputs& x) {
      return F::pad(x[0], F::PadFuncOptions({2, 1, 0, 3, 1, 1}).mode(mode));
    });
  }
  rows.emplace_back("pad_constant", [](const Inputs& x) {
    return F::pad(x[0], F::PadFuncOptions({1, 2, 0, 1}).value(1.5));
  });
  rows.emplace_back("pad_negative", [](const Inputs& x) {
    return F::pad(x[0], F::PadFuncOptions({-1, 2, 1, -3}));
  });

  const auto add = [&rows](const char* name, const F::InterpolateFuncOptions& options) {
    rows.emplace_back(name, [options](const Inputs& x) { return F::interpolate(x[0], options); });
  };
  add("nearest_1d", to_size({8}, kNearest));
  add("nearest_2d", by_factor({2.5, 0.7}, kNearest));
  add("nearest_3d", by_factor({2, 2, 2}, kNearest));
  add("nearest_exact", to_size({5, 3}, kNearestExact));
  add("linear", to_size({8}, kLinear));
  add("linear_down", to_size({3}, kLinear).align_corners(true));
  add("bilinear", by_factor({2.5, 1.3}, kBilinear));
  add("bilinear_recompute", by_factor({2.5, 1.3}, kBilinear).recompute_scale_factor(true));
  add("bilinear_corners", to_size({5, 7}, kBilinear).align_corners(true));
  add("bilinear_antialias", to_size({3, 4}, kBilinear).antialias(true));
  add("bicubic", to_size({7, 3}, kBicubic));
  add("bicubic_corners", to_size({7, 3}, kBicubic).align_corners(true));
  add("bicubic_antialias", to_size({3, 4}, kBicubic).antialias(true));
  add("trilinear", to_size({3, 4, 5}, kTrilinear));
  add("area_1d", to_size({3}, kArea));
  add("area_2d", to_size({2, 7}, kArea));

  rows.emplace_back("unfold", [](const Inputs& x) {
    return F::unfold(x[0],
                     F::UnfoldFuncOptions({2, 3}).dilation({2, 1}).padding({1, 0}).stride({1, 2}));
  });
  rows.emplace_back("fold", [](const Inputs& x) {
    return F::fold(x[0], F::FoldFuncOptions({4, 5}, 2));
  });
  rows.emplace_back("fold_strided", [](const Inputs& x) {
    return F::fold(x[0],
                   F::FoldFuncOptions({5, 6}, {2, 2}).dilation({2, 1}).padding({1, 0}).stride(2));
  });
  rows.emplace_back("pixel_shuffle", [](const Inputs& x) { return F::pixel_shuffle(x[0], 2); });
  rows.emplace_back("pixel_unshuffle", [](const Inputs& x) { return F::pixel_unshuffle(x[0], 2); });
}

void add_products_and_tables(std::vector<NnRow>& rows) {
  rows.emplace_back("linear_layer", [](const Inputs& x) { return F::linear(x[0], x[1], x[2]); });
  rows.emplace_back("bilinear_layer",
                    [](const Inputs& x) { return F::bilinear(x[0], x[1], x[2], x[3]); });
  rows.emplace_back("bilinear_nd", [](const Inputs& x) { return F::bilinear(x[0], x[1], x[2]); });
  // The gradients of these two leave out a row, or weigh it: they are not those of finite
  // differences.
  rows.emplace_back(
      "embedding",
      [](const Inputs& x) {
        return F::embedding(x[0], x[1], F::EmbeddingFuncOptions().padding_idx(1));
      },
      0);
  rows.emplace_back(
      "embedding_freq",
      [](const Inputs& x) {
        return F::embedding(x[0], x[1],
                            F::EmbeddingFuncOptions().padding_idx(-2).scale_grad_by_freq(true));
      },
      0);
  rows.emplace_back("embedding_max_norm", [](const Inputs& x) {
    return F::embedding(x[0], x[1].clone(), F::EmbeddingFuncOptions().max_norm(0.8).norm_type(1.5));
  });
  const std::pair<const char*, nn::EmbeddingBagMode> modes[] = {
      {"bag_sum", kSum}, {"bag_mean", kMean}, {"bag_max", kMax}};
  for (const auto& [name, choice] : modes) {
    const auto mode = choice;
    rows.emplace_back(name, [mode](const Inputs& x) {
      return F::embedding_bag(x[0], x[1], F::EmbeddingBagFuncOptions().mode(mode));
    });
    rows.emplace_back(std::string(name) + "_offsets", [mode](const Inputs& x) {
      return F::embedding_bag(x[0], x[1],
                              F::EmbeddingBagFuncOptions().offsets(x[2]).mode(mode).padding_idx(3));
    });
  }
  rows.emplace_back("bag_weights", [](const Inputs& x) {
    return F::embedding_bag(x[0], x[1],
                            F::EmbeddingBagFuncOptions()
                                .offsets(x[2])
                                .mode(kSum)
                                .per_sample_weights(x[3])
                                .include_last_offset(true));
  });
  rows.emplace_back("cosine_similarity", [](const Inputs& x) {
    return F::cosine_similarity(x[0], x[1], F::CosineSimilarityFuncOptions().dim(0));
  });
  rows.emplace_back("pairwise_distance", [](const Inputs& x) {
    return F::pairwise_distance(x[0], x[1], F::PairwiseDistanceFuncOptions().p(3).keepdim(true));
  });
  rows.emplace_back("pdist", [](const Inputs& x) { return F::pdist(x[0], 2); });
  rows.emplace_back("cdist", [](const Inputs& x) { return cdist(x[0], x[1], 1.5); });
}

TEST_CASE("functions and their gradients are PyTorch's") {
  const nlohmann::json golden = read_golden("nn.json");
  std::vector<NnRow> rows;
  add_normalizations(rows);
  add_spatial(rows);
  add_products_and_tables(rows);
  for (const NnRow& row : rows) check_row(golden, row);
}

TEST_CASE("activations with options call the ops of their names") {
  const Tensor x = tensor({-2.0, -0.5, 0.0, 0.5, 2.0});
  CHECK_THAT(F::leaky_relu(x, F::LeakyReLUFuncOptions().negative_slope(0.5)),
             Near(tensor({-1.0, -0.25, 0.0, 0.5, 2.0}), 1e-6));
  CHECK_THAT(F::hardtanh(x, F::HardtanhFuncOptions().max_val(0.25)),
             Near(tensor({-1.0, -0.5, 0.0, 0.25, 0.25}), 1e-6));
  CHECK_THAT(F::threshold(x, F::ThresholdFuncOptions(0.1, 20)),
             Near(tensor({20.0, 20.0, 20.0, 0.5, 2.0}), 1e-6));
  CHECK_THAT(F::softmin(x, 0), Near(F::softmax(-x, 0), 1e-6));
  CHECK_THAT(F::gelu(x, F::GELUFuncOptions().approximate("tanh")), Near(gelu(x, "tanh"), 0));
  CHECK(F::log_softmax(x, F::LogSoftmaxFuncOptions(0).dtype(kFloat64)).dtype() == kFloat64);
  const Tensor y = x.clone();
  CHECK(F::relu(y, F::ReLUFuncOptions(true)).is_same(y));
  CHECK_THAT(y, Near(tensor({0.0, 0.0, 0.0, 0.5, 2.0}), 0));
  const Tensor hard = F::gumbel_softmax(randn({5, 4}), F::GumbelSoftmaxFuncOptions().hard(true));
  CHECK_THAT(hard.sum(1), Near(ones({5}), 1e-6));
}

TEST_CASE("dropout with p 0 or in evaluation gives its input, with p 1 zeros") {
  const Tensor x = randn({4, 5});
  CHECK(F::dropout(x, F::DropoutFuncOptions().training(false)).is_same(x));
  CHECK(F::dropout(x, F::DropoutFuncOptions().p(0)).is_same(x));
  CHECK_THAT(F::dropout(x, F::DropoutFuncOptions().p(1)), Near(zeros({4, 5}), 0));
  const Tensor y = x.clone();
  CHECK(F::dropout(y, F::DropoutFuncOptions().inplace(true)).is_same(y));
  CHECK_THAT(error_of([&] { F::dropout(x, F::DropoutFuncOptions().p(1.5)); }),
             Equals("dropout: probability is 1.5, expected 0..1"));
  CHECK_THAT(error_of([&] { feature_dropout(ones({3}), 0.5, true); }),
             Equals("feature_dropout: input has 1 dims, expected at least 2, [N, C, ...]"));
}

TEST_CASE("the gradient of dropout is its noise") {
  const Tensor x = ones({100}, requires_grad());
  const Tensor y = F::dropout(x, F::DropoutFuncOptions().p(0.25));
  y.sum().backward();
  CHECK_THAT(x.grad(), Near(y.detach(), 0));
}

TEST_CASE("normalization keeps its precision far from zero and at every length") {
  for (const std::int64_t n : {1, 7, 16, 17, 33, 1000, 4097}) {
    INFO("rows of " << n);
    const Tensor x = randn({3, n}, kDouble) + 100;
    const Tensor y = F::layer_norm(x, F::LayerNormFuncOptions({n}));
    const Tensor d = x - x.mean(1, true);
    CHECK_THAT(y, Near(d / ((d * d).mean(1, true) + 1e-5).sqrt(), 1e-9));
    CHECK_THAT(F::layer_norm(x.to(kFloat), F::LayerNormFuncOptions({n})), Near(y.to(kFloat), 1e-3));
  }
}

TEST_CASE("normalization of floats around 30000 keeps their digits") {
  manual_seed(1);
  const Tensor x = (randn({8, 4, 6, 6}) + 30000).requires_grad_(),
               exact = x.detach().to(kDouble).requires_grad_(), dy = randn(x.sizes());
  const std::vector<std::function<Tensor(const Tensor&)>> norms = {
      [](const Tensor& t) { return F::batch_norm(t, {}, {}, training()); },
      [](const Tensor& t) {
        return F::batch_norm(t.reshape({-1, 4}), {}, {}, training());
      },
      [](const Tensor& t) { return F::instance_norm(t); },
      [](const Tensor& t) { return F::group_norm(t, F::GroupNormFuncOptions(2)); }};
  for (const auto& norm : norms) {
    const Tensor y = norm(x), expected = norm(exact);
    CHECK_THAT(y.detach().to(kDouble), Near(expected.detach(), 2e-6));
    const Tensor g = dy.reshape(y.sizes());
    CHECK_THAT(autograd::grad({y}, {x}, {g})[0].to(kDouble),
               Near(autograd::grad({expected}, {exact}, {g.to(kDouble)})[0], 2e-6));
  }
}

TEST_CASE("without eps a flat channel becomes its bias") {
  const Tensor x = full({3, 2, 6}, 0.1).requires_grad_(), bias = tensor({0.5, 1.0});
  const Tensor expected = bias.view({1, 2, 1}).expand({3, 2, 6});
  const auto batch = F::batch_norm(x, {}, {}, training(ones({2}), bias).eps(0));
  CHECK_THAT(batch.detach(), Near(expected, 0));
  CHECK_THAT(autograd::grad({batch.sum()}, {x}, {}, true, true)[0].detach(),
             Near(zeros_like(x), 0));
  const auto options = F::InstanceNormFuncOptions().weight(ones({2})).bias(bias).eps(0);
  CHECK_THAT(F::instance_norm(x, options).detach(), Near(expected, 0));
  CHECK(F::group_norm(x, F::GroupNormFuncOptions(1).eps(0)).isnan().all().item<bool>());
}

TEST_CASE("the two response normalizations agree where their windows are one") {
  const Tensor x = randn({2, 6, 2, 3}, kDouble);
  nn::CrossMapLRN2d across(nn::CrossMapLRN2dOptions(3).alpha(0.5).beta(0.6).k(2));
  CHECK_THAT(across(x), Near(local_response_norm(x, 3, 0.5, 0.6, 2), 1e-12));
}

TEST_CASE("normalizations take empty batches") {
  CHECK(F::batch_norm(zeros({0, 3, 4}), {}, {}, training(ones({3}))).sizes() == Sizes{0, 3, 4});
  CHECK(F::layer_norm(zeros({0, 3}), F::LayerNormFuncOptions({3})).sizes() == Sizes{0, 3});
  CHECK(F::group_norm(zeros({0, 4}), F::GroupNormFuncOptions(2)).sizes() == Sizes{0, 4});
}

TEST_CASE("functions refuse what does not fit") {
  const Tensor x = zeros({2, 3, 4});
  CHECK_THAT(error_of([&] {
               F::batch_norm(zeros({1, 3}), {}, {}, training());
             }),
             Equals("batch_norm: input has shape [1, 3], expected more than one value a channel "
                    "while training"));
  CHECK_THAT(
      error_of([&] { F::batch_norm(x, {}, {}, training(ones({4}))); }),
      Equals("batch_norm: weight has shape [4], expected [3] for an input of shape [2, 3, 4]"));
  CHECK_THAT(error_of([&] { F::batch_norm(x, {}, {}, F::BatchNormFuncOptions()); }),
             Equals("batch_norm: running_mean is undefined, but evaluation needs it"));
  CHECK_THAT(error_of([&] { F::batch_norm(x, {}, {}, training(ones({3}, kDouble))); }),
             Equals("batch_norm: weight is float64, expected the input's dtype, float32"));
  CHECK_THAT(error_of([&] { F::layer_norm(x, F::LayerNormFuncOptions({3})); }),
             Equals("layer_norm: input has shape [2, 3, 4], expected last sizes [3]"));
  CHECK_THAT(error_of([&] { F::group_norm(x, F::GroupNormFuncOptions(2)); }),
             Equals("group_norm: 3 channels cannot be divided into 2 groups"));
  CHECK_THAT(error_of([&] { F::pad(x, F::PadFuncOptions({1})); }),
             Equals("pad: 1 paddings, expected pairs (left, right)"));
  CHECK_THAT(error_of([&] {
               F::pad(x, F::PadFuncOptions({4, 0}).mode(kReflect));
             }),
             Equals("pad: paddings 4 and 0 of dim 2 of size 4, expected less than the size"));
  CHECK_THAT(error_of([&] {
               F::pad(x, F::PadFuncOptions({1, 1}).mode(kReflect).value(2));
             }),
             Equals("pad: mode 'reflect' takes no value, but it is 2"));
  CHECK_THAT(error_of([&] {
               F::pad(x, F::PadFuncOptions({-3, -3}));
             }),
             Equals("constant_pad_nd: dim 2 of size 4 would get size -2 by padding -3 and -3"));
  CHECK_THAT(
      error_of([&] { F::interpolate(x, to_size({8}, kBilinear)); }),
      Equals("interpolate: mode kBilinear is for 2 spatial dims, but input has shape [2, 3, 4]"));
  CHECK_THAT(error_of([&] { F::interpolate(x); }),
             Equals("interpolate: none of size and scale_factor are given, expected one"));
  CHECK_THAT(error_of([&] { F::interpolate(x, to_size({8}, kNearest).align_corners(true)); }),
             Equals("interpolate: mode kNearest has no align_corners"));
  CHECK_THAT(error_of([&] {
               F::unfold(zeros({1, 1, 2, 2}), F::UnfoldFuncOptions(3));
             }),
             Equals("im2col: a block of 3 (kernel 3, dilation 1) does not fit into a size of 2 "
                    "(with padding)"));
  CHECK_THAT(error_of([&] {
               F::fold(zeros({1, 4, 3}), F::FoldFuncOptions(3, 2));
             }),
             Equals("col2im: input has 3 columns, expected 4, the blocks of size [3, 3], kernel "
                    "[2, 2], dilation [1, 1], padding [0, 0] "
                    "and stride [1, 1]"));
  CHECK_THAT(error_of([&] { F::pixel_shuffle(x, 2); }),
             Equals("pixel_shuffle: 2 channels cannot be divided by the factor's square, 4"));
  CHECK_THAT(error_of([&] {
               F::embedding_bag(tensor({0, 5}), zeros({4, 2}),
                                F::EmbeddingBagFuncOptions().offsets(tensor({0})));
             }),
             Equals("embedding_bag: index 5 is out of range, expected 0..3 (4 rows)"));
  CHECK_THAT(error_of([&] {
               F::embedding_bag(tensor({0, 1}), zeros({4, 2}));
             }),
             Equals("embedding_bag: input has shape [2] and needs offsets"));
  CHECK_THAT(error_of([&] {
               F::cosine_similarity(ones({2, 3}, kLong), ones({2, 3}, kLong));
             }),
             Equals("cosine_similarity: inputs are int64 and int64, expected floating dtypes"));
}

}  // namespace
