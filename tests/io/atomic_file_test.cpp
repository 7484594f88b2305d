#include "xgrad/io/atomic_file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <random>
#include <thread>

#include "io/sample.h"
#include "xgrad/io/file_faults.h"
#include "xgrad/io/json_reader.h"
#include "xgrad/io/json_writer.h"
#include "xgrad/io/npy.h"
#include "xgrad/io/safetensors.h"

using namespace xgrad::io;
using sample::error_of;

namespace {

void save(const std::string& path, const std::string& text) {
  AtomicFile file("checkpoint", path);
  file.write(text.data(), text.size());
  file.commit();
}

// A pid that no process has: that of a child which has ended and was waited for.
pid_t dead_pid() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

}  // namespace

TEST_CASE("a file appears whole, and replaces the old one") {
  const sample::Folder folder;
  const std::string path = folder / "a";
  save(path, "old");
  REQUIRE(sample::read_text(path) == "old");
  save(path, "new and longer");
  REQUIRE(sample::read_text(path) == "new and longer");
  REQUIRE(folder.files() == 1);
}

TEST_CASE("without commit the old file stays and no temporary") {
  const sample::Folder folder;
  const std::string path = folder / "a";
  save(path, "old");
  {
    AtomicFile file("checkpoint", path);
    file.write("new", 3);
    REQUIRE(folder.files() == 2);
  }
  REQUIRE(sample::read_text(path) == "old");
  REQUIRE(folder.files() == 1);
}

TEST_CASE("the errors of the system are told in its words") {
  const sample::Folder folder;
  const std::string path = folder / "none/a";
  REQUIRE(error_of([&] { save(path, "x"); }) ==
          "checkpoint " + path +
              ": cannot create a temporary file beside it: No such file or directory (ENOENT)");
  ::mkdir((folder / "d").c_str(), 0777);
  REQUIRE(error_of([&] { save(folder / "d", "x"); }) ==
          "checkpoint " + (folder / "d") +
              ": cannot rename the temporary file: Is a directory (EISDIR)");
}

TEST_CASE("a symbolic link stays a link, and the mode of a file its mode") {
  const sample::Folder folder;
  save(folder / "real", "old");
  ::chmod((folder / "real").c_str(), 0640);
  std::filesystem::create_symlink(folder / "real", folder / "link");
  save(folder / "link", "new");
  REQUIRE(std::filesystem::is_symlink(folder / "link"));
  REQUIRE(sample::read_text(folder / "real") == "new");
  struct stat status {};
  ::stat((folder / "real").c_str(), &status);
  REQUIRE((status.st_mode & 0777) == 0640);
}

TEST_CASE(
    "whichever system call fails, the file is the old or the new one and no temporary stays") {
  const sample::Folder folder;
  const std::string path = folder / "m";
  const Document old_document = sample::document();
  Document new_document = sample::document();
  new_document.metadata["epoch"] = 4;
  struct Format {
    void (*write)(const std::string&, const Document&);
    Document (*read)(const std::string&);
  };
  const Format formats[] = {
      {[](const std::string& p, const Document& d) { write_json(p, d); }, read_json},
      {write_safetensors, read_safetensors},
      {write_npz, read_npz}};
  for (const Format& format : formats) {
    for (const int error : {ENOSPC, EIO}) {
      for (int fail_at = 1;; ++fail_at) {
        format.write(path, old_document);
        std::string message;
        bool hit = false;
        {
          const FileFaults faults(fail_at, error);
          message = error_of([&] { format.write(path, new_document); });
          hit = faults.hit();
        }
        INFO(message);
        const Document now = format.read(path);
        REQUIRE(folder.files() == 1);
        if (!hit) {
          REQUIRE(message == "no error");
          REQUIRE(sample::difference(now, new_document) == "");
          REQUIRE(fail_at > 5);  // create, write, flush, open and rename at least
          break;
        }
        REQUIRE(message.starts_with("checkpoint " + path + ": cannot "));
        REQUIRE(message.ends_with(error == EIO ? ": Input/output error (EIO)"
                                               : ": No space left on device (ENOSPC)"));
        // Only the flush of the directory comes after the rename.
        const bool renamed = message.find("flush its directory") != std::string::npos;
        REQUIRE(sample::difference(now, renamed ? new_document : old_document) == "");
      }
    }
  }
}

// The system itself refuses, in the middle of a write that it takes a part of.
TEST_CASE("a file that grows over the limit of its process leaves the old one", "[slow]") {
  const sample::Folder folder;
  const std::string path = folder / "a";
  save(path, "old");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{150'000, 150'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::string error = error_of([&] { save(path, std::string(400'000, 'x')); });
    ::_exit(error == "checkpoint " + path + ": cannot write: File too large (EFBIG)" ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  REQUIRE(sample::read_text(path) == "old");
  REQUIRE(folder.files() == 1);
}

TEST_CASE("a process killed at any moment leaves the old or the new file", "[slow]") {
  const sample::Folder folder;
  const std::string path = folder / "m.json";
  // Two states that differ everywhere, long enough for several writes.
  Document states[2];
  for (int i = 0; i < 2; ++i) {
    const auto fill = static_cast<float>(i) + 0.123456F;
    states[i].section("model").records.push_back(
        sample::record<float>("w", {40'000}, std::vector<float>(40'000, fill)));
    states[i].metadata["epoch"] = i;
  }
  write_json(path, states[0]);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) write_json(path, states[i % 2]);
  const std::chrono::duration<double, std::micro> four = std::chrono::steady_clock::now() - start;
  const auto two_saves = static_cast<unsigned>(four.count() / 2) + 1;
  std::mt19937 random(8);
  int seen[2] = {0, 0};
  for (int i = 0; i < 500; ++i) {
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      (void)!::write(ready[1], "!", 1);
      for (int n = i;; ++n) write_json(path, states[n % 2]);
    }
    char byte;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
    ::close(ready[1]);
    ::usleep(static_cast<useconds_t>(random() % two_saves));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const Document now = read_json(path);
    const auto epoch = static_cast<std::size_t>(now.metadata.at("epoch").as_int());
    REQUIRE(sample::difference(now, states[epoch]) == "");
    ++seen[epoch];
  }
  REQUIRE(seen[0] > 0);
  REQUIRE(seen[1] > 0);
  write_json(path, states[0]);
  REQUIRE(folder.files() == 1);  // the leftovers of all the dead are gone
}

TEST_CASE("temporaries of dead processes are removed, all else stays") {
  const sample::Folder folder;
  const std::string path = folder / "m.json";
  const std::string dead = std::to_string(dead_pid());
  const std::string stale = path + ".tmp-" + dead + "-0123456789abcdef";
  const std::string kept[] = {path + ".tmp-" + std::to_string(::getpid()) + "-0123456789abcdef",
                              path + ".tmp-" + dead + "-0123456789abcde", path + ".tmp-x",
                              folder / ("n.json.tmp-" + dead + "-0123456789abcdef"), path};
  sample::write_text(stale, "x");
  for (const std::string& other : kept) sample::write_text(other, "x");
  REQUIRE(remove_stale_temporaries(path) == 1);
  REQUIRE_FALSE(std::filesystem::exists(stale));
  for (const std::string& other : kept) REQUIRE(std::filesystem::exists(other));
}

TEST_CASE("threads that write one path at once leave the file of one of them") {
  const sample::Folder folder;
  const std::string path = folder / "a";
  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'e'; ++c) {
    threads.emplace_back([&path, c] {
      for (int i = 0; i < 20; ++i) save(path, std::string(100'000, c));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = sample::read_text(path);
  REQUIRE(text == std::string(100'000, text[0]));
  REQUIRE(folder.files() == 1);
}
