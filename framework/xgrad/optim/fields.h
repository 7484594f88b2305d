// Fields: what options, parameter states and schedulers consist of, said once, for saving, loading
// and comparing alike.
//
//   void fields(FieldVisitor& field) override {
//     field("lr", &lr_);
//     field("betas", &betas_);
//   }
#pragma once

#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "xgrad/io/state_dict.h"

namespace xgrad::optim {

using FieldPointer =
    std::variant<bool*, std::int64_t*, double*, optional<std::int64_t>*, optional<std::string>*,
                 std::tuple<double, double>*, std::vector<double>*, std::vector<std::int64_t>*,
                 Tensor*, std::deque<Tensor>*>;

class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;
  virtual void operator()(const char* name, FieldPointer field) = 0;
};

class HasFields {
 public:
  virtual ~HasFields() = default;
  virtual void fields(FieldVisitor&) {}
};

// Numbers become members of `values`, tensors are added to `tensors` as "<prefix>.<name>";
// undefined ones are left out.
void save_fields(HasFields& object, io::Value& values, io::StateDict& tensors,
                 const std::string& prefix);
void save_fields(HasFields& object, io::Value& values);  // of an object without tensors

// The tensors of a state, by name.
using TensorsByName = std::map<std::string, Tensor, std::less<>>;

// The opposite. A tensor field gets a copy, with dtype, sizes and memory order of `like` where that
// is defined. Errors, which begin with `label`: a number is missing, unknown or of another type; a
// tensor has another shape than `like`.
void load_fields(HasFields& object, const io::Value& values, const TensorsByName& tensors,
                 const std::string& prefix, const Tensor& like, const std::string& label);
void load_fields(HasFields& object, const io::Value& values, const std::string& label);

bool same_fields(HasFields& a, HasFields& b);

}  // namespace xgrad::optim
