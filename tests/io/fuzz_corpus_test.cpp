// Runs what the fuzzers run on every kept input: the seeds, and the inputs that once were findings
// (tests/fuzz/corpus/<fuzzer>/).
#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#include "fuzz/targets.h"
#include "io/sample.h"

namespace {

struct Target {
  const char* name;
  void (*run)(std::string_view);
};

const Target kTargets[] = {{"json", xgrad::fuzz::json},
                           {"json_value", xgrad::fuzz::json_value},
                           {"safetensors", xgrad::fuzz::safetensors},
                           {"npz", xgrad::fuzz::npz},
                           {"idx", xgrad::fuzz::idx},
                           {"equation", xgrad::fuzz::equation}};

}  // namespace

TEST_CASE("the fuzzers find nothing in their corpus, nor near it") {
  std::mt19937 random(9);
  for (const Target& target : kTargets) {
    int inputs = 0;
    const auto folder = std::filesystem::path(XGRAD_GOLDEN_DIR) / "../fuzz/corpus" / target.name;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      INFO(entry.path().string());
      const std::string input = sample::read_text(entry.path().string());
      REQUIRE_NOTHROW(target.run(input));
      for (int i = 0; i < 200 && !input.empty(); ++i) {
        std::string damaged = input;
        damaged[random() % input.size()] = static_cast<char>(random());
        REQUIRE_NOTHROW(target.run(damaged));
      }
      ++inputs;
    }
    REQUIRE(inputs > 0);
  }
}
