// IValue: a small tagged value, as autograd::Function keeps beside its saved tensors.
//
//   ctx->saved_data["scale"] = 2.0;   double scale = ctx->saved_data["scale"].toDouble();
#pragma once

#include <memory>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "xgrad/core/tensor.h"

namespace xgrad {

class IValue;

namespace ivalue {
// Several values in one.
class Tuple {
 public:
  explicit Tuple(std::vector<IValue> elements);
  static std::shared_ptr<Tuple> create(std::vector<IValue> elements);
  const std::vector<IValue>& elements() const { return elements_; }
  std::size_t size() const;

 private:
  std::vector<IValue> elements_;
};
}  // namespace ivalue

class IValue {
 public:
  IValue() = default;
  IValue(const Tensor& value) : value_(value) {}
  IValue(double value) : value_(value) {}
  IValue(float value) : value_(static_cast<double>(value)) {}
  IValue(bool value) : value_(value) {}
  IValue(std::int64_t value) : value_(value) {}
  IValue(int value) : value_(std::int64_t{value}) {}
  IValue(const char* value) : value_(std::string(value)) {}
  IValue(std::string value) : value_(std::move(value)) {}
  IValue(std::vector<std::int64_t> value) : value_(std::move(value)) {}
  IValue(std::vector<double> value) : value_(std::move(value)) {}
  IValue(std::vector<Tensor> value) : value_(std::move(value)) {}
  IValue(IntArrayRef value) : value_(value.vec()) {}
  IValue(const Scalar& value);
  IValue(std::shared_ptr<ivalue::Tuple> value) : value_(std::move(value)) {}
  template <class... T>
  IValue(const std::tuple<T...>& values)
      : IValue(std::apply([](const T&... each) { return ivalue::Tuple::create({IValue(each)...}); },
                          values)) {}

  bool isNone() const { return value_.index() == 0; }
  bool isTensor() const { return is<Tensor>(); }
  bool isDouble() const { return is<double>(); }
  bool isInt() const { return is<std::int64_t>(); }
  bool isBool() const { return is<bool>(); }
  bool isString() const { return is<std::string>(); }
  bool isIntList() const { return is<std::vector<std::int64_t>>(); }
  bool isDoubleList() const { return is<std::vector<double>>(); }
  bool isTensorList() const { return is<std::vector<Tensor>>(); }
  bool isTuple() const { return is<std::shared_ptr<ivalue::Tuple>>(); }
  bool isScalar() const { return isDouble() || isInt() || isBool(); }
  // Errors: the value is of another kind.
  const Tensor& toTensor() const { return get<Tensor>("a tensor"); }
  double toDouble() const { return get<double>("a double"); }
  std::int64_t toInt() const { return get<std::int64_t>("an int"); }
  bool toBool() const { return get<bool>("a bool"); }
  const std::string& toStringRef() const { return get<std::string>("a string"); }
  std::vector<std::int64_t> toIntVector() const {
    return get<std::vector<std::int64_t>>("a list of ints");
  }
  std::vector<double> toDoubleVector() const {
    return get<std::vector<double>>("a list of doubles");
  }
  std::vector<Tensor> toTensorVector() const {
    return get<std::vector<Tensor>>("a list of tensors");
  }
  Scalar toScalar() const;
  const std::shared_ptr<ivalue::Tuple>& toTuple() const {
    return get<std::shared_ptr<ivalue::Tuple>>("a tuple");
  }

 private:
  template <class T>
  bool is() const {
    return std::holds_alternative<T>(value_);
  }
  template <class T>
  const T& get(const char* wanted) const {
    if (!is<T>()) fail_kind(wanted);
    return std::get<T>(value_);
  }
  [[noreturn]] void fail_kind(const char* wanted) const;

  std::variant<std::monostate, Tensor, double, bool, std::int64_t, std::string,
               std::vector<std::int64_t>, std::vector<double>, std::vector<Tensor>,
               std::shared_ptr<ivalue::Tuple>>
      value_;
};

inline ivalue::Tuple::Tuple(std::vector<IValue> elements) : elements_(std::move(elements)) {}
inline std::shared_ptr<ivalue::Tuple> ivalue::Tuple::create(std::vector<IValue> elements) {
  return std::make_shared<Tuple>(std::move(elements));
}
inline std::size_t ivalue::Tuple::size() const { return elements_.size(); }

}  // namespace xgrad
