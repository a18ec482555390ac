// What c10d's headers name of gloo's contexts; see compat/README.md.
#pragma once

#include <chrono>

namespace gloo {

// Passed on, and told its patience by a function in a header of c10d (2.14's) that libtorch alone calls.
class Context {
 public:
  void setTimeout(std::chrono::milliseconds timeout);
};

}  // namespace gloo
