// SPDX-License-Identifier: BSL-1.0
// Sink: where a trace's octets go. The file stays the caller's to open and close.
#pragma once
#include <cstddef>
#include <cstdio>
#include <vector>

#include <tenon/core/units.hpp>

namespace tenon::trace {

template <class S>
concept sink = requires (S s, octets_in octets) { s.write(octets); };

struct no_sink {
    void write(octets_in) const noexcept {}
};

struct file_sink {
    std::FILE* file{};
    void write(octets_in octets) const noexcept {
        if (file != nullptr) std::fwrite(octets.data(), 1, octets.size(), file);
    }
};

struct memory_sink {
    std::vector<std::byte> octets{};
    void write(octets_in more) { octets.insert(octets.end(), more.begin(), more.end()); }
};

static_assert(sink<no_sink> && sink<file_sink> && sink<memory_sink>);

}  // namespace tenon::trace
