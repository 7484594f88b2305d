#include "xgrad/ops/unique.h"

#include <algorithm>
#include <numeric>

#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/order.h"
#include "xgrad/ops/reduce_plan.h"

namespace xgrad {
namespace {

using Positions = std::vector<std::int64_t>;

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

Tensor as_tensor(const Positions& values, const Dims& sizes) {
  const Tensor y = make_tensor(sizes, kLong);
  std::copy(values.begin(), values.end(), y.data_ptr<std::int64_t>());
  return y;
}

// Items in `order` fall into groups of neighbours that are the same.
struct Groups {
  Positions first;    // the item that stands for the group
  Positions inverse;  // of each item its group
  Positions counts;

  template <class Same>
  Groups(const Positions& order, const Same& same) : inverse(order.size()) {
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || !same(order[i - 1], order[i])) {
        first.push_back(order[i]);
        counts.push_back(0);
      }
      inverse[at(order[i])] = static_cast<std::int64_t>(first.size()) - 1;
      ++counts.back();
    }
  }
  Tensor inverse_or_none(bool wanted, const Dims& sizes) const {
    return wanted ? as_tensor(inverse, sizes) : make_tensor({0}, kLong);
  }
  Tensor counts_or_none(bool wanted) const {
    return wanted ? as_tensor(counts, {size()}) : make_tensor({0}, kLong);
  }
  std::int64_t size() const { return static_cast<std::int64_t>(first.size()); }
};

Positions counted(std::int64_t n) {
  Positions order(at(n));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

template <class T>
Positions rising(const T* x, std::int64_t n) {
  Positions order;
  order.reserve(at(n));
  with_entry<T>(n, [&](auto entry) {
    std::vector<decltype(entry)> entries, spare;
    read_entries(entries, x, n, 1, false);
    sort_entries(entries, spare);
    for (const auto& e : entries) order.push_back(e.position());
  });
  return order;
}

UniqueResult unique_elements(const char* op, const Tensor& x, bool by_value, bool return_inverse,
                             bool return_counts) {
  const Lines flat(op, x, 0);  // only for row-major data
  const std::int64_t n = x.numel();
  UniqueResult result;
  dispatch(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* data = flat.x.data_ptr<T>();
    const Positions order = by_value ? rising(data, n) : counted(n);
    const Groups groups(order, [&](std::int64_t a, std::int64_t b) { return data[a] == data[b]; });
    const Tensor values = make_tensor({groups.size()}, x.scalar_type());
    T* out = values.data_ptr<T>();
    for (std::size_t i = 0; i < groups.first.size(); ++i) out[i] = data[groups.first[i]];
    // PyTorch counts by the inverse of what it sorts, and returns that too.
    const bool inverse = return_inverse || (by_value && return_counts);
    result = {values, groups.inverse_or_none(inverse, x.sizes()),
              groups.counts_or_none(return_counts)};
  });
  return result;
}

// Inverse and counts are always there, asked for or not, as in PyTorch.
UniqueResult unique_slices(const char* op, const Tensor& x, std::int64_t dim, bool by_value) {
  const std::int64_t d = wrap_dim(op, dim, x.dim());
  check(x.dim() > 0, "{}: the input is 0-d, expected at least one dim", op);
  for (std::int64_t i = 0; i < x.dim(); ++i) {
    check(i == d || x.size(i) != 0, "{}: dim {} of {} has size 0, only dim {} may", op, i,
          x.sizes(), d);
  }
  const Tensor slices = x.detach().transpose(0, d).contiguous();
  const std::int64_t n = x.size(d), m = n == 0 ? 0 : x.numel() / n;
  UniqueResult result;
  dispatch(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* data = slices.data_ptr<T>();
    Positions order = counted(n);
    if (by_value) {
      std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return std::lexicographical_compare(data + a * m, data + a * m + m, data + b * m,
                                            data + b * m + m,
                                            [](T p, T q) { return order_key(p) < order_key(q); });
      });
    }
    const Groups groups(order, [&](std::int64_t a, std::int64_t b) {
      return std::equal(data + a * m, data + a * m + m, data + b * m);
    });
    const Tensor chosen = as_tensor(groups.first, {groups.size()});
    result = {slices.index_select(0, chosen).transpose(0, d), groups.inverse_or_none(true, {n}),
              groups.counts_or_none(true)};
  });
  return result;
}

}  // namespace

UniqueResult unique(const Tensor& x, bool, bool return_inverse, bool return_counts) {
  return unique_elements("unique", x, true, return_inverse, return_counts);
}
UniqueResult _unique2(const Tensor& x, bool sorted, bool return_inverse, bool return_counts) {
  return unique(x, sorted, return_inverse, return_counts);
}
std::tuple<Tensor, Tensor> _unique(const Tensor& x, bool sorted, bool return_inverse) {
  auto [values, inverse, counts] = unique(x, sorted, return_inverse, false);
  return {values, inverse};
}
UniqueResult unique_dim(const Tensor& x, std::int64_t dim, bool, bool, bool) {
  return unique_slices("unique_dim", x, dim, true);
}
UniqueResult unique_dim_consecutive(const Tensor& x, std::int64_t dim, bool, bool) {
  return unique_slices("unique_consecutive", x, dim, false);
}
UniqueResult unique_consecutive(const Tensor& x, bool return_inverse, bool return_counts,
                                optional<std::int64_t> dim) {
  const bool whole = !dim || (*dim == 0 && x.dim() == 1);
  if (!whole) return unique_dim_consecutive(x, *dim);
  return unique_elements("unique_consecutive", x, false, return_inverse, return_counts);
}

}  // namespace xgrad
