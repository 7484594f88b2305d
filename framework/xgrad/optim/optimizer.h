// Optimizer: changes parameters by their gradients.
// The base of SGD, Adam and the others, and of a program's own.
//
//   optim::SGD optimizer(model->parameters(), optim::SGDOptions(0.1).momentum(0.9));
//   optimizer.zero_grad();
//   loss.backward();
//   optimizer.step();
//
// Source: https://pytorch.org/docs/stable/optim.html.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/arg.h"
#include "xgrad/core/error.h"
#include "xgrad/optim/fields.h"

namespace xgrad::serialize {
class OutputArchive;
class InputArchive;
}  // namespace xgrad::serialize

namespace xgrad::optim {

// What an optimizer remembers of one parameter.
class OptimizerParamState : public HasFields {
 public:
  virtual std::unique_ptr<OptimizerParamState> clone() const;
  // The fields into an archive, and back.
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
};

template <class Derived>
class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::unique_ptr<OptimizerParamState>(new Derived(static_cast<const Derived&>(*this)));
  }
};

// The hyper-parameters of a group.
class OptimizerOptions : public HasFields {
 public:
  virtual std::unique_ptr<OptimizerOptions> clone() const;
  virtual double get_lr() const;
  virtual void set_lr(double lr);
  // Errors: a hyper-parameter is outside its range.
  virtual void validate() const {}
  // The fields into an archive, and back.
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
};

template <class Derived>
class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  std::unique_ptr<OptimizerOptions> clone() const override {
    return std::unique_ptr<OptimizerOptions>(new Derived(static_cast<const Derived&>(*this)));
  }
  friend bool operator==(const Derived& a, const Derived& b) {
    Derived copy_of_a = a, copy_of_b = b;  // fields() is not const: it is for writing too
    return same_fields(copy_of_a, copy_of_b);
  }
};

// Parameters that share hyper-parameters.
class OptimizerParamGroup {
 public:
  OptimizerParamGroup(const OptimizerParamGroup& other);
  OptimizerParamGroup(OptimizerParamGroup&&) = default;
  OptimizerParamGroup& operator=(OptimizerParamGroup&&) = default;
  // Without options the group gets the optimizer's defaults.
  OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
  OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options)
      : params_(std::move(params)), options_(std::move(options)) {}

  bool has_options() const { return options_ != nullptr; }
  OptimizerOptions& options();  // Errors: there are none.
  const OptimizerOptions& options() const;
  void set_options(std::unique_ptr<OptimizerOptions> options) { options_ = std::move(options); }
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }

  // The learning rate before any scheduler changed it;
  // schedulers that share an optimizer all begin from it.
  XGRAD_ARG(optional<double>, initial_lr);

 protected:
  std::vector<Tensor> params_;
  std::unique_ptr<OptimizerOptions> options_;
};

class Optimizer {
 public:
  using LossClosure = std::function<Tensor()>;
  using StateMap = std::unordered_map<void*, std::unique_ptr<OptimizerParamState>>;

  // Errors: see add_param_group.
  explicit Optimizer(std::vector<OptimizerParamGroup> param_groups,
                     std::unique_ptr<OptimizerOptions> defaults);
  explicit Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(const Optimizer&) = delete;  // use state_dict and load_state_dict
  Optimizer(Optimizer&&) = default;
  virtual ~Optimizer();

  // One update of all parameters that have a gradient. A closure computes the loss anew (zero_grad,
  // forward, backward) and returns it; so does step. LBFGS needs one.
  virtual Tensor step(LossClosure closure = nullptr) = 0;
  // Fills the gradients with zeros, or lets go of them.
  void zero_grad(bool set_to_none = false);

  // Errors: a parameter is undefined, not a leaf, or already in a group; options of another
  // optimizer or out of range.
  void add_param_group(const OptimizerParamGroup& group);
  // To the first group.
  void add_parameters(const std::vector<Tensor>& parameters);

  std::vector<OptimizerParamGroup>& param_groups() noexcept { return param_groups_; }
  const std::vector<OptimizerParamGroup>& param_groups() const noexcept { return param_groups_; }
  // Of the first group.
  std::vector<Tensor>& parameters() { return param_groups_.at(0).params(); }
  const std::vector<Tensor>& parameters() const { return param_groups_.at(0).params(); }
  OptimizerOptions& defaults() noexcept { return *defaults_; }
  const OptimizerOptions& defaults() const noexcept { return *defaults_; }
  // The number of parameters in all groups.
  std::size_t size() const noexcept;
  // By parameter: unsafeGetTensorImpl(). Empty before the first step, but for Adagrad.
  StateMap& state() noexcept { return state_; }
  const StateMap& state() const noexcept { return state_; }

  // "Adam".
  virtual const char* name() const { return "Optimizer"; }
  // Hyper-parameters of each group and state of each parameter; parameters are known by their names
  // or, unless `name_of` has one for each, by their number, counted through the groups. The tensors
  // are the live ones: copy those that shall outlive the next step.
  io::StateDict state_dict(const io::NameOf& name_of = nullptr) const;
  // By name, where both the state and `name_of` have names; else in order. Errors: the state is of
  // another optimizer, other groups, names or shapes; nothing is changed then.
  void load_state_dict(const io::StateDict& state, const io::NameOf& name_of = nullptr);
  // state_dict() into an archive, and back; see io/archive.h.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);

 protected:
  // An empty state, for load_state_dict to fill; null where the optimizer keeps none.
  virtual std::unique_ptr<OptimizerParamState> make_state() const { return nullptr; }
  // Whether the state's tensors are of the shape of their parameter.
  virtual bool state_is_per_parameter() const { return true; }

  // step(): the closure with gradients on, then update(parameter, options) for each parameter with
  // a gradient, unrecorded.
  template <class Options, class F>
  Tensor update_each(const LossClosure& closure, const F& update) {
    Tensor loss = evaluate(closure);
    const NoGradGuard no_grad;
    for (OptimizerParamGroup& group : param_groups_) {
      auto& options = static_cast<Options&>(group.options());
      for (const Tensor& parameter : group.params()) {
        if (parameter.grad().defined()) update(parameter, options);
      }
    }
    return loss;
  }
  static Tensor evaluate(const LossClosure& closure);
  // Made by `make` when first asked for.
  template <class State, class F>
  State& state_of(const Tensor& parameter, const F& make) {
    std::unique_ptr<OptimizerParamState>& state = state_[parameter.unsafeGetTensorImpl()];
    if (!state) state = std::make_unique<State>(make());
    return static_cast<State&>(*state);
  }

  std::vector<OptimizerParamGroup> param_groups_;
  StateMap state_;
  std::unique_ptr<OptimizerOptions> defaults_;
};

}  // namespace xgrad::optim
