// Named choices of options, as values of their own types: `reduction(xgrad::kSum)`,
// `nonlinearity(xgrad::kReLU)`.
//
//   using reduction_t = std::variant<enumtype::kNone, enumtype::kMean, enumtype::kSum>;
//   enumtype::get_enum_name(reduction_t(xgrad::kSum)) == "kSum"
//   enumtype::reduction_get_enum(reduction_t(xgrad::kSum)) == Reduction::Sum
#pragma once

#include <string>
#include <type_traits>
#include <variant>

#include "xgrad/core/error.h"
#include "xgrad/core/tensor.h"

#define XGRAD_ENUM(tag)                           \
  namespace xgrad {                               \
  namespace enumtype {                            \
  struct k##tag {                                 \
    static constexpr const char* name = "k" #tag; \
  };                                              \
  }                                               \
  inline constexpr enumtype::k##tag k##tag{};     \
  }

XGRAD_ENUM(Linear)
XGRAD_ENUM(Conv1D)
XGRAD_ENUM(Conv2D)
XGRAD_ENUM(Conv3D)
XGRAD_ENUM(ConvTranspose1D)
XGRAD_ENUM(ConvTranspose2D)
XGRAD_ENUM(ConvTranspose3D)
XGRAD_ENUM(Sigmoid)
XGRAD_ENUM(Tanh)
XGRAD_ENUM(ReLU)
XGRAD_ENUM(GELU)
XGRAD_ENUM(SiLU)
XGRAD_ENUM(Mish)
XGRAD_ENUM(LeakyReLU)
XGRAD_ENUM(FanIn)
XGRAD_ENUM(FanOut)
XGRAD_ENUM(Constant)
XGRAD_ENUM(Reflect)
XGRAD_ENUM(Replicate)
XGRAD_ENUM(Circular)
XGRAD_ENUM(Nearest)
XGRAD_ENUM(NearestExact)
XGRAD_ENUM(Bilinear)
XGRAD_ENUM(Bicubic)
XGRAD_ENUM(Trilinear)
XGRAD_ENUM(Area)
XGRAD_ENUM(Sum)
XGRAD_ENUM(Mean)
XGRAD_ENUM(Max)
XGRAD_ENUM(None)
XGRAD_ENUM(BatchMean)
XGRAD_ENUM(Zeros)
XGRAD_ENUM(Border)
XGRAD_ENUM(Reflection)
XGRAD_ENUM(RNN_TANH)
XGRAD_ENUM(RNN_RELU)
XGRAD_ENUM(LSTM)
XGRAD_ENUM(GRU)
XGRAD_ENUM(Valid)
XGRAD_ENUM(Same)

#undef XGRAD_ENUM

namespace xgrad::enumtype {

// "kSum" of a variant that holds kSum.
template <class Variant>
std::string get_enum_name(const Variant& choice) {
  return std::visit([](const auto& tag) -> std::string { return tag.name; }, choice);
}

// Errors: a choice that is neither kNone, kMean nor kSum.
template <class Variant>
Reduction::Reduction reduction_get_enum(const Variant& choice) {
  return std::visit(
      [](auto tag) {
        using Tag = decltype(tag);
        if constexpr (std::is_same_v<Tag, kNone>) return Reduction::None;
        if constexpr (std::is_same_v<Tag, kMean>) return Reduction::Mean;
        if constexpr (std::is_same_v<Tag, kSum>) return Reduction::Sum;
        fail(std::string("reduction: ") + tag.name + " is none, expected kNone, kMean or kSum");
        return Reduction::END;
      },
      choice);
}

}  // namespace xgrad::enumtype

// The constructors of an options struct that is one choice, so that `f(x, xgrad::kSum)` converts.
#define XGRAD_OPTIONS_FROM_3(Options, name, A, B, C)        \
  Options() {}                                              \
  Options(::xgrad::enumtype::A choice) : name##_(choice) {} \
  Options(::xgrad::enumtype::B choice) : name##_(choice) {} \
  Options(::xgrad::enumtype::C choice) : name##_(choice) {}
#define XGRAD_OPTIONS_FROM_4(Options, name, A, B, C, D) \
  XGRAD_OPTIONS_FROM_3(Options, name, A, B, C)          \
  Options(::xgrad::enumtype::D choice) : name##_(choice) {}
