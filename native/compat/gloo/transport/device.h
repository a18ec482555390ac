// What c10d's headers name of gloo's devices; see compat/README.md.
#pragma once

#include <gloo/transport/unbound_buffer.h>

namespace gloo {
namespace transport {

class Device;

}  // namespace transport
}  // namespace gloo
