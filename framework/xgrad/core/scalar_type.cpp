#include "xgrad/core/scalar_type.h"

#include <algorithm>
#include <ostream>

namespace xgrad {
namespace {

constexpr int index_of(ScalarType type) { return static_cast<int>(type); }

// bool < integers < floats; among the integers by width, unsigned below signed.
constexpr int rank_of(ScalarType type) {
  constexpr int kRanks[] = {1, 2, 3, 4, 5, 0};  // Byte, Int, Long, Float, Double, Bool
  return kRanks[index_of(type)];
}

}  // namespace

const char* toString(ScalarType type) {
  constexpr const char* kNames[] = {
      "Byte",  "Int",  "Long",     "Float",        "Double",        "Bool",     "Char",
      "Short", "Half", "BFloat16", "ComplexFloat", "ComplexDouble", "Undefined"};
  return kNames[index_of(type)];
}

const char* dtype_name(ScalarType type) {
  constexpr const char* kNames[] = {"uint8",     "int32",      "int64",    "float32", "float64",
                                    "bool",      "int8",       "int16",    "float16", "bfloat16",
                                    "complex64", "complex128", "undefined"};
  return kNames[index_of(type)];
}

const char* TypeMeta::name() const {
  constexpr const char* kNames[] = {"unsigned char",
                                    "int",
                                    "long int",
                                    "float",
                                    "double",
                                    "bool",
                                    "signed char",
                                    "short int",
                                    "c10::Half",
                                    "c10::BFloat16",
                                    "c10::complex<float>",
                                    "c10::complex<double>",
                                    "nullptr (uninitialized)"};
  return kNames[index_of(type_)];
}

std::ostream& operator<<(std::ostream& out, ScalarType type) { return out << toString(type); }
std::ostream& operator<<(std::ostream& out, TypeMeta type) { return out << type.name(); }

ScalarType promoteTypes(ScalarType a, ScalarType b) {
  if (index_of(a) >= kScalarTypeCount || index_of(b) >= kScalarTypeCount)
    return ScalarType::Undefined;
  return rank_of(a) >= rank_of(b) ? a : b;
}

}  // namespace xgrad
