#include <algorithm>

#include "xgrad/ops/recurrent_layer.h"

namespace xgrad {
namespace {

// Forward: the sequences of a step were all there in the step before; ends come as the batch
// shrinks.
void schedule_forward(RecurrentSchedule& schedule) {
  const auto& sizes = schedule.batch_sizes;
  std::int64_t at = 0, before = RecurrentRun::kInitial;
  for (std::size_t t = 0; t < sizes.size(); ++t) {
    schedule.steps.push_back({at, 0, sizes[t], before});
    const std::int64_t next = t + 1 < sizes.size() ? sizes[t + 1] : 0;
    if (next < sizes[t]) schedule.ends.push_back({at + next, next, sizes[t] - next, before});
    before = at;
    at += sizes[t];
  }
}

// In reverse the batch grows: those that join have no state before.
void schedule_reverse(RecurrentSchedule& schedule) {
  const auto& sizes = schedule.batch_sizes;
  std::int64_t at = schedule.rows, after = 0, joined = 0;
  for (std::size_t t = sizes.size(); t-- > 0;) {
    after = at;
    at -= sizes[t];
    if (joined > 0) schedule.steps.push_back({at, 0, joined, after});
    if (joined < sizes[t]) {
      schedule.steps.push_back({at + joined, joined, sizes[t] - joined, RecurrentRun::kInitial});
    }
    joined = sizes[t];
  }
  schedule.ends.push_back({0, 0, joined, after});
}

}  // namespace

RecurrentSchedule make_schedule(IntArrayRef batch_sizes, bool reverse) {
  RecurrentSchedule schedule;
  schedule.batch_sizes = batch_sizes.vec();
  schedule.reverse = reverse;
  schedule.sequences = batch_sizes.front();
  for (const std::int64_t size : batch_sizes) schedule.rows += size;
  reverse ? schedule_reverse(schedule) : schedule_forward(schedule);
  return schedule;
}

}  // namespace xgrad
