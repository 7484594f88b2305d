// AtomicFile: a file that is written whole or not at all.
//
//   io::AtomicFile file("checkpoint", "m.json");
//   file.write(text.data(), text.size());
//   file.commit();
//
// Bytes go to `<path>.tmp-<pid>-<random>` in the same directory; commit() flushes them to the disk,
// renames the file over `path` and flushes the directory. Until the rename, `path` is untouched; on
// any failure the temporary is removed and an Error tells the operation and the system's reason. A
// temporary that a killed process left behind is removed by the next AtomicFile of the same path.
#pragma once

#include <cstdint>
#include <string>

#include "xgrad/io/sink.h"

namespace xgrad::io {

class AtomicFile : public Sink {
 public:
  // `operation` begins every error: `checkpoint m.json: cannot write: No space left on device`.
  AtomicFile(const std::string& operation, const std::string& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  // Removes the temporary, unless committed.
  ~AtomicFile() override;

  void write(const void* data, std::size_t bytes) override;
  // After an Error from here either the old or the new file is whole:
  // the directory's flush comes after the rename.
  void commit();

 private:
  void create();
  void begin_flush();
  void discard() noexcept;
  [[noreturn]] void fail(const char* what, int error);

  std::string label_;
  std::string path_;  // with a symbolic link resolved, so that the link stays a link
  std::string temporary_;
  int file_ = -1;
  std::uint64_t written_ = 0, flushing_ = 0;  // bytes; and those on their way to the disk
};

// Removes temporaries of `path` whose process is dead; returns how many. Those of live processes,
// here or on other machines, are held by a lock and stay.
int remove_stale_temporaries(const std::string& path);

// "No space left on device (ENOSPC)".
std::string errno_text(int error);

}  // namespace xgrad::io
