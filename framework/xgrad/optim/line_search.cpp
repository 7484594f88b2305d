#include "xgrad/optim/line_search.h"

#include <algorithm>
#include <cmath>

namespace xgrad::optim::detail {

namespace {

constexpr double kDecrease = 1e-4;  // c1: the share of the predicted decrease that is enough
constexpr double kCurvature = 0.9;  // c2: the share of the first slope that is flat enough
constexpr int kMaxIterations = 25;

// The minimum of the cubic through two points with their slopes, within [low, high]; the middle if
// it has none.
double cubic_minimum(const LinePoint& a, const LinePoint& b, double low, double high) {
  const double u = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
  const double square = u * u - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double v = std::sqrt(square);
  const double t = a.t <= b.t
                       ? b.t - (b.t - a.t) * ((b.slope + v - u) / (b.slope - a.slope + 2 * v))
                       : a.t - (a.t - b.t) * ((a.slope + v - u) / (a.slope - b.slope + 2 * v));
  return std::min(std::max(t, low), high);
}

class WolfeSearch {
 public:
  WolfeSearch(const LineFunction& f, const LinePoint& start) : f_(f), start_(start) {}

  LineSearchResult run(double t, double reach, double tolerance_change) {
    if (!bracket(t)) refine(reach, tolerance_change);
    return {*low_, evaluations_};
  }

 private:
  LinePoint evaluate(double t) {
    ++evaluations_;
    return f_(t);
  }
  bool too_high(const LinePoint& point) const {
    return point.value > start_.value + kDecrease * point.t * start_.slope;
  }
  bool flat_enough(const LinePoint& point) const {
    return std::fabs(point.slope) <= -kCurvature * start_.slope;
  }
  void set_ends(const LinePoint& a, const LinePoint& b) {
    ends_[0] = a;
    ends_[1] = b;
    order_ends();
  }
  void order_ends() {
    const bool in_order = ends_[0].value <= ends_[1].value;
    low_ = &ends_[in_order ? 0 : 1];
    high_ = &ends_[in_order ? 1 : 0];
  }

  // Goes out until a minimum lies between the ends; true if a good point was met.
  bool bracket(double t) {
    LinePoint before = start_, point = evaluate(t);
    for (; iterations_ < kMaxIterations; ++iterations_) {
      if (too_high(point) || (iterations_ > 1 && point.value >= before.value)) {
        set_ends(before, point);
        return false;
      }
      if (flat_enough(point)) {
        set_ends(point, point);
        return true;
      }
      if (point.slope >= 0) {
        set_ends(before, point);
        return false;
      }
      const double next =
          cubic_minimum(before, point, point.t + 0.01 * (point.t - before.t), point.t * 10);
      before = std::move(point);
      point = evaluate(next);
    }
    set_ends(start_, point);
    return true;
  }

  // Draws the ends together.
  void refine(double reach, double tolerance_change) {
    bool slow = false;
    for (; iterations_ < kMaxIterations; ++iterations_) {
      const double least = std::min(ends_[0].t, ends_[1].t),
                   most = std::max(ends_[0].t, ends_[1].t);
      if ((most - least) * reach < tolerance_change) return;
      double t = cubic_minimum(ends_[0], ends_[1], least, most);
      // Close to an end twice in a row, or beyond it: a tenth of the way inwards instead.
      const double margin = 0.1 * (most - least);
      if (std::min(most - t, t - least) < margin) {
        if (slow || t >= most || t <= least) {
          t = std::fabs(t - most) < std::fabs(t - least) ? most - margin : least + margin;
          slow = false;
        } else {
          slow = true;
        }
      } else {
        slow = false;
      }
      LinePoint point = evaluate(t);
      if (too_high(point) || point.value >= low_->value) {
        *high_ = std::move(point);
        order_ends();
        continue;
      }
      const bool done = flat_enough(point);
      if (!done && point.slope * (high_->t - low_->t) >= 0) *high_ = *low_;
      *low_ = std::move(point);
      if (done) return;
    }
  }

  const LineFunction& f_;
  const LinePoint& start_;
  LinePoint ends_[2];
  LinePoint *low_ = &ends_[0], *high_ = &ends_[1];  // by value
  int iterations_ = 0;
  std::int64_t evaluations_ = 0;
};

}  // namespace

LineSearchResult strong_wolfe(const LineFunction& f, const LinePoint& start, double t, double reach,
                              double tolerance_change) {
  return WolfeSearch(f, start).run(t, reach, tolerance_change);
}

}  // namespace xgrad::optim::detail
