// Rotation: numbered checkpoints of one run:
// the latest that can be read, and the removal of old ones.
//
//   save_checkpoint(fmt::format("runs/net-{}.json", epoch), parts);
//   io::keep_last("runs", "net-", 3);
//
//   const io::Latest latest = io::latest("runs", "net-");
//   for (const auto& [path, reason] : latest.skipped) std::cerr << reason << '\n';
//   if (latest) load_checkpoint(latest.path, parts);
//
// A checkpoint of a run is a file called prefix, number, and .json, .safetensors or .npz; the
// number is its age, leading zeros or not. Nothing else, nor a folder of such a name, is looked at
// or removed.
#pragma once

#include <string>
#include <vector>

namespace xgrad::io {

struct Latest {
  struct Skipped {
    std::string path;
    std::string reason;  // the error of reading it, which names the path
  };

  std::string path;              // empty where there is none that can be read
  std::vector<Skipped> skipped;  // damaged ones that are later, the latest first
  explicit operator bool() const { return !path.empty(); }
};

// The checkpoint of the highest number that is whole (all of it is read to know). Errors: the
// directory cannot be read.
Latest latest(const std::string& directory, const std::string& prefix);

// Removes all but the `count` checkpoints of the highest numbers, and what killed processes left
// unfinished; returns the paths removed. While none of those `count` is whole, older ones stay: the
// last one that can be read is never removed. Errors: a count below 1, a directory that cannot be
// read, a file that cannot be removed.
std::vector<std::string> keep_last(const std::string& directory, const std::string& prefix,
                                   int count);

}  // namespace xgrad::io
