// Generators, and the draws that they give.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

using namespace segnext;

extern "C" {

int32_t segnext_generator_new(uint64_t seed, int32_t device_type, int32_t device_index, segnext_generator** result) {
  return guard([&] {
    const at::Device where = device(device_type, device_index);
    at::Generator generator;
    if (where.is_cpu()) {
      generator = at::detail::createCPUGenerator(seed);
    } else {
      // The first tensor on a device starts its runtime; only then is there a default generator to copy. A copy keeps
      // the shim free of CUDA's headers.
      at::empty({1}, at::TensorOptions().device(where));
      generator = at::globalContext().defaultGenerator(where).clone();
      generator.set_current_seed(seed);
    }

    *result = new segnext_generator{std::move(generator)};
  });
}

int32_t segnext_generator_free(segnext_generator* generator) {
  return guard([&] { delete generator; });
}

int32_t segnext_generator_seed(segnext_generator* generator, uint64_t seed) {
  return guard([&] {
    const std::lock_guard<std::mutex> lock(in(generator).mutex());
    in(generator).set_current_seed(seed);
  });
}

int32_t segnext_generator_get_state(const segnext_generator* generator, segnext_tensor** result) {
  return guard([&] {
    at::Generator copy = in(const_cast<segnext_generator*>(generator));
    const std::lock_guard<std::mutex> lock(copy.mutex());
    give(result, copy.get_state());
  });
}

int32_t segnext_generator_set_state(segnext_generator* generator, const segnext_tensor* state) {
  return guard([&] {
    const std::lock_guard<std::mutex> lock(in(generator).mutex());
    in(generator).set_state(in(state));
  });
}

int32_t segnext_uniform_inplace(segnext_tensor* x, double low, double high, segnext_generator* generator) {
  return guard([&] { in(x).uniform_(low, high, in(generator)); });
}

int32_t segnext_normal_inplace(segnext_tensor* x, double mean, double std, segnext_generator* generator) {
  return guard([&] { in(x).normal_(mean, std, in(generator)); });
}

int32_t segnext_bernoulli_inplace(segnext_tensor* x, double p, segnext_generator* generator) {
  return guard([&] { in(x).bernoulli_(p, in(generator)); });
}

int32_t segnext_randperm(int64_t count, segnext_generator* generator, segnext_tensor** result) {
  return guard([&] { give(result, at::randperm(count, in(generator), at::TensorOptions().dtype(at::kLong))); });
}

}  // extern "C"
