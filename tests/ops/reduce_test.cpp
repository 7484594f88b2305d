// Reductions against plain loops on random shapes and strides, and PyTorch's answers at the edges.
#include "xgrad/ops/reduce.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "support/matchers.h"
#include "xgrad/core/instruction_set.h"
#include "xgrad/core/parallel.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(),
                 kInf = std::numeric_limits<double>::infinity();

Tensor gradient_of(const std::function<Tensor(const Tensor&)>& f, const Tensor& values) {
  const Tensor x = values.clone().set_requires_grad(true);
  f(x).sum().backward();
  return x.grad();
}

// Calls f for every element of x with its value and its place in the result (x's dims without the
// reduced ones, row-major).
void for_each(const Tensor& x, const std::vector<bool>& reduced,
              const std::function<void(double, std::size_t)>& f) {
  const Tensor flat = x.to(kDouble).contiguous();
  const double* data = flat.data_ptr<double>();
  std::vector<std::int64_t> index(x.sizes().size(), 0);
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    std::size_t place = 0;
    for (std::size_t d = 0; d < index.size(); ++d) {
      if (!reduced[d])
        place = place * static_cast<std::size_t>(x.sizes()[d]) + static_cast<std::size_t>(index[d]);
    }
    f(data[i], place);
    for (std::size_t d = index.size(); d-- > 0;) {
      if (++index[d] < x.sizes()[d]) break;
      index[d] = 0;
    }
  }
}

Tensor naive(const Tensor& x, const std::vector<std::int64_t>& dims, double first,
             const std::function<double(double, double)>& join) {
  std::vector<bool> reduced(x.sizes().size(), dims.empty());
  for (const std::int64_t d : dims) reduced[static_cast<std::size_t>(d)] = true;
  std::vector<std::int64_t> shape;
  for (std::size_t d = 0; d < reduced.size(); ++d) {
    if (!reduced[d]) shape.push_back(x.sizes()[d]);
  }
  const Tensor y = full(shape, first, kDouble);
  double* out = y.data_ptr<double>();
  for_each(x, reduced, [&](double v, std::size_t place) { out[place] = join(out[place], v); });
  return y;
}

double add(double a, double b) { return a + b; }
double larger(double a, double b) { return std::max(a, b); }

// A tensor of small whole numbers, so that every order of additions is exact, under some strides:
// permuted, sliced or expanded.
Tensor random_tensor(std::mt19937& random, ScalarType type) {
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  const int sizes[] = {1, 2, 3, 5, 7, 8, 15, 16, 17, 33, 70};
  std::vector<std::int64_t> shape;
  std::int64_t numel = 1;
  for (int rank = below(5); rank > 0; --rank) {
    const int size = sizes[below(11)];
    if (numel * size > 60000) continue;
    shape.push_back(size);
    numel *= size;
  }
  Tensor x = randint(0, 9, shape, kLong).to(type);
  if (type != kByte && type != kBool) x = x - 4;
  std::vector<std::int64_t> order(shape.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
  std::shuffle(order.begin(), order.end(), random);
  if (below(2) == 0) x = x.permute(order);
  if (x.dim() > 0 && below(3) == 0) x = x.slice(below(static_cast<int>(x.dim())), 0, nullopt, 2);
  if (x.dim() > 0 && below(4) == 0) {
    const std::int64_t d = below(static_cast<int>(x.dim()));
    std::vector<std::int64_t> expanded = x.sizes().vec();
    x = x.narrow(d, 0, 1).expand(expanded);
  }
  return x;
}

}  // namespace

TEST_CASE("reductions equal plain loops for all strides, dtypes and instruction sets",
          "[ops][reduce]") {
  const InstructionSet before = instruction_set();
  std::mt19937 random(1);
  for (const InstructionSet set : available_instruction_sets()) {
    set_instruction_set(set);
    for (int round = 0; round < 150; ++round) {
      const ScalarType types[] = {kFloat, kDouble, kLong, kInt, kByte, kBool};
      const Tensor x = random_tensor(random, types[round % 6]);
      std::vector<std::int64_t> dims;
      for (std::int64_t d = 0; d < x.dim(); ++d) {
        if (random() % 2 == 0) dims.push_back(d);
      }
      INFO(toString(set) << " sizes " << x.sizes() << " strides " << x.strides() << " dims "
                         << IntArrayRef(dims) << " " << x.dtype());
      CHECK_THAT(x.sum(IntArrayRef(dims)), Near(naive(x, dims, 0, add), 0));
      CHECK_THAT(x.amax(dims).to(kDouble), Near(naive(x, dims, -kInf, larger), 0));
      CHECK_THAT(x.amin(dims).to(kDouble),
                 Near(naive(x, dims, kInf, [](double a, double b) { return std::min(a, b); }), 0));
      CHECK_THAT(count_nonzero(x, IntArrayRef(dims)),
                 Near(naive(x, dims, 0, [](double a, double b) { return a + (b != 0); }), 0));
      if (dims.size() == 1) {
        const Tensor any_expected =
            naive(x, dims, 0, [](double a, double b) { return a != 0 || b != 0; });
        CHECK_THAT(x.any(dims[0]).to(kDouble), Near(any_expected, 0));
        const Tensor all_expected =
            naive(x, dims, 1, [](double a, double b) { return a != 0 && b != 0; });
        CHECK_THAT(x.all(dims[0]).to(kDouble), Near(all_expected, 0));
        const auto [values, indices] = x.max(dims[0]);
        CHECK_THAT(values, Identical(x.amax(dims)));
        CHECK_THAT(x.gather(dims[0], indices.unsqueeze(dims[0])).squeeze(dims[0]),
                   Identical(values));
      }
      if (x.is_floating_point()) {
        CHECK_THAT(x.norm(1, IntArrayRef(dims)),
                   Near(naive(x, dims, 0, [](double a, double b) { return a + std::abs(b); }), 0));
        const Tensor squares = naive(x, dims, 0, [](double a, double b) { return a + b * b; });
        CHECK_THAT(x.norm(2, IntArrayRef(dims)).to(kDouble), Near(squares.sqrt(), 1e-6));
        const double n = static_cast<double>(x.numel()) /
                         static_cast<double>(std::max<std::int64_t>(squares.numel(), 1));
        const Tensor mean = naive(x, dims, 0, add) / n;
        CHECK_THAT(x.mean(IntArrayRef(dims)).to(kDouble), Near(mean, 1e-6));
        CHECK_THAT(x.var(IntArrayRef(dims), false).to(kDouble),
                   Near(squares / n - mean * mean, 1e-5));
      }
    }
  }
  set_instruction_set(before);
}

TEST_CASE("the first of equals is found, whichever dim is searched", "[ops][reduce]") {
  const Tensor x = zeros({3, 70, 5});
  x.index_put_({indexing::Slice(), 40}, 1);
  x.index_put_({indexing::Slice(), 65}, 1);
  CHECK_THAT(x.argmax(1), Identical(full({3, 5}, 40, kLong)));
  CHECK_THAT(x.transpose(1, 2).contiguous().argmax(2), Identical(full({3, 5}, 40, kLong)));
  CHECK(x.argmax().item<int>() == 200);
  CHECK(x.argmin().item<int>() == 0);
  CHECK_THAT(x.argmax(1, true), Identical(full({3, 1, 5}, 40, kLong)));
  CHECK_THAT(tensor({1, 3, 3}).argmax(nullopt, true), Identical(tensor({1})));
}

TEST_CASE("NaN wins maxima and minima and is skipped by the nan forms", "[ops][reduce]") {
  const Tensor x = tensor({1., kNan, 3., kNan});
  CHECK(std::isnan(x.max().item<double>()));
  CHECK(std::isnan(x.min().item<double>()));
  CHECK(x.argmax().item<int>() == 1);
  CHECK(std::get<1>(x.min(0)).item<int>() == 1);
  CHECK(std::isnan(x.amax().item<double>()));
  CHECK(x.nansum().item<double>() == 4);
  CHECK(nanmean(x).item<double>() == 2);
  CHECK(x.any().item<bool>());
  CHECK(x.count_nonzero().item<int>() == 4);
  // A column, which runs by other code.
  const Tensor column = x.unsqueeze(1).expand({4, 20}).contiguous();
  CHECK_THAT(column.argmax(0), Identical(full({20}, 1, kLong)));
  CHECK(column.amin(0).isnan().all().item<bool>());
}

TEST_CASE("reductions of nothing are PyTorch's", "[ops][reduce]") {
  const Tensor x = zeros({0, 3});
  CHECK(x.sum().item<float>() == 0);
  CHECK_THAT(x.sum(0), Identical(zeros({3})));
  CHECK(x.sum(1).sizes() == IntArrayRef({0}));
  CHECK(x.prod().item<float>() == 1);
  CHECK(std::isnan(x.mean().item<float>()));
  CHECK(std::isnan(x.var().item<float>()));
  CHECK(x.all().item<bool>());
  CHECK_FALSE(x.any().item<bool>());
  CHECK(x.norm(kInf).item<float>() == 0);
  CHECK(x.logsumexp(0).isinf().all().item<bool>());
  CHECK(std::get<0>(x.max(1)).sizes() == IntArrayRef({0}));
  CHECK(std::isnan(zeros({0}).median().item<float>()));
}

TEST_CASE("0-d inputs take dim 0 and -1", "[ops][reduce]") {
  const Tensor x = tensor(3.);
  CHECK(x.sum(0).item<float>() == 3);
  CHECK(x.mean(-1, true).dim() == 0);
  CHECK(std::get<1>(x.max(0)).item<int>() == 0);
  CHECK(x.cumsum(-1).item<float>() == 3);
  CHECK(x.norm(2, 0).item<float>() == 3);
  CHECK(x.softmax(0).item<float>() == 1);
  CHECK(std::get<0>(x.sort()).dim() == 0);
  CHECK(std::get<0>(x.topk(1)).item<float>() == 3);
  CHECK_THAT(gradient_of([](const Tensor& t) { return std::get<0>(t.max(0)) * 2; }, x),
             Near(tensor(2.), 0));
}

TEST_CASE("dtypes of results are PyTorch's", "[ops][reduce]") {
  CHECK(ones({3}, kInt).sum().dtype() == kLong);
  CHECK(ones({3}, kBool).prod().dtype() == kLong);
  CHECK(ones({3}, kByte).cumprod(0).dtype() == kLong);
  CHECK(ones({3}).sum(kDouble).dtype() == kDouble);
  CHECK(tensor({0.6, 0.6}).sum(kLong).item<int>() == 0);
  CHECK(ones({3}, kInt).sum(kInt).dtype() == kInt);
  CHECK(ones({3}, kLong).mean(kDouble).dtype() == kDouble);
  CHECK(ones({3}, kByte).all().dtype() == kByte);
  CHECK(ones({3}, kInt).any(0).dtype() == kBool);
  CHECK(std::get<0>(ones({3}, kBool).max(0)).dtype() == kBool);
  CHECK(tensor({200, 100}, kByte).sum().item<int>() == 300);
}

TEST_CASE(
    "a sum of floats is as good as a sum of doubles to a few bits, and independent of the threads",
    "[ops][reduce]") {
  manual_seed(3);
  const Tensor x = rand({1000, 2003});
  const double exact = x.to(kDouble).sum().item<double>();
  CHECK(x.sum().item<double>() == Approx(exact).epsilon(3e-7));
  CHECK_THAT(x.sum(0).to(kDouble), Near(x.to(kDouble).sum(0), 1e-6));
  CHECK_THAT(x.t().sum(0).to(kDouble), Near(x.to(kDouble).sum(1), 1e-6));
  const int threads = get_num_threads();
  const Tensor views[] = {x, x.t(), x.slice(1, 1, 2000, 3)};
  for (const Tensor& view : views) {
    set_num_threads(1);
    const Tensor all = view.sum(), rows = view.sum(1), columns = view.var(0);
    set_num_threads(3);
    CHECK_THAT(view.sum(), Identical(all));
    CHECK_THAT(view.sum(1), Identical(rows));
    CHECK_THAT(view.var(0), Identical(columns));
  }
  set_num_threads(threads);
}

TEST_CASE("equal elements have a spread of exactly 0", "[ops][reduce]") {
  for (const ScalarType type : {kFloat, kDouble}) {
    for (const std::int64_t n : {2, 3, 7, 33, 1000}) {
      const Tensor x = full({n, 3}, 0.1, type);
      CHECK_THAT(x.var(IntArrayRef(0)), Identical(zeros({3}, type)));
      CHECK_THAT(x.t().contiguous().std(IntArrayRef(1)), Identical(zeros({3}, type)));
      CHECK_THAT(x.std(), Identical(zeros({}, type)));
      CHECK_THAT(gradient_of([](const Tensor& t) { return t.std(); }, x),
                 Near(zeros({n, 3}, type), 0));
    }
  }
  const auto [spread, mean] = var_mean(full({7}, 0.1, kDouble));
  CHECK(mean.item<double>() == 0.1);
}

TEST_CASE("variances stay exact far from zero", "[ops][reduce]") {
  const Tensor x = tensor({10000., 10001., 10002.});
  CHECK(x.var().item<float>() == 1);
  CHECK(x.std(false).item<float>() == Approx(std::sqrt(2. / 3)));
  CHECK(std::isnan(tensor({1.}).var().item<float>()));
  CHECK(var(tensor({1., 3.}), 0, optional<std::int64_t>(5)).item<float>() ==
        static_cast<float>(kInf));
  const auto [deviation, mean] = std_mean(x, 0, true, true);
  CHECK(deviation.item<float>() == 1);
  CHECK(mean.sizes() == IntArrayRef({1}));
  CHECK(mean.item<float>() == 10001);
  CHECK_THAT(gradient_of([](const Tensor& t) { return t.std(); }, tensor({1., 1.})),
             Near(zeros({2}), 0));
  CHECK_THAT(
      gradient_of([](const Tensor& t) { return std::get<1>(var_mean(t)); }, tensor({1., 5.})),
      Near(full({2}, 0.5), 1e-7));
}

TEST_CASE("the gradient of a product is right where elements are zero, and so is the second",
          "[ops][reduce]") {
  const auto product = [](const Tensor& t) { return t.prod(); };
  CHECK_THAT(gradient_of(product, tensor({0., 3., 2.})), Near(tensor({6., 0., 0.}), 0));
  CHECK_THAT(gradient_of(product, tensor({0., 3., 0.})), Near(zeros({3}), 0));
  const Tensor x = tensor({{0., 3., 2.}, {4., 5., 6.}}, kDouble).set_requires_grad(true);
  for (const auto& f : std::vector<std::function<Tensor()>>{
           [&] { return x.prod(1).sum(); }, [&] { return x.select(0, 0).prod(); }}) {
    const Tensor first = autograd::grad({f()}, {x}, {}, true, true)[0];
    const Tensor second = autograd::grad({first.select(0, 0).select(0, 0)}, {x})[0];
    CHECK_THAT(second.select(0, 0), Near(tensor({0., 2., 3.}, kDouble), 0));
  }
  // Two zeros: only the mixed second derivative is not zero.
  const Tensor z = tensor({0., 3., 0.}, kDouble).set_requires_grad(true);
  const Tensor first = autograd::grad({z.prod()}, {z}, {}, true, true)[0];
  CHECK_THAT(autograd::grad({first.select(0, 0)}, {z})[0], Near(tensor({0., 0., 3.}, kDouble), 0));
  CHECK_THAT(gradient_of([](const Tensor& t) { return t.cumprod(0); }, tensor({2., 0., 3.})),
             Near(tensor({1., 8., 0.}), 0));
}

// Values by PyTorch 1.13:
//   def g(f, x): x = torch.tensor(x, requires_grad=True); f(x).sum().backward(); return x.grad
//   for p in [.5, 1, 1.5, 2, 3, inf, -inf, -1]: print(g(lambda x: x.norm(p), [0., 3., -4., 4.]))
TEST_CASE("norms and their gradients at zero and at ties are PyTorch's", "[ops][reduce]") {
  const Tensor x = tensor({0., 3., -4., 4.});
  const auto slope = [&](double p) {
    return gradient_of([p](const Tensor& t) { return t.norm(p); }, x);
  };
  CHECK_THAT(slope(0.5), Near(tensor({0., 3.3094, -2.8660, 2.8660}), 1e-4));
  CHECK_THAT(slope(1), Near(tensor({0., 1., -1., 1.}), 0));
  CHECK_THAT(slope(1.5), Near(tensor({0., 0.6259, -0.7227, 0.7227}), 1e-4));
  CHECK_THAT(slope(2), Near(tensor({0., 0.4685, -0.6247, 0.6247}), 1e-4));
  CHECK_THAT(slope(3), Near(tensor({0., 0.3119, -0.5545, 0.5545}), 1e-4));
  CHECK_THAT(slope(kInf), Near(tensor({0., 0., -0.5, 0.5}), 0));
  CHECK_THAT(slope(-kInf), Near(zeros({4}), 0));
  CHECK_THAT(slope(-1), Near(zeros({4}), 0));
  CHECK(x.norm(0).item<float>() == 3);
  CHECK(tensor({0., 2.}).norm(-1).item<float>() == 0);
  for (const double p : {0., 0.5, 1., 1.5, 2., 3., kInf, -kInf, -1.}) {
    INFO("p = " << p);
    CHECK_THAT(gradient_of([p](const Tensor& t) { return t.norm(p, IntArrayRef(0)); }, zeros({2})),
               Near(zeros({2}), 0));
  }
}

TEST_CASE(
    "gradients of extrema are shared by equals over the whole and go to the index along a dim",
    "[ops][reduce]") {
  const Tensor x = tensor({1., 3., 3., 2., 3.}), third = tensor({0., 1., 1., 0., 1.}) / 3;
  CHECK_THAT(gradient_of([](const Tensor& t) { return t.max(); }, x), Near(third, 1e-7));
  CHECK_THAT(gradient_of([](const Tensor& t) { return t.amax(0); }, x), Near(third, 1e-7));
  CHECK_THAT(gradient_of([](const Tensor& t) { return t.median(); }, x), Near(third, 1e-7));
  CHECK_THAT(gradient_of([](const Tensor& t) { return std::get<0>(t.max(0)); }, x),
             Near(tensor({0., 1., 0., 0., 0.}), 0));
  CHECK_THAT(gradient_of([](const Tensor& t) { return std::get<0>(t.median(0)); }, x),
             Near(tensor({0., 1., 0., 0., 0.}), 0));
  CHECK_THAT(gradient_of([](const Tensor& t) { return std::get<0>(t.cummax(0)); }, x),
             Near(tensor({1., 1., 2., 0., 1.}), 0));
  CHECK_THAT(gradient_of([](const Tensor& t) { return t.max(); }, tensor({1., kNan})),
             Near(tensor({0., 1.}), 0));
  CHECK_THAT(gradient_of([](const Tensor& t) { return nanmedian(t); }, tensor({1., kNan})),
             Near(tensor({1., 0.}), 0));
}

TEST_CASE("running results follow PyTorch with NaN, infinities and ties", "[ops][reduce]") {
  const auto [values, positions] = tensor({1., kNan, 3., kNan, 2.}).cummax(0);
  CHECK_THAT(values, Near(tensor({1., kNan, kNan, kNan, kNan}), 0));
  CHECK_THAT(positions, Identical(tensor({0, 1, 1, 3, 3})));
  CHECK_THAT(std::get<1>(tensor({1., 1., 0.}).cummax(0)), Identical(tensor({0, 1, 1})));
  CHECK_THAT(tensor({-kInf, -kInf, 1.}).logcumsumexp(0), Near(tensor({-kInf, -kInf, 1.}), 0));
  CHECK_THAT(
      gradient_of([](const Tensor& t) { return t.logcumsumexp(0); }, tensor({-kInf, -kInf, 1.})),
      Near(tensor({0., 0., 1.}), 1e-6));
  CHECK_THAT(tensor({1, 3, 2}).diff(2), Identical(tensor({-3})));
  CHECK_THAT(diff(tensor({1, 3}), 1, 0, tensor({0}), tensor({9})), Identical(tensor({1, 2, 6})));
  CHECK_THAT(tensor({true, false}).diff(), Identical(tensor({true})));
  const Tensor x = arange(24, kFloat).reshape({2, 3, 4});
  CHECK_THAT(x.cumsum(1).select(1, 2), Near(x.sum(1), 0));
  CHECK_THAT(x.transpose(1, 2).cumsum(2).select(2, 2), Near(x.sum(1), 0));
}

TEST_CASE("order statistics are PyTorch's", "[ops][reduce]") {
  CHECK(std::get<0>(tensor({3, 1, 2, 1}).median(0)).item<int>() == 1);
  CHECK(std::get<1>(tensor({1., kNan, 2.}).median(0)).item<int>() == 1);
  CHECK(nanmedian(tensor({1., kNan, 2., kNan})).item<float>() == 1);
  const auto [value, position] = tensor({3., 1., 2., 3., 1., 3., 1.}).mode();
  CHECK(value.item<float>() == 1);
  CHECK(position.item<int>() == 6);
  CHECK(std::get<1>(tensor({5, 7, 6}).kthvalue(2)).item<int>() == 2);
  // torch.quantile(torch.tensor([1., 2, 3, 4, 7]), torch.tensor([0, .13, .3, .375, .625, .9, 1]),
  // interpolation=...)
  const Tensor x = tensor({4., 1., 7., 3., 2.}), q = tensor({0., .13, .3, .375, .625, .9, 1.});
  const auto at = [&](const char* interpolation) {
    return quantile(x, q, nullopt, false, interpolation);
  };
  CHECK_THAT(at("linear"), Near(tensor({1., 1.52, 2.2, 2.5, 3.5, 5.8, 7.}), 1e-6));
  CHECK_THAT(at("lower"), Near(tensor({1., 1., 2., 2., 3., 4., 7.}), 0));
  CHECK_THAT(at("higher"), Near(tensor({1., 2., 3., 3., 4., 7., 7.}), 0));
  CHECK_THAT(at("midpoint"), Near(tensor({1., 1.5, 2.5, 2.5, 3.5, 5.5, 7.}), 0));
  CHECK_THAT(at("nearest"), Near(tensor({1., 2., 2., 3., 3., 7., 7.}), 0));
  CHECK(std::isnan(tensor({1., 2., kNan}).quantile(.5).item<float>()));
  CHECK(nanquantile(tensor({1., 2., kNan}), .5).item<float>() == 1.5);
  CHECK(quantile(ones({2, 3}), q, 1, true).sizes() == IntArrayRef({7, 2, 1}));
  CHECK(ones({2, 3, 4}).quantile(.5, 0).sizes() == IntArrayRef({3, 4}));
  CHECK(ones({2, 3}).quantile(.5, nullopt, true).sizes() == IntArrayRef({1, 1}));
  CHECK_THAT(
      gradient_of([](const Tensor& t) { return t.quantile(.4); }, tensor({1., 3., 3., 2., 3.})),
      Near(tensor({0., .6, 0., .4, 0.}), 1e-6));
}

TEST_CASE("distances have gradient zero between equal rows, also by the product of matrices",
          "[ops][reduce]") {
  const Tensor a = randn({30, 4}, kDouble), b = cat({a.slice(0, 0, 2), randn({5, 4}, kDouble)});
  const Tensor direct = norm(a.unsqueeze(1) - b.unsqueeze(0), 2, IntArrayRef(-1));
  const Tensor by_product = norm(a, 2, IntArrayRef(1)).unsqueeze(1).square() +
                            norm(b, 2, IntArrayRef(1)).unsqueeze(0).square() - 2 * a.matmul(b.t());
  CHECK_THAT(direct, Near(by_product.clamp_min(0).sqrt(), 1e-6));
  CHECK(dist(tensor({1., 2.}), tensor({3.}), 3).item<float>() == Approx(2.0801).epsilon(1e-4));
}

TEST_CASE("errors of reductions say what was wrong", "[ops][reduce]") {
  const Tensor x = ones({2, 3}), none = ones({0, 3});
  CHECK(error_of([&] { x.sum(5); }) == "sum: dim 5 is out of range, expected -2 to 1");
  CHECK(error_of([&] { x.sum({0, -2}); }) == "sum: dim 0 appears twice in [0, -2]");
  CHECK(error_of([&] { ones({2}, kLong).mean(); }) ==
        "mean: the result would be int64, expected a floating dtype; give one as `type`");
  CHECK(error_of([&] { ones({2}, kLong).var(); }) ==
        "var: the input is int64, expected a floating dtype");
  CHECK(error_of([&] { ones({2}, kInt).norm(); }) ==
        "norm: the input is int32, expected a floating dtype");
  CHECK(error_of([&] { none.max(); }) ==
        "max: the input has no elements, expected at least one, or a dim that is not empty");
  CHECK(error_of([&] { none.max(0); }) == "max: dim 0 has size 0, expected at least one element");
  CHECK(error_of([&] { none.amin(0); }) == "amin: dim 0 has size 0, expected at least one element");
  CHECK(error_of([&] { none.argmax(0); }) ==
        "argmax: dim 0 has size 0, expected at least one element");
  CHECK(error_of([&] { ones({2}, kBool).argmax(); }) == "argmax: not defined for dtype bool");
  CHECK(error_of([&] { x.kthvalue(4); }) == "kthvalue: k is 4, expected 1 to 3, the size of dim 1");
  CHECK(error_of([&] { x.quantile(1.5); }) ==
        "quantile: q is 1.5, expected a number within [0, 1]");
  CHECK(error_of([&] { x.sum_to_size({4}); }) ==
        "sum_to_size: shape [2, 3] cannot be summed to [4]");
  CHECK(error_of([&] { ones({2}, kLong).logcumsumexp(0); }) ==
        "logcumsumexp: not defined for dtype int64");
  CHECK(error_of([&] { tensor(1.).diff(); }) ==
        "diff: the input is 0-d, expected at least one dim");
}

}  // namespace xgrad::testing
