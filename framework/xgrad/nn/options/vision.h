// Options of grid_sample().
#pragma once

#include <variant>

#include "xgrad/core/arg.h"
#include "xgrad/core/enum.h"

namespace xgrad::nn::functional {

struct GridSampleFuncOptions {
  using mode_t = std::variant<enumtype::kBilinear, enumtype::kNearest, enumtype::kBicubic>;
  using padding_mode_t = std::variant<enumtype::kZeros, enumtype::kBorder, enumtype::kReflection>;
  // kBilinear is trilinear for three spatial dims; kBicubic is for two.
  XGRAD_ARG(mode_t, mode) = kBilinear;
  // What lies outside of the image.
  XGRAD_ARG(padding_mode_t, padding_mode) = kZeros;
  // Whether -1 and 1 are the centers of the corner elements, or (absent: false) their corners.
  XGRAD_ARG(optional<bool>, align_corners) = nullopt;
};

}  // namespace xgrad::nn::functional
