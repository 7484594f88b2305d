// Options of the losses. `reduction`: kMean (over elements or samples),
// kSum or kNone (a loss for each).
#pragma once

#include <cstdint>
#include <functional>
#include <variant>

#include "xgrad/core/arg.h"
#include "xgrad/core/enum.h"
#include "xgrad/core/tensor.h"

namespace xgrad::nn {

using LossReduction = std::variant<enumtype::kNone, enumtype::kMean, enumtype::kSum>;

struct L1LossOptions {
  using reduction_t = LossReduction;
  XGRAD_OPTIONS_FROM_3(L1LossOptions, reduction, kNone, kMean, kSum)
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct MSELossOptions {
  using reduction_t = LossReduction;
  XGRAD_OPTIONS_FROM_3(MSELossOptions, reduction, kNone, kMean, kSum)
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct SmoothL1LossOptions {
  using reduction_t = LossReduction;
  XGRAD_OPTIONS_FROM_3(SmoothL1LossOptions, reduction, kNone, kMean, kSum)
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(double, beta) = 1;
};

struct HuberLossOptions {
  using reduction_t = LossReduction;
  XGRAD_OPTIONS_FROM_3(HuberLossOptions, reduction, kNone, kMean, kSum)
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(double, delta) = 1;
};

struct NLLLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(std::int64_t, ignore_index) = -100;
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct CrossEntropyLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(std::int64_t, ignore_index) = -100;
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(double, label_smoothing) = 0;
};

struct BCELossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct BCEWithLogitsLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(Tensor, pos_weight) = {};
};

struct PoissonNLLLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(bool, log_input) = true;
  XGRAD_ARG(bool, full) = false;
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct GaussianNLLLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(bool, full) = false;
  XGRAD_ARG(double, eps) = 1e-6;
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct HingeEmbeddingLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(double, margin) = 1;
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct MarginRankingLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(double, margin) = 0;
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct CosineEmbeddingLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(double, margin) = 0;
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct MultiMarginLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(std::int64_t, p) = 1;
  XGRAD_ARG(double, margin) = 1;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct MultiLabelMarginLossOptions {
  using reduction_t = LossReduction;
  XGRAD_OPTIONS_FROM_3(MultiLabelMarginLossOptions, reduction, kNone, kMean, kSum)
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct MultiLabelSoftMarginLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct SoftMarginLossOptions {
  using reduction_t = LossReduction;
  XGRAD_OPTIONS_FROM_3(SoftMarginLossOptions, reduction, kNone, kMean, kSum)
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct TripletMarginLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(double, margin) = 1;
  XGRAD_ARG(double, p) = 2;
  XGRAD_ARG(double, eps) = 1e-6;
  XGRAD_ARG(bool, swap) = false;
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

// kBatchMean: the sum divided by the first size.
struct KLDivLossOptions {
  using reduction_t =
      std::variant<enumtype::kNone, enumtype::kBatchMean, enumtype::kSum, enumtype::kMean>;
  XGRAD_OPTIONS_FROM_4(KLDivLossOptions, reduction, kNone, kMean, kSum, kBatchMean)
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(bool, log_target) = false;
};

// Without a function the distance is pairwise_distance.
struct TripletMarginWithDistanceLossOptions {
  using reduction_t = LossReduction;
  using distance_function_t = std::function<Tensor(const Tensor&, const Tensor&)>;
  XGRAD_ARG(optional<distance_function_t>, distance_function) = nullopt;
  XGRAD_ARG(double, margin) = 1;
  XGRAD_ARG(bool, swap) = false;
  XGRAD_ARG(reduction_t, reduction) = kMean;
};

struct CTCLossOptions {
  using reduction_t = LossReduction;
  XGRAD_ARG(std::int64_t, blank) = 0;
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(bool, zero_infinity) = false;
};

namespace functional {

using L1LossFuncOptions = L1LossOptions;
using MSELossFuncOptions = MSELossOptions;
using SmoothL1LossFuncOptions = SmoothL1LossOptions;
using HuberLossFuncOptions = HuberLossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
using BinaryCrossEntropyFuncOptions = BCELossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;
using PoissonNLLLossFuncOptions = PoissonNLLLossOptions;
using GaussianNLLLossFuncOptions = GaussianNLLLossOptions;
using HingeEmbeddingLossFuncOptions = HingeEmbeddingLossOptions;
using MarginRankingLossFuncOptions = MarginRankingLossOptions;
using CosineEmbeddingLossFuncOptions = CosineEmbeddingLossOptions;
using MultiMarginLossFuncOptions = MultiMarginLossOptions;
using MultilabelMarginLossFuncOptions = MultiLabelMarginLossOptions;
using MultilabelSoftMarginLossFuncOptions = MultiLabelSoftMarginLossOptions;
using SoftMarginLossFuncOptions = SoftMarginLossOptions;
using TripletMarginLossFuncOptions = TripletMarginLossOptions;
using KLDivFuncOptions = KLDivLossOptions;
using TripletMarginWithDistanceLossFuncOptions = TripletMarginWithDistanceLossOptions;
using CTCLossFuncOptions = CTCLossOptions;

}  // namespace functional
}  // namespace xgrad::nn
