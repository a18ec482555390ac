// What c10d's headers name of gloo's buffers; see compat/README.md.
#pragma once

namespace gloo {
namespace transport {

// Held by unique pointers whose destruction libtorch compiles.
class UnboundBuffer {
 public:
  virtual ~UnboundBuffer() = 0;
};

}  // namespace transport
}  // namespace gloo
