// Golden values of PyTorch 1.13, made once by
//
//   import torch
//   from torch.nn.utils import parametrizations
//   torch.manual_seed(7)
//   fc = parametrizations.spectral_norm(torch.nn.Linear(3, 2))
//   print(fc.parametrizations.weight[0]._u, fc.parametrizations.weight[0]._v, fc(torch.ones(1, 3)))
#include <catch2/catch.hpp>

#include "xgrad/xgrad.h"

namespace {

using namespace xgrad;
namespace utils = nn::utils;
namespace rnn = nn::utils::rnn;
namespace parametrizations = nn::utils::parametrizations;
using nn::Linear, nn::Module, nn::ReLU, nn::Sequential;

bool near(const Tensor& a, const Tensor& b) { return a.allclose(b, 1e-3, 1e-4); }

TEST_CASE("clip_grad_norm_ scales gradients whose common norm is too large, and only those") {
  const Tensor a = zeros({2, 3}, requires_grad()), b = zeros({2}, requires_grad());
  a.mutable_grad() = tensor({{3.f, 4.f, 0.f}, {0.f, 0.f, 12.f}});
  b.mutable_grad() = zeros({2});
  const Tensor without = zeros({1}, requires_grad());
  CHECK(utils::clip_grad_norm_({a, b, without}, 20) == 13);
  CHECK(a.grad()[0][0].item<float>() == 3);
  CHECK(utils::clip_grad_norm_({a, b}, 6.5) == 13);
  CHECK(near(a.grad(), tensor({{1.5f, 2.f, 0.f}, {0.f, 0.f, 6.f}})));
  CHECK(utils::clip_grad_norm_(a, 100, std::numeric_limits<double>::infinity()) ==
        Approx(6).epsilon(1e-5));
  utils::clip_grad_value_({a, b}, 1);
  CHECK(near(a.grad(), tensor({{1.f, 1.f, 0.f}, {0.f, 0.f, 1.f}})));
  a.grad().fill_(std::numeric_limits<float>::infinity());
  CHECK_THROWS_WITH(utils::clip_grad_norm_(a, 1, 2, true),
                    "clip_grad_norm_: the norm of the gradients is inf, expected a finite one");
}

TEST_CASE("parameters become one vector and views of one") {
  Linear fc(2, 1);
  const Tensor flat = utils::parameters_to_vector(fc->parameters());
  CHECK(flat.size(0) == 3);
  CHECK(flat.requires_grad());
  utils::vector_to_parameters(tensor({1.f, 2.f, 3.f}), fc->parameters());
  CHECK(fc->weight.equal(tensor({{1.f, 2.f}})));
  CHECK(fc->bias.item<float>() == 3);
  CHECK_THROWS_WITH(utils::vector_to_parameters(zeros({2}), fc->parameters()),
                    "vector_to_parameters: the vector is 2, expected [3]");
}

TEST_CASE("sequences are packed time by time and padded back, in their own order") {
  const Tensor x = arange(12, kFloat).view({4, 3, 1});
  const auto packed = rnn::pack_padded_sequence(x, tensor({2, 4, 1}), false, false);
  CHECK(packed.data().flatten().equal(tensor({1.f, 0.f, 2.f, 4.f, 3.f, 7.f, 10.f})));
  CHECK(packed.batch_sizes().equal(tensor({3, 2, 1, 1})));
  CHECK(packed.sorted_indices().equal(tensor({1, 0, 2})));
  CHECK(packed.unsorted_indices().equal(tensor({1, 0, 2})));
  const auto [padded, lengths] = rnn::pad_packed_sequence(packed, true, -1, 5);
  CHECK(padded.is_contiguous());
  CHECK(lengths.equal(tensor({2, 4, 1})));
  CHECK(padded.squeeze(2).equal(tensor(
      {{0.f, 3.f, -1.f, -1.f, -1.f}, {1.f, 4.f, 7.f, 10.f, -1.f}, {2.f, -1.f, -1.f, -1.f, -1.f}})));
  CHECK_THROWS_WITH(rnn::pack_padded_sequence(x, tensor({2, 4, 1})),
                    "pack_padded_sequence: lengths [2, 4, 1] do not fall, expected them sorted or "
                    "enforce_sorted = false");
  CHECK_THROWS_WITH(rnn::pack_padded_sequence(x, tensor({5, 4, 1})),
                    "pack_padded_sequence: a length is 5, expected 1 to 4");
}

TEST_CASE("packing and padding are differentiable") {
  const Tensor x = randn({4, 3, 2}, TensorOptions(kFloat64).requires_grad(true));
  const auto there_and_back = [](const autograd::variable_list& inputs) {
    const auto packed = rnn::pack_padded_sequence(inputs[0], tensor({2, 4, 1}), false, false);
    return autograd::variable_list{std::get<0>(rnn::pad_packed_sequence(rnn::PackedSequence(
        packed.data().square(), packed.batch_sizes(), packed.sorted_indices())))};
  };
  there_and_back({x})[0].sum().backward();
  CHECK(x.grad()[3][0][0].item<double>() == 0);
  CHECK(x.grad()[3][1].allclose(2 * x[3][1]));
}

TEST_CASE("pad_sequence and pack_sequence take sequences of any lengths") {
  const Tensor padded = rnn::pad_sequence({ones({3}), full({1}, 2.f)}, true, 9);
  CHECK(padded.equal(tensor({{1.f, 1.f, 1.f}, {2.f, 9.f, 9.f}})));
  const auto packed = rnn::pack_sequence({ones({3}), full({1}, 2.f)});
  CHECK(packed.data().equal(tensor({1.f, 2.f, 1.f, 1.f})));
  CHECK_THROWS_WITH(rnn::pad_sequence({ones({3, 2}), ones({1, 4})}),
                    "pad_sequence: a sequence is 1x4 but the first one is 3x2, expected to differ "
                    "in length only");
}

TEST_CASE("weight_norm trains length and direction apart") {
  Linear fc(2, 2);
  const Tensor before = fc->weight.detach().clone();
  parametrizations::weight_norm(fc);
  CHECK(fc->named_parameters().keys() ==
        std::vector<std::string>{"bias", "parametrizations.weight.original0",
                                 "parametrizations.weight.original1"});
  fc(ones({1, 2})).sum().backward();
  CHECK(near(fc->weight, before));
  {
    const NoGradGuard no_grad;
    fc->get_parameter("parametrizations.weight.original0").mul_(2);
  }
  Sequential net(fc);
  net(ones({1, 2})).sum().backward();
  CHECK(near(fc->weight, before * 2));
  auto copy = std::dynamic_pointer_cast<nn::LinearImpl>(fc->clone());
  CHECK(copy->state_dict().keys() == fc->state_dict().keys());
  CHECK(near(Linear(copy)(ones({1, 2})), fc(ones({1, 2}))));
  utils::remove_parametrizations(fc);
  CHECK(fc->state_dict().keys() == std::vector<std::string>{"bias", "weight"});
  CHECK(near(fc(ones({1, 2})), net(ones({1, 2}))));
}

TEST_CASE("spectral_norm follows PyTorch's power method") {
  manual_seed(7);
  Linear fc = parametrizations::spectral_norm(Linear(3, 2));
  CHECK(fc->state_dict().keys() ==
        std::vector<std::string>{"bias", "parametrizations.weight.original",
                                 "parametrizations.weight.0._u", "parametrizations.weight.0._v"});
  CHECK(near(fc->get_buffer("parametrizations.weight.0._u"), tensor({-0.7433f, -0.6689f})));
  CHECK(
      near(fc->get_buffer("parametrizations.weight.0._v"), tensor({-0.3053f, 0.9389f, -0.1591f})));
  const Tensor y = fc(ones({1, 3}));
  CHECK(near(y, tensor({{-0.5879f, -0.2822f}})));
  (y.sum() + fc(zeros({1, 3})).sum()).backward();
}

TEST_CASE("summary tells shapes and sizes, and leaves no trace") {
  struct NetImpl : Module {
    NetImpl() {
      net = register_module("net", Sequential(Linear(3, 1000), nn::Dropout(), Linear(1000, 2)));
    }
    Tensor forward(Tensor x) { return net(x); }
    Sequential net = nullptr;
  };
  auto net = std::make_shared<NetImpl>();
  manual_seed(0);
  const float expected = rand({1}).item<float>();
  manual_seed(0);
  const std::string text = nn::summary(*net, ones({5, 3}));
  CHECK(rand({1}).item<float>() == expected);
  CHECK(net->net[1]->is_training());
  CHECK(text ==
        "name   type        output     parameters\n"
        ".      Net         [5, 2]              0\n"
        "net    Sequential  [5, 2]              0\n"
        "net.0  Linear      [5, 1000]       4,000\n"
        "net.1  Dropout     [5, 1000]           0\n"
        "net.2  Linear      [5, 2]          2,002\n"
        "6,002 parameters, 6,002 trained; 0 values in buffers\n");
}

TEST_CASE("options expand single values and refuse a wrong count") {
  CHECK(*ExpandingArray<2>(3) == std::array<std::int64_t, 2>{3, 3});
  CHECK(*ExpandingArray<2>({3, 5}) == std::array<std::int64_t, 2>{3, 5});
  CHECK_FALSE((*ExpandingArrayWithOptionalElem<2>({3, nullopt}))[1].has_value());
  CHECK_THROWS_WITH(ExpandingArray<2>({1, 2, 3}),
                    "expanding array: 3 values were given, expected 2 or a single one");
  using reduction_t = std::variant<enumtype::kNone, enumtype::kMean, enumtype::kSum>;
  CHECK(enumtype::get_enum_name(reduction_t(kSum)) == "kSum");
  CHECK(enumtype::reduction_get_enum(reduction_t(kMean)) == Reduction::Mean);
}

}  // namespace
