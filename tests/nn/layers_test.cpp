// Layers: initial weights and noise as PyTorch's (tests/golden/nn.json, made by
// tests/golden/make_nn.py), state, printing, wrong use.
#include <sstream>

#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using namespace xgrad::nn;
using Catch::Matchers::Equals;
using Names = std::vector<std::string>;

template <class Layer>
std::string printed(const Layer& layer) {
  std::ostringstream text;
  text << layer;
  return text.str();
}

TEST_CASE("new layers have PyTorch's weights for the same seed") {
  const nlohmann::json golden = read_golden("nn.json");
  const auto check_weights = [&](const std::string& name, auto make) {
    INFO(name);
    manual_seed(7);
    const std::vector<Tensor> weights = make()->parameters();
    const Inputs expected = golden_tensors(golden.at("init_" + name).at("outputs"));
    REQUIRE(weights.size() == expected.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
      CHECK_THAT(weights[i].detach(), Near(expected[i], 1e-6));
  };
  check_weights("linear", [] { return Linear(5, 3); });
  check_weights("bilinear", [] { return Bilinear(2, 3, 2); });
  check_weights("embedding", [] { return Embedding(EmbeddingOptions(4, 5).padding_idx(2)); });
  check_weights("embedding_bag", [] { return EmbeddingBag(3, 4); });
  check_weights("batch_norm", [] { return BatchNorm1d(3); });
  check_weights("layer_norm", [] { return LayerNorm(LayerNormOptions({2, 2})); });
  check_weights("group_norm", [] { return GroupNorm(2, 4); });
  check_weights("prelu", [] { return PReLU(PReLUOptions().num_parameters(3)); });
}

TEST_CASE("dropout draws PyTorch's noise for the same seed") {
  const nlohmann::json golden = read_golden("nn.json");
  const auto check_noise = [&](const std::string& name, auto layer, IntArrayRef sizes) {
    INFO(name);
    manual_seed(7);
    CHECK_THAT(layer(ones(sizes)),
               Near(golden_tensor(golden.at("noise_" + name).at("outputs")[0]), 1e-6));
  };
  check_noise("dropout", Dropout(0.3), {3, 7});
  check_noise("dropout2d", Dropout2d(0.4), {2, 5, 2, 2});
  check_noise("dropout3d", Dropout3d(0.4), {2, 3, 1, 2, 2});
  check_noise("alpha", AlphaDropout(0.3), {3, 7});
  check_noise("feature_alpha", FeatureAlphaDropout(0.3), {2, 5, 3});
  check_noise("rrelu", [](const Tensor& x) { return RReLU()(-x); }, {3, 4});
}

TEST_CASE("linear and bilinear layers are the einsum that they name") {
  const Tensor x = randn({4, 3}, kDouble), y = randn({4, 2}, kDouble);
  Linear linear(3, 5);
  linear->to(kFloat64);
  CHECK_THAT(linear(x), Near(einsum("bi,oi->bo", {x, linear->weight}) + linear->bias, 1e-12));
  Bilinear bilinear(BilinearOptions(3, 2, 5).bias(false));
  bilinear->to(kFloat64);
  CHECK_THAT(bilinear(x, y), Near(einsum("bn,anm,bm->ba", {x, bilinear->weight, y}), 1e-12));
  CHECK_FALSE(bilinear->bias.defined());
  CHECK(bilinear->named_parameters().keys() == Names{"weight"});
}

TEST_CASE("flatten and unflatten are each other's inverse") {
  const Tensor x = randn({2, 3, 4});
  CHECK(Flatten()(x).sizes() == std::vector<std::int64_t>{2, 12});
  CHECK(Flatten(FlattenOptions().start_dim(0).end_dim(1))(x).sizes() ==
        std::vector<std::int64_t>{6, 4});
  CHECK_THAT(Unflatten(1, std::vector<std::int64_t>{3, -1})(Flatten()(x)), Near(x, 0));
  CHECK(Identity()(x).is_same(x));
}

TEST_CASE("batch norm updates its running statistics while training and uses them in evaluation") {
  // m = nn.BatchNorm1d(2); m(torch.tensor([[1., 2.], [3., 6.]])); m.running_mean, m.running_var
  BatchNorm1d norm(2);
  const Tensor x = tensor({{1.0, 2.0}, {3.0, 6.0}});
  norm(x);
  CHECK_THAT(norm->running_mean, Near(tensor({0.2, 0.4}), 1e-6));
  CHECK_THAT(norm->running_var, Near(tensor({1.1, 1.7}), 1e-6));
  CHECK(norm->num_batches_tracked.item<std::int64_t>() == 1);
  norm->eval();
  const Tensor y = norm(x);
  CHECK_THAT(y.detach(), Near((x - norm->running_mean) / (norm->running_var + 1e-5).sqrt(), 1e-6));
  CHECK(norm->num_batches_tracked.item<std::int64_t>() == 1);
  CHECK(norm->named_buffers().keys() ==
        Names{"running_mean", "running_var", "num_batches_tracked"});
  norm->reset_running_stats();
  CHECK_THAT(norm->running_mean, Near(zeros({2}), 0));
}

TEST_CASE("batch norm without momentum averages all batches") {
  BatchNorm1d norm(BatchNorm1dOptions(1).momentum(nullopt));
  norm(tensor({{1.0}, {3.0}}));
  norm(tensor({{5.0}, {7.0}}));
  CHECK_THAT(norm->running_mean, Near(tensor({4.0}), 1e-6));
}

TEST_CASE("batch norm without statistics of its own normalizes in evaluation, too") {
  BatchNorm2d norm(BatchNorm2dOptions(3).track_running_stats(false).affine(false));
  CHECK(norm->buffers().empty());
  CHECK(norm->parameters().empty());
  norm->eval();
  CHECK_THAT(norm(randn({4, 3, 2, 2}, kDouble)).mean(IntArrayRef({0, 2, 3})),
             Near(zeros({3}, kDouble), 1e-12));
}

TEST_CASE("instance norm takes a sample without a batch") {
  const Tensor x = randn({3, 5, 4});
  CHECK_THAT(InstanceNorm2d(3)(x), Near(InstanceNorm2d(3)(x.unsqueeze(0)).squeeze(0), 0));
}

TEST_CASE("embedding keeps its padding row at zero and shares pretrained rows") {
  Embedding table(EmbeddingOptions(4, 3).padding_idx(-1));
  CHECK(table->options.padding_idx() == 3);
  CHECK_THAT(table->weight[3].detach(), Near(zeros({3}), 0));
  table(tensor({0, 3, 3})).sum().backward();
  CHECK_THAT(table->weight.grad(),
             Near(tensor({{1.0, 1.0, 1.0}, {0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}}), 0));
  const Tensor rows = randn({4, 3});
  Embedding known = Embedding::from_pretrained(rows);
  CHECK_FALSE(known->weight.requires_grad());
  CHECK_THAT(known(tensor({{2, 1}})), Near(stack({rows[2], rows[1]}).unsqueeze(0), 0));
  CHECK(Embedding::from_pretrained(randn({2, 2}), EmbeddingFromPretrainedOptions().freeze(false))
            ->weight.requires_grad());
}

TEST_CASE("an embedding bag stands in a sequence with its default arguments") {
  Sequential net(EmbeddingBag(5, 3), Linear(3, 2));
  CHECK(net->forward(tensor({{0, 1}, {4, 4}})).sizes() == std::vector<std::int64_t>{2, 2});
}

TEST_CASE("layers train or evaluate as told") {
  Sequential net(Linear(4, 4), Dropout(0.5), RReLU());
  net->eval();
  const Tensor x = randn({8, 4});
  CHECK_THAT(net->forward(x), Near(net->forward(x), 0));
  net->train();
  CHECK_FALSE(net->forward(x).equal(net->forward(x)));
}

TEST_CASE("a clone of every stateful layer is independent, and its state returns bit for bit") {
  const auto check_layer = [](auto layer, const auto&... inputs) {
    INFO(printed(layer));
    auto copy = std::dynamic_pointer_cast<typename decltype(layer)::ContainedType>(layer->clone());
    REQUIRE(copy);
    layer->eval();
    copy->eval();
    const Tensor expected = layer(inputs...).detach().clone();
    CHECK_THAT(copy->forward(inputs...).detach(), Identical(expected));
    NoGradGuard no_grad;
    for (Tensor& p : layer->parameters()) p.add_(1);
    CHECK_THAT(copy->forward(inputs...), Identical(expected));
    layer->load_state_dict(copy->state_dict());
    CHECK_THAT(layer(inputs...), Identical(expected));
    layer->to(kFloat64);
    for (const Tensor& t : layer->parameters()) CHECK(t.dtype() == kFloat64);
  };
  check_layer(Linear(3, 2), randn({4, 3}));
  check_layer(Bilinear(3, 2, 2), randn({4, 3}), randn({4, 2}));
  check_layer(BatchNorm1d(3), randn({4, 3}));
  check_layer(BatchNorm2d(3), randn({4, 3, 2, 2}));
  check_layer(BatchNorm3d(3), randn({4, 3, 2, 2, 1}));
  check_layer(InstanceNorm1d(InstanceNorm1dOptions(3).affine(true)), randn({4, 3, 5}));
  check_layer(LayerNorm(std::vector<std::int64_t>{3}), randn({4, 3}));
  check_layer(GroupNorm(2, 4), randn({4, 4, 3}));
  check_layer(PReLU(), randn({4, 3}));
  check_layer(Embedding(4, 3), tensor({0, 3}));
  check_layer(EmbeddingBag(4, 3), tensor({{0, 3}}));
}

TEST_CASE("layers print as libtorch's") {
  CHECK(printed(ELU(ELUOptions().alpha(42.42).inplace(true))) ==
        "torch::nn::ELU(alpha=42.42, inplace=true)");
  CHECK(printed(SELU()) == "torch::nn::SELU()");
  CHECK(printed(Hardshrink(42.42)) == "torch::nn::Hardshrink(42.42)");
  CHECK(printed(Hardtanh()) == "torch::nn::Hardtanh(min_val=-1, max_val=1)");
  CHECK(printed(LeakyReLU()) == "torch::nn::LeakyReLU(negative_slope=0.01)");
  CHECK(printed(Softmax(1)) == "torch::nn::Softmax(dim=1)");
  CHECK(printed(ReLU(true)) == "torch::nn::ReLU(inplace=true)");
  CHECK(printed(RReLU()) == "torch::nn::RReLU(lower=0.125, upper=0.333333)");
  CHECK(printed(GELU()) == "torch::nn::GELU()");
  CHECK(printed(Threshold(24.24, 42.42)) == "torch::nn::Threshold(threshold=24.24, value=42.42)");
  CHECK(printed(Linear(3, 4)) == "torch::nn::Linear(in_features=3, out_features=4, bias=true)");
  CHECK(printed(Bilinear(BilinearOptions(3, 2, 4).bias(false))) ==
        "torch::nn::Bilinear(in1_features=3, in2_features=2, out_features=4, bias=false)");
  CHECK(printed(Flatten()) == "torch::nn::Flatten(start_dim=1, end_dim=-1)");
  CHECK(printed(Unflatten(UnflattenOptions(0, {2, 2}))) ==
        "torch::nn::Unflatten(dim=0, unflattened_size={2, 2})");
  CHECK(printed(Unflatten(UnflattenOptions("B", {{"B1", 2}, {"B2", 2}}))) ==
        "torch::nn::Unflatten(dim=\"B\", unflattened_size={{\"B1\", 2}, {\"B2\", 2}})");
  CHECK(printed(Dropout(0.42)) == "torch::nn::Dropout(p=0.42, inplace=false)");
  CHECK(printed(BatchNorm3d(BatchNorm3dOptions(4).momentum(nullopt).affine(false))) ==
        "torch::nn::BatchNorm3d(4, eps=1e-05, momentum=None, affine=false, "
        "track_running_stats=true)");
  CHECK(printed(InstanceNorm1d(4)) ==
        "torch::nn::InstanceNorm1d(4, eps=1e-05, momentum=0.1, affine=false, "
        "track_running_stats=false)");
  CHECK(printed(LayerNorm(LayerNormOptions({2, 2}))) ==
        "torch::nn::LayerNorm([2, 2], eps=1e-05, elementwise_affine=true)");
  CHECK(printed(GroupNorm(2, 2)) == "torch::nn::GroupNorm(2, 2, eps=1e-05, affine=true)");
  CHECK(printed(LocalResponseNorm(2)) ==
        "torch::nn::LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1)");
  CHECK(printed(Embedding(EmbeddingOptions(10, 2)
                              .padding_idx(3)
                              .max_norm(2)
                              .norm_type(2.5)
                              .scale_grad_by_freq(true)
                              .sparse(true))) ==
        "torch::nn::Embedding(num_embeddings=10, embedding_dim=2, padding_idx=3, max_norm=2, "
        "norm_type=2.5, scale_grad_by_freq=true, "
        "sparse=true)");
  CHECK(printed(EmbeddingBag(
            EmbeddingBagOptions(10, 2).mode(kSum).include_last_offset(true).padding_idx(1))) ==
        "torch::nn::EmbeddingBag(num_embeddings=10, embedding_dim=2, mode=kSum, "
        "include_last_offset=true, padding_idx=1)");
  CHECK(printed(PairwiseDistance()) ==
        "torch::nn::PairwiseDistance(p=2, eps=1e-06, keepdim=false)");
  CHECK(printed(PixelShuffle(5)) == "torch::nn::PixelShuffle(upscale_factor=5)");
  CHECK(printed(ReflectionPad1d(2)) == "torch::nn::ReflectionPad1d(padding=[2, 2])");
  CHECK(printed(ZeroPad2d(ZeroPad2dOptions({1, 1, 2, 0}))) ==
        "torch::nn::ZeroPad2d(padding=[1, 1, 2, 0])");
  CHECK(printed(ConstantPad1d(2, 3.5)) == "torch::nn::ConstantPad1d(padding=[2, 2], value=3.5)");
  CHECK(printed(Upsample(
            UpsampleOptions().scale_factor(std::vector<double>{1, 1.5, 2}).mode(kTrilinear))) ==
        "torch::nn::Upsample(scale_factor=[1, 1.5, 2], mode=kTrilinear)");
  CHECK(printed(Fold(FoldOptions({8, 6}, {2, 2}).dilation(2).padding({2, 1}).stride(2))) ==
        "torch::nn::Fold(output_size=[8, 6], kernel_size=[2, 2], dilation=[2, 2], padding=[2, 1], "
        "stride=[2, 2])");
  CHECK(printed(SmoothL1Loss()) == "torch::nn::SmoothL1Loss");
  CHECK(printed(TripletMarginLoss()) ==
        "torch::nn::TripletMarginLoss(margin=1, p=2, eps=1e-06, swap=false)");
  CHECK(printed(CrossEntropyLoss()) == "torch::nn::CrossEntropyLoss()");
}

TEST_CASE("layers refuse what does not fit") {
  CHECK_THAT(error_of([] { Dropout(1.5); }), Equals("Dropout: probability is 1.5, expected 0..1"));
  CHECK_THAT(error_of([] { Linear(-1, 2); }),
             Equals("Linear: -1 features in and 2 out, expected no negative number"));
  CHECK_THAT(error_of([] { GroupNorm(3, 4); }),
             Equals("GroupNorm: 4 channels cannot be divided into 3 groups"));
  CHECK_THAT(error_of([] { Embedding(EmbeddingOptions(4, 3).padding_idx(4)); }),
             Equals("Embedding: padding_idx 4 is out of range, expected -4..3"));
  CHECK_THAT(error_of([] {
               Embedding(EmbeddingOptions(4, 3)._weight(zeros({4, 4})));
             }),
             Equals("Embedding: the given weight has shape [4, 4], expected [4, 3]"));
  CHECK_THAT(error_of([] {
               BatchNorm1d(3)(zeros({2, 3, 4, 5}));
             }),
             Equals("BatchNorm1d: input has shape [2, 3, 4, 5], expected [N, C] or [N, C, L]"));
  CHECK_THAT(error_of([] {
               BatchNorm2d(3)(zeros({2, 3}));
             }),
             Equals("BatchNorm2d: input has shape [2, 3], expected [N, C, H, W]"));
  CHECK_THAT(error_of([] {
               Softmax2d()(zeros({2, 3}));
             }),
             Equals("Softmax2d: input has shape [2, 3], expected [N, C, H, W] or [C, H, W]"));
  CHECK_THROWS_AS(Linear(3, 2)(zeros({4, 4})), Error);
  CHECK_THROWS_AS(Embedding(4, 3)(tensor({4})), IndexError);
}

}  // namespace
