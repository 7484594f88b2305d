// Device, layout, memory format and TensorOptions: what a factory is told beside the sizes.
//
//   auto x = xgrad::zeros({2, 3}, xgrad::dtype(xgrad::kFloat64).requires_grad(true));
//
// xgrad computes on the CPU; the names of other devices exist so that programs can ask for them and
// be refused clearly.
#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "xgrad/core/scalar_type.h"

namespace xgrad {

using std::nullopt;
using std::optional;

enum class DeviceType : std::int8_t { CPU, CUDA, MPS };
constexpr DeviceType kCPU = DeviceType::CPU, kCUDA = DeviceType::CUDA, kMPS = DeviceType::MPS;
using DeviceIndex = std::int8_t;

class Device {
 public:
  using Type = DeviceType;

  constexpr Device(DeviceType type, DeviceIndex index = -1) : type_(type), index_(index) {}
  // "cpu", "cuda", "cuda:1"; anything else is an Error.
  Device(const std::string& text);
  Device(const char* text) : Device(std::string(text)) {}
  constexpr DeviceType type() const { return type_; }
  constexpr DeviceIndex index() const { return index_; }
  constexpr bool has_index() const { return index_ >= 0; }
  constexpr void set_index(DeviceIndex index) { index_ = index; }
  constexpr bool is_cpu() const { return type_ == kCPU; }
  constexpr bool is_cuda() const { return type_ == kCUDA; }
  constexpr bool is_mps() const { return type_ == kMPS; }
  constexpr bool is_xpu() const { return false; }
  constexpr bool is_xla() const { return false; }
  constexpr bool is_hpu() const { return false; }
  constexpr bool is_ipu() const { return false; }
  constexpr bool is_hip() const { return false; }
  constexpr bool is_meta() const { return false; }
  constexpr bool supports_as_strided() const { return true; }
  std::string str() const;
  friend constexpr bool operator==(const Device& a, const Device& b) {
    return a.type_ == b.type_ && a.index_ == b.index_;
  }

 private:
  DeviceType type_;
  DeviceIndex index_;
};
std::ostream& operator<<(std::ostream& out, const Device& device);
std::ostream& operator<<(std::ostream& out, DeviceType type);

enum class Layout : std::int8_t { Strided, Sparse };
constexpr Layout kStrided = Layout::Strided, kSparse = Layout::Sparse;
enum class MemoryFormat : std::int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };

class TensorOptions {
 public:
  constexpr TensorOptions() = default;
  constexpr TensorOptions(ScalarType type) : dtype_(type) {}
  constexpr TensorOptions(TypeMeta type) : dtype_(type) {}
  // A template, so that braces are not a Device but what they name: {kCPU, 0}.
  template <std::same_as<Device> T>
  TensorOptions(T device) : device_(device) {}
  TensorOptions(DeviceType device) : device_(device) {}
  TensorOptions(DeviceType device, DeviceIndex index) : device_(Device(device, index)) {}
  TensorOptions(const std::string& device) : device_(device) {}
  // Not of a literal 0, which is a null pointer too.
  template <std::same_as<const char*> T>
  TensorOptions(T device) : device_(device) {}
  constexpr TensorOptions(Layout) {}
  constexpr TensorOptions(MemoryFormat format) : format_(code(format)) {}

  TensorOptions dtype(optional<ScalarType> type) const {
    return {type, device_, requires_grad_, format_};
  }
  TensorOptions dtype(ScalarType type) const { return dtype(optional<ScalarType>(type)); }
  TensorOptions dtype(TypeMeta type) const { return dtype(type.toScalarType()); }
  template <class T>
  TensorOptions dtype() const {
    return dtype(scalar_type_of<T>());
  }
  TensorOptions device(optional<Device> device) const {
    return {dtype_, device, requires_grad_, format_};
  }
  TensorOptions device(DeviceType type, DeviceIndex index = -1) const {
    return device(Device(type, index));
  }
  TensorOptions requires_grad(optional<bool> value) const {
    return {dtype_, device_, value, format_};
  }
  TensorOptions layout(optional<Layout>) const { return *this; }
  // Only empty(), the *_like() functions and to() read it.
  TensorOptions memory_format(optional<MemoryFormat> format) const {
    return {dtype_, device_, requires_grad_, format ? code(*format) : std::int8_t{0}};
  }
  TensorOptions pinned_memory(optional<bool>) const { return *this; }
  TensorOptions device_index(DeviceIndex index) const { return device(Device(kCUDA, index)); }
  // This with what `other` says in the place of what it says.
  TensorOptions merge_in(const TensorOptions& other) const {
    return {other.dtype_ ? other.dtype_ : dtype_, other.device_ ? other.device_ : device_,
            other.requires_grad_ ? other.requires_grad_ : requires_grad_,
            other.format_ ? other.format_ : format_};
  }
  TensorOptions merge_memory_format(optional<MemoryFormat> format) const {
    return format ? memory_format(format) : *this;
  }

  TypeMeta dtype() const { return dtype_ ? *dtype_ : default_dtype(); }
  optional<ScalarType> dtype_opt() const { return dtype_; }
  bool has_dtype() const { return dtype_.has_value(); }
  Device device() const { return device_.value_or(Device(kCPU)); }
  optional<Device> device_opt() const { return device_; }
  bool has_device() const { return device_.has_value(); }
  bool requires_grad() const { return requires_grad_.value_or(false); }
  bool has_requires_grad() const { return requires_grad_.has_value(); }
  optional<bool> requires_grad_opt() const { return requires_grad_; }
  bool has_layout() const { return false; }
  optional<Layout> layout_opt() const { return nullopt; }
  bool has_pinned_memory() const { return false; }
  optional<bool> pinned_memory_opt() const { return nullopt; }
  bool type_equal(const TensorOptions& other) const { return dtype() == other.dtype(); }
  DeviceIndex device_index() const { return device().index(); }
  Layout layout() const { return kStrided; }
  bool pinned_memory() const { return false; }
  bool is_sparse() const { return false; }
  bool has_memory_format() const { return format_ != 0; }
  optional<MemoryFormat> memory_format_opt() const {
    return has_memory_format() ? optional(static_cast<MemoryFormat>(format_ - 1)) : nullopt;
  }

 private:
  TensorOptions(optional<ScalarType> type, optional<Device> device, optional<bool> grad,
                std::int8_t format)
      : dtype_(type), device_(device), requires_grad_(grad), format_(format) {}
  static constexpr std::int8_t code(MemoryFormat format) {
    return static_cast<std::int8_t>(static_cast<int>(format) + 1);
  }
  static ScalarType default_dtype();
  optional<ScalarType> dtype_;
  optional<Device> device_;
  optional<bool> requires_grad_;
  std::int8_t format_ = 0;  // code() of the format, 0 for none: all fits a register
};
// "TensorOptions(dtype=float, device=cpu (default), ...)", as libtorch prints.
std::ostream& operator<<(std::ostream& out, const TensorOptions& options);
std::ostream& operator<<(std::ostream& out, Layout layout);
std::ostream& operator<<(std::ostream& out, MemoryFormat format);

inline TensorOptions dtype(ScalarType type) { return TensorOptions().dtype(type); }
inline TensorOptions dtype(TypeMeta type) { return TensorOptions().dtype(type); }
template <class T>
TensorOptions dtype() {
  return TensorOptions().dtype<T>();
}
inline TensorOptions device(Device device) { return TensorOptions().device(device); }
inline TensorOptions device(DeviceType type) { return TensorOptions().device(type); }
inline TensorOptions requires_grad(bool value = true) {
  return TensorOptions().requires_grad(value);
}
inline TensorOptions layout(Layout) { return {}; }
inline TensorOptions memory_format(MemoryFormat format) {
  return TensorOptions().memory_format(format);
}
inline TensorOptions device_index(DeviceIndex index) { return TensorOptions().device_index(index); }
inline TypeMeta dtype_or_default(optional<ScalarType> type) {
  return TensorOptions().dtype(type).dtype();
}
inline Device device_or_default(optional<Device> device) { return device.value_or(Device(kCPU)); }

// What Tensor::type() returns, which older programs ask instead of options().
class DeprecatedTypeProperties {
 public:
  explicit DeprecatedTypeProperties(ScalarType type) : type_(type) {}
  ScalarType scalarType() const { return type_; }
  TypeMeta typeMeta() const { return type_; }
  Device device() const { return Device(kCPU); }
  DeviceType device_type() const { return kCPU; }
  bool is_cuda() const { return false; }
  bool is_sparse() const { return false; }
  TensorOptions options() const { return TensorOptions(type_).device(kCPU); }
  operator TensorOptions() const { return options(); }
  operator ScalarType() const { return type_; }
  std::string toString() const;  // "CPUFloatType"
  friend bool operator==(const DeprecatedTypeProperties& a, const DeprecatedTypeProperties& b) {
    return a.type_ == b.type_;
  }

 private:
  ScalarType type_;
};
std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& type);

// The type of factories that are not told one: float32 at the start.
TypeMeta get_default_dtype();
ScalarType get_default_dtype_as_scalartype();
// Errors: not a floating type.
void set_default_dtype(TypeMeta type);

}  // namespace xgrad
