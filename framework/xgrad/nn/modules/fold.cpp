#include "xgrad/nn/modules/fold.h"

#include "xgrad/nn/functional/fold.h"
#include "xgrad/nn/modules/print.h"

namespace xgrad::nn {

Tensor FoldImpl::forward(const Tensor& input) { return functional::fold(input, options); }
void FoldImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Fold", field("output_size", options.output_size()),
              field("kernel_size", options.kernel_size()), field("dilation", options.dilation()),
              field("padding", options.padding()), field("stride", options.stride()));
}

Tensor UnfoldImpl::forward(const Tensor& input) { return functional::unfold(input, options); }
void UnfoldImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Unfold", field("kernel_size", options.kernel_size()),
              field("dilation", options.dilation()), field("padding", options.padding()),
              field("stride", options.stride()));
}

}  // namespace xgrad::nn
