// The strong Wolfe line search: a step length t at which f(x + t d) has fallen enough and its slope
// has become flat enough. Private to optim's sources.
#pragma once

#include <functional>

#include "xgrad/core/tensor.h"

namespace xgrad::optim::detail {

// A point on the line.
struct LinePoint {
  double t;         // how far along
  double value;     // f
  Tensor gradient;  // of f, flat [n]
  double slope;     // gradient . direction
};

// f at t.
using LineFunction = std::function<LinePoint(double t)>;

struct LineSearchResult {
  LinePoint point;
  std::int64_t evaluations;
};

// From `start` (t = 0, slope below 0), first trying `t`.
// `reach` is the direction's largest component.
LineSearchResult strong_wolfe(const LineFunction& f, const LinePoint& start, double t, double reach,
                              double tolerance_change);

}  // namespace xgrad::optim::detail
