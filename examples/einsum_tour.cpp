// Tour of einsum: each call of PyTorch's einsum page, forward and backward, in PyTorch's form.
//
// Data:    none (random numbers of seed 0)
// Command: einsum_tour
// Result:  the tensors of the examples of
//          https://pytorch.org/docs/stable/generated/torch.einsum.html (with this seed's numbers),
//          each with the gradient of its sum, and the path of a contraction of three operands.
#include <iostream>

#include "xgrad/xgrad.h"

using xgrad::einsum;
using xgrad::Ellipsis;
using xgrad::Tensor;

namespace {

void show(const char* title, const Tensor& result, const Tensor& x) {
  std::cout << "\n# " << title << "\n" << result.detach() << "\n";
  const Tensor dx = xgrad::autograd::grad({result.sum()}, {x})[0];
  std::cout << "gradient of its sum by the first operand:\n" << dx << "\n";
}

}  // namespace

int main() {
  xgrad::manual_seed(0);

  const Tensor square = xgrad::randn({4, 4}, xgrad::requires_grad());
  show("trace: einsum(\"ii\", x)", einsum("ii", {square}), square);
  show("diagonal: einsum(\"ii->i\", x)", einsum("ii->i", {square}), square);

  const Tensor x = xgrad::randn({5}, xgrad::requires_grad()), y = xgrad::randn({4});
  show("outer product: einsum(\"i,j->ij\", x, y)", einsum("i,j->ij", {x, y}), x);

  const Tensor As = xgrad::randn({3, 2, 5}, xgrad::requires_grad()), Bs = xgrad::randn({3, 5, 4});
  show("batch matrix multiplication: einsum(\"bij,bjk->bik\", As, Bs)",
       einsum("bij,bjk->bik", {As, Bs}), As);

  show("with sublist format and ellipsis: einsum(As, [..., 0, 1], Bs, [..., 1, 2], [..., 0, 2])",
       einsum(As, {Ellipsis, 0, 1}, Bs, {Ellipsis, 1, 2}, {Ellipsis, 0, 2}), As);

  const Tensor A = xgrad::randn({2, 3, 4, 5}, xgrad::requires_grad());
  const Tensor permuted = einsum("...ij->...ji", {A});
  std::cout << "\n# batch permute: einsum(\"...ij->...ji\", A).sizes()\n"
            << permuted.sizes() << "\n";

  const Tensor weights = xgrad::randn({3, 5, 4}, xgrad::requires_grad());
  const Tensor l = xgrad::randn({2, 5}), r = xgrad::randn({2, 4});
  show("bilinear: einsum(\"bn,anm,bm->ba\", l, weights, r)",
       einsum("bn,anm,bm->ba", {l, weights, r}), weights);

  const Tensor vector = xgrad::randn({3}, xgrad::requires_grad());
  show("beyond PyTorch, a diagonal written: einsum(\"i->ii\", x)", einsum("i->ii", {vector}),
       vector);

  std::cout << "\n# einsum_path(\"bn,anm,bm->ba\", l, weights, r)\n"
            << xgrad::einsum_path("bn,anm,bm->ba", {l, weights, r}).table() << "\n";
}
