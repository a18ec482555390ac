# Shared by ./segnext and ./test: finds what the system lacks, builds what is stale.
# Sourced with $root set to the repository's folder. Nothing here writes to standard output: that belongs to results.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# The SDK stops at start where the system has no ICU library, which a bare Debian does not; nothing here needs one.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}

stamps="$root/artifacts/stamps"
program="$root/artifacts/bin/SegNeXt.Cli/release/segnext.dll"

say() { printf '%s\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 2
}

# any_file PATTERN…: true if one of the patterns, already expanded by the shell, names something that exists.
any_file() {
  local file
  for file in "$@"; do [ -e "$file" ] && return 0; done
  return 1
}

# has_library libNAME.so.N: looks where the loader looks.
has_library() {
  any_file /usr/lib/*/"$1" /usr/lib/"$1" /usr/lib64/"$1" /usr/local/lib/"$1" /usr/local/lib64/"$1" && return 0
  local folder folders
  IFS=: read -ra folders <<<"${LD_LIBRARY_PATH:-}"
  for folder in "${folders[@]}"; do [ -e "$folder/$1" ] && return 0; done
  command -v ldconfig >/dev/null 2>&1 && ldconfig -p 2>/dev/null | grep -q "$1"
}

# ---- the .NET SDK ----

find_dotnet() {
  command -v dotnet >/dev/null 2>&1 && return 0
  local folder
  for folder in "${DOTNET_ROOT:-}" "${HOME:-/root}/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
    if [ -n "$folder" ] && [ -x "$folder/dotnet" ]; then
      export DOTNET_ROOT="$folder" PATH="$folder:$PATH"
      return 0
    fi
  done
  die "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0 (or your distribution's dotnet-sdk-10.0) and run this again."
}

require_sdk() {
  local version
  # Run in the repository's folder, so that global.json has its say.
  version=$(cd "$root" && dotnet --version 2>/dev/null) ||
    die "No .NET 10 SDK among those that dotnet finds ($(dotnet --list-sdks 2>/dev/null | tr '\n' ';' | sed 's/;$//; s/;/, /g')): install it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again."
  case $version in
    1[0-9].*) ;;
    *) die "The .NET SDK $version is too old, 10.0 or later is needed: https://dotnet.microsoft.com/download/dotnet/10.0." ;;
  esac
}

# ---- packages of the system ----

# Everything but training works without libtorch; whoever asks for that gets neither it nor the native part.
without_libtorch() { [ -n "${SEGNEXT_WITHOUT_LIBTORCH:-}" ]; }

# A libtorch of the user's own (the zip, or the torch folder of a Python wheel) replaces Debian's packages.
own_libtorch() { [ -n "${SEGNEXT_LIBTORCH:-}${CMAKE_PREFIX_PATH:-}${Torch_DIR:-}" ]; }

# missing_packages [build]: Debian names of what is missing to run, or to build the native part and run.
missing_packages() {
  local missing=()
  has_library libturbojpeg.so.0 || missing+=(libturbojpeg0)
  has_library libspng.so.0 || missing+=(libspng0)
  if [ "${1:-}" = build ]; then
    command -v cmake >/dev/null 2>&1 || missing+=(cmake)
    command -v make >/dev/null 2>&1 || command -v ninja >/dev/null 2>&1 || missing+=(make)
    command -v c++ >/dev/null 2>&1 || missing+=(g++)
    if ! own_libtorch; then
      any_file /usr/include/torch/csrc/api/include/torch/torch.h /usr/local/include/torch/csrc/api/include/torch/torch.h ||
        missing+=(libtorch-dev)
    fi
  fi
  # Debian's libtorch calculates with the system's BLAS; the reference BLAS, its default, is many times slower.
  if ! own_libtorch && ! without_libtorch && ! any_file /usr/lib/*/openblas-*/libblas.so.3 /usr/lib/*/libmkl_rt.so; then
    missing+=(libopenblas0-pthread)
  fi
  printf '%s\n' "${missing[@]+"${missing[@]}"}"
}

# ensure_packages [build]: installs what is missing when root; otherwise prints the line that does and stops.
ensure_packages() {
  local missing log way_without=
  without_libtorch || way_without="With SEGNEXT_WITHOUT_LIBTORCH=1 in the environment neither libtorch nor a compiler is needed; everything but training works then."
  mapfile -t missing < <(missing_packages "$@" | sed '/^$/d')
  [ ${#missing[@]} -eq 0 ] && return 0

  if ! command -v apt-get >/dev/null 2>&1; then
    die "Missing, by their Debian names: ${missing[*]}. Install your system's packages of them and run this again.${way_without:+ $way_without}"
  fi
  if [ "$(id -u)" -ne 0 ]; then
    say "Some packages of the system are missing. This line brings them:"
    say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    [ -z "$way_without" ] || say "$way_without"
    exit 2
  fi

  say "Installing ${missing[*]} …"
  mkdir -p "$root/artifacts"
  log="$root/artifacts/apt.log"
  export DEBIAN_FRONTEND=noninteractive
  # The package lists are fetched only where the first attempt does without them in vain.
  if ! apt-get install -y --no-install-recommends "${missing[@]}" </dev/null >"$log" 2>&1 9>&-; then
    apt-get update </dev/null >>"$log" 2>&1 9>&- || true
    apt-get install -y --no-install-recommends "${missing[@]}" </dev/null >>"$log" 2>&1 9>&- || {
      tail -n 15 "$log" >&2
      die "apt-get could not install ${missing[*]}; the whole log is $log.${way_without:+ $way_without}"
    }
  fi
}

# try_packages NAME…: installs what is good to have, when root; what cannot be had is done without.
try_packages() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 || return 0
  say "Installing $* …"
  mkdir -p "$root/artifacts"
  export DEBIAN_FRONTEND=noninteractive
  local install=(apt-get install -y --no-install-recommends "$@")
  "${install[@]}" </dev/null >>"$root/artifacts/apt.log" 2>&1 ||
    { apt-get update && "${install[@]}"; } </dev/null >>"$root/artifacts/apt.log" 2>&1 ||
    say "$* could not be installed; what needs it is skipped."
}

# The page of `serve` is tested in a real browser. Debian's Chromium is some 100 MB, so only ./test brings it, as root, without a question
# and without insisting: where there is none, those tests are skipped and say how to get it.
offer_chromium() {
  if [ -n "${SEGNEXT_WITHOUT_CHROMIUM:-}${SEGNEXT_CHROMIUM:-}" ] || any_file /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; then
    return 0
  fi
  try_packages chromium
}

# ---- what is stale ----

# stale NAME VALUE PATH…: true unless artifacts/stamps/NAME holds VALUE and is newer than all that lies in the paths.
# A folder's own time changes when a file in it appears or goes, so renames and deletions count too.
stale() {
  local stamp="$stamps/$1" value="$2" held=
  shift 2
  [ -f "$stamp" ] || return 0
  IFS= read -r held <"$stamp" || true
  [ "$held" = "$value" ] || return 0
  [ -n "$(find "$@" -newer "$stamp" -print -quit 2>/dev/null)" ]
}

native_stale() {
  [ -d "$root/native" ] && ! without_libtorch || return 1
  [ -e "$root/artifacts/native/libsegnext_torch.so" ] || return 0
  stale native "$(libtorch_choice)" "$root/native"
}

program_stale() {
  [ -e "$program" ] || return 0
  stale program release "$root/src" "$root/global.json" "$root/Directory.Build.props" "$root/Directory.Packages.props"
}

libtorch_choice() { printf '%s' "${SEGNEXT_LIBTORCH:-};${CMAKE_PREFIX_PATH:-};${Torch_DIR:-}"; }

# The stamp gets the time at which the build began, so that a file saved during it is seen by the next one.
begin_stamp() { mkdir -p "$stamps" && printf '%s\n' "$2" >"$stamps/$1.new"; }
end_stamp() { mv -f "$stamps/$1.new" "$stamps/$1"; }

# ---- building ----

# logged NAME COMMAND…: runs quietly; where it fails, shows the log and stops. Descriptor 9 is the lock, which a
# compiler server left behind must not inherit.
logged() {
  local name="$1" log="$root/artifacts/$1.log"
  shift
  if ! "$@" </dev/null >"$log" 2>&1 9>&-; then
    tail -n 60 "$log" >&2
    die "The build step $name failed; the whole log is $log."
  fi
}

build_native() {
  begin_stamp native "$(libtorch_choice)"
  say "Building the native part (about a minute) …"
  local options=(-DCMAKE_BUILD_TYPE=Release) jobs
  command -v make >/dev/null 2>&1 || options+=(-G Ninja)
  # Without libtorch's CMake package, which for a CUDA build would ask for the CUDA toolkit.
  [ -z "${SEGNEXT_LIBTORCH:-}" ] || options+=(-DSEGNEXT_TORCH_ROOT="$SEGNEXT_LIBTORCH")
  # libtorch's headers take a compiler more than 1 GB of memory.
  jobs=$(nproc 2>/dev/null || echo 2)
  [ "$jobs" -le 8 ] || jobs=8
  # A build folder that was configured for another libtorch, or before the checkout was moved, keeps its paths.
  local cache="$root/artifacts/native-build/CMakeCache.txt"
  if [ -f "$cache" ] && { [ "$(cat "$stamps/native" 2>/dev/null)" != "$(libtorch_choice)" ] ||
    ! grep -Fqx "CMAKE_HOME_DIRECTORY:INTERNAL=$root/native" "$cache"; }; then
    rm -rf "$root/artifacts/native-build"
  fi
  logged native-configure cmake -S "$root/native" -B "$root/artifacts/native-build" "${options[@]}"
  logged native cmake --build "$root/artifacts/native-build" --parallel "$jobs"
  [ -e "$root/artifacts/native/libsegnext_torch.so" ] || die "The native build left no artifacts/native/libsegnext_torch.so."
  end_stamp native
}

build_program() {
  begin_stamp program release
  say "Building the program (less than a minute) …"
  (cd "$root" && logged program dotnet build src/SegNeXt.Cli -c Release --disable-build-servers -v quiet -clp:NoSummary) || exit 2
  end_stamp program
}

build_all() {
  bring_native_up_to_date
  begin_stamp program release
  say "Building all projects …"
  (cd "$root" && logged solution dotnet build SegNeXt.slnx -c Release --disable-build-servers -v quiet -clp:NoSummary) || exit 2
  end_stamp program
}

# One build at a time; whoever waited finds everything fresh.
with_lock() {
  # Whoever cannot install learns first what to install, whether or not this checkout is theirs to build.
  [ "$(id -u)" -eq 0 ] || require_packages
  mkdir -p "$root/artifacts" 2>/dev/null && [ -w "$root/artifacts" ] ||
    die "$root/artifacts cannot be written, and something has to be built: run this as the owner of the checkout."
  exec 9>"$root/artifacts/.lock"
  if command -v flock >/dev/null 2>&1 && ! flock -n 9; then
    say "Waiting for another build …"
    flock 9
  fi
  "$@"
  exec 9>&-
}

require_packages() {
  if native_stale; then ensure_packages build; else ensure_packages; fi
}

bring_native_up_to_date() {
  require_packages
  if native_stale; then build_native; fi
}

bring_up_to_date() {
  bring_native_up_to_date
  if program_stale; then
    require_sdk
    build_program
  fi
}
