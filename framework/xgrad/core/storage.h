// Storage: the bytes behind tensors. Views share one; its version counts the in-place changes.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "xgrad/core/ref.h"
#include "xgrad/core/tensor_options.h"

namespace xgrad {

class StorageImpl final : public RefCounted {
 public:
  // Uninitialized bytes from the allocator, aligned to 64; header and bytes are one block.
  static Ref<StorageImpl> allocate(std::size_t bytes);
  // Foreign memory; `release` (may be empty) is called when the last tensor lets go of it.
  static Ref<StorageImpl> adopt(void* data, std::size_t bytes, std::function<void(void*)> release);
  static void destroy(StorageImpl* storage) noexcept;

  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  std::uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() { version_.fetch_add(1, std::memory_order_relaxed); }

 private:
  StorageImpl(void* data, std::size_t bytes) : data_(data), bytes_(bytes) {}
  ~StorageImpl() = default;

  void* data_;
  std::size_t bytes_;
  std::atomic<std::uint32_t> version_{0};
  std::function<void(void*)>* release_ = nullptr;  // null: the bytes follow this header
};

// Where a storage's bytes begin: at::DataPtr, which does not own them here.
class DataPtr {
 public:
  DataPtr() = default;
  explicit DataPtr(void* data) : data_(data) {}
  void* get() const { return data_; }
  void* get_context() const { return data_; }
  void* operator->() const { return data_; }
  explicit operator bool() const { return data_ != nullptr; }
  Device device() const { return kCPU; }
  friend bool operator==(const DataPtr& pointer, std::nullptr_t) { return !pointer; }

 private:
  void* data_ = nullptr;
};

// The handle that Tensor::storage() returns.
class Storage {
 public:
  Storage() = default;
  explicit Storage(Ref<StorageImpl> impl) : impl_(std::move(impl)) {}
  void* data() const { return impl_ ? impl_->data() : nullptr; }
  template <class T>
  T* data() const {
    return static_cast<T*>(data());
  }
  template <class T>
  T* unsafe_data() const {
    return data<T>();
  }
  DataPtr data_ptr() const { return DataPtr(data()); }
  std::size_t nbytes() const { return impl_ ? impl_->bytes() : 0; }
  explicit operator bool() const { return data() != nullptr; }
  // Who holds the bytes. Asked of x.storage() itself, that handle does not count: in libtorch it is
  // the tensor's own.
  std::size_t use_count() const& { return impl_ ? impl_->references() : 0; }
  std::size_t use_count() const&& { return impl_ ? impl_->references() - 1 : 0; }
  bool unique() const& { return use_count() == 1; }
  bool unique() const&& { return std::move(*this).use_count() == 1; }
  Device device() const { return kCPU; }
  DeviceType device_type() const { return kCPU; }
  bool resizable() const { return true; }
  bool is_alias_of(const Storage& other) const { return impl_ == other.impl_; }
  const Ref<StorageImpl>& impl() const { return impl_; }

 private:
  Ref<StorageImpl> impl_;
};

}  // namespace xgrad
