// Pixel shuffling as layers; see ops/pixel_shuffle.h.
#pragma once

#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/pixelshuffle.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class PixelShuffleImpl : public Stateless<PixelShuffleImpl, PixelShuffleOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(PixelShuffle);

class PixelUnshuffleImpl : public Stateless<PixelUnshuffleImpl, PixelUnshuffleOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(PixelUnshuffle);

}  // namespace xgrad::nn
