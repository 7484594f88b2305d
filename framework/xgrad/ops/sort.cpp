#include "xgrad/ops/sort.h"

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/extremum.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/order.h"
#include "xgrad/ops/reduce_plan.h"

namespace xgrad {

using namespace autograd;

namespace {

// std::sort is an insertion sort, and so stable, up to here.
constexpr std::size_t kInsertionSorted = 16;

struct Sorted {
  Tensor values, positions;
};

// The first k of the entries by the steps of PyTorch's topk, which decide which of equals they are.
template <class Entry>
void select_first(std::vector<Entry>& entries, std::int64_t k, bool sorted) {
  const auto end = entries.begin() + k;
  if (k * 64 <= static_cast<std::int64_t>(entries.size())) {
    std::partial_sort(entries.begin(), end, entries.end(), by_key);
  } else {
    std::nth_element(entries.begin(), end - 1, entries.end(), by_key);
    if (sorted) std::sort(entries.begin(), end - 1, by_key);
  }
}

template <class Entry>
bool has_equals(const std::vector<Entry>& entries) {
  const auto same = [](const Entry& a, const Entry& b) { return a.key() == b.key(); };
  return std::adjacent_find(entries.begin(), entries.end(), same) != entries.end();
}

enum class Keep { all_stable, all, first, first_unsorted };

// Lines of n elements: all in order, or the first k.
Sorted first_in_order(const Lines& lines, std::int64_t k, bool descending, Keep keep) {
  Sorted y{make_tensor(lines.with(k), lines.x.scalar_type()), make_tensor(lines.with(k), kLong)};
  if (y.values.numel() == 0) return y;
  dispatch(lines.x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* x = lines.x.data_ptr<T>();
    T* values = y.values.data_ptr<T>();
    std::int64_t* positions = y.positions.data_ptr<std::int64_t>();
    with_entry<T>(lines.n, [&](auto entry) {
      using Entry = decltype(entry);
      parallel_for(
          0, lines.outer * lines.inner, std::max<std::int64_t>(1, 2048 / lines.n),
          [&](std::int64_t begin, std::int64_t end) {
            std::vector<Entry> entries, spare;
            for (std::int64_t line = begin; line < end; ++line) {
              const std::int64_t from =
                  line / lines.inner * lines.n * lines.inner + line % lines.inner;
              const std::int64_t to = line / lines.inner * k * lines.inner + line % lines.inner;
              read_entries(entries, x + from, lines.n, lines.inner, descending);
              if (keep == Keep::first || keep == Keep::first_unsorted) {
                select_first(entries, k, keep == Keep::first);
              } else {
                sort_entries(entries, spare);
                // Not stable: where equals meet, their order is that of std::sort, as PyTorch's.
                if (keep == Keep::all && entries.size() > kInsertionSorted && has_equals(entries)) {
                  read_entries(entries, x + from, lines.n, lines.inner, descending);
                  std::sort(entries.begin(), entries.end(), by_key);
                }
              }
              for (std::int64_t i = 0; i < k; ++i) {
                const std::int64_t position = entries[static_cast<std::size_t>(i)].position();
                values[to + i * lines.inner] = x[from + position * lines.inner];
                positions[to + i * lines.inner] = position;
              }
            }
          });
    });
  });
  return y;
}

std::tuple<Tensor, Tensor> recorded(const char* node, const Tensor& x, std::int64_t dim,
                                    const Sorted& y) {
  if (recording(x)) {
    record(node, {y.values, y.positions}, {x},
           [positions = Saved(y.positions), sizes = Dims(x.sizes()), dim](TensorList dy,
                                                                          Gradients& dx) {
             if (dy[0].defined())
               dx[0] = detail::scatter_back(dy[0], sizes, dim, positions(), true);
           });
  }
  return {y.values, y.positions};
}

}  // namespace

std::tuple<Tensor, Tensor> sort(const Tensor& x, std::int64_t dim, bool descending) {
  return sort(x, false, dim, descending);
}
std::tuple<Tensor, Tensor> sort(const Tensor& x, optional<bool> stable, std::int64_t dim,
                                bool descending) {
  const Lines lines("sort", x, dim);
  const Sorted y = first_in_order(lines, lines.n, descending,
                                  stable.value_or(false) ? Keep::all_stable : Keep::all);
  return recorded("SortBackward0", x, dim, {ordered_as(x, y.values), ordered_as(x, y.positions)});
}
Tensor argsort(const Tensor& x, std::int64_t dim, bool descending) {
  return argsort(x, false, dim, descending);
}
Tensor argsort(const Tensor& x, bool stable, std::int64_t dim, bool descending) {
  const Lines lines("argsort", x, dim);
  return ordered_as(
      x,
      first_in_order(lines, lines.n, descending, stable ? Keep::all_stable : Keep::all).positions);
}
Tensor msort(const Tensor& x) { return std::get<0>(sort(x, 0, false)); }

std::tuple<Tensor, Tensor> topk(const Tensor& x, std::int64_t k, std::int64_t dim, bool largest,
                                bool sorted) {
  const Lines lines("topk", x, dim);
  check(k >= 0 && k <= lines.n, "topk: k is {}, expected 0 to {}, the size of dim {}", k, lines.n,
        lines.dim);
  if (x.dim() == 0) k = 1;  // the number itself, whatever k
  check(x.scalar_type() != kBool || x.dim() == 0, "topk: not defined for dtype bool");
  return recorded("TopkBackward0", x, dim,
                  first_in_order(lines, k, largest, sorted ? Keep::first : Keep::first_unsorted));
}

// Methods.
Tensor::Pair Tensor::sort(std::int64_t dim, bool descending) const {
  return xgrad::sort(*this, dim, descending);
}
Tensor::Pair Tensor::sort(optional<bool> stable, std::int64_t dim, bool descending) const {
  return xgrad::sort(*this, stable, dim, descending);
}
Tensor Tensor::argsort(std::int64_t dim, bool descending) const {
  return xgrad::argsort(*this, dim, descending);
}
Tensor Tensor::msort() const { return xgrad::msort(*this); }
Tensor::Pair Tensor::topk(std::int64_t k, std::int64_t dim, bool largest, bool sorted) const {
  return xgrad::topk(*this, k, dim, largest, sorted);
}

}  // namespace xgrad
