// The ground: allocator, threads, generator, instruction sets.
#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <numeric>
#include <thread>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {

TEST_CASE("a freed block is used again and counted", "[core]") {
  memory::empty_cache();
  const std::size_t before = memory::stats().current_bytes;
  void* block = memory::allocate(100'000);
  CHECK(memory::stats().current_bytes == before + 100'000);
  std::memset(block, 1, 100'000);
  memory::deallocate(block, 100'000);
  CHECK(memory::stats().current_bytes == before);
  CHECK(memory::stats().cached_bytes >= 100'000);
  const std::size_t calls = memory::stats().system_allocations;
  void* again = memory::allocate(100'000);
  CHECK(again == block);
  CHECK(memory::stats().system_allocations == calls);
  memory::deallocate(again, 100'000);
  memory::empty_cache();
  CHECK(memory::stats().cached_bytes == 0);
}

TEST_CASE("blocks of every size are aligned and hold what is written", "[core]") {
  std::vector<std::pair<char*, std::size_t>> blocks;
  for (std::size_t bytes = 0; bytes < 40'000; bytes += 1 + bytes / 7) {
    auto* block = static_cast<char*>(memory::allocate(bytes));
    CHECK(reinterpret_cast<std::uintptr_t>(block) % memory::kAlignment == 0);
    std::memset(block, static_cast<int>(bytes % 251), bytes);
    blocks.emplace_back(block, bytes);
  }
  for (const auto& [block, bytes] : blocks) {
    bool intact = true;
    for (std::size_t i = 0; i < bytes; ++i)
      intact = intact && block[i] == static_cast<char>(bytes % 251);
    CHECK(intact);
    memory::deallocate(block, bytes);
  }
}

TEST_CASE("a training step allocates nothing from the system after its first rounds", "[core]") {
  const Tensor w = randn({64, 64}, requires_grad());
  const auto step = [&] {
    const Tensor loss = einsum("ij,jk->ik", {w, w}).tanh().sum();
    loss.backward();
    w.mutable_grad().zero_();
  };
  for (int i = 0; i < 3; ++i) step();
  const std::size_t calls = memory::stats().system_allocations;
  for (int i = 0; i < 10; ++i) step();
  CHECK(memory::stats().system_allocations == calls);
}

TEST_CASE("parallel_for covers every index once, nested and from several threads", "[core]") {
  const int threads = get_num_threads();
  for (const int n : {1, 2, 4}) {
    set_num_threads(n);
    std::vector<std::atomic<int>> hits(10'000);
    const auto cover = [&] {
      parallel_for(0, 10'000, 97, [&](std::int64_t first, std::int64_t last) {
        parallel_for(first, last, 10, [&](std::int64_t a, std::int64_t b) {
          for (std::int64_t i = a; i < b; ++i) ++hits[static_cast<std::size_t>(i)];
        });
      });
    };
    std::thread other(cover), another(cover);
    cover();
    other.join();
    another.join();
    CHECK(std::all_of(hits.begin(), hits.end(),
                      [](const std::atomic<int>& hit) { return hit == 3; }));
  }
  set_num_threads(threads);
  CHECK(error_of([] { set_num_threads(0); }) ==
        "set_num_threads: expected at least 1 thread, got 0");
}

TEST_CASE("what a piece of parallel_for throws reaches the caller, and the threads go on",
          "[core]") {
  const int threads = get_num_threads();
  for (const int n : {1, 2, 4}) {
    set_num_threads(n);
    for (int round = 0; round < 20; ++round) {
      CHECK_THROWS_WITH(parallel_for(0, 1000, 1,
                                     [&](std::int64_t first, std::int64_t) {
                                       if (first == 30 * round) throw std::runtime_error("thrown");
                                     }),
                        "thrown");
    }
    std::atomic<std::int64_t> sum{0};
    parallel_for(0, 1000, 1, [&](std::int64_t first, std::int64_t) { sum += first; });
    CHECK(sum == 499'500);
  }
  set_num_threads(threads);
}

TEST_CASE("results do not depend on the number of threads", "[core]") {
  manual_seed(3);
  const Tensor a = randn({300, 301}), b = randn({301, 299});
  const int threads = get_num_threads();
  set_num_threads(1);
  const Tensor one = matmul(a, b), sum_one = a.sum(), mean_one = a.mean(0), soft_one = a.softmax(1);
  set_num_threads(3);
  CHECK_THAT(matmul(a, b), Identical(one));
  CHECK_THAT(a.sum(), Identical(sum_one));
  CHECK_THAT(a.mean(0), Identical(mean_one));
  CHECK_THAT(a.softmax(1), Identical(soft_one));
  set_num_threads(threads);
}

TEST_CASE("the generator gives PyTorch's numbers and restores its state", "[core]") {
  // python3 -c "import torch; torch.manual_seed(0); print(torch.rand(4).tolist(), torch.rand(2,
  // dtype=torch.float64).tolist(),
  //   torch.randn(3).tolist(), torch.randn(17)[[0, 8, 16]].tolist())"
  manual_seed(0);
  CHECK_THAT(rand({4}), Near(tensor({0.4962565898895264, 0.7682217955589294, 0.08847743272781372,
                                     0.13203048706054688}),
                             1e-7));
  const std::string state = default_generator().state();
  const Tensor first = randn({3}), second = randn({40});
  default_generator().set_state(state);
  CHECK_THAT(randn({3}), Identical(first));
  CHECK_THAT(randn({40}), Identical(second));
  CHECK(error_of([] { default_generator().set_state("1 2"); }) ==
        "Generator::set_state: the text is not a generator state, expected what state() returned");
}

TEST_CASE("every instruction set gives the same sums of products up to rounding", "[core]") {
  const InstructionSet best = instruction_set();
  const Tensor a = randn({33, 65}), b = randn({65, 17});
  const Tensor expected = matmul(a.to(kDouble), b.to(kDouble));
  for (const InstructionSet set : available_instruction_sets()) {
    set_instruction_set(set);
    CHECK_THAT(matmul(a, b), Near(expected, 1e-4));
    CHECK_THAT(a.exp(), Near(a.to(kDouble).exp(), 1e-6));
  }
  set_instruction_set(best);
}

TEST_CASE("a generator's state is also a tensor of bytes", "[core]") {
  Generator generator(7);
  generator.normal(0, 1);
  const Tensor state = generator.get_state();
  const double next = generator.normal(0, 1);
  generator.random();
  generator.set_state(state);
  CHECK(generator.normal(0, 1) == next);
  CHECK_THROWS_AS(generator.set_state(ones({3})), Error);
  CHECK_THROWS_AS(generator.set_state(zeros({3}, kByte)), Error);
}

}  // namespace xgrad::testing
