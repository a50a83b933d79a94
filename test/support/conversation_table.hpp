// SPDX-License-Identifier: BSL-1.0
// The table of all conversations of a test executable, and how one is held. Included by conversation.hpp.
#pragma once
#include <string>
#include <vector>

#include "conversation.hpp"
#include "requirement.hpp"

namespace talk {

struct entry {
    std::string name;
    char const* section;  // what it is written from
    void (*talk)(conversation&);
    composition policies{composition::standard};
    bool sensitive{};     // counts packets or time so closely that a refusing transport disturbs it
};

inline std::vector<entry>& all_conversations() {
    static std::vector<entry> all;
    return all;
}
struct enrolled {
    explicit enrolled(entry e) { all_conversations().push_back(e); }
};

// Empty, or why it failed.
inline std::string hold(entry const& e, surroundings const& s) {
    try {
        conversation c{s, e.policies};
        e.talk(c);
        c.ends();
        return {};
    } catch (failed_conversation const& f) {
        return e.name + " (" + e.section + "), IPv" + (s.v6 ? "6" : "4") + ", ISS " + std::to_string(s.iss) + ", IRS " +
               std::to_string(s.irs) + (s.active ? ", active" : ", passive") + (s.polls_often ? ", polls often" : "") +
               (s.refuse_every != 0 ? ", refuses every " + std::to_string(s.refuse_every) : "") + "\n" + f.what;
    }
}

// Over IPv4 and IPv6, opened from here and from there; the first failure, or empty.
inline std::string hold_plainly(entry const& e) {
    for (bool const v6 : {false, true})
        for (bool const active : {false, true})
            if (auto failure = hold(e, {.v6 = v6, .active = active}); !failure.empty()) return failure;
    return {};
}

// The same conversation in several states.
template <void (*Talk)(conversation&, state), state S>
void in_state(conversation& c) { Talk(c, S); }
template <void (*Talk)(conversation&, state), state... S>
std::vector<entry> in_states(char const* name, char const* section) {
    std::vector<entry> const each{{std::string{name} + " in " + name_of(S), section, &in_state<Talk, S>}...};
    for (auto const& e : each) all_conversations().push_back(e);
    return each;
}

}  // namespace talk

// A conversation and its test. Ids of requirements in the citation become labels of the test (requirement.hpp).
#define CONVERSATION(talk_name, section, ...)                                                                      \
    static void talk_name(::talk::conversation& c);                                                                \
    static ::talk::entry const talk_name##_entry{#talk_name, section, &talk_name __VA_OPT__(, ) __VA_ARGS__};      \
    static ::talk::enrolled const talk_name##_enrolled{talk_name##_entry};                                         \
    BOOST_AUTO_TEST_CASE(talk_name##_as_written, *::tenon::test::requirement(section)) {                           \
        auto const failure = ::talk::hold_plainly(talk_name##_entry);                                              \
        BOOST_CHECK_MESSAGE(failure.empty(), failure);                                                             \
    }                                                                                                              \
    static void talk_name([[maybe_unused]] ::talk::conversation& c)

// One conversation for each of some states; the body finds the state as `s`.
#define CONVERSATION_IN(talk_name, section, ...)                                                                   \
    static void talk_name(::talk::conversation& c, ::talk::state s);                                               \
    static auto const talk_name##_entries = ::talk::in_states<&talk_name, __VA_ARGS__>(#talk_name, section);       \
    BOOST_AUTO_TEST_CASE(talk_name##_as_written, *::tenon::test::requirement(section)) {                           \
        for (auto const& e : talk_name##_entries) {                                                                \
            auto const failure = ::talk::hold_plainly(e);                                                          \
            BOOST_CHECK_MESSAGE(failure.empty(), failure);                                                         \
        }                                                                                                          \
    }                                                                                                              \
    static void talk_name([[maybe_unused]] ::talk::conversation& c, [[maybe_unused]] ::talk::state s)

#define SYNCHRONIZED_STATES                                                                                        \
    ::talk::state::established, ::talk::state::fin_wait_1, ::talk::state::fin_wait_2, ::talk::state::close_wait,   \
        ::talk::state::closing, ::talk::state::last_ack, ::talk::state::time_wait
