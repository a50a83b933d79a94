// SPDX-License-Identifier: BSL-1.0
#include "rig.hpp"

namespace tenon::test {

bool rig::run(std::function<bool()> const& done, duration limit) {
    auto const until = now() + limit;
    for (unsigned i = 0; i < 2; ++i)
        if (text_[i].size() < total[i]) {
            text_[i].resize(total[i]);
            for (std::size_t k = 0; k < total[i]; ++k) text_[i][k] = pattern(out[i].id, k);
        }
    unsigned still = 0;
    while (wrong == nullptr && !done()) {
        busy_ = false;
        for (unsigned i = 0; i < 2; ++i) step(i);
        auto const at = busy_ ? std::optional{now()} : next();
        if (!at || *at > until) {
            if (done()) break;
            return false;
        }
        still = *at > now() ? 0 : still + 1;
        if (still > 20'000) wrong = "time stands still";
        if (*at > now()) pair->now = *at;
    }
    return wrong == nullptr;
}

void rig::step(unsigned i) {
    auto& e = end(i);
    apply(i);
    // What became possible is an application's to use at once; one that reads slowly has a time of its own.
    auto const events = e.poll();
    busy_ |= has(events, ready::writable) || has(events, ready::opened);
    if (read_pause == duration{}) busy_ |= has(events, ready::readable) || has(events, ready::end_of_stream);
    ++polls;
    if (wrong == nullptr) wrong = e.check();
}

void rig::apply(unsigned i) {
    auto& e = end(i);
    while (!shut[i] && e.state() >= state::established && out[i].written < total[i]) {
        auto const n = e.send(octets_in{text_[i]}.subspan(out[i].written, std::min<std::uint64_t>(write_chunk, total[i] - out[i].written)));
        if (n == 0) break;
        out[i].wrote(n);
        busy_ = true;
        in[1 - i].written = out[i].written;
    }
    if (shut_after[i] && !shut[i] && out[i].written == total[i] && e.state() >= state::established) {
        shut[i] = true;
        if (e.shutdown() != error::none) wrong = "shutdown failed";
    }
    if (now() < reads_from[i] || (read_pause != duration{} && now() < last_read_[i] + read_pause)) return;
    last_read_[i] = now();
    auto const before = in[i].read;
    if (in_place) {
        std::array<octets_in, 4> pieces{};
        auto n = e.peek(pieces);
        for (auto p : pieces)
            if (!p.empty() && !in[i].check(p)) wrong = "a wrong octet";
        if (n != 0) e.consume(n);
    } else {
        std::vector<std::byte> room(read_chunk);
        auto const got = e.receive(room);
        if (!in[i].check(octets_in{room}.first(got.count))) wrong = "a wrong octet";
    }
    busy_ |= in[i].read != before && read_pause == duration{};
    std::array<std::byte, 1> one;
    if (!ended[i] && e.receive(octets_out{one}.first(0)).status == error::end_of_stream) {
        ended[i] = true;
        if (in[i].read != total[1 - i]) wrong = "the end of the stream comes before its last octet";
    }
}

std::optional<instant> rig::next() {
    std::optional<instant> at{};
    auto const consider = [&](std::optional<instant> t) { if (t && (!at || *t < *at)) at = t; };
    if (restless) consider(now() + from_ms(1));
    for (unsigned i = 0; i < 2; ++i) {
        consider(end(i).deadline());
        consider(end(i).arrival());
        if (end(i).was_refused()) consider(now() + from_ms(1));
        bool const open = end(i).state() >= state::established;
        if (open && !ended[i] && now() < reads_from[i]) consider(reads_from[i]);
        if (open && !ended[i] && read_pause != duration{}) consider(std::max(last_read_[i] + read_pause, now() + duration{1}));
    }
    return at;
}

}  // namespace tenon::test
