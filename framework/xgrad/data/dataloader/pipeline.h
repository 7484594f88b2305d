// Pipeline: requests go in on the caller's side, worker threads turn them into batches, and the
// caller takes these out, in the order of the requests or as they come.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "xgrad/core/error.h"
#include "xgrad/core/tensor_options.h"

namespace xgrad::data::detail {

template <class Request, class Batch>
class Pipeline {
 public:
  // Either a batch (or none: the dataset has no more), or what the dataset threw.
  struct Result {
    optional<Batch> batch;
    std::exception_ptr exception;
  };

  explicit Pipeline(bool ordered) : ordered_(ordered) {}

  void push(Request request) {
    {
      const std::lock_guard lock(mutex_);
      requests_.emplace_back(pushed_++, std::move(request));
    }
    wanted_.notify_one();
  }

  // The next result; nothing if none is under way. Errors: `timeout` passes.
  optional<Result> take(const optional<std::chrono::milliseconds>& timeout) {
    std::unique_lock lock(mutex_);
    if (requests_.empty() && running_ == 0 && results_.empty()) return nullopt;
    const auto ready = [&] {
      return !results_.empty() && (!ordered_ || results_.begin()->first == taken_);
    };
    if (!timeout) {
      finished_.wait(lock, ready);
    } else if (!finished_.wait_for(lock, *timeout, ready)) {
      fail("DataLoader: no batch came within the timeout of " + std::to_string(timeout->count()) +
           " ms");
    }
    auto first = results_.extract(results_.begin());
    ++taken_;
    return std::move(first.mapped());
  }

  // Forgets all requests and results; waits for the workers to finish what they have begun.
  void drain() {
    std::unique_lock lock(mutex_);
    requests_.clear();
    finished_.wait(lock, [&] { return running_ == 0; });
    results_.clear();
    taken_ = pushed_;
  }

  // Drains and makes all workers return.
  void stop() {
    drain();
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wanted_.notify_all();
  }

  // A worker's life: get_batch(request) for one request after the other, until stop().
  template <class F>
  void work(const F& get_batch) {
    std::unique_lock lock(mutex_);
    while (true) {
      wanted_.wait(lock, [&] { return stopped_ || !requests_.empty(); });
      if (stopped_) return;
      std::pair<std::size_t, Request> job = std::move(requests_.front());
      requests_.pop_front();
      ++running_;
      lock.unlock();
      Result result;
      try {
        result.batch = get_batch(std::move(job.second));
      } catch (...) {
        result.exception = std::current_exception();
      }
      lock.lock();
      --running_;
      results_.emplace(job.first, std::move(result));
      finished_.notify_all();
    }
  }

 private:
  const bool ordered_;
  std::mutex mutex_;
  std::condition_variable wanted_, finished_;
  std::deque<std::pair<std::size_t, Request>> requests_;
  std::map<std::size_t, Result> results_;  // by the number of the request
  std::size_t pushed_ = 0;
  std::size_t taken_ = 0;
  std::size_t running_ = 0;
  bool stopped_ = false;
};

}  // namespace xgrad::data::detail
