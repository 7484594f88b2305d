// OrderedDict<Key, Value>: values by name that keep the order in which they came.
//
//   for (const auto& item : module->named_parameters()) std::cout << item.key() << *item;
//   if (Tensor* weight = dict.find("weight")) weight->zero_();
//
// Mirrors torch::OrderedDict. The key description ("parameter") opens the messages about keys.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "xgrad/core/error.h"

namespace xgrad {

template <class Key, class Value>
class OrderedDict {
 public:
  class Item {
   public:
    Item(Key key, Value value) : pair_(std::move(key), std::move(value)) {}
    Value& operator*() { return pair_.second; }
    const Value& operator*() const { return pair_.second; }
    Value* operator->() { return &pair_.second; }
    const Value* operator->() const { return &pair_.second; }
    const Key& key() const noexcept { return pair_.first; }
    Value& value() noexcept { return pair_.second; }
    const Value& value() const noexcept { return pair_.second; }
    const std::pair<Key, Value>& pair() const noexcept { return pair_; }

   private:
    std::pair<Key, Value> pair_;
  };
  using Iterator = typename std::vector<Item>::iterator;
  using ConstIterator = typename std::vector<Item>::const_iterator;

  explicit OrderedDict(std::string key_description = "Key")
      : description_(std::move(key_description)) {}
  // Errors: a key twice.
  OrderedDict(std::initializer_list<Item> items) : OrderedDict("Key") {
    for (const Item& item : items) insert(item.key(), item.value());
  }

  const std::string& key_description() const noexcept { return description_; }
  std::size_t size() const noexcept { return items_.size(); }
  bool is_empty() const noexcept { return items_.empty(); }
  bool empty() const noexcept { return items_.empty(); }
  void reserve(std::size_t count) {
    index_.reserve(count);
    items_.reserve(count);
  }

  // Errors: the dictionary is empty.
  Item& front() { return items_[checked(0)]; }
  const Item& front() const { return items_[checked(0)]; }
  Item& back() { return items_[checked(items_.size() - 1)]; }
  const Item& back() const { return items_[checked(items_.size() - 1)]; }
  // Errors: a position or key that is not there.
  Item& operator[](std::size_t position) { return items_[checked(position)]; }
  const Item& operator[](std::size_t position) const { return items_[checked(position)]; }
  Value& operator[](const Key& key) { return items_[position_of(key)].value(); }
  const Value& operator[](const Key& key) const { return items_[position_of(key)].value(); }

  // Null where the key is not there.
  Value* find(const Key& key) noexcept {
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &items_[found->second].value();
  }
  const Value* find(const Key& key) const noexcept {
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &items_[found->second].value();
  }
  bool contains(const Key& key) const noexcept { return find(key) != nullptr; }

  Iterator begin() { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator begin() const { return items_.begin(); }
  ConstIterator end() const { return items_.end(); }
  const std::vector<Item>& items() const noexcept { return items_; }

  // Errors: the key is there already.
  Value& insert(Key key, Value value) {
    if (contains(key)) fail(named(key) + " is defined already, expected a new one");
    items_.emplace_back(std::move(key), std::move(value));
    index_.emplace(items_.back().key(), items_.size() - 1);
    return items_.back().value();
  }
  // Inserts all items of the other. Errors: a key that is there already.
  void update(const OrderedDict& other) {
    reserve(size() + other.size());
    for (const Item& item : other) insert(item.key(), item.value());
  }
  void update(OrderedDict&& other) {
    reserve(size() + other.size());
    for (Item& item : other) insert(item.key(), std::move(item.value()));
  }
  // Errors: a key that is not there.
  void erase(const Key& key) {
    const std::size_t position = position_of(key);
    index_.erase(key);
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(position));
    for (auto& entry : index_) entry.second -= entry.second > position ? 1 : 0;
  }
  void clear() {
    index_.clear();
    items_.clear();
  }

  std::vector<Key> keys() const {
    std::vector<Key> keys;
    keys.reserve(size());
    for (const Item& item : items_) keys.push_back(item.key());
    return keys;
  }
  std::vector<Value> values() const {
    std::vector<Value> values;
    values.reserve(size());
    for (const Item& item : items_) values.push_back(item.value());
    return values;
  }
  std::vector<std::pair<Key, Value>> pairs() const {
    std::vector<std::pair<Key, Value>> pairs;
    pairs.reserve(size());
    for (const Item& item : items_) pairs.push_back(item.pair());
    return pairs;
  }

  friend bool operator==(const OrderedDict& a, const OrderedDict& b) requires
      requires(const Value& x, const Value& y) {
    static_cast<bool>(x == y);
  }
  {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(a.items_[i].key() == b.items_[i].key()) || !(*a.items_[i] == *b.items_[i]))
        return false;
    }
    return true;
  }

 private:
  std::string named(const Key& key) const {
    if constexpr (std::is_convertible_v<const Key&, std::string>) {
      return description_ + " '" + std::string(key) + "'";
    } else if constexpr (std::is_arithmetic_v<Key>) {
      return description_ + " " + std::to_string(key);
    } else {
      return description_;
    }
  }
  std::size_t position_of(const Key& key) const {
    const auto found = index_.find(key);
    if (found == index_.end()) fail(named(key) + " is not defined");
    return found->second;
  }
  std::size_t checked(std::size_t position) const {
    if (position >= items_.size()) {
      fail_index("index " + std::to_string(static_cast<std::ptrdiff_t>(position)) +
                 " is out of range, the dictionary has " + std::to_string(items_.size()) +
                 " items");
    }
    return position;
  }

  std::unordered_map<Key, std::size_t> index_;
  std::vector<Item> items_;
  std::string description_;
};

}  // namespace xgrad
