#include "xgrad/ops/order_statistics.h"

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/extremum.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/order.h"
#include "xgrad/ops/reduce_plan.h"

namespace xgrad {

using namespace autograd;

namespace {

using Pair = std::tuple<Tensor, Tensor>;

// Of each line the element at position choose(entries), as value and position.
template <class Choose>
Pair pick(const char* op, const char* node, const Tensor& x, std::int64_t dim, bool keepdim,
          const Choose& choose) {
  const Lines lines(op, x, dim);
  check_index(lines.n != 0, "{}: dim {} has size 0, expected at least one element", op, lines.dim);
  Dims sizes = lines.with(1);
  if (!keepdim && !sizes.empty()) sizes.erase(static_cast<std::size_t>(lines.dim));
  const Tensor values = make_tensor(sizes, x.scalar_type()), positions = make_tensor(sizes, kLong);
  dispatch(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* in = lines.x.data_ptr<T>();
    T* value = values.data_ptr<T>();
    std::int64_t* position = positions.data_ptr<std::int64_t>();
    with_entry<T>(lines.n, [&](auto entry) {
      using Entry = decltype(entry);
      parallel_for(0, lines.outer * lines.inner, std::max<std::int64_t>(1, 4096 / lines.n),
                   [&](std::int64_t begin, std::int64_t end) {
                     std::vector<Entry> entries;
                     for (std::int64_t line = begin; line < end; ++line) {
                       const T* first =
                           in + line / lines.inner * lines.n * lines.inner + line % lines.inner;
                       read_entries(entries, first, lines.n, lines.inner, false);
                       std::int64_t nans = 0;
                       for (std::int64_t i = 0; i < lines.n; ++i)
                         nans += first[i * lines.inner] != first[i * lines.inner] ? 1 : 0;
                       position[line] = choose(entries, nans);
                       value[line] = first[position[line] * lines.inner];
                     }
                   });
    });
  });
  if (recording(x)) {
    record(node, {values, positions}, {x},
           [positions = Saved(positions), sizes = Dims(x.sizes()), dim, keepdim](TensorList dy,
                                                                                 Gradients& dx) {
             if (dy[0].defined())
               dx[0] = detail::scatter_back(dy[0], sizes, dim, positions(), keepdim);
           });
  }
  return {values, positions};
}

// The rank of the median among n elements in stable order, of which `nans` stand at the end.
std::int64_t median_rank(bool skip_nan, std::int64_t n, std::int64_t nans) {
  if (!skip_nan && nans > 0) return n - nans;
  return nans == n ? 0 : (n - nans - 1) / 2;
}

Pair median_along(const char* op, const char* node, bool skip_nan, const Tensor& x,
                  std::int64_t dim, bool keepdim) {
  check(x.scalar_type() != kBool, "{}: not defined for bool, expected numbers", op);
  return pick(op, node, x, dim, keepdim, [&](auto& entries, std::int64_t nans) {
    const auto middle =
        entries.begin() + median_rank(skip_nan, static_cast<std::int64_t>(entries.size()), nans);
    std::nth_element(entries.begin(), middle, entries.end());
    return middle->position();
  });
}

// Hoare's selection with the median of three as pivot, which ends up before what it parts;
// afterwards entries[k] has rank k. Of equals it finds those that PyTorch's kthvalue does.
template <class Entry>
void quick_select(std::vector<Entry>& entries, std::size_t k) {
  const auto order = [&](std::size_t a, std::size_t b) {
    if (by_key(entries[b], entries[a])) std::swap(entries[a], entries[b]);
  };
  std::size_t left = 0, right = entries.size() - 1;
  while (left + 1 < right) {
    std::swap(entries[(left + right) / 2], entries[left + 1]);
    order(left + 1, right);
    order(left, right);
    order(left + 1, left);
    const Entry pivot = entries[left];
    std::size_t i = left + 1, j = right;
    while (true) {
      do ++i;
      while (by_key(entries[i], pivot));
      do --j;
      while (by_key(pivot, entries[j]));
      if (j < i) break;
      std::swap(entries[i], entries[j]);
    }
    std::swap(entries[left], entries[j]);
    if (j == k) return;
    (j < k ? left : right) = j < k ? i : j - 1;
  }
  if (left < right) order(left, right);
}

Tensor median_of_all(const char* op, const char* node, bool skip_nan, const Tensor& x) {
  if (x.numel() == 0) {
    check(x.is_floating_point(), "{}: the input has no elements, expected at least one", op);
    return full({}, std::numeric_limits<double>::quiet_NaN(), x.scalar_type());
  }
  Tensor y = std::get<0>(median_along(op, node, skip_nan, x.detach().reshape({-1}), 0, false));
  if (recording(x)) {
    record(node, y, {x}, [x = Saved(x), y = saved_output(y)](const Tensor& dy, Gradients& dx) {
      dx[0] = detail::share_evenly(dy, x(), y());
    });
  }
  return y;
}

// Composed of sort, gather and lerp, which have the gradients.
Tensor quantile_any(const char* op, const Tensor& x, const Tensor& q, optional<std::int64_t> dim,
                    bool keepdim, std::string_view interpolation, bool skip_nan) {
  check(x.is_floating_point(), "{}: the input is {}, expected a floating dtype", op,
        dtype_name(x.scalar_type()));
  check(q.scalar_type() == x.scalar_type(), "{}: q is {}, expected {}, the input's dtype", op,
        dtype_name(q.scalar_type()), dtype_name(x.scalar_type()));
  check(q.dim() <= 1, "{}: q has {} dims, expected 0 or 1", op, q.dim());
  check(x.numel() != 0, "{}: the input has no elements, expected at least one", op);
  const bool linear = interpolation == "linear", midpoint = interpolation == "midpoint",
             lower = interpolation == "lower";
  const bool higher = interpolation == "higher", nearest = interpolation == "nearest";
  check(linear || midpoint || lower || higher || nearest,
        "{}: interpolation '{}' is unknown, expected linear, lower, higher, midpoint or nearest",
        op, interpolation);
  const Tensor outside = q.detach().ge(0).logical_and(q.detach().le(1)).logical_not();
  check(!outside.any().item<bool>(), "{}: q is outside [0, 1]", op);
  const std::int64_t d = dim ? wrap_dim(op, *dim, x.dim()) : 0;

  // The line to the end: [..., n], with a dim of size 1 where it was.
  const Tensor line = dim && x.dim() > 0 ? x.unsqueeze(-1).transpose(d, -1) : x.reshape({-1});
  const Tensor sorted = std::get<0>(line.sort(-1));
  // Ranks among the elements that count [..., m].
  const Tensor flat_q = q.reshape({-1}), is_nan = sorted.detach().isnan();
  const auto last = static_cast<double>(sorted.size(-1) - 1);
  Tensor ranks;
  if (skip_nan) {
    ranks = flat_q * (is_nan.logical_not().sum(-1, true) - 1).clamp_min(0).to(x.scalar_type());
  } else {
    Dims shape = sorted.sizes();
    shape.back() = flat_q.numel();
    ranks = (flat_q * last).expand(shape).masked_fill(is_nan.any(-1, true), last);
  }
  if (lower) ranks = ranks.floor();
  if (higher) ranks = ranks.ceil();
  if (nearest) ranks = ranks.round();
  const Tensor below = ranks.detach().toType(kLong);
  Tensor y = sorted.gather(-1, below);
  if (linear || midpoint) {
    const Tensor weights = midpoint ? full_like(ranks.detach(), 0.5) : ranks - below;
    y = y.lerp(sorted.gather(-1, ranks.detach().ceil().toType(kLong)), weights);
  }
  y = y.movedim(-1, 0);  // [m, ...]
  if (!dim) {
    for (std::int64_t i = 0; keepdim && i < x.dim(); ++i) y = y.unsqueeze(-1);
  } else if (x.dim() > 0 && !keepdim) {
    y = y.squeeze(d + 1);
  }
  return q.dim() == 0 ? y.squeeze(0) : y;
}

Tensor as_tensor(const char* op, double q, const Tensor& x) {
  check(q >= 0 && q <= 1, "{}: q is {}, expected a number within [0, 1]", op, q);
  return full({}, q, x.is_floating_point() ? x.scalar_type() : kFloat);
}

}  // namespace

Tensor median(const Tensor& x) { return median_of_all("median", "MedianBackward0", false, x); }
Tensor nanmedian(const Tensor& x) {
  return median_of_all("nanmedian", "NanmedianBackward0", true, x);
}
Pair median(const Tensor& x, std::int64_t dim, bool keepdim) {
  return median_along("median", "MedianBackward1", false, x, dim, keepdim);
}
Pair nanmedian(const Tensor& x, std::int64_t dim, bool keepdim) {
  return median_along("nanmedian", "NanmedianBackward1", true, x, dim, keepdim);
}

Pair mode(const Tensor& x, std::int64_t dim, bool keepdim) {
  return pick("mode", "ModeBackward0", x, dim, keepdim, [](auto& entries, std::int64_t nans) {
    std::sort(entries.begin(), entries.end(), by_key);
    const std::size_t numbers = entries.size() - static_cast<std::size_t>(nans);
    std::size_t most = 0, best = 0;
    for (std::size_t first = 0, i = 0; i < entries.size(); ++i) {
      // No NaN equals another.
      if (entries[i].key() != entries[first].key() || i >= numbers) first = i;
      if (i - first + 1 > most) {
        most = i - first + 1;
        best = i;
      }
    }
    return entries[best].position();
  });
}

Pair kthvalue(const Tensor& x, std::int64_t k, std::int64_t dim, bool keepdim) {
  check(x.scalar_type() != kBool, "kthvalue: not defined for bool, expected numbers");
  const std::int64_t d = wrap_dim("kthvalue", dim, x.dim());
  const std::int64_t n = x.dim() == 0 ? 1 : x.size(d);
  check_index(n != 0, "kthvalue: dim {} has size 0, expected at least one element", d);
  check(k >= 1 && k <= n, "kthvalue: k is {}, expected 1 to {}, the size of dim {}", k, n, d);
  return pick("kthvalue", "KthvalueBackward0", x, dim, keepdim, [&](auto& entries, std::int64_t) {
    quick_select(entries, static_cast<std::size_t>(k - 1));
    return entries[static_cast<std::size_t>(k - 1)].position();
  });
}

Tensor quantile(const Tensor& x, double q, optional<std::int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  return quantile_any("quantile", x, as_tensor("quantile", q, x), dim, keepdim, interpolation,
                      false);
}
Tensor quantile(const Tensor& x, const Tensor& q, optional<std::int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  return quantile_any("quantile", x, q, dim, keepdim, interpolation, false);
}
Tensor nanquantile(const Tensor& x, double q, optional<std::int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  return quantile_any("nanquantile", x, as_tensor("nanquantile", q, x), dim, keepdim, interpolation,
                      true);
}
Tensor nanquantile(const Tensor& x, const Tensor& q, optional<std::int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  return quantile_any("nanquantile", x, q, dim, keepdim, interpolation, true);
}

// Methods.
Tensor Tensor::median() const { return xgrad::median(*this); }
Tensor::Pair Tensor::median(std::int64_t dim, bool keepdim) const {
  return xgrad::median(*this, dim, keepdim);
}
Tensor::Pair Tensor::mode(std::int64_t dim, bool keepdim) const {
  return xgrad::mode(*this, dim, keepdim);
}
Tensor::Pair Tensor::kthvalue(std::int64_t k, std::int64_t dim, bool keepdim) const {
  return xgrad::kthvalue(*this, k, dim, keepdim);
}
Tensor Tensor::quantile(double q, OptDim dim, bool keepdim) const {
  return xgrad::quantile(*this, q, dim, keepdim);
}

}  // namespace xgrad
