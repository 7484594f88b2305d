// Archives, as libtorch programs write and read them. Compiles against libtorch too.
#include <torch/torch.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>

namespace {

namespace nn = torch::nn;

struct NetImpl : nn::Module {
  NetImpl() {
    fc = register_module("fc", nn::Linear(2, 3));
    norm = register_module("norm", nn::BatchNorm1d(3));
  }
  torch::Tensor forward(torch::Tensor x) { return norm(fc(x)); }
  nn::Linear fc{nullptr};
  nn::BatchNorm1d norm{nullptr};
};
TORCH_MODULE(Net);

struct File {
  std::string path =
      (std::filesystem::temp_directory_path() / ("archive_test_" + std::to_string(::getpid())))
          .string();
  ~File() { std::remove(path.c_str()); }
};

TEST_CASE("a module goes into an archive and comes back") {
  const File file;
  Net net, other;
  net(torch::randn({4, 2}));
  torch::serialize::OutputArchive out;
  net->save(out);
  out.save_to(file.path);
  torch::serialize::InputArchive in;
  in.load_from(file.path);
  other->load(in);
  other->eval(), net->eval();
  const auto x = torch::randn({4, 2});
  REQUIRE(other(x).equal(net(x)));
  REQUIRE(other->norm->num_batches_tracked.item<int64_t>() == 1);
}

TEST_CASE("save and archives read each other's files") {
  const File file;
  Net net, other, third;
  torch::save(net, file.path);
  torch::serialize::InputArchive in;
  in.load_from(file.path, torch::kCPU);
  other->load(in);
  REQUIRE(other->fc->weight.equal(net->fc->weight));
  torch::serialize::OutputArchive out;
  net->save(out);
  out.save_to(file.path);
  torch::load(third, file.path);
  REQUIRE(third->fc->weight.equal(net->fc->weight));
}

TEST_CASE("tensors, values and nested archives come back by name") {
  torch::serialize::OutputArchive out, inner;
  inner.write("weight", torch::full({2}, 5.0));
  out.write("x", torch::arange(3), /*is_buffer=*/true);
  out.write("epoch", c10::IValue(3));
  out.write("rate", c10::IValue(0.5));
  out.write("name", c10::IValue("net"));
  out.write("inner", inner);
  std::stringstream stream;
  out.save_to(stream);

  torch::serialize::InputArchive in;
  in.load_from(stream);
  torch::Tensor x, missing, weight = torch::zeros({3});
  const torch::Tensor same = weight;
  c10::IValue value;
  in.read("x", x, /*is_buffer=*/true);
  REQUIRE(x.equal(torch::arange(3)));
  in.read("epoch", value);
  REQUIRE(value.toInt() == 3);
  in.read("rate", value);
  REQUIRE(value.toDouble() == 0.5);
  in.read("name", value);
  REQUIRE(value.toStringRef() == "net");
  REQUIRE(!in.try_read("missing", missing));
  REQUIRE(!missing.defined());
  torch::serialize::InputArchive part;
  in.read("inner", part);
  part.read("weight", weight);
  REQUIRE(same.equal(torch::full({2}, 5.0)));  // all handles see what was read
}

TEST_CASE("an optimizer's state goes through an archive") {
  Net net;
  const auto options = torch::optim::AdamOptions(0.1);
  torch::optim::Adam adam(net->parameters(), options), other(net->parameters(), options);
  net(torch::randn({4, 2})).sum().backward();
  adam.step();
  torch::serialize::OutputArchive out;
  adam.save(out);
  std::stringstream stream;
  out.save_to(stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  other.load(in);
  REQUIRE(other.state().size() == adam.state().size());
}

TEST_CASE("save and load take functions and memory") {
  const auto x = torch::randn({2, 3});
  std::string bytes;
  torch::save(x, [&](const void* data, size_t size) {
    bytes.append(static_cast<const char*>(data), size);
    return size;
  });
  torch::Tensor from_memory, from_function;
  torch::load(from_memory, bytes.data(), bytes.size());
  REQUIRE(from_memory.equal(x));
  torch::load(
      from_function,
      [&](uint64_t at, void* data, size_t size) -> size_t {
        std::memcpy(data, bytes.data() + at, size);
        return size;
      },
      [&] { return bytes.size(); });
  REQUIRE(from_function.equal(x));
}

}  // namespace
