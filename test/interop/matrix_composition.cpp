// SPDX-License-Identifier: BSL-1.0
// One composition of the matrix: MATRIX_OPTIONS is its set of options (matrix_peer.hpp). Two hosts: buffers of 64 KiB and more,
// so that window scaling has something to say, and a receive buffer of 64 octets.
#include "matrix_peer.hpp"

#include <type_traits>

#include <tenon/policy/ecn/classic.hpp>

namespace {

template <unsigned Options>
struct policies : tenon::default_policies {
    using options        = tenon::options::offers<tenon::options::offer{.window_scale = (Options & matrix::window_scale) != 0,
                                                                        .timestamps = (Options & matrix::timestamps) != 0,
                                                                        .sack = (Options & matrix::sack) != 0}>;
    using ecn            = std::conditional_t<(Options & matrix::ecn) != 0, tenon::ecn::classic, tenon::ecn::off>;
    using receive_buffer = tenon::buffer::ring<1 << 17>;
    static constexpr unsigned burst = 32;
};

template <unsigned Options>
struct tiny : policies<Options> { using receive_buffer = tenon::buffer::ring<64>; };

}  // namespace

template <>
int matrix::run<MATRIX_OPTIONS>(cell const& c, support::tun_device& device, path& way) {
    if (c.what == workload::tiny_buffer)
        return session<tiny<MATRIX_OPTIONS>, support::tun_device, path>{c, device, way}.run();
    return session<policies<MATRIX_OPTIONS>, support::tun_device, path>{c, device, way}.run();
}
