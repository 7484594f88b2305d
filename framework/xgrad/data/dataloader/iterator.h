// Iterator: goes once through a loader's batches, as a range-for does. The loader must outlive it.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include "xgrad/core/error.h"
#include "xgrad/core/tensor_options.h"

namespace xgrad::data {

template <class Batch>
class Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Batch;
  using pointer = Batch*;
  using reference = Batch&;
  using iterator_category = std::input_iterator_tag;
  using BatchProducer = std::function<optional<Batch>()>;

  // The end.
  Iterator() = default;
  // `next` gives nothing at the end; it is first called when the first batch is asked for.
  explicit Iterator(BatchProducer next) : state_(std::make_shared<State>()) {
    state_->next = std::move(next);
  }

  Iterator& operator++() {
    valid("increment");
    state_->batch = state_->next();
    return *this;
  }
  void operator++(int) { ++*this; }
  Batch& operator*() const { return valid("dereference"); }
  Batch* operator->() const { return &valid("dereference"); }

  // Copies of one iterator are equal; an exhausted one is equal to the end.
  friend bool operator==(const Iterator& a, const Iterator& b) {
    return a.state_ == b.state_ || (a.at_end() && b.at_end());
  }
  friend bool operator!=(const Iterator& a, const Iterator& b) { return !(a == b); }

 private:
  struct State {
    BatchProducer next;
    optional<Batch> batch;
    bool begun = false;
  };

  bool at_end() const {
    if (!state_) return true;
    if (!state_->begun) {
      state_->batch = state_->next();
      state_->begun = true;
    }
    return !state_->batch.has_value();
  }
  Batch& valid(const char* what) const {
    if (at_end()) fail(std::string("DataLoader: cannot ") + what + " an iterator at its end");
    return *state_->batch;
  }

  std::shared_ptr<State> state_;
};

}  // namespace xgrad::data
