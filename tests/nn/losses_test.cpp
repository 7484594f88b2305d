// Losses: against tests/golden/nn.json (made by tests/golden/make_nn.py), and their wrong use.
#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using Catch::Matchers::Equals;
namespace F = nn::functional;

std::vector<NnRow> loss_rows() {
  std::vector<NnRow> rows;
  const std::pair<const char*, nn::LossReduction> reductions[] = {
      {"_mean", kMean}, {"_sum", kSum}, {"_none", kNone}};
  for (const auto& [suffix, choice] : reductions) {
    const auto r = choice;
    const auto add = [&rows, suffix = std::string(suffix)](const char* name, auto f,
                                                           int derivatives = 2) {
      rows.emplace_back(name + suffix, f, derivatives);
    };
    add("mse", [r](const Inputs& x) {
      return nn::MSELoss(nn::MSELossOptions().reduction(r))(x[0], x[1]);
    });
    add("l1",
        [r](const Inputs& x) { return nn::L1Loss(nn::L1LossOptions().reduction(r))(x[0], x[1]); });
    add("smooth_l1", [r](const Inputs& x) {
      return F::smooth_l1_loss(x[0], x[1], F::SmoothL1LossFuncOptions().reduction(r).beta(0.7));
    });
    add("huber", [r](const Inputs& x) {
      return nn::HuberLoss(nn::HuberLossOptions().reduction(r).delta(0.6))(x[0], x[1]);
    });
    add("nll", [r](const Inputs& x) {
      return F::nll_loss(x[0], x[1], F::NLLLossFuncOptions().reduction(r));
    });
    add("nll_weight", [r](const Inputs& x) {
      return F::nll_loss(x[0], x[1],
                         F::NLLLossFuncOptions().weight(x[2]).ignore_index(3).reduction(r));
    });
    add("nll_2d", [r](const Inputs& x) {
      return nn::NLLLoss(nn::NLLLossOptions().weight(x[2]).reduction(r))(x[0], x[1]);
    });
    add("ce", [r](const Inputs& x) {
      return F::cross_entropy(x[0], x[1], F::CrossEntropyFuncOptions().reduction(r));
    });
    add("ce_weight", [r](const Inputs& x) {
      return F::cross_entropy(
          x[0], x[1], F::CrossEntropyFuncOptions().weight(x[2]).ignore_index(3).reduction(r));
    });
    add("ce_2d", [r](const Inputs& x) {
      return nn::CrossEntropyLoss(nn::CrossEntropyLossOptions().weight(x[2]).reduction(r))(x[0],
                                                                                           x[1]);
    });
    add("ce_single", [r](const Inputs& x) {
      return F::cross_entropy(x[0], x[1], F::CrossEntropyFuncOptions().reduction(r));
    });
    add("ce_smooth", [r](const Inputs& x) {
      return F::cross_entropy(x[0], x[1],
                              F::CrossEntropyFuncOptions().label_smoothing(0.2).reduction(r));
    });
    add("ce_smooth_weight", [r](const Inputs& x) {
      return F::cross_entropy(
          x[0], x[1], F::CrossEntropyFuncOptions().weight(x[2]).label_smoothing(0.2).reduction(r));
    });
    add("ce_probabilities", [r](const Inputs& x) {
      return F::cross_entropy(
          x[0], x[1], F::CrossEntropyFuncOptions().weight(x[2]).label_smoothing(0.1).reduction(r));
    });
    add("bce", [r](const Inputs& x) {
      return nn::BCELoss(nn::BCELossOptions().weight(x[2]).reduction(r))(x[0], x[1]);
    });
    add("bce_logits", [r](const Inputs& x) {
      return nn::BCEWithLogitsLoss(
          nn::BCEWithLogitsLossOptions().weight(x[2]).pos_weight(x[3]).reduction(r))(x[0], x[1]);
    });
    const F::KLDivFuncOptions::reduction_t kl =
        std::visit([](auto tag) { return F::KLDivFuncOptions::reduction_t(tag); }, r);
    add("kl", [kl](const Inputs& x) {
      return nn::KLDivLoss(nn::KLDivLossOptions().reduction(kl))(x[0], x[1]);
    });
    add("kl_log", [kl](const Inputs& x) {
      return F::kl_div(x[0], x[1], F::KLDivFuncOptions().reduction(kl).log_target(true));
    });
    add("poisson", [r](const Inputs& x) {
      return nn::PoissonNLLLoss(nn::PoissonNLLLossOptions().full(true).reduction(r))(x[0], x[1]);
    });
    add("poisson_plain", [r](const Inputs& x) {
      return F::poisson_nll_loss(x[0], x[1],
                                 F::PoissonNLLLossFuncOptions().log_input(false).reduction(r));
    });
    add("gaussian", [r](const Inputs& x) {
      return nn::GaussianNLLLoss(nn::GaussianNLLLossOptions().full(true).reduction(r))(x[0], x[1],
                                                                                       x[2]);
    });
    add("hinge", [r](const Inputs& x) {
      return nn::HingeEmbeddingLoss(nn::HingeEmbeddingLossOptions().margin(0.9).reduction(r))(x[0],
                                                                                              x[1]);
    });
    add("ranking", [r](const Inputs& x) {
      return nn::MarginRankingLoss(nn::MarginRankingLossOptions().margin(0.3).reduction(r))(
          x[0], x[1], x[2]);
    });
    add("cosine", [r](const Inputs& x) {
      return nn::CosineEmbeddingLoss(nn::CosineEmbeddingLossOptions().margin(-0.5).reduction(r))(
          x[0], x[1], x[2]);
    });
    add("multi_margin", [r](const Inputs& x) {
      return nn::MultiMarginLoss(
          nn::MultiMarginLossOptions().p(2).margin(0.8).weight(x[2]).reduction(r))(x[0], x[1]);
    });
    add("multilabel_margin", [r](const Inputs& x) {
      return nn::MultiLabelMarginLoss(nn::MultiLabelMarginLossOptions().reduction(r))(x[0], x[1]);
    });
    add("multilabel_soft", [r](const Inputs& x) {
      return nn::MultiLabelSoftMarginLoss(
          nn::MultiLabelSoftMarginLossOptions().weight(x[2]).reduction(r))(x[0], x[1]);
    });
    add("soft_margin", [r](const Inputs& x) {
      return nn::SoftMarginLoss(nn::SoftMarginLossOptions().reduction(r))(x[0], x[1]);
    });
    add("triplet", [r](const Inputs& x) {
      return nn::TripletMarginLoss(
          nn::TripletMarginLossOptions().margin(1.5).swap(true).reduction(r))(x[0], x[1], x[2]);
    });
    add(
        "ctc",
        [r](const Inputs& x) {
          return nn::CTCLoss(nn::CTCLossOptions().reduction(r))(x[0].log_softmax(2), x[1], x[2],
                                                                x[3]);
        },
        1);
  }
  rows.emplace_back("kl_batchmean",
                    [](const Inputs& x) { return F::kl_div(x[0], x[1], kBatchMean); });
  rows.emplace_back(
      "ctc_flat",
      [](const Inputs& x) { return F::ctc_loss(x[0].log_softmax(2), x[1], x[2], x[3]); }, 1);
  rows.emplace_back(
      "ctc_zero_infinity",
      [](const Inputs& x) {
        return F::ctc_loss(x[0].log_softmax(2), x[1], x[2], x[3],
                           F::CTCLossFuncOptions().zero_infinity(true));
      },
      1);
  rows.emplace_back(
      "ctc_single",
      [](const Inputs& x) {
        return F::ctc_loss(x[0].log_softmax(1), x[1], x[2], x[3],
                           F::CTCLossFuncOptions().reduction(kNone));
      },
      1);
  rows.emplace_back("multi_margin_single", [](const Inputs& x) {
    return F::multi_margin_loss(x[0], x[1], F::MultiMarginLossFuncOptions().reduction(kNone));
  });
  rows.emplace_back("multilabel_margin_single",
                    [](const Inputs& x) { return F::multilabel_margin_loss(x[0], x[1], kNone); });
  return rows;
}

TEST_CASE("losses and their gradients are PyTorch's") {
  const nlohmann::json golden = read_golden("nn.json");
  for (const NnRow& row : loss_rows()) check_row(golden, row);
}

TEST_CASE("the torch-level losses take PyTorch's positional arguments") {
  const Tensor logits = tensor({{1.0, 2.0, 3.0}, {0.5, 0.1, 0.2}}), labels = tensor({2, 0});
  const Tensor nll = nll_loss(logits.log_softmax(1), labels, {}, Reduction::Sum);
  CHECK_THAT(nll, Near(cross_entropy_loss(logits, labels, {}, Reduction::Sum), 1e-6));
  CHECK_THAT(nll, Near(tensor(1.2877049), 1e-6));
  CHECK_THAT(mse_loss(logits, logits + 1, Reduction::None), Near(ones({2, 3}), 1e-6));
}

TEST_CASE("cross entropy of large logits does not overflow") {
  const Tensor logits = tensor({{1000.0, 0.0, -1000.0}}).requires_grad_();
  const Tensor loss = cross_entropy_loss(logits, tensor({1}));
  loss.backward();
  CHECK(loss.item<float>() == 1000);
  CHECK_THAT(logits.grad(), Near(tensor({{1.0, -1.0, 0.0}}), 1e-6));
}

TEST_CASE("a mean over ignored targets alone is NaN with a gradient of zero") {
  const Tensor logits = ones({2, 3}, requires_grad());
  const Tensor loss = cross_entropy_loss(logits, tensor({-100, -100}));
  loss.backward();
  CHECK(std::isnan(loss.item<float>()));
  CHECK_THAT(logits.grad(), Near(zeros({2, 3}), 0));
  CHECK(cross_entropy_loss(logits, tensor({-100, -100}), {}, Reduction::Sum).item<float>() == 0);
}

TEST_CASE("cross entropy of many classes agrees with its composition at every width") {
  for (const std::int64_t classes : {1, 2, 7, 8, 15, 16, 17, 33, 1000}) {
    INFO(classes << " classes");
    const Tensor logits = randn({70, classes}).requires_grad_(),
                 labels = randint(classes, {70}, kLong);
    const Tensor again = logits.detach().clone().requires_grad_();
    const Tensor loss = cross_entropy_loss(logits, labels),
                 composed = nll_loss(again.log_softmax(1), labels);
    loss.backward();
    composed.backward();
    CHECK_THAT(loss, Near(composed.detach(), 1e-5));
    CHECK_THAT(logits.grad(), Near(again.grad(), 1e-6));
  }
}

TEST_CASE("gradients at kinks are PyTorch's") {
  // d = torch.tensor([-1., 0., 1.], requires_grad=True); torch.autograd.grad(f(d, zeros(3),
  // reduction="sum"), d)
  const auto slope = [](auto loss) {
    const Tensor d = tensor({-1.0, 0.0, 1.0}).requires_grad_();
    loss(d).backward();
    return d.grad();
  };
  const Tensor zero = zeros({3});
  CHECK_THAT(slope([&](const Tensor& d) { return l1_loss(d, zero, Reduction::Sum); }),
             Near(tensor({-1.0, 0.0, 1.0}), 0));
  CHECK_THAT(slope([&](const Tensor& d) { return smooth_l1_loss(d, zero, Reduction::Sum); }),
             Near(tensor({-1.0, 0.0, 1.0}), 0));
  CHECK_THAT(slope([&](const Tensor& d) { return huber_loss(d, zero, Reduction::Sum); }),
             Near(tensor({-1.0, 0.0, 1.0}), 0));
  const Tensor x = tensor({{1.0, 0.0}}).requires_grad_();
  multi_margin_loss(x, tensor({0})).backward();  // exactly at the margin
  CHECK_THAT(x.grad(), Near(zeros({1, 2}), 0));
}

TEST_CASE("at the end of the parabola the second derivative is 0") {
  const Tensor d = tensor({-1.0, 0.5, 1.0, 2.0}, kDouble).requires_grad_(),
               zero = zeros({4}, kDouble);
  for (const auto& loss :
       {huber_loss(d, zero, Reduction::Sum, 1), smooth_l1_loss(d, zero, Reduction::Sum, 1)}) {
    const Tensor slope = autograd::grad({loss}, {d}, {}, true, true)[0];
    CHECK_THAT(slope.detach(), Near(tensor({-1.0, 0.5, 1.0, 1.0}, kDouble), 0));
    CHECK_THAT(autograd::grad({slope.sum()}, {d})[0],
               Near(tensor({0.0, 1.0, 0.0, 0.0}, kDouble), 0));
  }
}

TEST_CASE("losses of two dtypes are PyTorch's") {
  const Tensor x = tensor({1.0, 0.0}), wide = tensor({0.0, 2.0}, kDouble),
               flags = tensor({false, true});
  CHECK_THAT(huber_loss(x, wide), Identical(tensor(1.0)));
  CHECK_THAT(huber_loss(wide, x), Identical(tensor(1.0, kDouble)));
  CHECK_THAT(mse_loss(x, wide), Identical(tensor(2.5, kDouble)));
  CHECK_THAT(mse_loss(flags, x), Identical(tensor(1.0)));
  CHECK_THAT(smooth_l1_loss(x, flags), Identical(tensor(0.5)));
  CHECK_THAT(error_of([&] { l1_loss(x, flags); }),
             Equals("l1_loss: not defined for bool, expected numbers"));
}

TEST_CASE("binary cross entropy bounds its logarithms") {
  const Tensor p = tensor({0.0, 1.0, 0.3}).requires_grad_();
  const Tensor loss = binary_cross_entropy(p, tensor({1.0, 0.0, 0.5}), {}, Reduction::None);
  CHECK_THAT(loss.detach(), Near(tensor({100.0, 100.0, 0.7803238741}), 1e-6));
}

TEST_CASE("losses refuse what does not fit") {
  const Tensor logits = zeros({3, 4}), labels = tensor({0, 1, 2});
  CHECK_THAT(error_of([&] {
               cross_entropy_loss(logits, tensor({0, 4, 1}));
             }),
             Equals("cross_entropy_loss: target 4 is out of range, expected 0..3 (4 classes) or "
                    "ignore_index -100"));
  CHECK_THROWS_AS(nll_loss(logits, tensor({0, -1, 1})), IndexError);
  CHECK_THAT(error_of([&] {
               nll_loss(logits, tensor({0.0, 1.0, 2.0}));
             }),
             Equals("nll_loss: target is float32, expected class indices of int64"));
  CHECK_THAT(error_of([&] { nll_loss(logits, labels.to(kInt)); }),
             Equals("nll_loss: target is int32, expected class indices of int64"));
  CHECK_THAT(
      error_of([&] {
        cross_entropy_loss(logits, tensor({0, 1}));
      }),
      Equals("cross_entropy_loss: target has shape [2], but the input is [3, 4], expected [3]"));
  CHECK_THAT(error_of([&] {
               F::cross_entropy(logits, tensor({0, 1}));
             }),
             Equals("cross_entropy: input has a batch of 3, but target one of 2"));
  CHECK_THAT(error_of([&] {
               cross_entropy_loss(logits, zeros({3, 4}, kLong));
             }),
             Equals("cross_entropy_loss: target has the input's shape, [3, 4], but is int64, "
                    "expected probabilities of a floating "
                    "dtype"));
  CHECK_THAT(
      error_of([&] { cross_entropy_loss(logits, labels, ones({3})); }),
      Equals(
          "cross_entropy_loss: weight has shape [3], expected one weight for each of 4 classes"));
  CHECK_THAT(error_of([&] { cross_entropy_loss(logits, labels, ones({4}, kDouble)); }),
             Equals("cross_entropy_loss: weight is float64, expected the input's dtype, float32"));
  CHECK_THAT(error_of([&] { cross_entropy_loss(logits, labels, {}, 7); }),
             Equals("cross_entropy_loss: reduction 7 is unknown, expected None, Mean or Sum"));
  CHECK_THAT(error_of([&] { cross_entropy_loss(logits, labels, {}, Reduction::Mean, -100, 1.5); }),
             Equals("cross_entropy_loss: label_smoothing is 1.5, expected 0..1"));
  CHECK_THAT(error_of([&] {
               cross_entropy_loss(zeros({3, 4}, kLong), labels);
             }),
             Equals("cross_entropy_loss: input is int64, expected a floating dtype"));
  CHECK_THAT(
      error_of([&] {
        binary_cross_entropy(tensor({0.5, 1.5}), ones({2}));
      }),
      Equals("binary_cross_entropy: input has the element 1.5, expected probabilities in [0, 1]"));
  CHECK_THAT(error_of([&] { binary_cross_entropy(tensor({0.5}), ones({2})); }),
             Equals("binary_cross_entropy: target has shape [2], expected the input's, [1]"));
  CHECK_THAT(error_of([&] { smooth_l1_loss(logits, logits, Reduction::Mean, -1); }),
             Equals("smooth_l1_loss: beta is -1, expected at least 0"));
  CHECK_THAT(error_of([&] { huber_loss(logits, logits, Reduction::Mean, 0); }),
             Equals("huber_loss: delta is 0, expected more than 0"));
  CHECK_THAT(error_of([&] {
               multi_margin_loss(logits, tensor({0, 4, 1}));
             }),
             Equals("multi_margin_loss: target 4 is out of range, expected 0..3 (4 classes)"));
  CHECK_THAT(error_of([&] { multi_margin_loss(logits, labels, 3); }),
             Equals("multi_margin_loss: p is 3, expected 1 or 2"));
  CHECK_THAT(error_of([&] {
               cosine_embedding_loss(zeros({2, 3}), zeros({2, 3}), ones({2, 1}));
             }),
             Equals("cosine_embedding_loss: target has shape [2, 1], expected [N] or []"));
}

TEST_CASE("ctc loss refuses what does not fit, and a second derivative") {
  const Tensor x = zeros({5, 2, 4}).log_softmax(2), labels = tensor({1, 2, 3});
  CHECK_THAT(error_of([&] {
               ctc_loss(x, labels, {6, 5}, {2, 1});
             }),
             Equals("ctc_loss: input_lengths[0] is 6, expected 0..5"));
  CHECK_THAT(error_of([&] {
               ctc_loss(x, labels, {5, 5}, {2, 2});
             }),
             Equals("ctc_loss: targets have 3 labels, but target_lengths sum to 4"));
  CHECK_THAT(error_of([&] {
               ctc_loss(x, labels, {5, 5}, {2, 1}, 4);
             }),
             Equals("ctc_loss: blank is 4, expected a class 0..3"));
  CHECK_THAT(error_of([&] {
               ctc_loss(x, tensor({1, 2, 9}), {5, 5}, {2, 1});
             }),
             Equals("ctc_loss: target 9 is out of range, expected 0..3 (4 classes)"));
  const Tensor free = zeros({5, 2, 4}).requires_grad_();
  const Tensor first =
      autograd::grad({ctc_loss(free, labels, {5, 5}, {2, 1})}, {free}, {}, nullopt, true)[0];
  CHECK_THAT(error_of([&] { first.sum().backward(); }),
             Equals("ctc_loss: its second derivative is not defined"));
}

TEST_CASE("a loss layer's weights are buffers") {
  nn::CrossEntropyLoss weighted(nn::CrossEntropyLossOptions().weight(ones({3})));
  CHECK(weighted->named_buffers().keys() == std::vector<std::string>{"weight"});
  weighted->to(kFloat64);
  CHECK(weighted->weight.dtype() == kFloat64);
  CHECK(weighted(zeros({2, 3}, kDouble), tensor({0, 1})).item<double>() == Approx(std::log(3.0)));
  CHECK(nn::CrossEntropyLoss()->buffers().empty());
}

}  // namespace
