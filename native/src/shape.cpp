// Views and rearrangements of elements.
#include "shim.h"

using namespace segnext;

extern "C" {

int32_t segnext_transpose(const segnext_tensor* x, int64_t dim0, int64_t dim1, segnext_tensor** result) {
  return guard([&] { give(result, in(x).transpose(dim0, dim1)); });
}

int32_t segnext_permute(const segnext_tensor* x, const int64_t* dims, int32_t count, segnext_tensor** result) {
  return guard([&] { give(result, in(x).permute(ints(dims, count))); });
}

int32_t segnext_reshape(const segnext_tensor* x, const int64_t* sizes, int32_t rank, segnext_tensor** result) {
  return guard([&] { give(result, in(x).reshape(ints(sizes, rank))); });
}

int32_t segnext_view(const segnext_tensor* x, const int64_t* sizes, int32_t rank, segnext_tensor** result) {
  return guard([&] { give(result, in(x).view(ints(sizes, rank))); });
}

int32_t segnext_flatten(const segnext_tensor* x, int64_t start, int64_t end, segnext_tensor** result) {
  return guard([&] { give(result, in(x).flatten(start, end)); });
}

int32_t segnext_unsqueeze(const segnext_tensor* x, int64_t dim, segnext_tensor** result) {
  return guard([&] { give(result, in(x).unsqueeze(dim)); });
}

int32_t segnext_squeeze(const segnext_tensor* x, int64_t dim, segnext_tensor** result) {
  return guard([&] { give(result, in(x).squeeze(dim)); });
}

int32_t segnext_expand(const segnext_tensor* x, const int64_t* sizes, int32_t rank, segnext_tensor** result) {
  return guard([&] { give(result, in(x).expand(ints(sizes, rank))); });
}

int32_t segnext_narrow(const segnext_tensor* x, int64_t dim, int64_t start, int64_t length, segnext_tensor** result) {
  return guard([&] { give(result, in(x).narrow(dim, start, length)); });
}

int32_t segnext_select(const segnext_tensor* x, int64_t dim, int64_t index, segnext_tensor** result) {
  return guard([&] { give(result, in(x).select(dim, index)); });
}

int32_t segnext_index_select(const segnext_tensor* x, int64_t dim, const segnext_tensor* index,
                             segnext_tensor** result) {
  return guard([&] { give(result, in(x).index_select(dim, in(index))); });
}

int32_t segnext_gather(const segnext_tensor* x, int64_t dim, const segnext_tensor* index, segnext_tensor** result) {
  return guard([&] { give(result, in(x).gather(dim, in(index))); });
}

int32_t segnext_flip(const segnext_tensor* x, const int64_t* dims, int32_t count, segnext_tensor** result) {
  return guard([&] { give(result, in(x).flip(ints(dims, count))); });
}

int32_t segnext_pad(const segnext_tensor* x, const int64_t* padding, int32_t count, int32_t mode, double value,
                    segnext_tensor** result) {
  return guard([&] {
    const at::IntArrayRef sides = ints(padding, count);
    switch (mode) {
      case 0:
        give(result, at::constant_pad_nd(in(x), sides, scalar(in(x), value)));
        break;
      case 1:
        give(result, at::reflection_pad2d(in(x), sides));
        break;
      case 2:
        give(result, at::replication_pad2d(in(x), sides));
        break;
      default:
        TORCH_CHECK(false, "there is no padding mode ", mode);
    }
  });
}

}  // extern "C"
