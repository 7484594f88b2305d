// Ref<T>: a counted reference to a T that carries its own count;
// copies share, the last one deletes.
#pragma once

#include <atomic>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <utility>

namespace xgrad {

class RefCounted {
 public:
  RefCounted() = default;
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;
  void retain() const noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  // The first reference to a new object, which no other thread knows yet.
  void retain_first() const noexcept { references_.store(1, std::memory_order_relaxed); }
  // True when this was the last one. The only owner finds a count of 1 and needs no locked
  // instruction (5 ns): nobody is left who could take another reference.
  bool release() const noexcept {
    return references_.load(std::memory_order_acquire) == 1 || release_counted();
  }
  // The same where a weak holder may be about to call retain_if_alive(): always counts down.
  bool release_counted() const noexcept {
    return references_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
  // For a weak holder: takes a reference only if someone still has one.
  bool retain_if_alive() const noexcept {
    std::uint32_t count = references_.load(std::memory_order_relaxed);
    while (count != 0) {
      if (references_.compare_exchange_weak(count, count + 1, std::memory_order_acq_rel))
        return true;
    }
    return false;
  }
  std::uint32_t references() const noexcept { return references_.load(std::memory_order_acquire); }

 protected:
  ~RefCounted() = default;

 private:
  mutable std::atomic<std::uint32_t> references_{0};
};

// T provides `static void destroy(T*)` where it does not live by plain new and delete.
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  explicit Ref(T* target) : target_(target) {
    if (target_) target_->retain();
  }
  Ref(const Ref& other) : Ref(other.target_) {}
  Ref(Ref&& other) noexcept : target_(std::exchange(other.target_, nullptr)) {}
  template <class U>
  Ref(Ref<U> other) : target_(other.detach()) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(target_, other.target_);
    return *this;
  }
  ~Ref() { reset(); }

  // Of an object that was just made.
  static Ref first(T* made) {
    made->retain_first();
    return adopt(made);
  }
  // Takes over a reference that was counted already.
  static Ref adopt(T* target) {
    Ref ref;
    ref.target_ = target;
    return ref;
  }
  T* detach() { return std::exchange(target_, nullptr); }
  void reset() noexcept {
    if (T* target = std::exchange(target_, nullptr); target && target->release())
      T::destroy(target);
  }
  T* get() const { return target_; }
  T* operator->() const { return target_; }
  T& operator*() const { return *target_; }
  explicit operator bool() const { return target_ != nullptr; }
  // Keeps the object: libtorch's programs hold nodes by shared_ptr.
  operator std::shared_ptr<T>() const {
    if (target_ == nullptr) return nullptr;
    return {target_, [kept = *this](T*) {}};
  }
  friend bool operator==(const Ref& a, const Ref& b) { return a.target_ == b.target_; }
  friend bool operator==(const Ref& a, const std::shared_ptr<T>& b) { return a.target_ == b.get(); }
  friend bool operator==(const Ref& a, std::nullptr_t) { return a.target_ == nullptr; }

 private:
  T* target_ = nullptr;
};

// Prints the address, as of any pointer.
template <class C, class Traits, class T>
std::basic_ostream<C, Traits>& operator<<(std::basic_ostream<C, Traits>& out, const Ref<T>& ref) {
  return out << static_cast<const void*>(ref.get());
}

}  // namespace xgrad
