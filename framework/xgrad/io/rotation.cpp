#include "xgrad/io/rotation.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "xgrad/core/format.h"
#include "xgrad/io/atomic_file.h"
#include "xgrad/io/records.h"

namespace xgrad::io {
namespace {

namespace fs = std::filesystem;

struct Numbered {
  std::uint64_t number;
  std::string path;
};

// The number of "net-0012.json", if it is one of the run.
bool number_of(std::string_view name, const std::string& prefix, std::uint64_t* number) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), *number);
  if (error != std::errc()) return false;
  name.remove_prefix(static_cast<std::size_t>(end - name.data()));
  return name == ".json" || name == ".safetensors" || name == ".npz";
}

// All of the run, the latest first; and the paths that unfinished files were to become.
struct Listing {
  std::vector<Numbered> checkpoints;
  std::set<std::string> unfinished;
};

Listing list(const char* op, const std::string& directory, const std::string& prefix) {
  Listing result;
  std::error_code error;
  fs::directory_iterator files(directory.empty() ? "." : directory, error);
  for (; !error && files != fs::directory_iterator(); files.increment(error)) {
    const std::string name = files->path().filename().string();
    const fs::path path = fs::path(directory) / name;
    std::uint64_t number = 0;
    if (const std::size_t mark = name.find(".tmp-"); mark != std::string::npos) {
      if (number_of(name.substr(0, mark), prefix, &number)) {
        result.unfinished.insert((fs::path(directory) / name.substr(0, mark)).string());
      }
    } else if (std::error_code unknown;
               number_of(name, prefix, &number) && files->is_regular_file(unknown)) {
      result.checkpoints.push_back({number, path.string()});
    }
  }
  check(!error, "{} {}: cannot read the directory: {}", op, directory, error.message());
  std::sort(result.checkpoints.begin(), result.checkpoints.end(),
            [](const Numbered& a, const Numbered& b) {
              return a.number != b.number ? a.number > b.number : a.path > b.path;
            });
  return result;
}

// Why the file cannot be read; empty if it can.
std::string damage(const std::string& path) {
  try {
    read_document(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

Latest latest(const std::string& directory, const std::string& prefix) {
  Latest result;
  for (const Numbered& file : list("latest", directory, prefix).checkpoints) {
    std::string reason = damage(file.path);
    if (reason.empty()) {
      result.path = file.path;
      break;
    }
    result.skipped.push_back({file.path, std::move(reason)});
  }
  return result;
}

std::vector<std::string> keep_last(const std::string& directory, const std::string& prefix,
                                   int count) {
  check(count >= 1, "keep_last {}: the count is {}, expected at least 1", directory, count);
  const Listing listing = list("keep_last", directory, prefix);
  for (const std::string& path : listing.unfinished) remove_stale_temporaries(path);
  const std::vector<Numbered>& files = listing.checkpoints;
  const auto kept = static_cast<std::size_t>(count);
  std::vector<std::string> removed;
  if (files.size() <= kept) return removed;
  const bool safe = std::any_of(files.begin(), files.begin() + count,
                                [](const Numbered& file) { return damage(file.path).empty(); });
  if (!safe) return removed;
  // The oldest first: whatever interrupts this, no gap is left.
  for (std::size_t i = files.size(); i-- > kept;) {
    std::error_code error;
    fs::remove(files[i].path, error);
    check(!error, "keep_last {}: cannot remove {}: {}", directory, files[i].path, error.message());
    removed.push_back(files[i].path);
  }
  return removed;
}

}  // namespace xgrad::io
