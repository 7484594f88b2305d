#include "xgrad/optim/lbfgs.h"

#include <algorithm>
#include <cmath>

#include "xgrad/core/format.h"
#include "xgrad/optim/line_search.h"
#include "xgrad/optim/validate.h"

namespace xgrad::optim {

void LBFGSOptions::validate() const {
  detail::check_not_negative("LBFGS", "lr", lr());
  check(max_iter() > 0, "LBFGS: max_iter is {}, expected at least 1", max_iter());
  check(history_size() > 0, "LBFGS: history_size is {}, expected at least 1", history_size());
  check(!line_search_fn() || *line_search_fn() == "strong_wolfe",
        "LBFGS: line_search_fn is '{}', expected 'strong_wolfe' or none",
        line_search_fn().value_or(""));
}

void LBFGSOptions::fields(FieldVisitor& field) {
  field("lr", &lr_);
  field("max_iter", &max_iter_);
  field("max_eval", &max_eval_);
  field("tolerance_grad", &tolerance_grad_);
  field("tolerance_change", &tolerance_change_);
  field("history_size", &history_size_);
  field("line_search_fn", &line_search_fn_);
}

void LBFGSParamState::fields(FieldVisitor& field) {
  field("func_evals", &func_evals_);
  field("n_iter", &n_iter_);
  field("t", &t_);
  field("prev_loss", &prev_loss_);
  field("d", &d_);
  field("H_diag", &H_diag_);
  field("prev_flat_grad", &prev_flat_grad_);
  field("old_dirs", &old_dirs_);
  field("old_stps", &old_stps_);
  field("ro", &ro_);
}

LBFGS::LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<LBFGSOptions>(defaults)) {
  check(param_groups_.size() == 1, "LBFGS: {} parameter groups, expected 1", param_groups_.size());
}

LBFGS::LBFGS(std::vector<Tensor> params, LBFGSOptions defaults)
    : Optimizer(std::move(params), std::make_unique<LBFGSOptions>(defaults)) {}

namespace {

double dot(const Tensor& a, const Tensor& b) { return a.mul(b).sum().item<double>(); }
double largest(const Tensor& x) { return x.numel() == 0 ? 0 : x.abs().max().item<double>(); }

// The parameters as one vector [n], and one step's run with the closure.
class Problem {
 public:
  Problem(const std::vector<Tensor>& parameters, const Optimizer::LossClosure& closure)
      : parameters_(parameters), closure_(closure) {
    for (const Tensor& parameter : parameters) size_ += parameter.numel();
  }

  std::int64_t size() const { return size_; }

  Tensor evaluate() const {
    const EnableGradGuard enable_grad;
    return closure_();
  }

  // [n]; zeros where there is no gradient.
  Tensor gradient() const {
    Tensor flat = make_tensor({size_}, parameters_[0].scalar_type());
    each([&](const Tensor& parameter, std::int64_t first) {
      const Tensor part = flat.narrow(0, first, parameter.numel());
      if (parameter.grad().defined()) {
        part.copy_(parameter.grad().detach().reshape({-1}));
      } else {
        part.zero_();
      }
    });
    return flat;
  }

  // x += t direction.
  void move(double t, const Tensor& direction) const {
    each([&](const Tensor& parameter, std::int64_t first) {
      parameter.add_(direction.narrow(0, first, parameter.numel()).view(parameter.sizes()), t);
    });
  }

  std::vector<Tensor> copy() const {
    std::vector<Tensor> copies;
    for (const Tensor& parameter : parameters_) copies.push_back(parameter.detach().clone());
    return copies;
  }
  void restore(const std::vector<Tensor>& copies) const {
    for (std::size_t i = 0; i < copies.size(); ++i) parameters_[i].copy_(copies[i]);
  }

 private:
  template <class F>
  void each(const F& f) const {
    std::int64_t first = 0;
    for (const Tensor& parameter : parameters_) {
      f(parameter, first);
      first += parameter.numel();
    }
  }

  const std::vector<Tensor>& parameters_;
  const Optimizer::LossClosure& closure_;
  std::int64_t size_ = 0;
};

// Keeps what the last step tells of the curvature.
void remember(LBFGSParamState& state, const Tensor& gradient, std::int64_t history_size) {
  const Tensor y = gradient.sub(state.prev_flat_grad());
  const Tensor s = state.d().mul(state.t());
  const Tensor ys = y.mul(s).sum();
  if (ys.item<double>() <= 1e-10) return;
  if (static_cast<std::int64_t>(state.old_dirs().size()) >= history_size) {
    state.old_dirs().pop_front();
    state.old_stps().pop_front();
    state.ro().pop_front();
  }
  state.old_dirs().push_back(y);
  state.old_stps().push_back(s);
  state.ro().push_back(ys.reciprocal());
  state.H_diag(ys.div(y.mul(y).sum()));
}

// -H g by the two loops of algorithm 7.4.
Tensor direction(const LBFGSParamState& state, const Tensor& gradient) {
  const std::size_t count = state.old_dirs().size();
  std::vector<Tensor> alpha(count);
  Tensor d = gradient.neg();
  for (std::size_t i = count; i-- > 0;) {
    alpha[i] = state.old_stps()[i].mul(d).sum().mul(state.ro()[i]);
    d = d.sub(state.old_dirs()[i].mul(alpha[i]));
  }
  d = d.mul(state.H_diag());
  for (std::size_t i = 0; i < count; ++i) {
    const Tensor beta = state.old_dirs()[i].mul(d).sum().mul(state.ro()[i]);
    d = d.add(state.old_stps()[i].mul(alpha[i].sub(beta)));
  }
  return d;
}

void check_state(const LBFGSParamState& state, std::int64_t size) {
  for (const Tensor* tensor : {&state.d(), &state.prev_flat_grad()}) {
    check(tensor->defined() && tensor->dim() == 1 && tensor->size(0) == size,
          "LBFGS: the state is not of {} elements, expected the parameters that it was made for",
          size);
  }
}

}  // namespace

Tensor LBFGS::step(LossClosure closure) {
  check(static_cast<bool>(closure),
        "LBFGS: step has no closure, expected one that computes the loss and its gradients");
  const std::vector<Tensor>& params = parameters();
  check(!params.empty(), "LBFGS: there are no parameters");
  const NoGradGuard no_grad;
  const auto& o = static_cast<const LBFGSOptions&>(param_groups_[0].options());
  const std::int64_t max_eval = o.max_eval().value_or(o.max_iter() * 5 / 4);
  auto& state = state_of<LBFGSParamState>(params[0], [] { return LBFGSParamState(); });
  const Problem problem(params, closure);
  if (state.n_iter() > 0) check_state(state, problem.size());

  const Tensor first_loss = problem.evaluate();
  auto loss = first_loss.item<double>();
  std::int64_t evaluations = 1;
  state.func_evals(state.func_evals() + 1);
  Tensor gradient = problem.gradient();
  if (largest(gradient) <= o.tolerance_grad()) return first_loss;

  for (std::int64_t iteration = 1; iteration <= o.max_iter(); ++iteration) {
    state.n_iter(state.n_iter() + 1);
    const bool first = state.n_iter() == 1;
    if (first) {
      state.H_diag(make_tensor({}, gradient.scalar_type()).fill_(1));
    } else {
      remember(state, gradient, o.history_size());
    }
    state.d(direction(state, gradient));
    state.prev_flat_grad(gradient);
    state.prev_loss(loss);

    state.t(first ? std::min(1.0, 1.0 / gradient.abs().sum().item<double>()) * o.lr() : o.lr());
    const double slope = dot(gradient, state.d());
    if (slope > -o.tolerance_change()) break;

    std::int64_t new_evaluations = 0;
    if (o.line_search_fn()) {
      const std::vector<Tensor> origin = problem.copy();
      const auto line = [&](double t) {
        problem.move(t, state.d());
        const auto value = problem.evaluate().item<double>();
        Tensor at_t = problem.gradient();
        problem.restore(origin);
        const double slope_at_t = dot(at_t, state.d());
        return detail::LinePoint{t, value, std::move(at_t), slope_at_t};
      };
      const detail::LineSearchResult found = detail::strong_wolfe(
          line, {0, loss, gradient, slope}, state.t(), largest(state.d()), o.tolerance_change());
      state.t(found.point.t);
      loss = found.point.value;
      gradient = found.point.gradient;
      new_evaluations = found.evaluations;
      problem.move(state.t(), state.d());
    } else {
      problem.move(state.t(), state.d());
      if (iteration != o.max_iter()) {
        loss = problem.evaluate().item<double>();
        gradient = problem.gradient();
        new_evaluations = 1;
      }
    }
    evaluations += new_evaluations;
    state.func_evals(state.func_evals() + new_evaluations);

    if (evaluations >= max_eval || largest(gradient) <= o.tolerance_grad()) break;
    if (largest(state.d()) * std::fabs(state.t()) <= o.tolerance_change()) break;
    if (std::fabs(loss - state.prev_loss()) < o.tolerance_change()) break;
  }
  return first_loss;
}

}  // namespace xgrad::optim
