#include "xgrad/core/tensor.h"

#include <atomic>
#include <iostream>

#include "xgrad/core/allocator.h"
#include "xgrad/core/format.h"

namespace xgrad {

TensorImpl::TensorImpl() = default;
TensorImpl::~TensorImpl() = default;

Ref<TensorImpl> TensorImpl::make() {
  return Ref<TensorImpl>::first(new (memory::allocate(sizeof(TensorImpl))) TensorImpl);
}

void TensorImpl::destroy(TensorImpl* impl) noexcept {
  impl->~TensorImpl();
  memory::deallocate(impl, sizeof(TensorImpl));
}

namespace {

constexpr const char kUndefined[] = "Tensor: the tensor is undefined, expected one with elements";

void check_dtype(ScalarType type) {
  check(static_cast<int>(type) < kScalarTypeCount,
        "empty: dtype {} is not supported, expected one of uint8, int32, int64, float32, float64, "
        "bool",
        dtype_name(type));
}

void check_size(IntArrayRef sizes, std::size_t dim) {
  check(sizes[dim] >= 0, "empty: size {} at dim {} is negative in {}", sizes[dim], dim, sizes);
}

constexpr std::size_t kMostElements = std::size_t{1} << 52;

[[noreturn]] void fail_too_large(IntArrayRef sizes) {
  fail("empty: {} has more elements than memory can hold", sizes);
}

Tensor finish(Ref<TensorImpl> impl, std::size_t extent, ScalarType type) {
  impl->storage = StorageImpl::allocate(extent * elementSize(type));
  impl->dtype = type;
  impl->inference = inference_mode;
  return Tensor(std::move(impl));
}

}  // namespace

Tensor make_strided(const Dims& sizes, const Dims& strides, ScalarType type) {
  check_dtype(type);
  std::size_t extent = 1;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    check_size(sizes, i);
    if (sizes[i] == 0) extent = 0;
    std::size_t step = 0;
    const bool overflow =
        __builtin_mul_overflow(static_cast<std::size_t>(std::max<std::int64_t>(sizes[i] - 1, 0)),
                               static_cast<std::size_t>(strides[i]), &step) ||
        (extent != 0 && __builtin_add_overflow(extent, step, &extent));
    if (overflow || extent >= kMostElements) fail_too_large(sizes);
  }
  Ref<TensorImpl> impl = TensorImpl::make();
  impl->set_geometry(sizes, strides);
  return finish(std::move(impl), extent, type);
}

// The commonest of all calls: strides, count and checks in one pass from the right.
Tensor make_tensor(const Dims& sizes, ScalarType type) {
  check_dtype(type);
  Ref<TensorImpl> impl = TensorImpl::make();
  impl->sizes = sizes;
  impl->strides.resize(sizes.size());
  std::size_t step = 1;
  bool overflow = false, is_empty = false;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    check_size(sizes, i);
    impl->strides[i] = static_cast<std::int64_t>(step);
    if (sizes[i] == 0) {
      is_empty = true;
      continue;
    }
    overflow |= __builtin_mul_overflow(step, static_cast<std::size_t>(sizes[i]), &step);
    overflow |= step >= kMostElements;
  }
  if (overflow && !is_empty) fail_too_large(sizes);
  const std::size_t numel = is_empty ? 0 : step;
  impl->numel = static_cast<std::int64_t>(numel);
  return finish(std::move(impl), numel, type);
}

namespace {

// Storage, type and flags of the source, without geometry.
Ref<TensorImpl> begin_alias(const TensorImpl& source) {
  Ref<TensorImpl> impl = TensorImpl::make();
  impl->storage = source.storage;
  impl->dtype = source.dtype;
  impl->counts_changes = source.counts_changes;
  impl->inference = source.inference;
  return impl;
}

const TensorImpl& defined_impl(const Tensor& tensor) {
  check(tensor.defined(), kUndefined);
  return *tensor.impl();
}

}  // namespace

Tensor make_alias(const Tensor& tensor) {
  const TensorImpl& source = defined_impl(tensor);
  Ref<TensorImpl> impl = begin_alias(source);
  impl->offset = source.offset;
  impl->sizes = source.sizes;
  impl->strides = source.strides;
  impl->numel = source.numel;
  impl->contiguous = source.contiguous;
  return Tensor(std::move(impl));
}

Tensor make_alias(const Tensor& tensor, const Dims& sizes, const Dims& strides,
                  std::int64_t offset) {
  Ref<TensorImpl> impl = begin_alias(defined_impl(tensor));
  impl->offset = offset;
  impl->set_geometry(sizes, strides);
  return Tensor(std::move(impl));
}

std::int64_t wrap_dim(const char* op, std::int64_t dim, std::int64_t rank) {
  const std::int64_t range = std::max<std::int64_t>(rank, 1);  // a 0-d tensor accepts -1 and 0
  check_index(dim >= -range && dim < range, "{}: dim {} is out of range, expected {} to {}", op,
              dim, -range, range - 1);
  return dim < 0 ? dim + range : dim;
}

void Tensor::fail_undefined() { fail(kUndefined); }

const TensorImpl& Tensor::undefined_impl() {
  static const Ref<TensorImpl> impl = [] {
    Ref<TensorImpl> made = TensorImpl::make();
    made->set_geometry({0}, {1});
    made->dtype = ScalarType::Undefined;
    return made;
  }();
  return *impl;
}

std::int64_t Tensor::size(std::int64_t dim) const {
  check_index(this->dim() != 0, "size: a 0-d tensor has no dim {}", dim);
  return sizes()[static_cast<std::size_t>(wrap_dim("size", dim, this->dim()))];
}

std::int64_t Tensor::stride(std::int64_t dim) const {
  checked();
  check_index(this->dim() != 0, "stride: a 0-d tensor has no dim {}", dim);
  return checked().strides[static_cast<std::size_t>(wrap_dim("stride", dim, this->dim()))];
}

Device Tensor::device() const {
  checked();
  return Device(kCPU);
}

bool Tensor::is_contiguous(MemoryFormat format) const {
  const TensorImpl& impl = described();
  if (format != MemoryFormat::ChannelsLast || impl.sizes.size() != 4) return impl.contiguous;
  std::int64_t expected = 1;
  for (const std::size_t i : {1U, 3U, 2U, 0U}) {
    if (impl.sizes[i] != 1 && impl.strides[i] != expected) return false;
    expected *= impl.sizes[i];
  }
  return true;
}

bool Tensor::is_non_overlapping_and_dense() const {
  const TensorImpl& impl = described();
  if (impl.contiguous) return true;
  Dims order(impl.sizes.size(), 0);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
  const auto at = [](const Dims& dims, std::int64_t i) {
    return dims[static_cast<std::size_t>(i)];
  };
  std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    if (at(impl.sizes, a) < 2) return false;
    return at(impl.sizes, b) < 2 || at(impl.strides, a) < at(impl.strides, b);
  });
  std::int64_t expected = 1;
  for (const std::int64_t i : order) {
    if (at(impl.sizes, i) < 2) break;
    if (at(impl.strides, i) != expected) return false;
    expected *= at(impl.sizes, i);
  }
  return true;
}

bool Tensor::is_set_to(const Tensor& other) const {
  return storage().is_alias_of(other.storage()) && storage_offset() == other.storage_offset() &&
         sizes() == other.sizes() && strides() == other.strides();
}

bool Tensor::is_nonzero() const {
  check(numel() == 1, "is_nonzero: the tensor has {} elements, expected exactly one", numel());
  return item().toBool();
}

const std::string& Tensor::name() const {
  static const std::string kNone;
  return kNone;
}

std::string Tensor::toString() const { return defined() ? type().toString() : "UndefinedType"; }

template <class T>
T* Tensor::data_ptr() const {
  check(scalar_type() == scalar_type_of<T>(), "data_ptr: the tensor holds {}, expected {}",
        dtype_name(scalar_type()), dtype_name(scalar_type_of<T>()));
  return static_cast<T*>(data_ptr());
}
// Types that libtorch has tensors of.
template <>
signed char* Tensor::data_ptr<signed char>() const {
  fail("data_ptr: the tensor holds {}, not int8", dtype_name(scalar_type()));
}
template <>
short* Tensor::data_ptr<short>() const {
  fail("data_ptr: the tensor holds {}, not int16", dtype_name(scalar_type()));
}
template float* Tensor::data_ptr<float>() const;
template double* Tensor::data_ptr<double>() const;
template bool* Tensor::data_ptr<bool>() const;
template std::uint8_t* Tensor::data_ptr<std::uint8_t>() const;
template int* Tensor::data_ptr<int>() const;
template long* Tensor::data_ptr<long>() const;
template long long* Tensor::data_ptr<long long>() const;

Scalar Tensor::item() const {
  check(numel() == 1, "item: expected a tensor of one element, got {}", sizes());
  return dispatch(scalar_type(), [&](auto zero) {
    return Scalar(*static_cast<const decltype(zero)*>(data_ptr()));
  });
}

void Tensor::print() const { std::cout << *this << std::endl; }

Tensor& Tensor::operator=(const Scalar& value) & {
  // As libtorch: fills in place; an undefined handle becomes a 0-d tensor.
  if (!defined()) {
    impl_ =
        make_tensor({}, value.isFloatingPoint() ? get_default_dtype_as_scalartype() : value.type())
            .impl_;
  }
  return fill_(value);
}
Tensor& Tensor::operator=(const Scalar& value) && { return fill_(value); }
Tensor& Tensor::operator=(const Tensor& other) && { return copy_(other); }

// Scalar, devices and the default dtype: small enough to live beside the tensor that they describe.

std::ostream& operator<<(std::ostream& out, const Scalar& value) {
  if (value.isFloatingPoint()) return out << value.toDouble();
  if (value.isBoolean()) return out << (value.toBool() ? "true" : "false");
  return out << value.toLong();
}

void Scalar::fail_conversion(ScalarType type) const {
  fail("Scalar: {} does not fit {}, expected a number within its range",
       isFloatingPoint() ? fmt::format("{}", toDouble()) : fmt::format("{}", toLong()),
       dtype_name(type));
}

Device::Device(const std::string& text) : type_(kCPU), index_(-1) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  bool valid = true;
  if (name == "cuda") {
    type_ = kCUDA;
  } else if (name == "mps") {
    type_ = kMPS;
  } else {
    valid = name == "cpu";
  }
  if (colon != std::string::npos) {
    const std::string digits = text.substr(colon + 1);
    valid = valid && !digits.empty() && digits.size() <= 2 &&
            digits.find_first_not_of("0123456789") == std::string::npos;
    if (valid) index_ = static_cast<DeviceIndex>(std::stoi(digits));
  }
  check(valid,
        "Device: '{}' is not a device, expected cpu, cuda or mps, with an index as in cuda:0",
        text);
}

std::string Device::str() const {
  constexpr const char* kNames[] = {"cpu", "cuda", "mps"};
  std::string text = kNames[static_cast<int>(type_)];
  if (has_index()) text += fmt::format(":{}", static_cast<int>(index_));
  return text;
}

std::ostream& operator<<(std::ostream& out, const Device& device) { return out << device.str(); }
std::ostream& operator<<(std::ostream& out, DeviceType type) { return out << Device(type).str(); }
std::ostream& operator<<(std::ostream& out, Layout layout) {
  return out << (layout == kStrided ? "Strided" : "Sparse");
}
std::ostream& operator<<(std::ostream& out, MemoryFormat format) {
  constexpr const char* kNames[] = {"Contiguous", "Preserve", "ChannelsLast", "ChannelsLast3d"};
  return out << kNames[static_cast<int>(format)];
}
std::ostream& operator<<(std::ostream& out, const TensorOptions& options) {
  const auto mark = [](bool given) { return given ? "" : " (default)"; };
  // The layout of a tensor's own options is given, too.
  const bool own = options.has_dtype() && options.has_device();
  out << "TensorOptions(dtype=" << options.dtype() << mark(options.has_dtype())
      << ", device=" << options.device() << mark(options.has_device()) << ", layout=" << kStrided
      << mark(own) << ", requires_grad=" << (options.requires_grad() ? "true" : "false")
      << mark(options.has_requires_grad()) << ", pinned_memory=false (default), memory_format=";
  const auto format = options.memory_format_opt();
  return (format ? out << *format : out << "(nullopt)") << ")";
}

std::string DeprecatedTypeProperties::toString() const {
  return "CPU" + std::string(xgrad::toString(type_)) + "Type";
}
std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& type) {
  return out << type.toString();
}

namespace {
std::atomic<ScalarType> default_type{kFloat};
}  // namespace

ScalarType TensorOptions::default_dtype() { return default_type.load(std::memory_order_relaxed); }
TypeMeta get_default_dtype() { return default_type.load(); }
ScalarType get_default_dtype_as_scalartype() { return default_type.load(); }
void set_default_dtype(TypeMeta type) {
  check(isFloatingType(type), "set_default_dtype: expected float32 or float64, got {}",
        dtype_name(type));
  default_type.store(type);
}

}  // namespace xgrad
