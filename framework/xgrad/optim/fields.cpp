#include "xgrad/optim/fields.h"

#include <set>

#include "xgrad/core/format.h"
#include "xgrad/optim/update.h"

namespace xgrad::optim {

namespace {

using io::Value;

template <class T>
Value array_of(const std::vector<T>& items) {
  Value array = Value::array();
  for (const T& item : items) array.push_back(Value(item));
  return array;
}

class Writer : public FieldVisitor {
 public:
  Writer(Value& values, io::StateDict* tensors, const std::string& prefix)
      : values_(values), tensors_(tensors), prefix_(prefix) {}

  void operator()(const char* name, FieldPointer field) override {
    std::visit([&](auto* value) { write(name, *value); }, field);
  }

 private:
  template <class T>
  void write(const char* name, const T& value) {
    values_[name] = Value(value);
  }
  template <class T>
  void write(const char* name, const optional<T>& value) {
    values_[name] = value ? Value(*value) : Value();
  }
  template <class T>
  void write(const char* name, const std::vector<T>& value) {
    values_[name] = array_of(value);
  }
  void write(const char* name, const std::tuple<double, double>& value) {
    values_[name] = array_of<double>({std::get<0>(value), std::get<1>(value)});
  }
  void write(const char* name, const Tensor& value) {
    if (tensors_ && value.defined()) tensors_->add(prefix_ + "." + name, value);
  }
  void write(const char* name, const std::deque<Tensor>& value) {
    values_[name] = value.size();
    for (std::size_t i = 0; tensors_ && i < value.size(); ++i) {
      tensors_->add(fmt::format("{}.{}.{}", prefix_, name, i), value[i]);
    }
  }

  Value& values_;
  io::StateDict* tensors_;
  std::string prefix_;
};

class Reader : public FieldVisitor {
 public:
  Reader(const Value& values, const TensorsByName& tensors, const std::string& prefix,
         const Tensor& like, const std::string& label)
      : values_(values), tensors_(tensors), prefix_(prefix), like_(like), label_(label) {}

  void operator()(const char* name, FieldPointer field) override {
    std::visit([&](auto* value) { read(name, *value); }, field);
  }

  void refuse_unknown() const {
    for (const Value::Member& member : values_.as_object()) {
      check(known_.contains(member.key), "{}: '{}' is unknown, expected {}", label_, member.key,
            fmt::join(known_, ", "));
    }
  }

 private:
  const Value& at(const char* name, std::initializer_list<Value::Type> types) {
    known_.insert(name);
    const Value* value = values_.find(name);
    check(value != nullptr, "{}: '{}' is missing", label_, name);
    for (const Value::Type type : types) {
      if (value->type() == type) return *value;
    }
    fail("{}: '{}' is of type {}, expected {}", label_, name, io::type_name(value->type()),
         io::type_name(*types.begin()));
  }
  // What a value says of itself when it is not what is asked for, with its field's name before it.
  template <class F>
  auto named(const char* name, const F& convert) const {
    try {
      return convert();
    } catch (const Error& error) {
      fail("{}: '{}': {}", label_, name, error.what());
    }
  }

  void read(const char* name, bool& out) { out = at(name, {Value::Type::Bool}).as_bool(); }
  void read(const char* name, double& out) {
    // Strings too: "NaN" and "Infinity".
    const Value& value = at(name, {Value::Type::Double, Value::Type::Int, Value::Type::String});
    out = named(name, [&] { return value.as_double(); });
  }
  void read(const char* name, std::int64_t& out) { out = at(name, {Value::Type::Int}).as_int(); }
  void read(const char* name, optional<std::int64_t>& out) {
    const Value& value = at(name, {Value::Type::Int, Value::Type::Null});
    out = value.is_null() ? nullopt : optional<std::int64_t>(value.as_int());
  }
  void read(const char* name, optional<std::string>& out) {
    const Value& value = at(name, {Value::Type::String, Value::Type::Null});
    out = value.is_null() ? nullopt : optional<std::string>(value.as_string());
  }
  void read(const char* name, std::vector<double>& out) {
    out.clear();
    for (const Value& item : at(name, {Value::Type::Array}).as_array()) {
      out.push_back(named(name, [&] { return item.as_double(); }));
    }
  }
  void read(const char* name, std::vector<std::int64_t>& out) {
    out.clear();
    for (const Value& item : at(name, {Value::Type::Array}).as_array()) {
      out.push_back(named(name, [&] { return item.as_int(); }));
    }
  }
  void read(const char* name, std::tuple<double, double>& out) {
    std::vector<double> pair;
    read(name, pair);
    check(pair.size() == 2, "{}: '{}' has {} numbers, expected 2", label_, name, pair.size());
    out = {pair[0], pair[1]};
  }
  void read(const char* name, Tensor& out) { out = copy_of(prefix_ + "." + name, false); }
  void read(const char* name, std::deque<Tensor>& out) {
    const std::int64_t count = at(name, {Value::Type::Int}).as_int();
    out.clear();
    for (std::int64_t i = 0; i < count; ++i) {
      out.push_back(copy_of(fmt::format("{}.{}.{}", prefix_, name, i), true));
    }
  }

  Tensor copy_of(const std::string& name, bool required) const {
    const auto found = tensors_.find(name);
    const bool present = found != tensors_.end() && found->second.defined();
    check(present || !required, "{}: tensor '{}' is missing", label_, name);
    if (!present) return {};
    const Tensor& saved = found->second;
    if (!like_.defined()) return saved.detach().clone();
    check(saved.sizes() == like_.sizes(), "{}: tensor '{}' is {}, expected {} as its parameter",
          label_, name, shape_text(saved.sizes()), shape_text(like_.sizes()));
    Tensor copy = detail::dense_like(like_);
    copy.copy_(saved.detach());
    return copy;
  }

  const Value& values_;
  const TensorsByName& tensors_;
  std::string prefix_;
  const Tensor& like_;
  std::string label_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace

void save_fields(HasFields& object, Value& values, io::StateDict& tensors,
                 const std::string& prefix) {
  Writer writer(values, &tensors, prefix);
  object.fields(writer);
}

void save_fields(HasFields& object, Value& values) {
  Writer writer(values, nullptr, "");
  object.fields(writer);
}

void load_fields(HasFields& object, const Value& values, const TensorsByName& tensors,
                 const std::string& prefix, const Tensor& like, const std::string& label) {
  check(values.is_object(), "{}: expected an object of named values", label);
  Reader reader(values, tensors, prefix, like, label);
  object.fields(reader);
  reader.refuse_unknown();
}

void load_fields(HasFields& object, const Value& values, const std::string& label) {
  load_fields(object, values, {}, "", {}, label);
}

bool same_fields(HasFields& a, HasFields& b) {
  Value of_a = Value::object(), of_b = Value::object();
  save_fields(a, of_a);
  save_fields(b, of_b);
  return of_a == of_b;
}

}  // namespace xgrad::optim
