// Fault injection for AtomicFile, for tests only. Private to the library's sources.
//
//   FileFaults faults(3, ENOSPC);  // the third system call from here on fails
//
// Calls of all threads are counted: a writer may use several, one at a time. One object at a time.
#pragma once

namespace xgrad::io {

class FileFaults {
 public:
  // `fail_at` counts from 1; 0 only counts.
  FileFaults(int fail_at, int error);
  FileFaults(const FileFaults&) = delete;
  FileFaults& operator=(const FileFaults&) = delete;
  ~FileFaults();

  int calls() const;  // system calls so far
  bool hit() const;   // whether one was made to fail
};

// What AtomicFile asks before each system call: the errno to fail with, or 0.
int next_fault();

}  // namespace xgrad::io
