// FORMAT.md and checkpoint.schema.json say what the reader and the writer do.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>

#include "io/sample.h"
#include "io/training.h"
#include "xgrad/io/json_reader.h"
#include "xgrad/io/json_writer.h"

using nlohmann::json;

namespace {

std::string file(const std::string& name) {
  return sample::read_text(std::string(XGRAD_GOLDEN_DIR) + "/../../framework/xgrad/io/" + name);
}

// As much of JSON Schema as ours uses; an unknown keyword fails.
bool valid(const json& schema, const json& value, const json& root);

bool obeys(const std::string& keyword, const json& rule, const json& schema, const json& value,
           const json& root) {
  if (keyword == "$schema" || keyword == "title" || keyword == "$defs") return true;
  if (keyword == "$ref")
    return valid(root.at(json::json_pointer(rule.get<std::string>().substr(1))), value, root);
  if (keyword == "const") return value == rule;
  if (keyword == "enum") return std::count(rule.begin(), rule.end(), value) != 0;
  if (keyword == "type") {
    if (rule == "number") return value.is_number();
    if (rule == "integer") return value.is_number_integer();
    return value.type_name() == rule.get<std::string>();
  }
  if (keyword == "oneOf") {
    return std::count_if(rule.begin(), rule.end(),
                         [&](const json& one) { return valid(one, value, root); }) == 1;
  }
  if (keyword == "required") {
    return std::all_of(rule.begin(), rule.end(),
                       [&](const json& key) { return value.contains(key.get<std::string>()); });
  }
  if (keyword == "properties") {
    return std::all_of(rule.items().begin(), rule.items().end(), [&](const auto& item) {
      return !value.contains(item.key()) || valid(item.value(), value.at(item.key()), root);
    });
  }
  if (keyword == "additionalProperties") {
    for (const auto& [key, member] : value.items()) {
      if (schema.contains("properties") && schema["properties"].contains(key)) continue;
      if (rule == false || !valid(rule, member, root)) return false;
    }
    return true;
  }
  if (keyword == "items") {
    return std::all_of(value.begin(), value.end(),
                       [&](const json& one) { return valid(rule, one, root); });
  }
  if (keyword == "minimum") return value >= rule;
  if (keyword == "maximum") return value <= rule;
  if (keyword == "maxItems") return value.size() <= rule.get<std::size_t>();
  if (keyword == "minLength") return value.get<std::string>().size() >= rule.get<std::size_t>();
  if (keyword == "pattern")
    return std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()));
  throw std::runtime_error("unknown keyword " + keyword);
}

bool valid(const json& schema, const json& value, const json& root) {
  if (schema.contains("type") && !obeys("type", schema["type"], schema, value, root)) return false;
  return std::all_of(schema.items().begin(), schema.items().end(), [&](const auto& rule) {
    return obeys(rule.key(), rule.value(), schema, value, root);
  });
}

}  // namespace

TEST_CASE("the example of FORMAT.md is a checkpoint") {
  const std::string text = file("FORMAT.md");
  const std::size_t start = text.find("```json\n") + 8;
  const std::string example = text.substr(start, text.find("```", start) - start);
  const xgrad::io::Document document = xgrad::io::parse_json(example, "FORMAT.md");
  REQUIRE(document.find("model")->find("tied.weight")->alias_of == "fc.weight");
  // It is also exactly what the writer writes.
  xgrad::io::Document again = document;
  again.sections[0].records[1].encoding = xgrad::io::Encoding::Base64;
  REQUIRE(xgrad::io::to_json(again) == example);
}

TEST_CASE("a run's checkpoint is laid out as FORMAT.md says, and obeys the schema") {
  sample::Training training(1);
  training.train(5);
  const json run = json::parse(training.text());
  const json schema = json::parse(file("checkpoint.schema.json"));
  REQUIRE(valid(schema, run, schema));
  REQUIRE(run["metadata"]["user"] == json({{"step", 5}}));
  const json& state = run["metadata"]["state"];
  REQUIRE(state["optimizer"]["optimizer"] == "Adam");
  REQUIRE(state["optimizer"]["param_groups"][0]["options"]["lr"] == 0.02);
  REQUIRE(state["optimizer"]["param_groups"][0]["params"][0] == "first.weight");
  REQUIRE(state["scheduler"]["scheduler"] == "StepLR");
  REQUIRE(state["loader"]["batches"] == 2);
  REQUIRE(state["generator"]["state"].is_string());
  REQUIRE(run["sections"]["loader"].contains("sampler.indices"));
  REQUIRE(run["sections"]["model"]["norm.running_mean"]["kind"] == "buffer");
  REQUIRE(run["sections"]["model"]["norm.weight"]["kind"] == "parameter");
  REQUIRE(run["sections"]["optimizer"]["state.norm.weight.exp_avg"]["kind"] == "state");
}

TEST_CASE("the schema holds for what is written, and not for what is refused") {
  const json schema = json::parse(file("checkpoint.schema.json"));
  const json good = json::parse(xgrad::io::to_json(sample::document()));
  REQUIRE(valid(schema, good, schema));
  REQUIRE(valid(schema, json::parse(xgrad::io::to_json(sample::document(), {.base64_from = 0})),
                schema));
  const std::pair<const char*, json> wrong[] = {
      {"/version", 2},
      {"/format", "x"},
      {"/crc32", -1},
      {"/extra", 1},
      {"/metadata", 1},
      {"/sections/model/fc.weight/kind", "class"},
      {"/sections/model/fc.weight/dtype", "float16"},
      {"/sections/model/fc.weight/shape", {-1}},
      {"/sections/model/fc.weight/data", {"nan"}},
      {"/sections/model/fc.weight/data", {{"base64", "AA"}}},
      {"/sections/model/fc.weight/code", "os.system"},
      {"/sections/model/head.weight/alias_of", ""},
      {"/sections/model/head.weight/data", json::array()}};
  for (const auto& [path, value] : wrong) {
    INFO(path << " = " << value);
    json bad = good;
    bad[json::json_pointer(path)] = value;
    REQUIRE_FALSE(valid(schema, bad, schema));
    REQUIRE_THROWS_AS(xgrad::io::parse_json(bad.dump()), xgrad::Error);
  }
}
