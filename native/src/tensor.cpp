// Handles, metadata, data and conversions.
#include "shim.h"

using namespace segnext;

namespace {

void copy_extents(at::IntArrayRef extents, int64_t* destination, int32_t rank) {
  TORCH_CHECK(static_cast<int64_t>(extents.size()) == rank, "the tensor has rank ", extents.size(), ", not ", rank);
  std::copy(extents.begin(), extents.end(), destination);
}

}  // namespace

extern "C" {

int32_t segnext_tensor_free(segnext_tensor* x) {
  return guard([&] {
    if (x != nullptr) {
      delete x;
      live_tensors.fetch_sub(1, std::memory_order_relaxed);
    }
  });
}

int32_t segnext_tensor_share(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, in(x)); });
}

int32_t segnext_tensor_rank(const segnext_tensor* x, int32_t* rank) {
  return guard([&] { *rank = static_cast<int32_t>(in(x).dim()); });
}

int32_t segnext_tensor_sizes(const segnext_tensor* x, int64_t* sizes, int32_t rank) {
  return guard([&] { copy_extents(in(x).sizes(), sizes, rank); });
}

int32_t segnext_tensor_strides(const segnext_tensor* x, int64_t* strides, int32_t rank) {
  return guard([&] { copy_extents(in(x).strides(), strides, rank); });
}

int32_t segnext_tensor_scalar_type(const segnext_tensor* x, int32_t* type) {
  return guard([&] { *type = static_cast<int32_t>(in(x).scalar_type()); });
}

int32_t segnext_tensor_device(const segnext_tensor* x, int32_t* device_type, int32_t* index) {
  return guard([&] {
    const at::Device device = in(x).device();
    *device_type = static_cast<int32_t>(device.type());
    *index = device.index();
  });
}

int32_t segnext_tensor_is_contiguous(const segnext_tensor* x, int32_t memory_format, int32_t* answer) {
  return guard([&] { *answer = in(x).is_contiguous(static_cast<at::MemoryFormat>(memory_format)) ? 1 : 0; });
}

int32_t segnext_tensor_data(const segnext_tensor* x, void** data) {
  return guard([&] { *data = in(x).data_ptr(); });
}

int32_t segnext_tensor_read(const segnext_tensor* x, void* destination, int64_t bytes) {
  return guard([&] {
    const at::Tensor source = in(x).detach();
    TORCH_CHECK(static_cast<int64_t>(source.nbytes()) == bytes, "the tensor holds ", source.nbytes(),
                " bytes, the destination ", bytes);
    if (bytes != 0) {
      at::from_blob(destination, source.sizes(), at::TensorOptions().dtype(source.scalar_type())).copy_(source);
    }
  });
}

int32_t segnext_tensor_item(const segnext_tensor* x, double* value) {
  return guard([&] { *value = in(x).item().toDouble(); });
}

int32_t segnext_tensor_set_data(segnext_tensor* x, const segnext_tensor* data) {
  return guard([&] { in(x).set_data(in(data)); });
}

int32_t segnext_tensor_to_type(const segnext_tensor* x, int32_t type, segnext_tensor** result) {
  return guard([&] { give(result, in(x).to(static_cast<at::ScalarType>(type))); });
}

int32_t segnext_tensor_to_device(const segnext_tensor* x, int32_t device_type, int32_t index, int32_t non_blocking,
                                 segnext_tensor** result) {
  return guard([&] {
    give(result, in(x).to(at::TensorOptions().device(device(device_type, index)), non_blocking != 0));
  });
}

int32_t segnext_tensor_to_memory_format(const segnext_tensor* x, int32_t memory_format, segnext_tensor** result) {
  return guard([&] {
    const at::Tensor& value = in(x);
    give(result, value.to(value.options(), false, false, static_cast<at::MemoryFormat>(memory_format)));
  });
}

int32_t segnext_tensor_contiguous(const segnext_tensor* x, int32_t memory_format, segnext_tensor** result) {
  return guard([&] { give(result, in(x).contiguous(static_cast<at::MemoryFormat>(memory_format))); });
}

int32_t segnext_tensor_clone(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, in(x).clone()); });
}

}  // extern "C"
