#include "xgrad/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "xgrad/core/format.h"

namespace xgrad {
namespace {

// The pieces in one share for each thread, neighbours together: then a thread meets the same part
// of a tensor again in the next job, and finds it in its own cache. Who has done its share goes on
// with what is left of the others'.
class Job {
 public:
  Job(detail::RangeFunction run, const void* context, std::int64_t first, std::int64_t last,
      std::int64_t grain, int threads)
      : run_(run), context_(context), first_(first), last_(last), grain_(grain) {
    const std::int64_t pieces = (last - first + grain - 1) / grain;
    shares_ = static_cast<int>(std::min<std::int64_t>({threads, kMostShares, pieces}));
    for (int s = 0; s < shares_; ++s)
      share_[s] = {pieces * s / shares_, pieces * (s + 1) / shares_};
  }

  void work(int thread) {
    for (int s = 0; s < shares_; ++s) {
      Share& share = share_[(thread + s) % shares_];
      const std::atomic_ref<std::int64_t> next(share.next);
      for (std::int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < share.end;) {
        const std::int64_t begin = first_ + i * grain_;
        try {
          run_(context_, begin, std::min(begin + grain_, last_));
        } catch (...) {  // the first one is the caller's; the other pieces go on
          if (!failed_.test_and_set()) error_ = std::current_exception();
        }
      }
    }
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

  std::atomic<int> helpers{0};  // workers inside work(); counted up under Pool::mutex_

 private:
  static constexpr int kMostShares = 64;
  struct alignas(64) Share {  // a cache line of its own
    std::int64_t next, end;
  };

  detail::RangeFunction run_;
  const void* context_;
  std::int64_t first_, last_, grain_;
  std::atomic_flag failed_;
  std::exception_ptr error_;
  int shares_;
  Share share_[kMostShares];
};

thread_local bool inside_parallel = false;

// Sleeping workers, no barriers: whoever is awake takes the next piece. When the caller has taken
// the last piece it withdraws the job and waits only for the workers that are in the middle of one.
class Pool {
 public:
  explicit Pool(int workers) {
    for (int i = 1; i <= workers; ++i) threads_.emplace_back([this, i] { serve(i); });
  }
  ~Pool() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  // False if another thread's job has the workers: the caller then works alone.
  bool run(Job& job) {
    {
      std::lock_guard lock(mutex_);
      if (job_ != nullptr) return false;
      job_ = &job;
      generation_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    inside_parallel = true;
    job.work(0);
    inside_parallel = false;
    {
      std::lock_guard lock(mutex_);
      job_ = nullptr;
    }
    const auto done = [&] { return job.helpers.load(std::memory_order_acquire) == 0; };
    if (!look_out_for(done)) {
      std::unique_lock lock(mutex_);
      done_.wait(lock, done);
    }
    return true;
  }

 private:
  // A training step is a train of short jobs: before a thread goes to sleep it looks out for some
  // 100 us for what it waits for, since waking a sleeper takes as long. Each look offers the core
  // to whoever else wants it, so that a busy neighbour is not held up.
  template <class F>
  static bool look_out_for(const F& happened) {
    for (int i = 0; i < 200; ++i) {
      if (happened()) return true;
      std::this_thread::yield();
    }
    return false;
  }

  void serve(int thread) {
    inside_parallel = true;
    std::uint64_t seen = 0;
    for (;;) {
      look_out_for([&] { return generation_.load(std::memory_order_acquire) != seen; });
      std::unique_lock lock(mutex_);
      wake_.wait(lock,
                 [&] { return stop_ || generation_.load(std::memory_order_relaxed) != seen; });
      if (stop_) return;
      seen = generation_.load(std::memory_order_relaxed);
      Job* job = job_;
      if (job == nullptr) continue;
      ++job->helpers;
      lock.unlock();
      job->work(thread);
      lock.lock();
      if (--job->helpers == 0) done_.notify_all();  // callers of two jobs may wait
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::atomic<std::uint64_t> generation_{0};
  Job* job_ = nullptr;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

int default_threads() {
  if (const char* text = std::getenv("OMP_NUM_THREADS")) {
    const int n = std::atoi(text);
    if (n >= 1) return n;
  }
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::atomic<int> thread_count{0};
std::mutex pool_mutex;
std::shared_ptr<Pool> pool;  // made at its first use

std::shared_ptr<Pool> acquire_pool() {
  std::lock_guard lock(pool_mutex);
  if (!pool) pool = std::make_shared<Pool>(get_num_threads() - 1);
  return pool;
}

}  // namespace

void set_num_threads(int n) {
  check(n >= 1, "set_num_threads: expected at least 1 thread, got {}", n);
  std::shared_ptr<Pool> old;
  std::lock_guard lock(pool_mutex);
  if (n != thread_count.exchange(n)) old.swap(pool);
}

int get_num_threads() {
  int n = thread_count.load(std::memory_order_relaxed);
  if (n == 0) {
    n = default_threads();
    thread_count.store(n);
  }
  return n;
}

void detail::parallel_for(std::int64_t first, std::int64_t last, std::int64_t grain,
                          RangeFunction run, const void* context) {
  if (const int threads = inside_parallel ? 1 : get_num_threads(); threads > 1) {
    Job job(run, context, first, last, grain, threads);
    if (acquire_pool()->run(job)) return job.rethrow();
  }
  for (; first < last; first += grain) run(context, first, std::min(first + grain, last));
}

}  // namespace xgrad
