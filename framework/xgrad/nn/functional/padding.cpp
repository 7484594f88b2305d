#include "xgrad/nn/functional/padding.h"

#include "xgrad/ops/pad.h"

namespace xgrad::nn::functional {

Tensor pad(const Tensor& input, const PadFuncOptions& options) {
  const char* const modes[] = {"constant", "reflect", "replicate",
                               "circular"};  // in the order of mode_t
  return xgrad::pad(input, options.pad(), modes[options.mode().index()],
                    options.value() == 0 ? nullopt : optional<double>(options.value()));
}

}  // namespace xgrad::nn::functional
