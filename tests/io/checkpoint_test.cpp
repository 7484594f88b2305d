// save_checkpoint and load_checkpoint: what is saved comes back, by name, and once is enough.
#include "xgrad/io/checkpoint.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "io/sample.h"
#include "io/training.h"
#include "support/matchers.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using io::Value;
using sample::Training;

}  // namespace

TEST_CASE("a checkpoint gives back model, optimizer, scheduler, loader, generator and metadata") {
  const sample::Folder folder;
  for (const char* file : {"run.json", "run.safetensors", "run.npz"}) {
    INFO(file);
    Training training(1);
    training.train(5);
    training.save(folder / file);
    const std::string expected = training.text();
    Training other(2);
    REQUIRE(other.text() != expected);
    other.load(folder / file);
    REQUIRE((other.text() == expected));
    other.load(folder / file);  // twice is the same as once
    REQUIRE((other.text() == expected));
    training.load(folder / file);  // into the one that saved it
    REQUIRE((training.text() == expected));
  }
}

TEST_CASE("metadata is any JSON, and comes back as it was") {
  const sample::Folder folder;
  nn::Linear net(1, 1);
  Value history = Value::array();
  for (const double loss : {0.5, 1.0, -0.0, 1e-300}) history.push_back(loss);
  Value metadata = Value::object();
  metadata["epoch"] = 3;
  metadata["note"] = "caf\u00e9 \"x\"\n";
  metadata["history"] = history;
  metadata["nothing"] = nullptr;
  metadata["nested"]["flags"].push_back(true);
  metadata["state"]["model"] = "names that the format itself uses are free";
  for (const char* file : {"m.json", "m.safetensors", "m.npz"}) {
    save_checkpoint(folder / file, {{"model", net}}, metadata);
    REQUIRE(load_checkpoint(folder / file, {{"model", net}}) == metadata);
    save_checkpoint(folder / file, {{"model", net}});
    REQUIRE(load_checkpoint(folder / file, {{"model", net}}) == Value::object());
  }
  // Also what is no object.
  save_checkpoint(folder / "m.json", {{"model", net}}, io::Metadata(Value("text")));
  REQUIRE(load_checkpoint(folder / "m.json", {}).as_string() == "text");
}

TEST_CASE("learning rates and all hyper-parameters come back") {
  const sample::Folder folder;
  nn::Linear net(2, 3);
  const auto groups = [&](double lr) {
    std::vector<optim::OptimizerParamGroup> result;
    result.emplace_back(
        std::vector<Tensor>{net->weight},
        std::make_unique<optim::AdamOptions>(
            optim::AdamOptions(lr).betas({0.8, 0.95}).eps(1e-6).weight_decay(0.1).amsgrad(true)));
    result.emplace_back(std::vector<Tensor>{net->bias});
    return result;
  };
  optim::Adam optimizer(groups(0.123), optim::AdamOptions(0.5));
  optim::ExponentialLR scheduler(optimizer, 0.9);
  scheduler.step();
  save_checkpoint(folder / "m.json",
                  {{"model", net}, {"optimizer", optimizer}, {"scheduler", scheduler}});
  std::vector<optim::OptimizerParamGroup> plain;
  plain.emplace_back(std::vector<Tensor>{net->weight});
  plain.emplace_back(std::vector<Tensor>{net->bias});
  optim::Adam other(plain, optim::AdamOptions(7));
  optim::ExponentialLR other_scheduler(other, 0.5);
  load_checkpoint(folder / "m.json",
                  {{"model", net}, {"optimizer", other}, {"scheduler", other_scheduler}});
  const auto& first = static_cast<optim::AdamOptions&>(other.param_groups()[0].options());
  REQUIRE(first == static_cast<optim::AdamOptions&>(optimizer.param_groups()[0].options()));
  REQUIRE(first.lr() == 0.123 * 0.9);
  REQUIRE(first.amsgrad());
  REQUIRE(other.param_groups()[1].options().get_lr() == 0.5 * 0.9);
  REQUIRE(*other.param_groups()[1].initial_lr() == 0.5);
  other_scheduler.step();
  scheduler.step();
  REQUIRE(other_scheduler.get_current_lrs() == scheduler.get_current_lrs());
}

TEST_CASE("an optimizer's state is kept by the names of its parameters") {
  const sample::Folder folder;
  const std::string path = folder / "m.json";
  nn::Linear net(2, 3);
  optim::SGD optimizer({net->weight, net->bias}, optim::SGDOptions(0.1).momentum(0.9));
  net(ones({4, 2})).sum().backward();
  optimizer.step();
  save_checkpoint(path, {{"model", net}, {"optimizer", optimizer}});
  const io::Document document = io::read_document(path);
  REQUIRE(document.find("optimizer")->find("state.weight.momentum_buffer") != nullptr);

  // The parameters in another order: each finds its own.
  nn::Linear swapped(2, 3);
  optim::SGD other({swapped->bias, swapped->weight}, optim::SGDOptions(0.1).momentum(0.9));
  load_checkpoint(path, {{"model", swapped}, {"optimizer", other}});
  for (nn::Linear* one : {&net, &swapped}) {
    (*one)->zero_grad();
    (*one)(full({4, 2}, 0.5F)).sum().backward();
  }
  optimizer.step();
  other.step();
  REQUIRE_THAT(swapped->weight, Identical(net->weight));
  REQUIRE_THAT(swapped->bias, Identical(net->bias));

  // In two modules of the same structure the names differ by the part.
  nn::Linear actor(2, 3), critic(2, 3);
  std::vector<Tensor> both = actor->parameters();
  for (const Tensor& parameter : critic->parameters()) both.push_back(parameter);
  optim::SGD of_both(both, optim::SGDOptions(0.1).momentum(0.9));
  (actor(ones({1, 2})) * critic(ones({1, 2}))).sum().backward();
  of_both.step();
  save_checkpoint(path, {{"model", actor}, {"critic", critic}, {"optimizer", of_both}});
  const io::Document two = io::read_document(path);
  REQUIRE(two.find("optimizer")->find("state.critic/weight.momentum_buffer") != nullptr);
  REQUIRE(two.find("optimizer")->find("state.weight.momentum_buffer") != nullptr);
}

TEST_CASE("what is tied is stored once and is tied when it is back") {
  const sample::Folder folder;
  struct TiedImpl : nn::Module {
    TiedImpl() : in(register_module("in", nn::Linear(3, 3))) {
      out = register_module("out", nn::Linear(3, 3));
      out->weight = out->set_parameter("weight", in->weight);
    }
    nn::Linear in, out{nullptr};
  };
  for (const char* file : {"m.json", "m.safetensors", "m.npz"}) {
    auto saved = std::make_shared<TiedImpl>(), loaded = std::make_shared<TiedImpl>();
    save_checkpoint(folder / file, {{"model", saved}});
    const io::Document document = io::read_document(folder / file);
    REQUIRE(document.find("model")->find("out.weight")->alias_of == "in.weight");
    load_checkpoint(folder / file, {{"model", loaded}});
    REQUIRE_THAT(loaded->in->weight, Identical(saved->in->weight));
    REQUIRE(loaded->out->weight.is_same(loaded->in->weight));
    REQUIRE(loaded->parameters().size() == 3);
    // A module in which they are two gets both.
    auto apart = std::make_shared<TiedImpl>();
    apart->out->weight = apart->out->set_parameter("weight", zeros({3, 3}));
    load_checkpoint(folder / file, {{"model", apart}});
    REQUIRE_THAT(apart->out->weight, Identical(saved->in->weight));
    REQUIRE(apart->out->weight.data_ptr() != apart->in->weight.data_ptr());
  }
}

TEST_CASE("what is loaded shares nothing with the document, nor with what was saved") {
  nn::BatchNorm1d saved(2), first(2), second(2);
  const io::Document document = io::make_document({{"model", saved}}, {});
  const std::vector<io::Part> parts = {{"model", first}};
  io::restore(document, parts, "test", {});
  io::restore(document, {{"model", second}}, "test", {});
  {
    const NoGradGuard no_grad;
    first->weight.fill_(5);
    first->running_mean.fill_(7);
  }
  REQUIRE_THAT(saved->weight.detach(), Identical(ones({2})));
  REQUIRE_THAT(second->weight.detach(), Identical(ones({2})));
  REQUIRE_THAT(second->running_mean, Identical(zeros({2})));
}

TEST_CASE("handles, tensors and views stay what they were, with the values of the file") {
  const sample::Folder folder;
  const std::string path = folder / "m.json";
  nn::Linear net(2, 3);
  Tensor mask = zeros({2, 2});
  const Tensor column = mask.select(1, 1);  // a view, not contiguous
  save_checkpoint(path, {{"model", net}, {"column", column}});
  const Tensor weight = net->weight, expected = net->weight.detach().clone();
  {
    const NoGradGuard no_grad;
    weight.fill_(0);
  }
  mask.fill_(9);
  load_checkpoint(path, {{"model", net}, {"column", column}});
  REQUIRE_THAT(weight.detach(), Identical(expected));
  REQUIRE(net->weight.is_same(weight));
  REQUIRE(weight.requires_grad());
  REQUIRE_THAT(mask, Identical(tensor({{9.F, 0.F}, {9.F, 0.F}})));
}

TEST_CASE("a part may be a handle that nobody else holds") {
  const sample::Folder folder;
  const std::string path = folder / "m.json";
  const auto parts = [](double value) {
    nn::Linear net(1, 1);
    const NoGradGuard no_grad;
    net->weight.fill_(value);
    return std::vector<io::Part>{{"model", nn::Linear(net)}, {"shared", net.ptr()}};
  };
  save_checkpoint(path, parts(3));
  const io::Document document = io::read_document(path);
  for (const char* section : {"model", "shared"}) {
    float value = 0;
    std::memcpy(&value, document.find(section)->find("weight")->data, sizeof(value));
    REQUIRE(value == 3);
  }
  load_checkpoint(path, parts(4));
}

TEST_CASE("a part may be of any type that has a state") {
  const sample::Folder folder;
  struct Counter {
    io::StateDict state_dict() const {
      io::StateDict state;
      state.values["count"] = count;
      state.add("history", history);
      return state;
    }
    void load_state_dict(const io::StateDict& state) {
      count = state.values.at("count").as_int();
      history = state.find("history")->clone();
    }
    std::int64_t count = 0;
    Tensor history = zeros({2});
  };
  Counter saved{5, ones({3})}, loaded;
  save_checkpoint(folder / "m.npz", {{"counter", saved}});
  load_checkpoint(folder / "m.npz", {{"counter", loaded}});
  REQUIRE(loaded.count == 5);
  REQUIRE_THAT(loaded.history, Identical(ones({3})));
}

TEST_CASE("save and load: one thing to a file or a stream and back") {
  const sample::Folder folder;
  nn::Linear net(2, 2), other(2, 2);
  const Tensor x = tensor({1.5F, -0.0F}), integers = tensor({1, 2, 3});
  Tensor y = zeros({7}), handle = y, wide = zeros({2}, kDouble);
  std::vector<Tensor> several;
  std::stringstream stream;
  save(net, folder / "net.pt");
  load(other, folder / "net.pt");
  REQUIRE_THAT(other->weight, Identical(net->weight));
  save(net, stream);
  nn::Linear third(2, 2);
  load(third, stream);
  REQUIRE_THAT(third->bias, Identical(net->bias));
  save(x, folder / "x.npz");
  load(y, folder / "x.npz");  // the shape need not fit; other handles see it, too
  REQUIRE_THAT(handle, Identical(x));
  load(net->bias, folder / "x.npz");
  REQUIRE_THAT(net->parameters()[1].detach(), Identical(x));
  REQUIRE(net->bias.requires_grad());
  REQUIRE(error_of([&] { load(wide, folder / "x.npz"); }) ==
          "load: the checkpoint holds float32, expected float64");
  save({x, integers}, folder / "several.safetensors");
  load(several, folder / "several.safetensors");
  REQUIRE(several.size() == 2);
  REQUIRE_THAT(several[1], Identical(integers));
  load(several, folder / "several.safetensors");
  REQUIRE(several.size() == 4);  // a list is added to
  REQUIRE(error_of([&] { load(y, folder / "several.safetensors"); }) ==
          "checkpoint " + (folder / "several.safetensors") + ": it holds 2 tensors, expected 1");
  REQUIRE(error_of([&] { load(y, folder / "net.pt"); }) ==
          "checkpoint " + (folder / "net.pt") + ": it has no section 'tensors'");
  REQUIRE(error_of([&] { save(Tensor(), folder / "none"); }) == "save: tensor 0 is undefined");
  std::ofstream full("/dev/full");
  REQUIRE(error_of([&] { save(x, full); }) == "save: the stream cannot be flushed");
  std::ifstream none(folder / "none");
  REQUIRE(error_of([&] { load(y, none); }) ==
          "load: the stream cannot be read, expected an open one");
  stream.seekg(0);
  load(third, stream);
  std::stringstream broken("{");
  REQUIRE(error_of([&] { load(net, broken); }) ==
          "checkpoint <stream>: truncated file at byte 1, expected a key or '}'");
}
