#include "xgrad/nn/modules/pixelshuffle.h"

#include "xgrad/nn/functional/pixelshuffle.h"
#include "xgrad/nn/modules/print.h"

namespace xgrad::nn {

Tensor PixelShuffleImpl::forward(const Tensor& input) {
  return functional::pixel_shuffle(input, options);
}
void PixelShuffleImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "PixelShuffle", field("upscale_factor", options.upscale_factor()));
}

Tensor PixelUnshuffleImpl::forward(const Tensor& input) {
  return functional::pixel_unshuffle(input, options);
}
void PixelUnshuffleImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "PixelUnshuffle", field("downscale_factor", options.downscale_factor()));
}

}  // namespace xgrad::nn
