// A user's program: learns a linear map of centred inputs,
// saves it, loads it into a second model, and compares.
#include <xgrad/xgrad.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

constexpr std::int64_t kInputs = 4;
constexpr std::int64_t kOutputs = 3;

// y = W (x - mean): the weight is trained, the mean is only kept.
class CentredLinear : public xgrad::nn::Module {
 public:
  CentredLinear() {
    weight_ = register_parameter("weight", xgrad::randn({kOutputs, kInputs}) * 0.1);
    mean_ = register_buffer("mean", xgrad::zeros({kInputs}));
  }

  void fit_mean(const xgrad::Tensor& x) {
    xgrad::NoGradGuard no_grad;
    mean_.copy_(x.mean(0));
  }

  xgrad::Tensor forward(const xgrad::Tensor& x) {
    return xgrad::einsum("oi,bi->bo", {weight_, x - mean_});
  }

 private:
  xgrad::Tensor weight_;  // [kOutputs, kInputs]
  xgrad::Tensor mean_;    // [kInputs]
};

void require(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "failed: %s\n", what.c_str());
  std::exit(1);
}

// Trains with SGD on the whole set and returns the last loss.
float train(CentredLinear& model, const xgrad::Tensor& x, const xgrad::Tensor& y) {
  xgrad::optim::SGD optimizer(model.parameters(), xgrad::optim::SGDOptions(0.1).momentum(0.9));
  float last = 0.0f;
  for (int epoch = 0; epoch < 200; ++epoch) {
    optimizer.zero_grad();
    xgrad::Tensor loss = xgrad::mse_loss(model.forward(x), y);
    loss.backward();
    optimizer.step();
    last = loss.item<float>();
    if (epoch % 50 == 0) std::printf("epoch %3d  loss %.6f\n", epoch, static_cast<double>(last));
  }
  return last;
}

bool is_refused(const std::string& path) {
  auto model = std::make_shared<CentredLinear>();
  try {
    xgrad::load(model, path);
  } catch (const xgrad::Error& error) {
    std::printf("refused as expected: %s\n", error.what());
    return true;
  }
  return false;
}

}  // namespace

int main() {
  xgrad::manual_seed(1);
  const xgrad::Tensor x = xgrad::randn({64, kInputs}) + 2.0;
  const xgrad::Tensor true_weight = xgrad::randn({kOutputs, kInputs});
  const xgrad::Tensor y = xgrad::matmul(x - x.mean(0), true_weight.t());

  auto model = std::make_shared<CentredLinear>();
  require(model->parameters().size() == 1, "the weight is the only parameter");
  require(model->buffers().size() == 1, "the mean is the only buffer");

  model->fit_mean(x);
  const float loss = train(*model, x, y);
  require(loss < 1e-4f, "the training loss falls below 1e-4");

  const std::string path = "centred_linear.json";
  xgrad::save(model, path);
  auto copy = std::make_shared<CentredLinear>();
  xgrad::load(copy, path);
  {
    xgrad::NoGradGuard no_grad;
    require(xgrad::equal(copy->forward(x), model->forward(x)),
            "the loaded model computes the same");
    require(copy->buffers()[0].sum().item<float>() != 0.0f, "the checkpoint holds the buffer");
  }
  require(is_refused("no_such_checkpoint.json"), "a missing checkpoint is an error");

  std::printf("loss %.2e, saved to %s and loaded again\n", static_cast<double>(loss), path.c_str());
  return 0;
}
