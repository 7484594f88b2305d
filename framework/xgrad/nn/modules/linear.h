// Linear, Bilinear, and the layers that only reshape.
//
//   xgrad::nn::Sequential net(xgrad::nn::Flatten(), xgrad::nn::Linear(784, 10));
//   xgrad::nn::Bilinear pair(xgrad::nn::BilinearOptions(3, 4, 5).bias(false));
#pragma once

#include <string>
#include <vector>

#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/linear.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

// x [*] -> x.
class IdentityImpl : public Stateless<IdentityImpl> {
 public:
  Tensor forward(const Tensor& input) { return input; }
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Identity);

// x [..., in] -> x weight^T + bias [..., out]; weight [out, in], bias [out].
class LinearImpl : public Cloneable<LinearImpl> {
 public:
  LinearImpl(std::int64_t in_features, std::int64_t out_features)
      : LinearImpl(LinearOptions(in_features, out_features)) {}
  explicit LinearImpl(const LinearOptions& options_);
  void reset() override;
  // Uniform within 1 / sqrt(in), both.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  // Errors: an input whose last size is not in_features.
  Tensor forward(const Tensor& input);

  LinearOptions options;
  Tensor weight;
  Tensor bias;
};
XGRAD_MODULE(Linear);

// x1 [..., in1], x2 [..., in2] -> [..., out], einsum "...n,anm,...m->...a" plus bias;
// weight [out, in1, in2], bias [out].
class BilinearImpl : public Cloneable<BilinearImpl> {
 public:
  BilinearImpl(std::int64_t in1_features, std::int64_t in2_features, std::int64_t out_features)
      : BilinearImpl(BilinearOptions(in1_features, in2_features, out_features)) {}
  explicit BilinearImpl(const BilinearOptions& options_);
  void reset() override;
  // Uniform within 1 / sqrt(in1), both.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2);

  BilinearOptions options;
  Tensor weight;
  Tensor bias;
};
XGRAD_MODULE(Bilinear);

// Dims start_dim..end_dim into one; by default all but the first.
class FlattenImpl : public Stateless<FlattenImpl, FlattenOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Flatten);

// One dim into several, one of which may be -1.
class UnflattenImpl : public Stateless<UnflattenImpl, UnflattenOptions> {
 public:
  UnflattenImpl(std::int64_t dim, std::vector<std::int64_t> sizes)
      : Stateless(UnflattenOptions(dim, std::move(sizes))) {}
  UnflattenImpl(std::string dimname, UnflattenOptions::namedshape_t namedshape)
      : Stateless(UnflattenOptions(std::move(dimname), std::move(namedshape))) {}
  explicit UnflattenImpl(const UnflattenOptions& options_) : Stateless(options_) {}
  // Errors: options with a dim's name; tensors have none here.
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Unflatten);

}  // namespace xgrad::nn
