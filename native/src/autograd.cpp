// Recording and running backwards.
#include "shim.h"

#include <torch/csrc/autograd/autograd.h>

using namespace segnext;

extern "C" {

int32_t segnext_get_grad_mode(int32_t* on) {
  return guard([&] { *on = at::GradMode::is_enabled() ? 1 : 0; });
}

int32_t segnext_set_grad_mode(int32_t on) {
  return guard([&] { at::GradMode::set_enabled(on != 0); });
}

int32_t segnext_get_requires_grad(const segnext_tensor* x, int32_t* on) {
  return guard([&] { *on = in(x).requires_grad() ? 1 : 0; });
}

int32_t segnext_set_requires_grad(segnext_tensor* x, int32_t on) {
  return guard([&] { in(x).requires_grad_(on != 0); });
}

int32_t segnext_detach(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, in(x).detach()); });
}

int32_t segnext_backward(const segnext_tensor* x, const segnext_tensor* gradient, int32_t retain_graph) {
  return guard([&] { in(x).backward(optional(gradient), retain_graph != 0); });
}

int32_t segnext_get_grad(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] {
    const at::Tensor& gradient = in(x).grad();
    *result = gradient.defined() ? wrap(gradient) : nullptr;
  });
}

int32_t segnext_clear_grads(segnext_tensor* const* tensors, int32_t count) {
  return guard([&] {
    for (int32_t i = 0; i < count; i++) {
      at::Tensor& gradient = in(tensors[i]).mutable_grad();
      if (gradient.defined()) {
        gradient = at::Tensor();
      }
    }
  });
}

int32_t segnext_grad(const segnext_tensor* output, const segnext_tensor* gradient,
                     const segnext_tensor* const* inputs, int32_t count, int32_t create_graph,
                     int32_t allow_unused, segnext_tensor** results) {
  return guard([&] {
    std::vector<at::Tensor> seeds;
    if (gradient != nullptr) {
      seeds.push_back(in(gradient));
    }

    const std::vector<at::Tensor> gradients =
        torch::autograd::grad({in(output)}, list(inputs, count), seeds, /*retain_graph=*/create_graph != 0,
                              create_graph != 0, allow_unused != 0);
    for (int32_t i = 0; i < count; i++) {
      const at::Tensor& value = gradients[static_cast<size_t>(i)];
      results[i] = value.defined() ? wrap(value) : nullptr;
    }
  });
}

}  // extern "C"
