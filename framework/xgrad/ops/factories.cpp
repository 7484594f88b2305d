#include "xgrad/ops/factories.h"

#include <cmath>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/map.h"

namespace xgrad {
namespace {

Tensor finish(const Tensor& tensor, const TensorOptions& options) {
  if (!options.device().is_cpu()) {
    fail("empty: device {} is not available, expected cpu (xgrad computes on the CPU)",
         options.device().str());
  }
  tensor.impl()->inference = InferenceMode::is_enabled();
  if (options.requires_grad()) tensor.set_requires_grad(true);
  return tensor;
}

// Writes numbers while the tensor does not yet require gradients.
template <class F>
Tensor filled(IntArrayRef sizes, ScalarType type, const TensorOptions& options, const F& fill) {
  const Tensor tensor = make_tensor(sizes, type);
  fill(tensor);
  return finish(tensor, options);
}

TensorOptions like(const Tensor& x, const TensorOptions& options) {
  return options.has_dtype() ? options : options.dtype(x.scalar_type());
}

// start, start + step, ... The count is PyTorch's: of an int64 result in whole numbers, so that
// `arange(0.5, 3.7)` has the 3 of 0..2; of all others from the doubles, also where the step is cut
// to an integer afterwards.
Tensor sequence(const char* op, const Scalar& start, const Scalar& end, const Scalar& step,
                bool inclusive, const TensorOptions& options) {
  const bool integral = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  const ScalarType type = options.dtype_opt().value_or(
      integral && !inclusive ? kLong : get_default_dtype_as_scalartype());
  check(type != kBool, "{}: not defined for dtype bool", op);
  const double first = start.toDouble(), last = end.toDouble(), by = step.toDouble();
  check(std::isfinite(first) && std::isfinite(last), "{}: the bounds must be finite, got {} and {}",
        op, first, last);
  const std::int64_t whole = isFloatingType(type) ? 0 : step.toLong();
  check(by != 0 && (isFloatingType(type) || whole != 0), "{}: the step must not be 0{}", op,
        by == 0 ? "" : fmt::format(", which {} is as {}", by, dtype_name(type)));
  check((by > 0 && last >= first) || (by < 0 && last <= first),
        "{}: from {} to {} does not fit a step of {}", op, first, last, by);
  const double count =
      type == kLong && !inclusive
          ? static_cast<double>((end.toLong() - start.toLong() + whole - (whole > 0 ? 1 : -1)) /
                                whole)
          : (inclusive ? std::floor((last - first) / by) + 1 : std::ceil((last - first) / by));
  check(count < 0x1p52, "{}: {} elements are more than memory can hold", op, count);
  return filled({static_cast<std::int64_t>(count)}, type, options, [&](const Tensor& tensor) {
    dispatch(type, [&](auto zero) {
      using T = decltype(zero);
      auto* out = static_cast<T*>(tensor.data_ptr());
      for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        if constexpr (std::is_floating_point_v<T>) {
          out[i] = static_cast<T>(first + static_cast<double>(i) * by);
        } else {
          out[i] = static_cast<T>(start.toLong() + i * whole);
        }
      }
    });
  });
}

// The memory format may stand in the options or beside them.
optional<MemoryFormat> format_of(const char* op, const TensorOptions& options,
                                 optional<MemoryFormat> format) {
  check(!format || !options.has_memory_format(),
        "{}: a memory format is given twice, in the options and beside them", op);
  return format ? format : options.memory_format_opt();
}

}  // namespace

Tensor empty(IntArrayRef sizes, TensorOptions options, optional<MemoryFormat> format) {
  format = format_of("empty", options, format);
  check(format != MemoryFormat::Preserve, "empty: there is no memory format to preserve");
  if (format == MemoryFormat::ChannelsLast) {
    check(sizes.size() == 4, "empty: channels-last needs 4 dims, got {}", sizes);
    const std::int64_t c = sizes[1], h = sizes[2], w = sizes[3];
    return finish(make_strided(sizes, {c * h * w, 1, w * c, c}, options.dtype()), options);
  }
  return finish(make_tensor(sizes, options.dtype()), options);
}
Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, TensorOptions options) {
  check(sizes.size() == strides.size(),
        "empty_strided: got {} sizes and {} strides, expected as many", sizes.size(),
        strides.size());
  return finish(make_strided(sizes, strides, options.dtype()), options);
}
Tensor full(IntArrayRef sizes, const Scalar& value, TensorOptions options) {
  const ScalarType type = options.dtype_opt().value_or(
      value.isFloatingPoint() ? get_default_dtype_as_scalartype() : value.type());
  return filled(sizes, type, options, [&](const Tensor& tensor) { fill_elements(tensor, value); });
}
Tensor zeros(IntArrayRef sizes, TensorOptions options) {
  return full(sizes, 0, options.dtype(options.dtype()));
}
Tensor ones(IntArrayRef sizes, TensorOptions options) {
  return full(sizes, 1, options.dtype(options.dtype()));
}
Tensor scalar_tensor(const Scalar& value, TensorOptions options) {
  return full({}, value, options.dtype(options.dtype()));
}

Tensor empty_like(const Tensor& x, TensorOptions options, optional<MemoryFormat> format) {
  format = format_of("empty_like", options, format);
  const TensorOptions all = like(x, options).memory_format(nullopt);
  const bool preserve = !format || *format == MemoryFormat::Preserve;
  if (preserve) return finish(make_strided(x.sizes(), dense_strides(x), all.dtype()), all);
  return empty(x.sizes(), all, format);
}
Tensor full_like(const Tensor& x, const Scalar& value, TensorOptions options,
                 optional<MemoryFormat> format) {
  const Tensor tensor = empty_like(x, options.requires_grad(false), format);
  fill_elements(tensor, value);
  return options.requires_grad() ? tensor.set_requires_grad(true) : tensor;
}
Tensor zeros_like(const Tensor& x, TensorOptions options, optional<MemoryFormat> format) {
  return full_like(x, 0, options, format);
}
Tensor ones_like(const Tensor& x, TensorOptions options, optional<MemoryFormat> format) {
  return full_like(x, 1, options, format);
}

Tensor arange(const Scalar& end, TensorOptions options) { return arange(0, end, 1, options); }
Tensor arange(const Scalar& start, const Scalar& end, TensorOptions options) {
  return arange(start, end, 1, options);
}
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, TensorOptions options) {
  return sequence("arange", start, end, step, false, options);
}
Tensor range(const Scalar& start, const Scalar& end, TensorOptions options) {
  return range(start, end, 1, options);
}
Tensor range(const Scalar& start, const Scalar& end, const Scalar& step, TensorOptions options) {
  return sequence("range", start, end, step, true, options);
}

Tensor linspace(const Scalar& start, const Scalar& end, std::int64_t steps, TensorOptions options) {
  check(steps >= 0, "linspace: the number of steps must not be negative, got {}", steps);
  check(options.dtype() != kBool, "linspace: not defined for dtype bool");
  return filled({steps}, options.dtype(), options, [&](const Tensor& tensor) {
    dispatch(tensor.scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      using Step = std::conditional_t<std::is_same_v<T, double>, double, float>;
      auto* out = static_cast<T*>(tensor.data_ptr());
      const auto first = static_cast<Step>(start.to<T>()), last = static_cast<Step>(end.to<T>());
      const Step step = steps > 1 ? (last - first) / static_cast<Step>(steps - 1) : Step{0};
      // From both ends, so that the last one is exactly `end`: as PyTorch does.
      for (std::int64_t i = 0; i < steps; ++i) {
        out[i] = static_cast<T>(i < steps / 2 || steps == 1
                                    ? first + step * static_cast<Step>(i)
                                    : last - step * static_cast<Step>(steps - i - 1));
      }
    });
  });
}

Tensor logspace(const Scalar& start, const Scalar& end, std::int64_t steps, double base,
                TensorOptions options) {
  const Tensor exponents = linspace(start, end, steps, options.requires_grad(false).dtype(kDouble));
  return filled({steps}, options.dtype(), options, [&](const Tensor& tensor) {
    const Tensor powers = make_tensor({steps}, kDouble);
    for (std::int64_t i = 0; i < steps; ++i)
      powers.data_ptr<double>()[i] = std::pow(base, exponents.data_ptr<double>()[i]);
    tensor.copy_(powers);
  });
}

Tensor eye(std::int64_t n, TensorOptions options) { return eye(n, n, options); }
Tensor eye(std::int64_t n, std::int64_t m, TensorOptions options) {
  check(n >= 0 && m >= 0, "eye: sizes must not be negative, got {} and {}", n, m);
  return filled({n, m}, options.dtype(), options, [](const Tensor& tensor) {
    fill_elements(tensor, 0);
    fill_elements(tensor.diagonal(), 1);
  });
}

Tensor from_blob(void* data, IntArrayRef sizes, TensorOptions options) {
  return from_blob(data, sizes, contiguous_strides(sizes), std::function<void(void*)>(), options);
}
Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& deleter,
                 TensorOptions options) {
  return from_blob(data, sizes, contiguous_strides(sizes), deleter, options);
}
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, TensorOptions options) {
  return from_blob(data, sizes, strides, std::function<void(void*)>(), options);
}
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides,
                 const std::function<void(void*)>& deleter, TensorOptions options) {
  check(sizes.size() == strides.size(), "from_blob: got {} sizes and {} strides, expected as many",
        sizes.size(), strides.size());
  std::int64_t extent = numel_of(sizes) == 0 ? 0 : 1;
  for (std::size_t i = 0; i < sizes.size() && extent != 0; ++i)
    extent += (sizes[i] - 1) * strides[i];
  const Tensor shape = make_tensor({0}, options.dtype());
  Ref<TensorImpl> impl = TensorImpl::make();
  impl->dtype = shape.scalar_type();
  impl->storage =
      StorageImpl::adopt(data, static_cast<std::size_t>(extent) * shape.element_size(), deleter);
  impl->set_geometry(sizes, strides);
  return finish(Tensor(std::move(impl)), options);
}

namespace detail {

TensorDataContainer::TensorDataContainer(std::initializer_list<TensorDataContainer> list)
    : is_list_(true),
      type_(list.size() == 0 ? get_default_dtype_as_scalartype() : list.begin()->type_),
      list_(list) {
  sizes_ = {static_cast<std::int64_t>(list.size())};
  for (const TensorDataContainer& element : list) {
    check(element.sizes_ == list.begin()->sizes_,
          "tensor: the braces are ragged, shape {} beside {}", IntArrayRef(list.begin()->sizes_),
          IntArrayRef(element.sizes_));
    check(element.type_ == list.begin()->type_,
          "tensor: the braces mix {} and {}, expected numbers of one kind",
          dtype_name(list.begin()->type_), dtype_name(element.type_));
  }
  if (list.size() != 0) {
    for (const std::int64_t size : list.begin()->sizes_) sizes_.push_back(size);
  }
}

TensorDataContainer::TensorDataContainer(const std::vector<bool>& values)
    : is_list_(true), type_(kBool), sizes_{static_cast<std::int64_t>(values.size())} {
  for (const bool value : values) flat_.emplace_back(value);
}

void TensorDataContainer::write(const Tensor& to) const {
  if (!is_list_) {
    fill_elements(to, value_);
  } else if (!flat_.empty()) {
    dispatch(to.scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      auto* out = static_cast<T*>(to.data_ptr());
      for (std::size_t i = 0; i < flat_.size(); ++i) out[i] = flat_[i].to<T>();
    });
  } else {
    for (std::size_t i = 0; i < list_.size(); ++i)
      list_[i].write(to.select(0, static_cast<std::int64_t>(i)));
  }
}

Tensor TensorDataContainer::tensor(const TensorOptions& options) const {
  const ScalarType own = type_ == ScalarType::Undefined ? get_default_dtype_as_scalartype() : type_;
  const NoGradGuard no_grad;
  return filled(sizes_, options.dtype_opt().value_or(own), options,
                [&](const Tensor& tensor) { write(tensor); });
}

}  // namespace detail

Tensor tensor(detail::TensorDataContainer data, const TensorOptions& options) {
  return data.tensor(options);
}

Tensor Tensor::new_empty(IntArrayRef sizes, TensorOptions options) const {
  return empty(sizes, like(*this, options).memory_format(nullopt));
}
Tensor Tensor::new_zeros(IntArrayRef sizes, TensorOptions options) const {
  return zeros(sizes, like(*this, options));
}
Tensor Tensor::new_ones(IntArrayRef sizes, TensorOptions options) const {
  return ones(sizes, like(*this, options));
}
Tensor Tensor::new_full(IntArrayRef sizes, const Scalar& value, TensorOptions options) const {
  return full(sizes, value, like(*this, options));
}
Tensor Tensor::new_tensor(const Tensor& source) const { return source.detach().clone(); }

}  // namespace xgrad
