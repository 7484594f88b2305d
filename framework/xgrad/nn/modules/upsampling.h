// Upsample: resampling as a layer; see nn/functional/upsampling.h.
//
//   auto options = xgrad::nn::UpsampleOptions().scale_factor(std::vector<double>{2, 2});
//   xgrad::nn::Upsample up(options.mode(xgrad::kBilinear));
#pragma once

#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/upsampling.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class UpsampleImpl : public Stateless<UpsampleImpl, UpsampleOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Upsample);

}  // namespace xgrad::nn
