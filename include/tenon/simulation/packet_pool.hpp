// SPDX-License-Identifier: BSL-1.0
// Packets of a simulated wire: slots of one size, taken and released in O(1). Grows by a block when it is empty, so a
// steady state allocates nothing. Slots keep their address.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <tenon/core/contract.hpp>
#include <tenon/core/time.hpp>
#include <tenon/core/units.hpp>

namespace tenon::simulation {

struct packet {
    std::uint64_t number{};    // counts the packets that came to the link, from 1; a duplicate keeps its original's
    instant       entered{};   // the queue
    bytes         octets{};
    std::uint16_t cut{};       // payload octets per segment of a merged packet
    bool          verified{};  // its checksum was found right before it came here
    bool          corrupted{};
    std::byte*    data{};

    octets_in  read() const noexcept { return {data, octets}; }
    octets_out write() noexcept { return {data, octets}; }
};

class packet_pool {
public:
    using index = std::uint32_t;
    static constexpr std::size_t block = 64;

    explicit packet_pool(bytes slot_octets) : slot_octets_{(slot_octets + 63) / 64 * 64} {}

    index take() {
        if (free_.empty()) grow();
        auto const i = free_.back();
        free_.pop_back();
        return i;
    }
    void release(index i) {
        TENON_EXPECTS(i < packets_.size());
        free_.push_back(i);
    }

    packet& operator[](index i) noexcept { TENON_EXPECTS(i < packets_.size()); return packets_[i]; }
    packet const& operator[](index i) const noexcept { TENON_EXPECTS(i < packets_.size()); return packets_[i]; }

    bytes slot_octets() const noexcept { return slot_octets_; }
    std::size_t capacity() const noexcept { return packets_.size(); }
    std::size_t in_use() const noexcept { return packets_.size() - free_.size(); }

private:
    void grow() {
        auto const first = packets_.size();
        blocks_.push_back(std::make_unique<std::byte[]>(block * slot_octets_));
        packets_.resize(first + block);
        free_.reserve(packets_.size());
        for (std::size_t i = block; i-- > 0;) {
            packets_[first + i].data = blocks_.back().get() + i * slot_octets_;
            free_.push_back(static_cast<index>(first + i));
        }
    }

    bytes                                     slot_octets_;
    std::vector<packet>                       packets_;
    std::vector<index>                        free_;
    std::vector<std::unique_ptr<std::byte[]>> blocks_;
};

}  // namespace tenon::simulation
