#include "xgrad/io/atomic_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "xgrad/core/format.h"
#include "xgrad/io/file_faults.h"

namespace xgrad::io {

namespace {

struct Faults {
  bool on = false, hit = false;
  int calls = 0, fail_at = 0, error = 0;
};
Faults faults;  // changed while on only by the one thread that writes at the time

// Runs a system call that returns a negative number on failure, unless a test wants it to fail.
template <class Call>
auto attempt(const Call& call) -> decltype(call()) {
  if (const int error = next_fault(); error != 0) {
    errno = error;
    return -1;
  }
  decltype(call()) result;
  do result = call();
  while (result < 0 && errno == EINTR);
  return result;
}

std::string directory_of(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  return directory.empty() ? "." : directory;
}

// The pid in the name of a temporary of `prefix` = "<file name>.tmp-", or 0 for any other file.
pid_t writer_of(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return 0;
  name.remove_prefix(prefix.size());
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (error != std::errc() || pid <= 0) return 0;
  name.remove_prefix(static_cast<std::size_t>(end - name.data()));
  const bool ours = name.size() == 17 && name[0] == '-' &&
                    name.find_first_not_of("0123456789abcdef", 1) == std::string_view::npos;
  return ours ? pid : 0;
}

}  // namespace

int next_fault() {
  if (!faults.on) [[likely]]
    return 0;
  if (++faults.calls != faults.fail_at) return 0;
  faults.hit = true;
  return faults.error;
}

FileFaults::FileFaults(int fail_at, int error) { faults = {true, false, 0, fail_at, error}; }
FileFaults::~FileFaults() { faults = {}; }
int FileFaults::calls() const { return faults.calls; }
bool FileFaults::hit() const { return faults.hit; }

AtomicFile::AtomicFile(const std::string& operation, const std::string& path)
    : label_(operation + " " + path), path_(path) {
  std::error_code error;
  if (std::filesystem::is_symlink(path, error)) {
    const auto target = std::filesystem::weakly_canonical(path, error);
    if (!error) path_ = target.string();
  }
  remove_stale_temporaries(path_);
  create();
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::create() {
  std::random_device random;
  for (;;) {
    const std::uint64_t salt = std::uint64_t{random()} << 32 | random();
    temporary_ = fmt::format("{}.tmp-{}-{:016x}", path_, ::getpid(), salt);
    file_ = attempt(
        [&] { return ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
    if (file_ < 0) {
      const int error = errno;
      temporary_.clear();
      fail("cannot create a temporary file beside it", error);
    }
    // Told apart from the leftovers of the dead by this lock, which the system drops with its
    // owner. File systems without locks leave the pid alone to tell, so a failure is no error.
    (void)::flock(file_, LOCK_EX | LOCK_NB);
    struct stat status {};
    if (::fstat(file_, &status) != 0 || status.st_nlink != 0) break;
    ::close(file_);  // taken for a leftover between open and flock: once more
  }
  struct stat old {};
  if (::stat(path_.c_str(), &old) == 0) (void)::fchmod(file_, old.st_mode & 07777);
}

void AtomicFile::discard() noexcept {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

void AtomicFile::fail(const char* what, int error) {
  discard();
  xgrad::fail("{}: {}: {}", label_, what, errno_text(error));
}

void AtomicFile::write(const void* data, std::size_t bytes) {
  const auto* from = static_cast<const char*>(data);
  while (bytes != 0) {
    // Linux writes at most 2 GiB at once.
    const std::size_t part = std::min(bytes, std::size_t{1} << 30);
    const ssize_t written = attempt([&] { return ::write(file_, from, part); });
    if (written < 0) fail("cannot write", errno);
    if (written == 0) fail("cannot write", ENOSPC);
    from += written;
    bytes -= static_cast<std::size_t>(written);
    written_ += static_cast<std::uint64_t>(written);
  }
  begin_flush();
}

// Lets the disk begin while the rest is still being made, instead of at the end of it all: a third
// of the time to write 120 MB here. Only a hint, whose failure is fsync's to tell.
void AtomicFile::begin_flush() {
#ifdef SYNC_FILE_RANGE_WRITE
  constexpr std::uint64_t piece = std::uint64_t{8} << 20;
  if (written_ - flushing_ < piece) return;
  (void)::sync_file_range(file_, static_cast<off64_t>(flushing_),
                          static_cast<off64_t>(written_ - flushing_), SYNC_FILE_RANGE_WRITE);
  flushing_ = written_;
#endif
}

void AtomicFile::commit() {
  if (attempt([&] { return ::fsync(file_); }) != 0) fail("cannot flush to the disk", errno);
  // Opened before the rename, so that only one failure is left to come after it.
  const int directory = attempt(
      [&] { return ::open(directory_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (directory < 0) fail("cannot open its directory", errno);
  // Closed, and with that unlocked, only after the rename, or another process could take the file
  // for a leftover. fsync has reported all that close could report.
  if (attempt([&] { return ::rename(temporary_.c_str(), path_.c_str()); }) != 0) {
    const int error = errno;
    ::close(directory);
    fail("cannot rename the temporary file", error);
  }
  temporary_.clear();
  ::close(std::exchange(file_, -1));
  const int flushed = attempt([&] { return ::fsync(directory); });
  const int error = errno;
  ::close(directory);
  // Some file systems cannot flush a directory, and then have nothing to flush.
  if (flushed != 0 && error != EINVAL) fail("cannot flush its directory to the disk", error);
}

int remove_stale_temporaries(const std::string& path) {
  int removed = 0;
  const std::string prefix = std::filesystem::path(path).filename().string() + ".tmp-";
  std::error_code error;
  auto entry = std::filesystem::directory_iterator(directory_of(path), error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const pid_t writer = writer_of(entry->path().filename().string(), prefix);
    if (writer == 0 || ::kill(writer, 0) == 0 || errno != ESRCH) continue;
    // The pid is of no process here, but might be one of another machine or container.
    const int file = ::open(entry->path().c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) continue;
    if (::flock(file, LOCK_EX | LOCK_NB) == 0 && ::unlink(entry->path().c_str()) == 0) ++removed;
    ::close(file);
  }
  return removed;
}

std::string errno_text(int error) {
  const std::string text = std::system_category().message(error);
  const char* name = ::strerrorname_np(error);
  return name == nullptr ? text : fmt::format("{} ({})", text, name);
}

}  // namespace xgrad::io
