// Fold and Unfold: sliding blocks as columns; see ops/fold.h.
#pragma once

#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/fold.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class FoldImpl : public Stateless<FoldImpl, FoldOptions> {
 public:
  using Stateless::Stateless;
  FoldImpl(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size)
      : Stateless(FoldOptions(output_size, kernel_size)) {}
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Fold);

class UnfoldImpl : public Stateless<UnfoldImpl, UnfoldOptions> {
 public:
  using Stateless::Stateless;
  UnfoldImpl(ExpandingArray<2> kernel_size) : Stateless(UnfoldOptions(kernel_size)) {}
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Unfold);

}  // namespace xgrad::nn
