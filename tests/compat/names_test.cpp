// Names and conversions that few programs need. Compiles against libtorch too, but for the section
// about what xgrad refuses.
#include <ATen/ATen.h>
#include <c10/core/Device.h>
#include <c10/util/accumulate.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adam.h>
#include <torch/script.h>
#include <torch/torch.h>

#include <catch2/catch.hpp>

// Programs add to the namespace.
namespace torch {
inline Tensor twice(const Tensor& x) { return x + x; }
}  // namespace torch

namespace {

namespace F = torch::nn::functional;

template <class T>
std::string printed(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

TEST_CASE("a program may add functions to namespace torch") {
  REQUIRE(torch::twice(torch::ones(2)).equal(torch::full({2}, 2.0)));
}

TEST_CASE("torch::linalg and torch::special have libtorch's names") {
  const auto a = torch::tensor({{4.0, 1.0}, {1.0, 3.0}}, torch::kDouble);
  REQUIRE(torch::linalg::inv(a).mm(a).allclose(torch::eye(2, torch::kDouble)));
  REQUIRE(torch::linalg::det(a).item<double>() == Approx(11));
  REQUIRE(
      torch::linalg::norm(a, 2, torch::IntArrayRef({0, 1}), false, c10::nullopt).item<double>() ==
      Approx(4.618034));
  const auto [values, vectors] = torch::linalg::eigh(a, "L");
  REQUIRE(values[1].item<double>() == Approx(4.618034));
  REQUIRE(torch::linalg::multi_dot({a, a, a}).allclose(a.mm(a).mm(a)));
  REQUIRE(torch::special::expit(torch::zeros(1)).item<float>() == 0.5F);
  REQUIRE(torch::special::ndtr(torch::zeros(1, torch::kDouble)).item<double>() == Approx(0.5));
  REQUIRE(torch::special::entr(torch::zeros(1)).item<float>() == 0);
  REQUIRE(torch::special::entr(torch::full({}, -1)).item<float>() == -INFINITY);
  REQUIRE(torch::special::ndtri(torch::full({}, 1e-8)).item<float>() == Approx(-5.612001));
  REQUIRE(torch::special::ndtri(torch::full({}, 1e-30, torch::kDouble)).item<double>() ==
          Approx(-11.464024688443613).epsilon(1e-14));
  REQUIRE(torch::special::ndtri(torch::full({}, 0.9, torch::kDouble)).item<double>() ==
          Approx(1.2815515655446004).epsilon(1e-14));
  REQUIRE(torch::special::xlog1py(2, torch::full({}, 1e-20)).item<float>() == Approx(2e-20));
  REQUIRE(torch::special::xlog1py(torch::full({1}, 255, torch::kByte),
                                  torch::full({1}, 255, torch::kByte))
              .item<float>() == Approx(1414.0203));
}

TEST_CASE("options, types and lists of tensors print") {
  REQUIRE(printed(torch::zeros(2).options()) ==
          "TensorOptions(dtype=float, device=cpu, layout=Strided, requires_grad=false (default), "
          "pinned_memory=false (default), memory_format=(nullopt))");
  REQUIRE(printed(torch::zeros(2).type()) == "CPUFloatType");
  REQUIRE(!printed(std::vector<torch::Tensor>{torch::zeros(2), torch::ones(1)}).empty());
  REQUIRE(printed(torch::kStrided) == "Strided");
}

TEST_CASE("older and newer names of a tensor's properties exist") {
  const auto x = torch::ones({2, 3});
  REQUIRE(torch::zeros({2}, x.options()).scalar_type() == torch::kFloat);
  REQUIRE(x.type().scalarType() == torch::kFloat);
  REQUIRE(x.is_same_size(torch::zeros({2, 3})));
  REQUIRE(x.name().empty());
  REQUIRE(x.is_alias_of(x.view({6})));
  REQUIRE(c10::multiply_integers(x.sizes()) == 6);
  REQUIRE(torch::TensorOptions({torch::kCPU, 0}).device().index() == 0);
  REQUIRE(x.moveaxis(0, 1).equal(x.swapdims(0, 1)));
  REQUIRE(x.fliplr().sizes() == x.sizes());
}

TEST_CASE("ops write into tensors that are there") {
  const auto x = torch::tensor({{1.0, -4.0}, {3.0, 2.0}});
  auto out = torch::empty({0}), indices = torch::empty({0}, torch::kLong);
  REQUIRE(torch::abs_out(out, x).is_same(out));
  REQUIRE(out.equal(x.abs()));
  REQUIRE(torch::sum_out(out, x, {1}).equal(torch::tensor({-3.0, 5.0})));
  REQUIRE(torch::mean_out(out, x, {0}, true).equal(torch::tensor({{2.0, -1.0}})));
  REQUIRE(torch::max_out(out, x, torch::zeros({2, 2})).equal(x.relu()));
  torch::max_out(out, indices, x, 1);
  REQUIRE(out.equal(torch::tensor({1.0, 3.0})));
  REQUIRE(indices.equal(torch::tensor({0, 0})));
  torch::topk_out(out, indices, x, 1);
  REQUIRE(out.equal(torch::tensor({{1.0}, {3.0}})));
  REQUIRE(torch::pow_out(out, x, 2).equal(x * x));
  REQUIRE(torch::clamp_out(out, x, -1, 1).equal(x.clamp(-1, 1)));
  REQUIRE(torch::index_select_out(out, x, 0, torch::tensor({1})).equal(x.narrow(0, 1, 1)));
  REQUIRE(torch::zeros_out(out, {2, 3}).equal(torch::zeros({2, 3})));
  REQUIRE(torch::arange_out(indices, 3).equal(torch::arange(3)));
  auto flags = torch::empty({0}, torch::kBool);
  REQUIRE(torch::gt_out(flags, x, 1).equal(x > 1));
  REQUIRE_THROWS_AS(torch::exp_out(indices, x), c10::Error);
  REQUIRE_THROWS_AS(torch::exp_out(out, torch::ones({1}, torch::requires_grad())), c10::Error);
}

TEST_CASE("c10 says what types, devices and lists are") {
  REQUIRE(c10::demangle(typeid(int).name()) == "int");
  REQUIRE(c10::DeviceTypeName(torch::kCUDA) == "CUDA");
  REQUIRE(c10::DeviceTypeName(torch::kCPU, true) == "cpu");
  REQUIRE(c10::CppTypeToScalarType<float>::value == torch::kFloat);
  REQUIRE(std::is_same_v<c10::impl::ScalarTypeToCPPType<torch::kLong>::type, int64_t>);
  REQUIRE(caffe2::TypeMeta::Make<double>() == torch::zeros({1}, torch::kDouble).dtype());
  REQUIRE(caffe2::TypeMeta::fromScalarType(torch::kInt).name() == std::string("int"));
  const std::vector<int64_t> values{1, 2, 3};
  const at::IntArrayRef list(values);
  REQUIRE(std::vector<int64_t>(list.rbegin(), list.rend()) == std::vector<int64_t>{3, 2, 1});
  REQUIRE(torch::_cast_Float(torch::ones({1}, torch::kLong)).scalar_type() == torch::kFloat);
  REQUIRE(*torch::make_unique<int>(3) == 3);
  REQUIRE(torch::ones({2}).suggest_memory_format() == torch::MemoryFormat::Contiguous);
  REQUIRE(torch::ones({2, 3, 4, 5})
              .contiguous(torch::MemoryFormat::ChannelsLast)
              .suggest_memory_format() == torch::MemoryFormat::ChannelsLast);
  REQUIRE(torch::tensor({{}, {}}).sizes() == std::vector<int64_t>{2, 0});
  REQUIRE_THROWS_AS(torch::ones({2}).index({}), c10::Error);
  REQUIRE_THROWS_AS(torch::ones({2}).pin_memory(), c10::Error);
}

TEST_CASE("a generator is a handle, with a mutex for those that share it") {
  at::Generator generator = at::detail::createCPUGenerator(), other = generator;
  {
    std::lock_guard<std::mutex> lock(generator.mutex());
    other.set_current_seed(3);
  }
  REQUIRE(generator.current_seed() == 3);
  REQUIRE(generator == other);
  REQUIRE(!(generator == generator.clone()));
}

TEST_CASE("torch::fft's helpers count and rearrange") {
  REQUIRE(torch::fft::fftfreq(4).allclose(torch::tensor({0.0, 0.25, -0.5, -0.25})));
  REQUIRE(torch::fft::fftfreq(5, 0.5).allclose(torch::tensor({0.0, 0.4, 0.8, -0.8, -0.4})));
  REQUIRE(torch::fft::rfftfreq(4).allclose(torch::tensor({0.0, 0.25, 0.5})));
  const auto x = torch::arange(5);
  REQUIRE(torch::fft::fftshift(x).equal(torch::tensor({3, 4, 0, 1, 2})));
  REQUIRE(torch::fft::ifftshift(torch::fft::fftshift(x)).equal(x));
}

TEST_CASE("a vector of bytes becomes a tensor of bytes") {
  REQUIRE(torch::tensor(std::vector<uint8_t>{1, 2}).scalar_type() == torch::kByte);
  REQUIRE(torch::tensor(std::vector<int>{1, 2}).scalar_type() == torch::kLong);
}

// A program's own optimizer, in the manner of libtorch's.
struct PlainOptions : torch::optim::OptimizerCloneableOptions<PlainOptions> {
  PlainOptions(double lr = 0.1) : lr_(lr) {}
  TORCH_ARG(double, lr);

 public:
  void serialize(torch::serialize::InputArchive& archive) override {
    c10::IValue value;
    archive.read("lr", value);
    lr(value.toDouble());
  }
  void serialize(torch::serialize::OutputArchive& archive) const override {
    archive.write("lr", c10::IValue(lr()));
  }
  double get_lr() const override { return lr(); }
  void set_lr(const double value) override { lr(value); }
};

class Plain : public torch::optim::Optimizer {
 public:
  explicit Plain(std::vector<torch::Tensor> parameters, PlainOptions options = {})
      : Optimizer({torch::optim::OptimizerParamGroup(std::move(parameters))},
                  std::make_unique<PlainOptions>(options)) {}
  torch::Tensor step(LossClosure closure = nullptr) override {
    torch::NoGradGuard no_grad;
    torch::Tensor loss;
    if (closure != nullptr) {
      at::AutoGradMode enable_grad(true);
      loss = closure();
    }
    for (auto& group : param_groups_) {
      auto& options = static_cast<PlainOptions&>(group.options());
      for (auto& p : group.params()) {
        if (p.grad().defined()) p.add_(p.grad(), -options.lr());
      }
    }
    return loss;
  }
  void save(torch::serialize::OutputArchive& archive) const override {
    static_cast<const PlainOptions&>(defaults()).serialize(archive);
  }
  void load(torch::serialize::InputArchive& archive) override {
    static_cast<PlainOptions&>(defaults()).serialize(archive);
  }
};

TEST_CASE("a program's own optimizer saves itself into archives") {
  auto x = torch::ones(1, torch::requires_grad());
  Plain optimizer({x}, 0.25);
  x.mul(3).sum().backward();
  optimizer.step();
  REQUIRE(x.item<float>() == 0.25F);
  torch::serialize::OutputArchive out;
  optimizer.save(out);
  std::stringstream stream;
  out.save_to(stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  Plain other({torch::ones(1, torch::requires_grad())});
  other.load(in);
  REQUIRE(other.defaults().get_lr() == 0.25);
}

TEST_CASE("anomaly detection has libtorch's guard") {
  torch::autograd::DetectAnomalyGuard detect;
  REQUIRE(torch::autograd::AnomalyMode::is_enabled());
}

}  // namespace
