// Functions whose derivative the caller computes: a node of autograd's graph that calls back.
#include "shim.h"

#include <torch/csrc/autograd/custom_function.h>

using namespace segnext;

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The caller's state: released when the node goes, whether or not a backward pass has come.
struct State : torch::CustomClassHolder {
  State(segnext_backward_function backward, segnext_release_function release, void* value, int32_t inputs)
      : backward(backward), release(release), value(value), inputs(inputs) {}

  ~State() override { release(value); }

  segnext_backward_function backward;
  segnext_release_function release;
  void* value;
  int32_t inputs;
};

// What the forward pass gave, in a type that libtorch does not take for inputs.
struct Given {
  variable_list outputs;
  variable_list saved;
  c10::intrusive_ptr<State> state;
};

// New handles that a callback will own.
std::vector<segnext_tensor*> wrap_all(const variable_list& tensors) {
  std::vector<segnext_tensor*> handles;
  handles.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) {
    handles.push_back(tensor.defined() ? wrap(tensor) : nullptr);
  }

  return handles;
}

struct Managed : torch::autograd::Function<Managed> {
  static variable_list forward(AutogradContext* context, at::TensorList, const Given& given) {
    context->saved_data["state"] = at::IValue::make_capsule(given.state);
    context->save_for_backward(given.saved);
    return given.outputs;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto capsule = context->saved_data["state"].toCapsule();
    const State& state = static_cast<const State&>(*capsule);
    std::vector<segnext_tensor*> saved = wrap_all(context->get_saved_variables());
    std::vector<segnext_tensor*> outputs = wrap_all(gradients);
    std::vector<segnext_tensor*> inputs(static_cast<size_t>(state.inputs), nullptr);
    const int64_t failure =
        state.backward(state.value, outputs.data(), static_cast<int32_t>(outputs.size()), saved.data(),
                       static_cast<int32_t>(saved.size()), inputs.data(), state.inputs);

    // Taken over before anything is thrown, so that no handle is lost. One more result for `given`.
    variable_list results(inputs.size() + 1);
    for (size_t i = 0; i < inputs.size(); i++) {
      if (inputs[i] != nullptr) {
        results[i] = unwrap(inputs[i]);
      }
    }

    if (failure != 0) {
      throw callback_error(failure);
    }

    return results;
  }
};

}  // namespace

extern "C" {

int32_t segnext_custom_function(const segnext_tensor* const* inputs, int32_t input_count,
                                const segnext_tensor* const* outputs, int32_t output_count,
                                const segnext_tensor* const* saved, int32_t saved_count,
                                segnext_backward_function backward, segnext_release_function release, void* state,
                                segnext_tensor** results) {
  return guard([&] {
    Given given;
    given.state = c10::make_intrusive<State>(backward, release, state, input_count);
    given.outputs = list(outputs, output_count);
    given.saved = list(saved, saved_count);
    const variable_list values = list(inputs, input_count);
    const variable_list recorded = Managed::apply(at::TensorList(values), given);
    for (int32_t i = 0; i < output_count; i++) {
      results[i] = wrap(recorded[static_cast<size_t>(i)]);
    }
  });
}

int32_t segnext_last_callback_error(int64_t* failure) {
  return guard([&] { *failure = last_failure; });
}

}  // extern "C"
