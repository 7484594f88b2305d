// The tape as Graphviz text.
#include "xgrad/autograd/to_dot.h"

#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {

using autograd::to_dot;

namespace {

std::string graph(const std::string& body) {
  return "digraph tape {\n  node [fontname=\"monospace\"];\n  edge [fontname=\"monospace\"];\n" +
         body + "}\n";
}

}  // namespace

TEST_CASE("to_dot draws leaves, ops and the output with their shapes", "[autograd]") {
  const Tensor x = ones({2, 3}, requires_grad()), w = ones({3}, requires_grad());
  const Tensor hidden = (x * w).exp();
  CHECK(to_dot(hidden.sum(), {{"w", w}, {"hidden", hidden}}) ==
        graph("  n0 [label=\"output\\nfloat32 []\", shape=box, style=bold];\n"
              "  n1 -> n0 [label=\"[]\"];\n"
              "  n1 [label=\"SumBackward0\"];\n"
              "  n2 -> n1 [label=\"[2, 3]\"];\n"
              "  n2 [label=\"hidden\\nExpBackward0\"];\n"
              "  n3 -> n2 [label=\"[2, 3]\"];\n"
              "  n3 [label=\"MulBackward0\"];\n"
              "  n4 -> n3 [label=\"[2, 3]\"];\n"
              "  n5 -> n3 [label=\"[3]\"];\n"
              "  n5 [label=\"w\\nfloat32 [3]\", shape=box];\n"
              "  n4 [label=\"leaf\\nfloat32 [2, 3]\", shape=box];\n"));
}

TEST_CASE("to_dot draws what is shared once", "[autograd]") {
  const Tensor x = ones({}, requires_grad());
  const Tensor y = x * 2;
  const std::string text = to_dot({y + y, y.exp()}, {{"x", x}});
  const auto count = [&](const std::string& part) {
    int found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
      ++found;
    return found;
  };
  CHECK(count("MulBackward1") == 1);
  CHECK(count("label=\"x\\n") == 1);
  CHECK(count("output 0") == 1);
  CHECK(count("output 1") == 1);
  CHECK(count(" -> ") == 6);  // two outputs, y + y twice, exp, x
}

TEST_CASE("to_dot of a tensor without history is its box", "[autograd]") {
  CHECK(to_dot(ones({2})) ==
        graph("  n0 [label=\"output\\nfloat32 [2]\", shape=box, style=bold];\n"));
  const Tensor x = ones({2}, requires_grad());
  CHECK(to_dot(x, {{"the \"x\"", x}}) ==
        graph("  n0 [label=\"the \\\"x\\\"\\nfloat32 [2]\", shape=box, style=bold];\n"));
  CHECK(error_of([] { to_dot(Tensor()); }) == "to_dot: output is undefined, expected a tensor");
}

TEST_CASE("to_dot takes a module's names and shows places of anomaly mode", "[autograd]") {
  nn::Sequential net(nn::Linear(2, 3), nn::ReLU());
  const autograd::DetectAnomalyGuard detect;
  const std::string text = to_dot(net->forward(ones({1, 2})), net->named_parameters());
  CHECK(text.find("label=\"0.weight\\nfloat32 [3, 2]\"") != std::string::npos);
  CHECK(text.find("label=\"0.bias\\nfloat32 [3]\"") != std::string::npos);
  CHECK(text.find("label=\"ReluBackward0\", tooltip=\"") != std::string::npos);
}

}  // namespace xgrad::testing
