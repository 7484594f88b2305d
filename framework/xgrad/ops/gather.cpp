#include "xgrad/ops/gather.h"

#include <algorithm>
#include <limits>

#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/overwrite.h"
#include "xgrad/ops/pad.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

namespace {

constexpr std::int64_t kLines = 256;  // walked together: their offsets stay in the L1 cache

enum class Combine { replace, add, multiply, largest, smallest };

Combine combine_of(std::string_view reduce) {
  check(reduce == "add" || reduce == "multiply",
        "scatter: reduce '{}' is unknown, expected add or multiply", reduce);
  return reduce == "add" ? Combine::add : Combine::multiply;
}

void check_index_type(const char* op, const Tensor& index) {
  check(index.scalar_type() == kLong, "{}: the index is {}, expected int64", op,
        dtype_name(index.scalar_type()));
}

// index [*] of as many dims as x; smaller than `other` in every dim, and than x in every dim but
// `dim`. Returns dim, wrapped.
std::int64_t check_lines(const char* op, const Tensor& x, std::int64_t dim, const Tensor& index,
                         const Tensor* source) {
  const Tensor x1 = at_least_1d(x), index1 = at_least_1d(index);
  const std::int64_t d = wrap_dim(op, dim, x.dim());
  check_index_type(op, index);
  if (index.numel() == 0) return d;
  check(index1.dim() == x1.dim(),
        "{}: the index has shape {}, expected as many dims as the tensor's {}", op, index.sizes(),
        x.sizes());
  for (std::size_t i = 0; i < index1.sizes().size(); ++i) {
    check(i == as_size(d) || index1.sizes()[i] <= x1.sizes()[i],
          "{}: the index of shape {} is larger at dim {} than the tensor of shape {}", op,
          index.sizes(), i, x.sizes());
  }
  if (source == nullptr) return d;
  const Tensor source1 = at_least_1d(*source);
  check(source->scalar_type() == x.scalar_type(), "{}: the source is {}, expected the tensor's {}",
        op, dtype_name(source->scalar_type()), dtype_name(x.scalar_type()));
  check(source1.dim() == index1.dim(),
        "{}: the source has shape {}, expected as many dims as the index of shape {}", op,
        source->sizes(), index.sizes());
  for (std::size_t i = 0; i < index1.sizes().size(); ++i) {
    check(index1.sizes()[i] <= source1.sizes()[i],
          "{}: the index of shape {} is larger at dim {} than the source of shape {}", op,
          index.sizes(), i, source->sizes());
  }
  return d;
}

void check_values(const char* op, const Tensor& index, std::int64_t dim, std::int64_t size) {
  Dims distinct = index.sizes();  // of an expanded index every element once
  for (std::size_t d = 0; d < distinct.size(); ++d) {
    if (index.strides()[d] == 0) distinct[d] = std::min<std::int64_t>(distinct[d], 1);
  }
  const Tensor flat =
      row_major(make_alias(index, distinct, index.strides(), index.storage_offset()));
  const std::int64_t* values = flat.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < flat.numel(); ++i) {
    check_index(values[i] >= 0 && values[i] < size,
                "{}: index {} is out of range for dim {} of size {}", op, values[i], dim, size);
  }
}

// A tensor that does not share memory with what is written.
Tensor apart(const Tensor& tensor, const Tensor& written) {
  return tensor.impl()->storage == written.impl()->storage ? row_major(tensor, written) : tensor;
}

// f(x, index, other): for every element of the index, where it stands and where its line along
// `dim` begins in the other two; i is its place in the line. Lines differ in another coordinate, so
// that different threads never meet, and each is walked in order.
template <class F>
void for_each_element(const Tensor& x, const Tensor& index, const Tensor& other, std::int64_t dim,
                      const F& f) {
  const auto without = [&](IntArrayRef all) {
    Dims rest = all;
    rest.erase(as_size(dim));
    return rest;
  };
  const Dims sizes = without(index.sizes());
  const std::vector<std::int64_t> in_x = element_offsets(sizes, without(x.strides()));
  const std::vector<std::int64_t> in_index = element_offsets(sizes, without(index.strides()));
  const std::vector<std::int64_t> in_other = element_offsets(sizes, without(other.strides()));
  const std::int64_t n = index.sizes()[as_size(dim)], step = index.strides()[as_size(dim)];
  // Neighbours in memory one after the other: along the line where it is contiguous, else across a
  // block of lines.
  const bool along = dim == index.dim() - 1 || other.strides()[as_size(dim)] == 1;
  const std::int64_t grain =
      std::max<std::int64_t>(along ? 1 : kLines, kIndexGrain / std::max<std::int64_t>(n, 1));
  parallel_for(
      0, static_cast<std::int64_t>(in_x.size()), grain, [&](std::int64_t first, std::int64_t last) {
        const std::size_t block = along ? 1 : kLines;
        for (std::size_t begin = as_size(first); begin < as_size(last); begin += block) {
          if (along) {
            const std::int64_t to = in_x[begin], at = in_index[begin], from = in_other[begin];
            for (std::int64_t i = 0; i < n; ++i) f(to, at + i * step, from, i);
            continue;
          }
          const std::size_t end = std::min(begin + block, as_size(last));
          for (std::int64_t i = 0; i < n; ++i) {
            for (std::size_t line = begin; line < end; ++line)
              f(in_x[line], in_index[line] + i * step, in_other[line], i);
          }
        }
      });
}

// y[index] op= source along dim; index checked. A source of one element without dims
// stands for all.
void scatter_lines(const Tensor& whole, std::int64_t dim, const Tensor& given, const Tensor& values,
                   Combine combine) {
  if (given.numel() == 0) return;
  const Tensor y = at_least_1d(whole), index = at_least_1d(given);
  const Dims no_strides(index.sizes().size(), 0);
  const Tensor source = values.dim() == 0
                            ? make_alias(values, index.sizes(), no_strides, values.storage_offset())
                            : values;
  const std::int64_t* places = index.data_ptr<std::int64_t>();
  const std::size_t d = as_size(dim);
  const std::int64_t step = y.strides()[d], source_step = source.strides()[d];
  dispatch(y.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    T* out = static_cast<T*>(y.data_ptr());
    const T* in = static_cast<const T*>(source.data_ptr());
    for_each_element(
        y, index, source, dim,
        [=](std::int64_t to, std::int64_t at, std::int64_t from, std::int64_t i) {
          T& element = out[to + places[at] * step];
          const T value = in[from + i * source_step];
          if (combine == Combine::replace) {
            element = value;
          } else if (combine == Combine::largest || combine == Combine::smallest) {
            const bool wins = combine == Combine::largest ? value > element : value < element;
            if (wins || value != value) element = value;  // NaN stays: nothing wins against it
          } else if constexpr (std::is_same_v<T, bool>) {
            element = combine == Combine::add ? element || value : element && value;
          } else {
            element = static_cast<T>(combine == Combine::add ? element + value : element * value);
          }
        });
  });
}

// A gradient for index's part of the source: zeros beyond it.
Tensor pad_to(const Tensor& dy, const Dims& sizes) {
  if (dy.sizes() == IntArrayRef(sizes)) return dy;
  if (dy.numel() == 0) return dy.new_zeros(sizes);
  Dims pad;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    pad.push_back(0);
    pad.push_back(sizes[i] - dy.sizes()[i]);
  }
  return constant_pad_nd(dy, pad);
}

// What is given as a source must be there: without one the number counts.
const Tensor& given(const char* op, const Tensor& source) {
  check(source.defined(), "{}: the source is undefined, expected a tensor", op);
  return source;
}

// The one body of scatter and scatter_add: of `source` if it is defined, else of `value`.
Tensor scatter_any(const char* op, bool in_place, const Tensor& x, std::int64_t dim,
                   const Tensor& index, const Tensor& source, const Scalar& value,
                   Combine combine) {
  const bool from_tensor = source.defined();
  if (in_place) {
    check_apart(op, x, index);
    check_apart(op, x, source);
  }
  const std::int64_t d = check_lines(op, x, dim, index, from_tensor ? &source : nullptr);
  const Tensor places = apart(index, x);
  check_values(op, places, d, at_least_1d(x).sizes()[as_size(d)]);
  const Tensor values = from_tensor ? apart(source, x) : scalar_as(op, value, x.scalar_type());
  const Dims source_sizes = from_tensor ? Dims(source.sizes()) : Dims();
  const char* node = combine == Combine::add && from_tensor ? "ScatterAddBackward0"
                     : from_tensor                          ? "ScatterBackward0"
                                                            : "ScatterBackward1";
  return overwrite(
      op, node, in_place ? Into::self : Into::row_major_copy, x, source,
      [&](const Tensor& y) { scatter_lines(y, d, places, values, combine); },
      [index = Saved(index), d, combine, source_sizes](const Tensor& dy, Gradients& dx) {
        check(combine != Combine::multiply, "scatter: reduce multiply has no gradient");
        if (dx.needs(0)) dx[0] = combine == Combine::add ? dy : scatter(dy, d, index(), 0);
        if (dx.needs(1)) dx[1] = pad_to(dy.gather(d, index()), source_sizes);
      });
}

// What changes nothing when it is combined with a number.
Scalar neutral(Combine combine, ScalarType type) {
  if (combine == Combine::add) return 0;
  if (combine == Combine::multiply) return 1;
  return dispatch(type, [&](auto zero) -> Scalar {
    using Limits = std::numeric_limits<decltype(zero)>;
    if constexpr (Limits::has_infinity) {
      return combine == Combine::largest ? -Limits::infinity() : Limits::infinity();
    }
    return combine == Combine::largest ? Limits::lowest() : Limits::max();
  });
}

// How many sources each element has, and itself if `include_self`; 1 for none.
Tensor source_counts(const Tensor& x, std::int64_t dim, const Tensor& index, bool include_self) {
  const Tensor self = full(x.sizes(), include_self ? 1 : 0, x.scalar_type());
  return scatter_add(self, dim, index, ones(index.sizes(), x.scalar_type())).clamp_min(1);
}

struct ScatterReduce {
  std::int64_t dim;
  std::string_view reduce;
  bool include_self;

  // The gradients of the elements and of the index's part of the sources, before those that do not
  // count are taken out.
  std::tuple<Tensor, Tensor> gradients(const Tensor& dy, const Tensor& x, const Tensor& index,
                                       const Tensor& source) const {
    if (reduce == "sum") return {dy, dy.gather(dim, index)};
    if (reduce == "mean") {
      const Tensor counts = source_counts(dy, dim, index, include_self);
      return {dy / counts, dy.gather(dim, index) / counts.gather(dim, index)};
    }
    if (reduce == "prod") return product_gradients(dy, x, index, source);
    const Tensor y = scatter_reduce(x, dim, index, source, reduce, include_self).detach();
    const Tensor self_wins = (x == y).to(dy.scalar_type());
    const Tensor source_wins = (source == y.gather(dim, index)).to(dy.scalar_type());
    const Tensor share = dy / scatter_add(self_wins, dim, index, source_wins);
    return {share * self_wins, source_wins * share.gather(dim, index)};
  }

  // Of a factor: the product of the others. Where a zero is the only one among the sources of an
  // element, that product is taken anew with 1 in its place.
  std::tuple<Tensor, Tensor> product_gradients(const Tensor& dy, const Tensor& x,
                                               const Tensor& index, const Tensor& source) const {
    const auto product = [&](const Tensor& self, const Tensor& factors) {
      return scatter_reduce(self, dim, index, factors, reduce, include_self);
    };
    const Tensor self = x.masked_fill(x == 0, 1), zero = source == 0;
    const Tensor zeros_of =
        scatter_add(zeros(x.sizes(), x.scalar_type()), dim, index, zero.to(x.scalar_type()));
    const Tensor only = zero & (zeros_of.gather(dim, index) == 1);
    const Tensor others = product(x, source.masked_fill(only, 1));
    return {dy * product(self, source) / self,
            where(only, (dy * others).gather(dim, index),
                  (dy * product(x, source)).gather(dim, index) / source.masked_fill(zero, 1))};
  }
};

}  // namespace

Tensor gather(const Tensor& x, std::int64_t dim, const Tensor& index, bool) {
  const std::int64_t d = check_lines("gather", x, dim, index, nullptr);
  const Tensor x1 = at_least_1d(x);
  check_values("gather", index, d, x1.sizes()[as_size(d)]);
  Tensor y = make_tensor(index.sizes(), x.scalar_type());
  if (y.numel() != 0) {
    const Tensor y1 = at_least_1d(y), index1 = at_least_1d(index);
    const std::int64_t* places = index1.data_ptr<std::int64_t>();
    const std::int64_t step = x1.strides()[as_size(d)];
    dispatch_size(x.scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      const T* in = static_cast<const T*>(x1.data_ptr());
      T* out = static_cast<T*>(y1.data_ptr());
      const std::int64_t out_step = y1.strides()[as_size(d)];
      for_each_element(x1, index1, y1, d,
                       [=](std::int64_t from, std::int64_t at, std::int64_t to, std::int64_t i) {
                         out[to + i * out_step] = in[from + places[at] * step];
                       });
    });
  }
  if (recording(x)) {
    record("GatherBackward0", y, {x},
           [index = Saved(index), d, sizes = Dims(x.sizes())](const Tensor& dy, Gradients& dx) {
             dx[0] = scatter_add(dy.new_zeros(sizes), d, index(), dy);
           });
  }
  return y;
}

Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source) {
  return scatter_any("scatter", false, x, dim, index, given("scatter", source), 0,
                     Combine::replace);
}
Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Scalar& value) {
  return scatter_any("scatter", false, x, dim, index, {}, value, Combine::replace);
}
Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source,
               std::string_view reduce) {
  return scatter_any("scatter", false, x, dim, index, given("scatter", source), 0,
                     combine_of(reduce));
}
Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Scalar& value,
               std::string_view reduce) {
  return scatter_any("scatter", false, x, dim, index, {}, value, combine_of(reduce));
}
Tensor scatter_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source) {
  return scatter_any("scatter_add", false, x, dim, index, given("scatter_add", source), 0,
                     Combine::add);
}

Tensor scatter_reduce(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source,
                      std::string_view reduce, bool include_self) {
  constexpr const char* op = "scatter_reduce";
  constexpr std::pair<std::string_view, Combine> kReductions[] = {{"sum", Combine::add},
                                                                  {"prod", Combine::multiply},
                                                                  {"mean", Combine::add},
                                                                  {"amax", Combine::largest},
                                                                  {"amin", Combine::smallest}};
  const auto* known = std::find_if(std::begin(kReductions), std::end(kReductions),
                                   [&](const auto& pair) { return pair.first == reduce; });
  check(known != std::end(kReductions),
        "{}: reduce '{}' is unknown, expected sum, prod, mean, amax or amin", op, reduce);
  const auto [name, combine] = *known;
  const std::int64_t d = check_lines(op, x, dim, index, &given(op, source));
  check_values(op, index, d, at_least_1d(x).sizes()[as_size(d)]);
  check(x.scalar_type() != kBool || name != "mean",
        "{}: the mean is not defined for bool, expected numbers", op);
  const ScatterReduce rule{d, name, include_self};
  return overwrite(
      op, "ScatterReduceBackward0", Into::row_major_copy, x, source,
      [&, how = combine](const Tensor& y) {
        const ScalarType type = x.scalar_type();
        if (!include_self) {
          scatter_lines(y, d, index, scalar_as(op, neutral(how, type), type), Combine::replace);
        }
        scatter_lines(y, d, index, source, how);
        if (rule.reduce != "mean") return;
        const Tensor counts = source_counts(x.detach(), d, index, include_self);
        y.copy_(y.is_floating_point() ? y / counts : y.div(counts, "floor"));
      },
      [x = Saved(x), index = Saved(index), source = Saved(source), rule](const Tensor& dy,
                                                                         Gradients& dx) {
        if (index().numel() == 0) {
          if (dx.needs(0)) dx[0] = dy;
          if (dx.needs(1)) dx[1] = zeros_like(source());
          return;
        }
        Tensor used = source();
        for (std::int64_t i = 0; i < used.dim(); ++i) used = used.narrow(i, 0, index().size(i));
        const auto [by_self, by_source] = rule.gradients(dy, x(), index(), used);
        if (dx.needs(0)) {
          dx[0] = rule.include_self ? by_self : scatter(by_self, rule.dim, index(), 0);
        }
        if (dx.needs(1)) dx[1] = pad_to(by_source, source().sizes());
      });
}

Tensor index_reduce(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source,
                    std::string_view reduce, bool include_self) {
  check(reduce != "sum",
        "index_reduce: reduce 'sum' is unknown, expected prod, mean, amax or amin");
  check(index.dim() <= 1, "index_reduce: the index has shape {}, expected a vector", index.sizes());
  const Tensor source1 = at_least_1d(source);
  const std::int64_t d = wrap_dim("index_reduce", dim, x.dim());
  Dims expected = at_least_1d(x).sizes(), along(expected.size(), 1);
  expected[as_size(d)] = along[as_size(d)] = index.numel();
  check(source1.sizes() == IntArrayRef(expected),
        "index_reduce: the source has shape {}, expected {}", source.sizes(),
        IntArrayRef(expected));
  return scatter_reduce(x, d, index.to(kLong).reshape(along).expand(expected), source, reduce,
                        include_self);
}

Tensor take_along_dim(const Tensor& x, const Tensor& index, optional<std::int64_t> dim) {
  if (!dim) return x.reshape({-1}).gather(0, index.reshape({-1}));
  check(x.dim() == index.dim(),
        "take_along_dim: the index has shape {}, expected as many dims as the tensor's {}",
        index.sizes(), x.sizes());
  const std::size_t d = as_size(wrap_dim("take_along_dim", *dim, x.dim()));
  Dims x_sizes = x.sizes(), index_sizes = index.sizes();
  for (std::size_t i = 0; i < x_sizes.size(); ++i) {
    if (i == d) continue;
    check(x_sizes[i] == index_sizes[i] || x_sizes[i] == 1 || index_sizes[i] == 1,
          "take_along_dim: the index of shape {} and the tensor of shape {} do not broadcast at "
          "dim {}",
          index.sizes(), x.sizes(), i);
    x_sizes[i] = index_sizes[i] = x_sizes[i] == 1 ? index_sizes[i] : x_sizes[i];
  }
  return x.expand(x_sizes).gather(*dim, index.expand(index_sizes));
}

// clang-format off
Tensor Tensor::gather(std::int64_t dim, const Tensor& index, bool) const { return xgrad::gather(*this, dim, index); }
Tensor Tensor::scatter(std::int64_t dim, const Tensor& index, const Tensor& source) const { return xgrad::scatter(*this, dim, index, source); }
Tensor Tensor::scatter(std::int64_t dim, const Tensor& index, const Scalar& value) const { return xgrad::scatter(*this, dim, index, value); }
Tensor Tensor::scatter(std::int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce) const { return xgrad::scatter(*this, dim, index, source, reduce); }
Tensor Tensor::scatter(std::int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const { return xgrad::scatter(*this, dim, index, value, reduce); }
Tensor Tensor::scatter_add(std::int64_t dim, const Tensor& index, const Tensor& source) const { return xgrad::scatter_add(*this, dim, index, source); }
Tensor Tensor::scatter_reduce(std::int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const { return xgrad::scatter_reduce(*this, dim, index, source, reduce, include_self); }
Tensor Tensor::index_reduce(std::int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const { return xgrad::index_reduce(*this, dim, index, source, reduce, include_self); }
Tensor Tensor::take_along_dim(const Tensor& index, OptDim dim) const { return xgrad::take_along_dim(*this, index, dim); }
// clang-format on
Tensor& Tensor::scatter_(std::int64_t dim, const Tensor& index, const Tensor& source) const {
  scatter_any("scatter_", true, *this, dim, index, given("scatter_", source), 0, Combine::replace);
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::scatter_(std::int64_t dim, const Tensor& index, const Scalar& value) const {
  scatter_any("scatter_", true, *this, dim, index, {}, value, Combine::replace);
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::scatter_(std::int64_t dim, const Tensor& index, const Tensor& source,
                         std::string_view reduce) const {
  scatter_any("scatter_", true, *this, dim, index, given("scatter_", source), 0,
              combine_of(reduce));
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::scatter_(std::int64_t dim, const Tensor& index, const Scalar& value,
                         std::string_view reduce) const {
  scatter_any("scatter_", true, *this, dim, index, {}, value, combine_of(reduce));
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::scatter_add_(std::int64_t dim, const Tensor& index, const Tensor& source) const {
  scatter_any("scatter_add_", true, *this, dim, index, given("scatter_add_", source), 0,
              Combine::add);
  return const_cast<Tensor&>(*this);
}

}  // namespace xgrad
