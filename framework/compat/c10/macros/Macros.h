// Annotations that libtorch programs put on their own declarations.
#pragma once

#define C10_EXPORT __attribute__((__visibility__("default")))
#define C10_HIDDEN __attribute__((__visibility__("hidden")))
#define C10_API C10_EXPORT
#define TORCH_API C10_EXPORT
#define C10_UNUSED __attribute__((__unused__))
#define C10_NODISCARD [[nodiscard]]
#define C10_NOINLINE __attribute__((__noinline__))
#define C10_ALWAYS_INLINE __attribute__((__always_inline__)) inline
#define C10_LIKELY(expression) (__builtin_expect(static_cast<bool>(expression), 1))
#define C10_UNLIKELY(expression) (__builtin_expect(static_cast<bool>(expression), 0))
#define C10_HOST_DEVICE
#define C10_DEVICE
#define C10_HOST
#define C10_IMPORT C10_EXPORT
#define C10_USED __attribute__((__used__))
#define C10_RESTRICT __restrict
#define C10_FALLTHROUGH [[fallthrough]]
#define C10_DEPRECATED [[deprecated]]
#define C10_DEPRECATED_MESSAGE(message) [[deprecated(message)]]
#define C10_DISABLE_COPY_AND_ASSIGN(type) \
  type(const type&) = delete;             \
  type& operator=(const type&) = delete
#define AT_DISALLOW_COPY_AND_ASSIGN(type) C10_DISABLE_COPY_AND_ASSIGN(type)
#define C10_STRINGIZE_IMPL(x) #x
#define C10_STRINGIZE(x) C10_STRINGIZE_IMPL(x)
#define C10_CONCATENATE_IMPL(a, b) a##b
#define C10_CONCATENATE(a, b) C10_CONCATENATE_IMPL(a, b)
#define C10_UID __COUNTER__
#define C10_ANONYMOUS_VARIABLE(name) C10_CONCATENATE(name, C10_UID)
// Nobody counts calls here.
#define C10_LOG_API_USAGE_ONCE(...)
