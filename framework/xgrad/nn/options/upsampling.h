// Options of Upsample and interpolate(): either the output's spatial size or the factors of it.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "xgrad/core/arg.h"
#include "xgrad/core/enum.h"

namespace xgrad::nn {

struct UpsampleOptions {
  using mode_t = std::variant<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear,
                              enumtype::kBicubic, enumtype::kTrilinear>;
  XGRAD_ARG(optional<std::vector<std::int64_t>>, size) = nullopt;
  XGRAD_ARG(optional<std::vector<double>>, scale_factor) = nullopt;
  XGRAD_ARG(mode_t, mode) = kNearest;
  XGRAD_ARG(optional<bool>, align_corners) = nullopt;
};

namespace functional {

struct InterpolateFuncOptions {
  using mode_t =
      std::variant<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
                   enumtype::kTrilinear, enumtype::kArea, enumtype::kNearestExact>;
  XGRAD_ARG(optional<std::vector<std::int64_t>>, size) = nullopt;
  XGRAD_ARG(optional<std::vector<double>>, scale_factor) = nullopt;
  XGRAD_ARG(mode_t, mode) = kNearest;
  XGRAD_ARG(optional<bool>, align_corners) = nullopt;
  XGRAD_ARG(optional<bool>, recompute_scale_factor) = nullopt;
  XGRAD_ARG(bool, antialias) = false;
};

}  // namespace functional
}  // namespace xgrad::nn
