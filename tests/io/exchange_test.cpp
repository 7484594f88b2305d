// A PyTorch model's safetensors loads into the same xgrad model, which then gives the same outputs.
// exchange.safetensors and exchange.json are made by tests/golden/make_exchange.py; exchange.py
// goes the other way.
#include <catch2/catch.hpp>

#include "io/sample.h"
#include "support/golden.h"
#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;

struct NetImpl : nn::Module {
  NetImpl()
      : embed(register_module("embed", nn::Embedding(11, 6))),
        norm(register_module("norm", nn::LayerNorm(nn::LayerNormOptions({6})))),
        hidden(register_module(
            "hidden",
            nn::Sequential(nn::Linear(6, 8), nn::PReLU(nn::PReLUOptions().num_parameters(8))))),
        batch_norm(register_module("batch_norm", nn::BatchNorm1d(8))),
        pair(register_module("pair", nn::Bilinear(8, 8, 6))),
        groups(register_module("groups", nn::GroupNorm(2, 6))),
        out(register_module("out", nn::Linear(6, 11))) {
    out->weight = out->set_parameter("weight", embed->weight);
  }

  Tensor forward(const Tensor& ids) {  // [N, T] -> [N, 11]
    Tensor x = norm(embed(ids));
    x = hidden[0]->as<nn::Linear>()->forward(x).mean(1);
    x = batch_norm(hidden[1]->as<nn::PReLU>()->forward(x));
    return out(groups(pair(x, x)));
  }

  nn::Embedding embed;
  nn::LayerNorm norm;
  nn::Sequential hidden;
  nn::BatchNorm1d batch_norm;
  nn::Bilinear pair;
  nn::GroupNorm groups;
  nn::Linear out;
};
XGRAD_MODULE(Net);

const std::string kFile = std::string(XGRAD_GOLDEN_DIR) + "/exchange.safetensors";

Tensor vector_of(const nlohmann::json& values, ScalarType type) {
  return tensor(values.get<std::vector<double>>()).to(type);
}

}  // namespace

TEST_CASE("PyTorch's names and layouts are ours") {
  const io::Document document = io::read_document(kFile);
  Net net;
  REQUIRE(document.sections.size() == 1);
  std::size_t found = 0;
  for (const auto& item : net->state_dict()) {
    const io::Record* record = document.find("model")->find(item.key());
    INFO(item.key());
    REQUIRE(record != nullptr);
    REQUIRE(record->shape == Dims(item->sizes()));
    REQUIRE(record->dtype == item->scalar_type());
    ++found;
  }
  // The one more is the tie's other name.
  REQUIRE(document.find("model")->records.size() == found + 1);
}

TEST_CASE("a PyTorch model's safetensors gives the same outputs here, through any format") {
  const nlohmann::json golden = read_golden("exchange.json");
  const Tensor ids = vector_of(golden["input"], kLong).reshape({4, 5});
  const Tensor expected = vector_of(golden["output"], kFloat).reshape({4, 11});
  Net net;
  net->eval();
  load_checkpoint(kFile, {{"model", net}});
  REQUIRE_THAT(net(ids), Near(expected, 1e-6));

  const sample::Folder folder;
  for (const char* file : {"m.json", "m.safetensors", "m.npz"}) {
    Net again;
    again->eval();
    save_checkpoint(folder / file, {{"model", net}});
    load_checkpoint(folder / file, {{"model", again}});
    REQUIRE_THAT(again(ids), Identical(net(ids)));
  }
}
