#include "xgrad/ops/copy.h"

#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/in_place.h"
#include "xgrad/ops/places.h"

namespace xgrad {

using namespace autograd;

namespace {

Tensor row_major_copy(const Tensor& x) {
  Tensor y = make_tensor(x.sizes(), x.scalar_type());
  copy_into(y, x);
  return y;
}

void check_on_cpu(const char* op, const Device& device) {
  check(device.is_cpu(), "{}: device {} is not available, expected cpu (xgrad computes on the CPU)",
        op, device.str());
}

}  // namespace

Tensor clone(const Tensor& x, optional<MemoryFormat> format) {
  const bool preserve = !format || *format == MemoryFormat::Preserve;
  Tensor y;
  if (format && *format == MemoryFormat::ChannelsLast) {
    check(x.dim() == 4, "clone: channels-last needs a tensor of 4 dims, got {}", x.sizes());
    y = row_major_copy(x.detach().permute({0, 2, 3, 1})).permute({0, 3, 1, 2}).detach();
  } else {
    y = preserve ? convert(x, x.scalar_type()) : row_major_copy(x);
  }
  if (recording(x))
    record("CloneBackward0", y, {x}, [](const Tensor& dy, Gradients& dx) { dx[0] = dy; });
  return y;
}
Tensor Tensor::clone(optional<MemoryFormat> format) const { return xgrad::clone(*this, format); }

Tensor Tensor::contiguous(MemoryFormat format) const {
  return is_contiguous(format) ? *this : xgrad::clone(*this, format);
}

Tensor Tensor::to(ScalarType type, bool, bool copy, optional<MemoryFormat> format) const {
  const bool reorders = format && *format != MemoryFormat::Preserve;
  if (scalar_type() == type) {
    // What already looks like the format stays as it is, as in PyTorch.
    const bool fits = !reorders || (*format == MemoryFormat::ChannelsLast) ==
                                       (dim() == 4 && is_like_channels_last(*this));
    return copy || !fits ? xgrad::clone(*this, format) : *this;
  }
  if (reorders) return to(type).contiguous(*format);
  Tensor y = convert(*this, type);
  if (isFloatingType(type) && recording(*this)) {
    // The engine casts the gradient back.
    record("ToCopyBackward0", y, {*this}, [](const Tensor& dy, Gradients& dx) { dx[0] = dy; });
  }
  return y;
}
Tensor Tensor::to(const TensorOptions& options, bool non_blocking, bool copy,
                  optional<MemoryFormat> format) const {
  check_on_cpu("to", options.device());
  check(!format || !options.has_memory_format(),
        "to: a memory format is given twice, in the options and beside them");
  if (!format) format = options.memory_format_opt();
  return to(options.dtype_opt().value_or(scalar_type()), non_blocking, copy, format);
}
Tensor Tensor::to(Device device, ScalarType type, bool non_blocking, bool copy) const {
  check_on_cpu("to", device);
  return to(type, non_blocking, copy);
}
MemoryFormat Tensor::suggest_memory_format() const {
  return is_like_channels_last(*this) ? MemoryFormat::ChannelsLast : MemoryFormat::Contiguous;
}

Tensor Tensor::pin_memory() const {
  fail("pin_memory: no CUDA device is available, expected one; leave the tensor as it is");
}

Tensor Tensor::cuda() const {
  check_on_cpu("cuda", Device(kCUDA));
  return *this;
}

// The same bytes as elements of another type; where those are wider or narrower the last dim, which
// must be a run, is cut anew.
Tensor Tensor::view(ScalarType type) const {
  check(static_cast<int>(type) < kScalarTypeCount, "view: dtype {} is not supported",
        dtype_name(type));
  Dims sizes = this->sizes(), strides = this->strides();
  std::int64_t offset = storage_offset();
  if (elementSize(type) != element_size()) {
    check(dim() > 0 && strides.back() == 1,
          "view: {} has elements of another size than {}, expected a tensor whose last dim is "
          "contiguous, got shape {} with strides {}",
          dtype_name(type), dtype_name(scalar_type()), this->sizes().vec(), this->strides().vec());
    const auto recut = [&](std::int64_t elements, const char* what) {
      const auto bytes = elements * static_cast<std::int64_t>(element_size()),
                 wanted = static_cast<std::int64_t>(elementSize(type));
      check(bytes % wanted == 0, "view: the {} of {} {} is no whole number of {}", what, elements,
            dtype_name(scalar_type()), dtype_name(type));
      return bytes / wanted;
    };
    sizes.back() = recut(sizes.back(), "last size");
    for (std::size_t i = 0; i + 1 < strides.size(); ++i) strides[i] = recut(strides[i], "stride");
    offset = recut(offset, "storage offset");
  }
  Tensor other = make_alias(*this, sizes, strides, offset);
  other.impl()->dtype = type;
  return other;
}

Tensor& Tensor::copy_(const Tensor& source, bool) const {
  check_in_place("copy_", *this, needs_grad(source));
  const bool same_place =
      source.impl() == impl() ||
      (source.storage().is_alias_of(storage()) && source.storage_offset() == storage_offset() &&
       source.sizes() == sizes() && source.strides() == strides() &&
       source.scalar_type() == scalar_type());
  if (!same_place) {
    check_no_partial_overlap("copy_", *this, source);
    copy_into(*this, source);
    bump_version(*this);
  }
  if (recording(*this, source)) {
    Edge value;
    if (needs_grad(source)) {  // through an expand and a cast, so that the gradient has source's
                               // shape and type again
      value = gradient_edge(source.expand(sizes()).to(scalar_type()));
    }
    overwrite_history(*this, std::move(value));
  }
  return const_cast<Tensor&>(*this);
}

void fill_elements(const Tensor& x, const Scalar& value) {
  if (x.numel() == 0) return;
  dispatch(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    constexpr std::int64_t kFew = 1024;  // more are worth threads
    if (x.is_contiguous() && x.numel() <= kFew) {
      std::fill_n(static_cast<T*>(x.data_ptr()), x.numel(), value.to<T>());
      return;
    }
    const Tensor number = make_tensor({}, x.scalar_type());
    *static_cast<T*>(number.data_ptr()) = value.to<T>();
    copy_into(x, number);
  });
}

Tensor without_repeats(const Tensor& x) {
  for (std::size_t d = 0; d < x.sizes().size(); ++d) {
    if (x.strides()[d] != 0 || x.sizes()[d] <= 1) continue;
    return without_repeats(x.narrow(static_cast<std::int64_t>(d), 0, 1));
  }
  return x;
}

Tensor& Tensor::fill_(const Scalar& value) const {
  // To fill a place twice is to fill it once.
  if (const Tensor once = without_repeats(*this); !once.is_same(*this)) {
    once.fill_(value);
    return const_cast<Tensor&>(*this);
  }
  check_history_change("fill_", *this);
  const Tensor number = scalar_as("fill_", value, scalar_type());
  if (numel() != 0) copy_into(*this, number);
  bump_version(*this);
  if (recording(*this)) rebase_history(*this, {});
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::fill_(const Tensor& value) const {
  check(value.dim() == 0, "fill_: expected a 0-d tensor, got {}", value.sizes());
  if (!recording(*this, value)) return fill_(value.item());
  return copy_(value.storage().is_alias_of(storage()) ? xgrad::clone(value) : value);
}
Tensor& Tensor::zero_() const { return fill_(0); }
Tensor fill(const Tensor& x, const Scalar& value) { return clone(x).fill_(value); }
Tensor& fill_(const Tensor& x, const Scalar& value) { return x.fill_(value); }
Tensor& zero_(const Tensor& x) { return x.zero_(); }

namespace {

// A copy of x with `source` in the place of a view of it.
template <class View>
Tensor with_view(const char* op, const Tensor& x, const Tensor& source, const View& view_of) {
  const Tensor copy = x.clone(), view = view_of(copy);
  check(view.sizes() == source.sizes(), "{}: the source has shape {}, expected {}", op,
        source.sizes().vec(), view.sizes().vec());
  view.copy_(source);
  return copy;
}

}  // namespace

Tensor select_scatter(const Tensor& x, const Tensor& source, std::int64_t dim, std::int64_t index) {
  return with_view("select_scatter", x, source,
                   [&](const Tensor& copy) { return copy.select(dim, index); });
}
Tensor slice_scatter(const Tensor& x, const Tensor& source, std::int64_t dim,
                     optional<std::int64_t> start, optional<std::int64_t> end, std::int64_t step) {
  return with_view("slice_scatter", x, source,
                   [&](const Tensor& copy) { return copy.slice(dim, start, end, step); });
}
Tensor diagonal_scatter(const Tensor& x, const Tensor& source, std::int64_t offset,
                        std::int64_t dim1, std::int64_t dim2) {
  return with_view("diagonal_scatter", x, source,
                   [&](const Tensor& copy) { return copy.diagonal(offset, dim1, dim2); });
}
Tensor as_strided_scatter(const Tensor& x, const Tensor& source, IntArrayRef sizes,
                          IntArrayRef strides, optional<std::int64_t> storage_offset) {
  return with_view("as_strided_scatter", x, source, [&](const Tensor& copy) {
    return copy.as_strided(sizes, strides, storage_offset);
  });
}

// clang-format off
Tensor Tensor::as_strided_scatter(const Tensor& source, IntArrayRef sizes, IntArrayRef strides, OptDim storage_offset) const { return xgrad::as_strided_scatter(*this, source, sizes, strides, storage_offset); }
Tensor Tensor::select_scatter(const Tensor& source, std::int64_t dim, std::int64_t index) const { return xgrad::select_scatter(*this, source, dim, index); }
Tensor Tensor::slice_scatter(const Tensor& source, std::int64_t dim, OptDim start, OptDim end, std::int64_t step) const { return xgrad::slice_scatter(*this, source, dim, start, end, step); }
Tensor Tensor::diagonal_scatter(const Tensor& source, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const { return xgrad::diagonal_scatter(*this, source, offset, dim1, dim2); }
// clang-format on

Tensor& Tensor::set_(const Tensor& source) const {
  check_history_change("set_", *this);
  set_data(source);
  return const_cast<Tensor&>(*this);
}

// The storage's first elements in a new geometry, whatever the old one was; what is added is
// uninitialized.
Tensor& Tensor::resize_(IntArrayRef sizes) const {
  check(!requires_grad(), "resize_: the tensor requires gradients and cannot be resized");
  if (sizes == this->sizes()) return const_cast<Tensor&>(*this);
  const std::size_t wanted = static_cast<std::size_t>(numel_of(sizes)) * element_size(),
                    skipped = static_cast<std::size_t>(storage_offset()) * element_size(),
                    present = storage().nbytes() - skipped;
  if (wanted <= present) {
    set_data(make_alias(*this, sizes, contiguous_strides(sizes), storage_offset()));
    return const_cast<Tensor&>(*this);
  }
  const Tensor fresh = make_tensor(sizes, scalar_type());
  if (present != 0) std::memcpy(fresh.data_ptr(), data_ptr(), present);
  set_data(fresh);
  return const_cast<Tensor&>(*this);
}

}  // namespace xgrad
