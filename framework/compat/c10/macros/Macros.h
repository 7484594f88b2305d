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
