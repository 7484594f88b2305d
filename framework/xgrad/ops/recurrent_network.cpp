#include "xgrad/ops/recurrent_network.h"

#include "xgrad/core/format.h"
#include "xgrad/kernels/recurrent.h"
#include "xgrad/ops/dropout.h"
#include "xgrad/ops/recurrent_check.h"
#include "xgrad/ops/recurrent_layer.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using kernels::Recurrence;

namespace {

Tensor state_of(const Tensor& states, std::size_t walk) {
  return states.defined() ? states.select(0, static_cast<std::int64_t>(walk)) : states;
}

void check_states(const RecurrentCall& call, const char* name, const Tensor& states,
                  std::int64_t sequences) {
  if (!states.defined()) return;
  const auto walks = static_cast<std::int64_t>(call.walks());
  check(states.dim() == 3 && states.size(0) == walks && states.size(1) == sequences,
        "{}: {} has shape {}, expected [{}, {}, n]", call.op, name, states.sizes().vec(), walks,
        sequences);
}

// x in order of time: [time, batch, features], or the rows of a packed sequence.
RecurrentResult run(const RecurrentCall& call, Tensor x, IntArrayRef batch_sizes) {
  const std::size_t each = 2 + (call.has_biases ? 2U : 0U) + (call.projects ? 1U : 0U);
  check(call.num_layers > 0, "{}: num_layers is {}, expected at least 1", call.op, call.num_layers);
  check(call.params.size() == each * call.walks(),
        "{}: got {} parameters, expected {}: {} for each of {} layers and directions", call.op,
        call.params.size(), each * call.walks(), each, call.walks());
  check_states(call, "h", call.h, batch_sizes.front());
  check_states(call, "c", call.c, batch_sizes.front());

  std::vector<RecurrentSchedule> schedules{make_schedule(batch_sizes, false)};
  if (call.bidirectional) schedules.push_back(make_schedule(batch_sizes, true));
  std::vector<Tensor> last_h, last_c;
  for (std::int64_t layer = 0; layer < call.num_layers; ++layer) {
    if (layer > 0) x = dropout(x, call.dropout, call.train);
    std::vector<Tensor> outputs;
    for (std::size_t direction = 0; direction < call.directions(); ++direction) {
      const std::size_t walk = last_h.size();
      const Tensor* params = call.params.data() + walk * each;
      RecurrentWeights weights{params[0], params[1], {}, {}, {}};
      if (call.has_biases) {
        weights.b_ih = params[2];
        weights.b_hh = params[3];
      }
      if (call.projects) weights.w_hr = params[each - 1];
      const RecurrentState first{state_of(call.h, walk), state_of(call.c, walk)};
      check_layer({call.op, layer, direction == 1}, call.kind, x, batch_sizes.front(), first,
                  weights);
      RecurrentOutput out = recurrent_layer(call.kind, x, schedules[direction], first, weights);
      outputs.push_back(std::move(out.y));
      last_h.push_back(std::move(out.last.h));
      last_c.push_back(std::move(out.last.c));
    }
    x = outputs.size() == 1 ? outputs[0] : cat(outputs, -1);
  }
  return {x, stack(last_h), call.kind == Recurrence::lstm ? stack(last_c) : Tensor()};
}

}  // namespace

RecurrentResult run_padded(const RecurrentCall& call, const Tensor& input, bool batch_first) {
  check(input.dim() == 3, "{}: input has shape {}, expected {}", call.op, input.sizes().vec(),
        batch_first ? "[batch, time, features]" : "[time, batch, features]");
  const Tensor x = batch_first ? input.transpose(0, 1) : input;
  check(x.size(0) > 0, "{}: input has shape {}, expected at least one step", call.op,
        input.sizes().vec());
  RecurrentResult result = run(call, x, Dims(static_cast<std::size_t>(x.size(0)), x.size(1)));
  if (batch_first) result.y = result.y.transpose(0, 1);
  return result;
}

RecurrentResult run_packed(const RecurrentCall& call, const Tensor& data,
                           const Tensor& batch_sizes) {
  check(data.dim() == 2, "{}: the packed data has shape {}, expected [rows, features]", call.op,
        data.sizes().vec());
  return run(call, data, checked_batch_sizes(call.op, batch_sizes, data.size(0)));
}

}  // namespace xgrad
