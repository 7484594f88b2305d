// Storage: the bytes behind tensors. Views share one; its version counts the in-place changes.
#pragma once

#include <cstddef>
#include <functional>

#include "xgrad/core/ref.h"

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

// The handle that Tensor::storage() returns.
class Storage {
 public:
  Storage() = default;
  explicit Storage(Ref<StorageImpl> impl) : impl_(std::move(impl)) {}
  void* data() const { return impl_ ? impl_->data() : nullptr; }
  void* data_ptr() const { return data(); }
  std::size_t nbytes() const { return impl_ ? impl_->bytes() : 0; }
  explicit operator bool() const { return data() != nullptr; }
  bool is_alias_of(const Storage& other) const { return impl_ == other.impl_; }
  const Ref<StorageImpl>& impl() const { return impl_; }

 private:
  Ref<StorageImpl> impl_;
};

}  // namespace xgrad
