#include "xgrad/ops/places.h"

#include <cstring>

#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/map.h"

namespace xgrad {
namespace {

bool is_one_run(IntArrayRef sizes, IntArrayRef strides) {
  std::int64_t expected = 1;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    if (sizes[i] != 1 && strides[i] != expected) return false;
    expected *= sizes[i];
  }
  return true;
}

// run(row, first, last): elements [first, last) of the inner dims at row o * places + p. Rows of
// one `o` keep their order and different runs never meet, so that the result does not depend on the
// threads even where places repeat.
template <class F>
void in_order(const Places& places, const F& run) {
  const auto outers = static_cast<std::int64_t>(places.outer.size());
  const auto count = static_cast<std::int64_t>(places.place.size());
  const auto walk = [&](std::int64_t o, std::int64_t first, std::int64_t last) {
    for (std::int64_t p = 0; p < count; ++p) run(o * count + p, o, p, first, last);
  };
  if (outers == 0 || count == 0 || places.inner_size == 0) return;
  if (outers > 1) {
    const std::int64_t grain = std::max<std::int64_t>(1, kIndexGrain / (count * places.inner_size));
    parallel_for(0, outers, grain, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t o = first; o < last; ++o) walk(o, 0, places.inner_size);
    });
    return;
  }
  // Runs of at least 128 elements: shorter ones cost more than a second thread saves.
  const std::int64_t grain =
      get_num_threads() == 1 ? places.inner_size : std::max<std::int64_t>(128, kIndexGrain / count);
  parallel_for(0, places.inner_size, grain,
               [&](std::int64_t first, std::int64_t last) { walk(0, first, last); });
}

// combine(y element, value) for every place.
template <class T, class Combine>
void combine_places(T* y, const Places& places, const T* values, bool single,
                    const Combine& combine) {
  const bool dense = places.inner.empty();
  in_order(places, [&](std::int64_t row, std::int64_t o, std::int64_t p, std::int64_t first,
                       std::int64_t last) {
    T* to = y + places.outer[as_size(o)] + places.place[as_size(p)];
    if (single) {
      for (std::int64_t i = first; i < last; ++i)
        combine(to[dense ? i : places.inner[as_size(i)]], *values);
      return;
    }
    const T* from = values + row * places.inner_size;
    if (dense) {
      for (std::int64_t i = first; i < last; ++i) combine(to[i], from[i]);
    } else {
      for (std::int64_t i = first; i < last; ++i) combine(to[places.inner[as_size(i)]], from[i]);
    }
  });
}

}  // namespace

std::vector<std::int64_t> element_offsets(IntArrayRef sizes, IntArrayRef strides) {
  std::vector<std::int64_t> offsets(as_size(numel_of(sizes)));
  Dims index(sizes.size(), 0);
  std::int64_t offset = 0;
  for (std::int64_t& element : offsets) {
    element = offset;
    for (std::size_t d = sizes.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < sizes[d]) break;
      offset -= strides[d] * sizes[d];
      index[d] = 0;
    }
  }
  return offsets;
}

void Places::set_outer(IntArrayRef sizes, IntArrayRef strides) {
  outer = element_offsets(sizes, strides);
}

void Places::set_inner(IntArrayRef sizes, IntArrayRef strides) {
  inner_size = numel_of(sizes);
  inner.clear();
  if (!is_one_run(sizes, strides)) inner = element_offsets(sizes, strides);
}

std::vector<std::int64_t> read_index(const char* op, const Tensor& index, std::int64_t dim,
                                     std::int64_t size, bool wraps) {
  const Tensor flat = row_major(index);
  std::vector<std::int64_t> list(as_size(index.numel()));
  if (index.scalar_type() == kInt) {
    const int* values = flat.data_ptr<int>();
    std::copy(values, values + list.size(), list.begin());
  } else {
    const std::int64_t* values = flat.data_ptr<std::int64_t>();
    std::copy(values, values + list.size(), list.begin());
  }
  for (std::int64_t& i : list) {
    check_index(i < size && i >= (wraps ? -size : 0),
                "{}: index {} is out of range for dim {} of size {}", op, i, dim, size);
    if (i < 0) i += size;
  }
  return list;
}

Places places_along(const Tensor& x, std::int64_t dim, std::vector<std::int64_t> index) {
  const std::size_t d = as_size(dim);
  Places places;
  places.set_outer(x.sizes().slice(0, d), x.strides().slice(0, d));
  places.set_inner(x.sizes().slice(d + 1), x.strides().slice(d + 1));
  places.place = std::move(index);
  for (std::int64_t& place : places.place) place *= x.strides()[d];
  return places;
}

void take_places(const Tensor& out, const Tensor& x, const Places& places) {
  const auto count = static_cast<std::int64_t>(places.place.size());
  const std::int64_t rows = static_cast<std::int64_t>(places.outer.size()) * count,
                     n = places.inner_size;
  if (rows == 0 || n == 0) return;
  const bool dense = places.inner.empty();
  dispatch_size(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* data = static_cast<const T*>(x.data_ptr());
    T* to = static_cast<T*>(out.data_ptr());
    parallel_for(0, rows, std::max<std::int64_t>(1, kIndexGrain / n),
                 [&](std::int64_t first, std::int64_t last) {
                   std::int64_t o = first / count, p = first % count;
                   for (std::int64_t row = first; row < last; ++row) {
                     const T* from = data + places.outer[as_size(o)] + places.place[as_size(p)];
                     if (n == 1) {
                       to[row] = *from;
                     } else if (dense) {
                       std::memcpy(to + row * n, from, as_size(n) * sizeof(T));
                     } else {
                       for (std::int64_t i = 0; i < n; ++i)
                         to[row * n + i] = from[places.inner[as_size(i)]];
                     }
                     if (++p == count) {
                       p = 0;
                       ++o;
                     }
                   }
                 });
  });
}

void put_places(const Tensor& y, const Places& places, const Tensor& values) {
  dispatch_size(y.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    combine_places(static_cast<T*>(y.data_ptr()), places, static_cast<const T*>(values.data_ptr()),
                   values.numel() == 1, [](T& element, T value) { element = value; });
  });
}

void add_places(const Tensor& y, const Places& places, const Tensor& values, const Scalar& scale) {
  dispatch(y.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    combine_places(static_cast<T*>(y.data_ptr()), places, static_cast<const T*>(values.data_ptr()),
                   values.numel() == 1, [factor = scale.cast<T>()](T& element, T value) {
                     if constexpr (std::is_same_v<T, bool>) {
                       element = element || (factor && value);
                     } else {
                       element = static_cast<T>(element + factor * value);
                     }
                   });
  });
}

Tensor row_major(const Tensor& x, const Tensor& written) {
  const bool shared = written.defined() && x.impl()->storage == written.impl()->storage;
  if (x.is_contiguous() && !shared) return x;
  Tensor copy = make_tensor(x.sizes(), x.scalar_type());
  copy_into(copy, x);
  return copy;
}

Tensor at_least_1d(const Tensor& x) {
  return x.dim() > 0 ? x : make_alias(x, {1}, {1}, x.storage_offset());
}

Tensor scalar_as(const char* op, const Scalar& value, ScalarType type) {
  Tensor scalar = make_tensor({}, type);
  dispatch(type, [&](auto zero) {
    using T = decltype(zero);
    check(value.fits<T>(), "{}: the value {} does not fit dtype {}", op, value.toDouble(),
          dtype_name(type));
    *static_cast<T*>(scalar.data_ptr()) = value.cast<T>();
  });
  return scalar;
}

}  // namespace xgrad
