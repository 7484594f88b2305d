// load_checkpoint: what it refuses, what it may be told to pass over, and that a load which fails
// has changed nothing.
#include <catch2/catch.hpp>

#include "io/sample.h"
#include "io/training.h"
#include "support/matchers.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using io::LoadOptions;
using io::Value;
using sample::Training;

// A module of two parameters and a buffer.
std::shared_ptr<nn::Module> module(const std::string& prefix, std::int64_t size, double value) {
  auto result = std::make_shared<nn::Module>("Small");
  result->register_parameter(prefix + "weight", full({size}, value));
  result->register_parameter(prefix + "bias", full({1}, value));
  result->register_buffer(prefix + "mean", full({size}, value));
  return result;
}

std::string values_of(const nn::Module& module) {
  std::string text;
  for (const auto& item : module.state_dict()) {
    const Tensor rows = item->contiguous();
    text += item.key() + std::string(static_cast<const char*>(rows.data_ptr()), rows.nbytes());
  }
  return text;
}

}  // namespace

TEST_CASE(
    "what does not fit is listed in one message, with the nearest names, and nothing changes") {
  const sample::Folder folder;
  const std::string path = folder / "m.json";
  auto saved = module("", 2, 1);
  saved->register_parameter("fc", ones({2}));
  save_checkpoint(path, {{"model", saved}});
  auto other = module("", 3, 0);
  other->register_parameter("fd", zeros({2}));
  other->register_buffer("count", zeros({1}, kLong));
  const std::string before = values_of(*other);
  REQUIRE(error_of([&] {
            load_checkpoint(path, {{"model", other}});
          }) ==
          "checkpoint " + path +
              ": 2 names are missing (count, fd), 1 is unknown (fc, did you mean fd?), 2 do not "
              "fit (mean is 2 float32 in the state but 3 float32 in the module, weight is 2 "
              "float32 in the state but 3 float32 in the module)");
  REQUIRE(values_of(*other) == before);

  auto of_doubles = module("", 2, 0);
  of_doubles->to(kDouble);
  of_doubles->register_parameter("fc", zeros({2}));
  REQUIRE(error_of([&] {
            load_checkpoint(path, {{"model", of_doubles}});
          }).find("weight is 2 float32 in the state but 2 float64 in the module") !=
          std::string::npos);
}

TEST_CASE("missing, unexpected and resized are allowed one by one") {
  const sample::Folder folder;
  const std::string path = folder / "m.json";
  auto saved = module("", 2, 1);
  saved->register_parameter("extra", ones({2}));
  save_checkpoint(path, {{"model", saved}});
  const auto target = [](std::int64_t size) {
    auto result = module("", 2, 0);
    result->set_buffer("mean", zeros({size}));
    result->register_parameter("own", full({1}, 5.F));
    return result;
  };
  const auto load = [&](const std::shared_ptr<nn::Module>& into, const LoadOptions& options) {
    return error_of([&] { load_checkpoint(path, {{"model", into}}, options); });
  };
  auto one = target(2);
  const std::string prefix = "checkpoint " + path + ": ";
  REQUIRE(load(one, LoadOptions().allow_missing(true)) == prefix + "1 name is unknown (extra)");
  REQUIRE(load(one, LoadOptions().allow_unexpected(true)) == prefix + "1 name is missing (own)");
  REQUIRE(values_of(*one) == values_of(*target(2)));
  REQUIRE(load(one, LoadOptions().allow_missing(true).allow_unexpected(true)) == "no error");
  REQUIRE_THAT(one->get_parameter("weight").detach(), Identical(ones({2})));
  REQUIRE_THAT(one->get_parameter("own").detach(), Identical(full({1}, 5.F)));
  REQUIRE(load(target(2), false) == "no error");

  // A buffer of another shape is not loaded, unless it is named.
  auto resized = target(7);
  const Tensor mean = resized->get_buffer("mean");
  REQUIRE(load(resized, false) ==
          prefix +
              "1 name does not fit (mean is 2 float32 in the state but 7 float32 in the "
              "module)");
  REQUIRE(load(resized, LoadOptions(false).resize_buffers({"mean"})) == "no error");
  REQUIRE_THAT(mean, Identical(ones({2})));
  // Parameters are never resized.
  auto parameter = module("", 3, 0);
  REQUIRE(load(parameter, LoadOptions(false).resize_buffers({"weight", "mean"})) ==
          prefix +
              "1 name does not fit (weight is 2 float32 in the state but 3 float32 in the "
              "module)");
}

TEST_CASE("names are translated by prefix and map") {
  const sample::Folder folder;
  const std::string path = folder / "m.safetensors";
  struct OuterImpl : nn::Module {
    explicit OuterImpl(double value) { register_module("inner", module("", 2, value)); }
  };
  save_checkpoint(path, {{"model", module("", 2, 1)}});
  auto outer = std::make_shared<OuterImpl>(0);
  load_checkpoint(path, {{"model", outer}}, LoadOptions().add_prefix("inner."));
  REQUIRE_THAT(outer->get_parameter("inner.bias").detach(), Identical(ones({1})));
  save_checkpoint(path, {{"model", std::make_shared<OuterImpl>(2)}});
  auto inner = module("", 2, 0);
  load_checkpoint(path, {{"model", inner}}, LoadOptions().remove_prefix("inner."));
  REQUIRE_THAT(inner->get_buffer("mean"), Identical(full({2}, 2.F)));
  auto renamed = module("my", 2, 0);
  const std::map<std::string, std::string> names = {
      {"weight", "myweight"}, {"bias", "mybias"}, {"mean", "mymean"}};
  load_checkpoint(path, {{"model", renamed}}, LoadOptions().remove_prefix("inner.").key_map(names));
  REQUIRE_THAT(renamed->get_parameter("myweight").detach(), Identical(full({2}, 2.F)));
  REQUIRE(error_of([&] {
            load_checkpoint(path, {{"model", renamed}},
                            LoadOptions().remove_prefix("inner.").key_map({{"weight", "mean"}}));
          }) == "checkpoint " + path +
                    ": inner.weight and inner.mean are both renamed to mean, expected different "
                    "names");
}

TEST_CASE("whichever part does not fit, no part has changed") {
  Training saved(1);
  saved.train(5);
  const io::Document good = io::make_document(saved.parts(), {});
  Training target(2);
  target.train(2);  // in the middle of an epoch
  const std::string before = target.text();

  using Damage = std::function<void(io::Document&)>;
  const auto state = [](io::Document& document, const char* part) -> Value& {
    return document.metadata["state"][part];
  };
  const std::tuple<const char*, Damage, const char*> cases[] = {
      {"a module's shape",
       [](io::Document& d) {
         d.section("model").records[0].shape = {1, 12};
       },
       "f: 1 name does not fit (first.weight is 1x12 float32 in the state but 4x3 float32 in the "
       "module)"},
      {"a section", [](io::Document& d) { d.section("model").name = "net"; },
       "f: it has no section 'model'"},
      {"a state", [](io::Document& d) { d.metadata["state"] = Value::object(); },
       "f: it has no state 'optimizer'"},
      {"the optimizer's kind", [&](io::Document& d) { state(d, "optimizer")["optimizer"] = "SGD"; },
       "f: Adam::load_state_dict: the state is of SGD, expected Adam"},
      {"a tensor of the optimizer",
       [](io::Document& d) {
         d.section("optimizer").records.back().shape = {2, 1};
       },
       "f: Adam::load_state_dict: parameter last.bias: tensor 'state.last.bias.exp_avg_sq' is "
       "2x1, expected 2 as its parameter"},
      {"the scheduler's kind",
       [&](io::Document& d) { state(d, "scheduler")["scheduler"] = "CosineAnnealingLR"; },
       "f: StepLR::load_state_dict: the state is of CosineAnnealingLR, expected StepLR"},
      {"a field of the scheduler",
       [&](io::Document& d) { state(d, "scheduler")["fields"]["gamma"] = "x"; }, nullptr},
      {"the loader's batch size", [&](io::Document& d) { state(d, "loader")["batch_size"] = 5; },
       "f: DataLoader: the state has batch size 5, expected 4"},
      {"the loader's position", [&](io::Document& d) { state(d, "loader")["batches"] = 99; },
       "f: DataLoader: the state has 99 batches behind it, expected at most 3"},
      {"the generator", [&](io::Document& d) { state(d, "generator")["state"] = "mt19937?"; },
       nullptr}};
  for (const auto& [what, damage, message] : cases) {
    INFO(what);
    io::Document document = good;
    damage(document);
    const std::string error = error_of([&] { io::restore(document, target.parts(), "f", {}); });
    if (message != nullptr) {
      CHECK(error == message);
    } else {
      CHECK(error.starts_with("f: "));
    }
    CHECK((target.text() == before));
  }
  io::restore(good, target.parts(), "f", {});
  REQUIRE((io::to_json(io::make_document(target.parts(), {})) == io::to_json(good)));
}

namespace {

// Changes, and then finds out that it should not have.
struct Hasty {
  io::StateDict state_dict() const {
    io::StateDict state;
    state.values["value"] = value;
    state.add("tensor", tensor);
    return state;
  }
  void load_state_dict(const io::StateDict& state) {
    value = state.values.at("value").as_int();
    tensor.copy_(*state.find("tensor"));
    if (value < 0) fail("Hasty: the value is " + std::to_string(value));
  }
  std::int64_t value;
  Tensor tensor = full({2}, static_cast<double>(value));
};

}  // namespace

TEST_CASE("what was restored before a part refused is put back, and so is that part") {
  Hasty good{1}, bad{-1};
  const io::Document document = io::make_document({{"a", good}, {"b", good}, {"c", bad}}, {});
  Hasty a{5}, b{6}, c{7};
  REQUIRE(error_of([&] {
            io::restore(document, {{"a", a}, {"b", b}, {"c", c}}, "f", {});
          }) == "f: Hasty: the value is -1");
  REQUIRE((a.value == 5 && b.value == 6 && c.value == 7));
  REQUIRE_THAT(a.tensor, Identical(full({2}, 5.F)));
  REQUIRE_THAT(c.tensor, Identical(full({2}, 7.F)));
  // Not even its own state is good enough for this one: the first error is the one to tell.
  Hasty hopeless{-3};
  REQUIRE(error_of([&] {
            io::restore(document, {{"a", a}, {"c", hopeless}}, "f", {});
          }) == "f: Hasty: the value is -1");
  REQUIRE(a.value == 5);
}

TEST_CASE("two parts of one name, and an undefined tensor, cannot be saved") {
  nn::Linear net(1, 1);
  REQUIRE(error_of([&] {
            save_checkpoint("f", {{"model", net}, {"model", net}});
          }) == "save_checkpoint: two parts are named 'model'");
  REQUIRE(error_of([] {
            save_checkpoint("f", {{"x", Tensor()}});
          }) == "save_checkpoint: the tensor 'x' is undefined");
}
