// A checkpoint of 10 million float32 parameters, written and read as JSON: decimals, base64, and
// nlohmann's DOM with the same numbers, in one run. Prints medians of the speed in GB/s of text and
// the largest memory while at it, as a multiple of the tensors' bytes (those included).
//
//   checkpoint [folder [parameters]]
//
// The folder (that for temporary files, if none is given) decides what the disk costs. "to memory"
// leaves it out: what formatting and checksums cost alone.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "xgrad/core/parallel.h"
#include "xgrad/io/json_reader.h"
#include "xgrad/io/json_writer.h"

namespace {

using namespace xgrad::io;

// In bytes; a field of /proc/self/status, 0 where the system has none.
double memory(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field))
      return 1024 * std::strtod(line.c_str() + field.size() + 1, nullptr);
  }
  return 0;
}

struct Cost {
  double seconds, bytes;
};

// The median time of `rounds` runs, and the most memory that one of them needed beyond `owned`
// bytes that were there before.
Cost measure(int rounds, const std::function<void()>& run) {
  std::vector<double> times;
  double most = 0;
  for (int i = 0; i < rounds; ++i) {
    ::malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << 5;  // VmHWM begins anew
    const double before = memory("VmRSS:");
    const auto start = std::chrono::steady_clock::now();
    run();
    times.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    most = std::max(most, memory("VmHWM:") - before);
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return {times[static_cast<std::size_t>(rounds / 2)], most};
}

// Weights as after a good initialization, in ten tensors.
std::vector<std::vector<float>> weights(std::size_t count) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.05F);
  std::vector<std::vector<float>> tensors(10, std::vector<float>(count / 10));
  for (auto& tensor : tensors) {
    for (float& value : tensor) value = normal(random);
  }
  return tensors;
}

Document document_of(const std::vector<std::vector<float>>& tensors) {
  Document document;
  for (const std::vector<float>& tensor : tensors) {
    Section& model = document.section("model");
    Record record;
    record.name = fmt::format("layers.{}.weight", model.records.size());
    record.shape = {static_cast<std::int64_t>(tensor.size())};
    record.data = reinterpret_cast<const std::byte*>(tensor.data());
    model.records.push_back(std::move(record));
  }
  return document;
}

// Takes the text and lets go of it.
class Nowhere final : public Sink {
 public:
  void write(const void* data, std::size_t bytes) override {
    last_ = bytes == 0 ? last_ : static_cast<const char*>(data)[bytes - 1];
  }

 private:
  volatile char last_ = 0;
};

class Table {
 public:
  explicit Table(double bytes) : bytes_(bytes) {
    fmt::print("{:<28} {:>9} {:>9} {:>10} {:>9}\n", "", "text", "time", "speed", "memory");
  }
  // `held`: the tensors are in memory before.
  void row(const std::string& name, double text, Cost cost, bool held) const {
    fmt::print("{:<28} {:>6.0f} MB {:>6.3f} s {:>5.2f} GB/s {:>8.2f}x\n", name, text / 1e6,
               cost.seconds, text / cost.seconds / 1e9, cost.bytes / bytes_ + (held ? 1 : 0));
    std::fflush(stdout);
  }

 private:
  double bytes_;
};

void ours(const Table& table, const std::string& name, const std::string& path,
          const Document& document, const JsonOptions& options) {
  Nowhere nowhere;
  const Cost format = measure(5, [&] { write_json(nowhere, document, options); });
  const Cost write = measure(5, [&] { write_json(path, document, options); });
  const auto text = static_cast<double>(std::filesystem::file_size(path));
  Document back;
  const Cost read = measure(5, [&] {
    back = Document();
    back = read_json(path);
  });
  for (std::size_t i = 0; i < document.sections[0].records.size(); ++i) {
    const Record &a = document.sections[0].records[i], &b = back.sections[0].records[i];
    if (!std::equal(a.data, a.data + a.bytes(), b.data)) throw std::runtime_error("not the same");
  }
  table.row(name + ", to memory", text, format, true);
  table.row(name + ", write", text, write, true);
  table.row(name + ", read", text, read, false);
}

// What one would write with nlohmann's library, without temporaries, flushes and checksums.
void dom(const Table& table, const std::string& path,
         const std::vector<std::vector<float>>& tensors) {
  const Cost write = measure(1, [&] {
    nlohmann::json json;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      json[fmt::format("layers.{}.weight", i)] = tensors[i];
    }
    std::ofstream(path) << json;
  });
  const auto text = static_cast<double>(std::filesystem::file_size(path));
  std::vector<std::vector<float>> back;
  const Cost read = measure(1, [&] {
    std::ifstream file(path);
    const auto json = nlohmann::json::parse(file);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      back.push_back(json.at(fmt::format("layers.{}.weight", i)).get<std::vector<float>>());
    }
  });
  if (back != tensors) throw std::runtime_error("not the same");
  table.row("nlohmann's DOM, write", text, write, true);
  table.row("nlohmann's DOM, read", text, read, false);
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder =
      argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path();
  const std::string path = (folder / "xgrad-benchmark-checkpoint.json").string();
  const auto tensors = weights(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000'000);
  double bytes = 0;
  for (const auto& tensor : tensors) bytes += static_cast<double>(tensor.size() * sizeof(float));
  const Document document = document_of(tensors);
  fmt::print("{:.0f} MB of float32, {} threads, in {}\n", bytes / 1e6, xgrad::get_num_threads(),
             folder.string());
  const Table table(bytes);
  ours(table, "decimals", path, document, {});
  ours(table, "base64", path, document, {.base64_from = 0});
  dom(table, path, tensors);
  std::filesystem::remove(path);
}
