#include "xgrad/io/rotation.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <random>
#include <set>

#include "io/sample.h"
#include "xgrad/io/checkpoint.h"
#include "xgrad/xgrad.h"

using namespace xgrad::io;
using sample::error_of;

namespace {

// A checkpoint with nothing but its number.
void save(const std::string& path, int number) {
  xgrad::save_checkpoint(path, {}, {{"number", number}});
}
int number_in(const std::string& path) {
  return static_cast<int>(xgrad::load_checkpoint(path, {}).at("number").as_int());
}

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

}  // namespace

TEST_CASE("the latest checkpoint is the one of the highest number") {
  const sample::Folder folder;
  const std::string runs = folder / "";
  REQUIRE_FALSE(latest(runs, "net-"));
  save(folder / "net-9.json", 9);
  save(folder / "net-0010.safetensors", 10);
  save(folder / "net-2.npz", 2);
  for (const char* other :
       {"net-11.txt", "net-12", "net-12.json.old", "net--13.json", "net-+14.json", "mynet-15.json",
        "net-16a.json", "net-99999999999999999999.json", "net-17.json.tmp-1-0123456789abcdef"}) {
    save(folder / other, 99);
  }
  const Latest found = latest(runs, "net-");
  REQUIRE(found);
  REQUIRE(found.path == folder / "net-0010.safetensors");
  REQUIRE(found.skipped.empty());
  REQUIRE(number_in(found.path) == 10);
  REQUIRE(latest(runs, "mynet-").path == folder / "mynet-15.json");
}

TEST_CASE("a damaged checkpoint is skipped, and the reason told") {
  const sample::Folder folder;
  for (int i = 1; i <= 4; ++i) save(folder / ("net-" + std::to_string(i) + ".json"), i);
  const std::string cut = folder / "net-4.json", empty = folder / "net-3.json";
  sample::write_text(cut, sample::read_text(cut).substr(0, 100));
  sample::write_text(empty, "");
  const Latest found = latest(folder / "", "net-");
  REQUIRE(found.path == folder / "net-2.json");
  REQUIRE(found.skipped.size() == 2);
  CHECK(found.skipped[0].path == cut);
  CHECK(found.skipped[0].reason ==
        "checkpoint " + cut + ": truncated file at byte 100, expected an object of sections");
  CHECK(found.skipped[1].reason ==
        "checkpoint " + empty + ": truncated file at byte 0, expected a JSON object");
  for (int i = 1; i <= 2; ++i)
    sample::write_text(folder / ("net-" + std::to_string(i) + ".json"), "x");
  const Latest none = latest(folder / "", "net-");
  REQUIRE_FALSE(none);
  REQUIRE(none.skipped.size() == 4);
}

TEST_CASE("keep_last removes the oldest, what was left unfinished, and nothing else") {
  const sample::Folder folder;
  for (int i = 1; i <= 12; ++i) save(folder / ("net-" + std::to_string(i) + ".json"), i);
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ::waitpid(dead, nullptr, 0);
  const std::string mark = ".tmp-" + std::to_string(dead) + "-0123456789abcdef";
  for (const std::string& other : {"net-13.json" + mark, std::string("net-1.txt"),
                                   std::string("net-best.json"), "other-1.json" + mark}) {
    sample::write_text(folder / other, "x");
  }
  const std::vector<std::string> removed = keep_last(folder / "", "net-", 10);
  REQUIRE(removed == std::vector<std::string>{folder / "net-1.json", folder / "net-2.json"});
  REQUIRE(keep_last(folder / "", "net-", 10).empty());
  REQUIRE(keep_last(folder / "", "net-", 2).size() == 8);
  REQUIRE(names_in(folder / "") == std::set<std::string>{"net-11.json", "net-12.json", "net-1.txt",
                                                         "net-best.json", "other-1.json" + mark});
}

TEST_CASE("the last checkpoint that can be read is never removed") {
  const sample::Folder folder;
  for (int i = 1; i <= 3; ++i) save(folder / ("net-" + std::to_string(i) + ".json"), i);
  sample::write_text(folder / "net-2.json", "{");
  sample::write_text(folder / "net-3.json", "{");
  REQUIRE(keep_last(folder / "", "net-", 2).empty());
  REQUIRE(keep_last(folder / "", "net-", 1).empty());
  REQUIRE(number_in(latest(folder / "", "net-").path) == 1);
  save(folder / "net-4.json", 4);
  REQUIRE(keep_last(folder / "", "net-", 1).size() == 3);
  REQUIRE(number_in(latest(folder / "", "net-").path) == 4);
}

TEST_CASE("only files are checkpoints") {
  const sample::Folder folder;
  save(folder / "net-1.json", 1);
  save(folder / "real", 4);
  std::filesystem::create_directory(folder / "net-0.json");
  std::filesystem::create_directory(folder / "net-2.json");
  REQUIRE(::mkfifo((folder / "net-6.json").c_str(), 0600) == 0);  // would wait for a writer
  std::filesystem::create_symlink(folder / "real", folder / "net-4.json");
  std::filesystem::create_symlink(folder / "nowhere", folder / "net-5.json");
  const Latest found = latest(folder / "", "net-");
  REQUIRE(found.path == folder / "net-4.json");
  REQUIRE(found.skipped.empty());
  REQUIRE(keep_last(folder / "", "net-", 1) == std::vector<std::string>{folder / "net-1.json"});
  REQUIRE(folder.files() == 6);
  CHECK(error_of([&] { read_document(folder / "net-6.json"); }) ==
        "checkpoint " + (folder / "net-6.json") + ": not a regular file, expected a file");
}

TEST_CASE("a folder that cannot be read and a count of none are refused") {
  const sample::Folder folder;
  const std::string none = folder / "none";
  CHECK(error_of([&] { latest(none, "net-"); }) ==
        "latest " + none + ": cannot read the directory: No such file or directory");
  CHECK(error_of([&] { keep_last(none, "net-", 1); }) ==
        "keep_last " + none + ": cannot read the directory: No such file or directory");
  CHECK(error_of([&] { keep_last(folder / "", "net-", 0); }) ==
        "keep_last " + (folder / "") + ": the count is 0, expected at least 1");
}

// A run that saves, rotates and is killed, again and again, each time taken up from its latest.
TEST_CASE("a rotating run that is killed at any moment goes on from its last whole checkpoint",
          "[slow]") {
  const sample::Folder folder;
  const auto path = [&](int number) {
    return folder / ("net-" + std::to_string(number) + ".json");
  };
  xgrad::nn::Linear net(40, 100);
  const auto save_number = [&](int number) {
    {
      const xgrad::NoGradGuard no_grad;
      net->weight.fill_(1.0 / (number + 2));
      net->bias.fill_(number);
    }
    xgrad::save_checkpoint(path(number), {{"model", net}}, {{"number", number}});
    keep_last(folder / "", "net-", 2);
  };
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) save_number(i);
  const std::chrono::duration<double, std::micro> four = std::chrono::steady_clock::now() - start;
  const auto two_saves = static_cast<unsigned>(four.count() / 2) + 1;
  std::mt19937 random(3);
  int last = 3, advanced = 0;
  for (int i = 0; i < 200; ++i) {
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      (void)!::write(ready[1], "!", 1);
      for (int n = last + 1;; ++n) save_number(n);
    }
    char byte;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
    ::close(ready[1]);
    ::usleep(static_cast<useconds_t>(random() % two_saves));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const Latest found = latest(folder / "", "net-");
    REQUIRE(found);
    REQUIRE(found.skipped.empty());
    const int number = static_cast<int>(
        xgrad::load_checkpoint(found.path, {{"model", net}}).at("number").as_int());
    REQUIRE(number >= last);
    REQUIRE(net->weight.equal(xgrad::full({100, 40}, 1.0 / (number + 2))));
    REQUIRE(net->bias.equal(xgrad::full({100}, static_cast<double>(number))));
    advanced += number > last ? 1 : 0;
    last = number;
  }
  REQUIRE(advanced > 0);
  save_number(last + 1);
  REQUIRE(names_in(folder / "").size() == 2);  // nothing unfinished is left
}
