// Options of Fold and Unfold.
#pragma once

#include "xgrad/core/arg.h"
#include "xgrad/core/expanding_array.h"

namespace xgrad::nn {

struct FoldOptions {
  FoldOptions(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size)
      : output_size_(output_size), kernel_size_(kernel_size) {}
  XGRAD_ARG(ExpandingArray<2>, output_size);
  XGRAD_ARG(ExpandingArray<2>, kernel_size);
  XGRAD_ARG(ExpandingArray<2>, dilation) = 1;
  XGRAD_ARG(ExpandingArray<2>, padding) = 0;
  XGRAD_ARG(ExpandingArray<2>, stride) = 1;
};

struct UnfoldOptions {
  UnfoldOptions(ExpandingArray<2> kernel_size) : kernel_size_(kernel_size) {}
  XGRAD_ARG(ExpandingArray<2>, kernel_size);
  XGRAD_ARG(ExpandingArray<2>, dilation) = 1;
  XGRAD_ARG(ExpandingArray<2>, padding) = 0;
  XGRAD_ARG(ExpandingArray<2>, stride) = 1;
};

namespace functional {

using FoldFuncOptions = FoldOptions;
using UnfoldFuncOptions = UnfoldOptions;

}  // namespace functional
}  // namespace xgrad::nn
