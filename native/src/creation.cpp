// New tensors from nothing, from memory, and from other tensors.
#include "shim.h"

using namespace segnext;

extern "C" {

int32_t segnext_empty(const int64_t* sizes, int32_t rank, int32_t type, int32_t device_type, int32_t device_index,
                      segnext_tensor** result) {
  return guard([&] { give(result, at::empty(ints(sizes, rank), options(type, device_type, device_index))); });
}

int32_t segnext_full(const int64_t* sizes, int32_t rank, double value, int32_t type, int32_t device_type,
                     int32_t device_index, segnext_tensor** result) {
  return guard([&] {
    const at::TensorOptions kind = options(type, device_type, device_index);
    give(result, value == 0 ? at::zeros(ints(sizes, rank), kind) : at::full(ints(sizes, rank), value, kind));
  });
}

int32_t segnext_zeros_like(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::zeros_like(in(x).detach())); });
}

int32_t segnext_from_data(const void* data, int64_t bytes, const int64_t* sizes, int32_t rank, int32_t type,
                          segnext_tensor** result) {
  return guard([&] {
    at::Tensor value = at::empty(ints(sizes, rank), at::TensorOptions().dtype(static_cast<at::ScalarType>(type)));
    TORCH_CHECK(static_cast<int64_t>(value.nbytes()) == bytes, "the shape needs ", value.nbytes(), " bytes, ", bytes,
                " were given");
    if (bytes != 0) {
      std::memcpy(value.data_ptr(), data, static_cast<size_t>(bytes));
    }

    give(result, std::move(value));
  });
}

int32_t segnext_arange(int64_t count, int32_t device_type, int32_t device_index, segnext_tensor** result) {
  return guard([&] {
    const int32_t type = static_cast<int32_t>(at::kLong);
    give(result, at::arange(count, options(type, device_type, device_index)));
  });
}

int32_t segnext_cat(const segnext_tensor* const* tensors, int32_t count, int64_t dim, segnext_tensor** result) {
  return guard([&] { give(result, at::cat(list(tensors, count), dim)); });
}

int32_t segnext_stack(const segnext_tensor* const* tensors, int32_t count, int64_t dim, segnext_tensor** result) {
  return guard([&] { give(result, at::stack(list(tensors, count), dim)); });
}

int32_t segnext_one_hot(const segnext_tensor* x, int64_t classes, segnext_tensor** result) {
  return guard([&] { give(result, at::one_hot(in(x), classes)); });
}

}  // extern "C"
