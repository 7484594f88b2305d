#include "xgrad/core/storage.h"

#include <new>

#include "xgrad/core/allocator.h"

namespace xgrad {
namespace {

constexpr std::size_t kHeader = memory::kAlignment;
static_assert(sizeof(StorageImpl) <= kHeader);

}  // namespace

Ref<StorageImpl> StorageImpl::allocate(std::size_t bytes) {
  auto* block = static_cast<std::byte*>(memory::allocate(kHeader + bytes));
  return Ref<StorageImpl>::first(new (block) StorageImpl(block + kHeader, bytes));
}

Ref<StorageImpl> StorageImpl::adopt(void* data, std::size_t bytes,
                                    std::function<void(void*)> release) {
  Ref storage(new (memory::allocate(kHeader)) StorageImpl(data, bytes));
  storage->release_ = new std::function<void(void*)>(std::move(release));
  return storage;
}

void StorageImpl::destroy(StorageImpl* storage) noexcept {
  std::size_t block_bytes = kHeader + storage->bytes_;
  if (storage->release_ != nullptr) {
    if (*storage->release_) (*storage->release_)(storage->data_);
    delete storage->release_;
    block_bytes = kHeader;
  }
  storage->~StorageImpl();
  memory::deallocate(storage, block_bytes);
}

}  // namespace xgrad
