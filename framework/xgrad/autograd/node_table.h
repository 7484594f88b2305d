// NodeTable: from a node to a number, for the engine. Private to autograd.
//
// Open addressing with linear probing: std::unordered_map allocates for each entry, which costs
// more than the rest of a step on a small tensor (40 of 60 ns).
#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace xgrad::autograd {

class Node;

class NodeTable {
 public:
  // The place of the node's number; `is_new` if it had none, and then it is to be written.
  std::uint32_t& find_or_add(const Node* node, bool& is_new) {
    if (size_ * 2 >= slots_.size()) grow();
    std::size_t i = home(node);
    while (slots_[i].node != nullptr && slots_[i].node != node) i = next(i);
    is_new = slots_[i].node == nullptr;
    size_ += is_new ? 1 : 0;
    slots_[i].node = node;
    return slots_[i].number;
  }

  // The node must be there.
  void erase(const Node* node) {
    std::size_t hole = home(node);
    while (slots_[hole].node != node) hole = next(hole);
    --size_;
    // Those behind the hole move up unless they are nearer to their own home already.
    for (std::size_t i = next(hole); slots_[i].node != nullptr; i = next(i)) {
      const std::size_t from_home = (i - home(slots_[i].node)) & (slots_.size() - 1);
      const std::size_t from_hole = (i - hole) & (slots_.size() - 1);
      if (from_home < from_hole) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole].node = nullptr;
  }

 private:
  struct Slot {
    const Node* node = nullptr;
    std::uint32_t number = 0;
  };

  std::size_t home(const Node* node) const {
    // Fibonacci hashing: the top bits of a product spread addresses that differ by cache lines.
    return (reinterpret_cast<std::uintptr_t>(node) * 0x9E3779B97F4A7C15U) >> shift_;
  }
  std::size_t next(std::size_t i) const { return (i + 1) & (slots_.size() - 1); }
  void grow() {
    const std::vector<Slot> before =
        std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(slots_.size() * 2, 16)));
    shift_ = 64 - std::countr_zero(slots_.size());
    for (const Slot& slot : before) {
      if (slot.node == nullptr) continue;
      std::size_t i = home(slot.node);
      while (slots_[i].node != nullptr) i = next(i);
      slots_[i] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
  int shift_ = 64;
};

}  // namespace xgrad::autograd
