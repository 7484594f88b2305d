#include "xgrad/nn/modules/upsampling.h"

#include "xgrad/nn/functional/upsampling.h"
#include "xgrad/nn/modules/print.h"

namespace xgrad::nn {

namespace F = functional;

Tensor UpsampleImpl::forward(const Tensor& input) {
  const auto mode =
      std::visit([](auto tag) { return F::InterpolateFuncOptions::mode_t(tag); }, options.mode());
  return F::interpolate(input, F::InterpolateFuncOptions()
                                   .size(options.size())
                                   .scale_factor(options.scale_factor())
                                   .mode(mode)
                                   .align_corners(options.align_corners()));
}

void UpsampleImpl::pretty_print(std::ostream& stream) const {
  const auto size = options.size().value_or(std::vector<std::int64_t>());
  const auto factor = options.scale_factor().value_or(std::vector<double>());
  const bool by_factor = options.scale_factor().has_value();
  print_layer(stream, "Upsample", field("scale_factor", ArrayRef<double>(factor), by_factor),
              field("size", IntArrayRef(size), !by_factor),
              field("mode", enumtype::get_enum_name(options.mode())));
}

}  // namespace xgrad::nn
