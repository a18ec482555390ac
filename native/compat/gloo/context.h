// What c10d's headers name of gloo's contexts; see compat/README.md.
#pragma once

namespace gloo {

class Context;

}  // namespace gloo
